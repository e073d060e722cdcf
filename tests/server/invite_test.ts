/** Invites at a whole server: wrong ones wait, and the links are what was stored. */
import { assert, assertEquals } from "@std/assert";
import { fingerprint } from "../../src/secure/fingerprint.ts";
import { generateKeyPair, type KeyPair } from "../../src/secure/x25519.ts";
import {
  type InviteLink,
  parseInviteLink,
} from "../../src/wire/invite_link.ts";
import { MemoryStore } from "../_memory_store.ts";
import { testsOf } from "../_testing.ts";
import { IDENTITY, Served } from "./_served.ts";

const test = testsOf("invite");

const ROOT = await generateKeyPair();
const ADMINS = [await fingerprint(ROOT.publicKey)];
const WRONG = "AAAAAAAAAAAAAAAAAAAAAA";

/** Says hello, and gives what that came to and after how many milliseconds. */
async function comes(
  it: Served,
  key: KeyPair,
  hello: Record<string, unknown>,
): Promise<[answer: string, afterMs: number]> {
  const caller = await it.callSealed(key);
  const from = it.clock.monotonic();
  await caller.say({ type: "hello", ...hello });
  for (;;) {
    const [first] = caller.messages();
    if (first === undefined) await it.clock.advanceSlowly(500, 500);
    else {
      const answer = first.type === "error" ? first.code : first.type;
      return [answer as string, it.clock.monotonic() - from];
    }
  }
}

/** The link that the administrator gets. */
async function invited(it: Served, args = ""): Promise<InviteLink> {
  const root = await it.callSealed(ROOT);
  await root.say({ type: "hello", name: "root" });
  await root.say({ type: "command", name: "server", args: `invite ${args}` });
  const answer = root.messages().find(({ type }) => type === "invite");
  await root.say({ type: "bye" });
  return parseInviteLink((answer as { link: string }).link);
}

test("is looked at later after each wrong one of an address, whoever shows it", async () => {
  await using it = await Served.start({ isPrivate: true, admins: ADMINS });
  const { token } = await invited(it, "2");
  const waits: number[] = [];
  for (let guess = 0; guess < 5; guess++) {
    const [code, ms] = await comes(it, await generateKeyPair(), {
      invite: WRONG,
    });
    assertEquals(code, "invite-invalid");
    waits.push(ms);
  }
  assertEquals(waits, [0, 1_000, 2_000, 4_000, 8_000]);
  // Nor does a good one forgive them; and who shows nothing does not wait.
  const ann = await generateKeyPair();
  for (let time = 0; time < 2; time++) {
    assertEquals(await comes(it, ann, { invite: token }), ["welcome", 8_000]);
  }
  assertEquals(await comes(it, ann, {}), ["welcome", 0]);
});

test("is no guess where it was good, or where something else was wrong", async () => {
  await using it = await Served.start({ isPrivate: true, admins: ADMINS });
  const { token: invite } = await invited(it);
  const ann = await generateKeyPair();
  const taken = await comes(it, ann, { invite, name: "admin" });
  assertEquals(taken, ["name-invalid", 0]);
  for (let time = 0; time < 3; time++) {
    assertEquals(await comes(it, ann, { invite }), ["welcome", 0]);
  }
});

test("waits also where others were said with it", async () => {
  await using it = await Served.start({ isPrivate: true });
  const caller = await it.callSealed(await generateKeyPair());
  const [none, wrong] = [{ type: "hello" }, { type: "hello", invite: WRONG }];
  await caller.say(none, wrong, none, wrong, none, wrong);
  const codes = () => caller.messages().map(({ code }) => code);
  assertEquals(codes(), [
    "invite-required",
    "invite-invalid",
    "invite-required",
  ]);
  for (const waitMs of [1_000, 2_000]) {
    await it.clock.advanceSlowly(waitMs - 1, 500);
    assertEquals(codes(), []);
    await it.clock.advanceSlowly(1, 1);
    const last = waitMs === 1_000 ? ["invite-required"] : [];
    assertEquals(codes(), ["invite-invalid", ...last]);
  }
});

test("counts with the wrong passwords of an address", async () => {
  await using it = await Served.start({ isPrivate: true, password: "sesame" });
  const bob = await generateKeyPair();
  const shown = [{ invite: WRONG }, { password: "no" }, { invite: WRONG }];
  const answers = [];
  for (const one of shown) answers.push(await comes(it, bob, one));
  assertEquals(answers, [
    ["invite-invalid", 0],
    ["password-wrong", 1_000],
    ["invite-invalid", 2_000],
  ]);
});

test("has a link with the server's key, and of its secret only a hash is stored", async () => {
  const store = new MemoryStore();
  const place = { host: "2001:db8::7", port: 443 };
  await using it = await Served.start({ store, admins: ADMINS, public: place });
  const link = await invited(it, "tea");
  assertEquals(link, {
    ...place,
    room: "tea",
    fingerprint: await fingerprint(IDENTITY.publicKey),
    token: link.token,
  });
  const [record, ...others] = store.list("invite", "", 9);
  assertEquals(others, []);
  const bytes = new TextEncoder().encode(link.token);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const hash = new Uint8Array(digest)
    .toBase64({ alphabet: "base64url", omitPadding: true });
  assertEquals(record!.key, hash);
  assert(!JSON.stringify(record).includes(link.token));
  // Each has its own.
  assert((await invited(it)).token !== link.token);
});
