import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { sealKey } from "../../src/secure/sealed_key.ts";
import {
  loadIdentity,
  loadOrCreateIdentity,
  loadPublicKey,
} from "../../src/trust/identity_file.ts";
import type { Passphrases } from "../../src/trust/key_file.ts";
import {
  changePassphrase,
  exportIdentity,
  importIdentity,
} from "../../src/trust/key_transfer.ts";

/** RFC 7748, section 6.1: Alice's keys. */
const SECRET = Uint8Array.fromHex(
  "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
);
const PUBLIC =
  "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
const EXPORT = await sealKey(SECRET, "right", { logN: 10, r: 8, p: 1 });

/** Answers these, one after the other; notes what was asked. */
function answering(...answers: (string | undefined)[]) {
  const asked: [string, number][] = [];
  const passphrases: Passphrases = {
    tries: 3,
    ask(what, failed) {
      asked.push([what, failed]);
      return answers.shift();
    },
  };
  return { asked, passphrases };
}

const NOBODY = answering().passphrases;

function test(name: string, fn: (path: string) => Promise<void>): void {
  Deno.test(`key transfer: ${name}`, async () => {
    const dir = await Deno.makeTempDir();
    try {
      await fn(`${dir}/identity`);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
}

test("a sealed identity is asked for three times, and no more", async (path) => {
  await write(path, EXPORT);
  const third = answering("wrong", "", "right");
  const pair = await loadOrCreateIdentity(path, third.passphrases);
  assertEquals(pair.publicKey.toHex(), PUBLIC);
  assertEquals(third.asked, [[path, 0], [path, 1], [path, 2]]);
  const never = answering("a", "b", "c", "right");
  assertEquals(
    await faultOf(() => loadIdentity(path, never.passphrases)),
    `passphrase ${path}: the file is whole, but that was not its passphrase`,
  );
  assertEquals(never.asked.length, 3);
  const gone = answering(undefined, "right");
  await faultOf(() => loadIdentity(path, gone.passphrases));
  assertEquals(gone.asked.length, 1);
});

test("whose a sealed identity is can be told without asking", async (path) => {
  await write(path, EXPORT);
  assertEquals((await loadPublicKey(path)).toHex(), PUBLIC);
  assertEquals(
    await faultOf(() => loadIdentity(path)),
    `key-file ${path}: is sealed by a passphrase, and must open by itself; take it off: confab id --passphrase --identity ${path}`,
  );
});

test("a damaged sealed identity is not asked for, and stays as it is", async (path) => {
  const text = EXPORT.replace(/\n(.)/, (_, one) => one === "A" ? "\nB" : "\nA");
  await write(path, text);
  assertEquals(
    await faultOf(() => loadOrCreateIdentity(path, NOBODY)),
    `key-file ${path}: is damaged; restore it from a copy`,
  );
  assertEquals(await Deno.readTextFile(path), text);
});

test("an identity is sealed, sealed otherwise, and open again, and is the same key", async (path) => {
  const { publicKey } = await loadOrCreateIdentity(path);
  const open = await Deno.readTextFile(path);
  // Whoever has the old file open sees that it was overwritten.
  using old = await Deno.open(path, { read: true });
  assertEquals(await changePassphrase(path, NOBODY, () => "one"), "sealed");
  const left = new Uint8Array(1_000);
  const count = await old.read(left);
  assertEquals(left.subarray(0, count!), new Uint8Array(open.length));
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  const sealed = await Deno.readTextFile(path);
  assert(!sealed.includes(open.slice(30, 60)));

  const { passphrases } = answering("one");
  const kinds: string[] = [];
  const choose = (kind: string) => (kinds.push(kind), "two");
  assertEquals(await changePassphrase(path, passphrases, choose), "sealed");
  assertEquals(kinds, ["sealed"]);
  await faultOf(() => loadIdentity(path, answering("one").passphrases));
  const pair = await loadIdentity(path, answering("two").passphrases);
  assertEquals(pair.publicKey, publicKey);

  const last = answering("two").passphrases;
  assertEquals(await changePassphrase(path, last, () => ""), "open");
  assertEquals(await Deno.readTextFile(path), open);
});

test("an export is sealed: by the identity's own passphrase, or by one that is chosen", async (path) => {
  const { publicKey } = await loadOrCreateIdentity(path);
  const text = await exportIdentity(path, NOBODY, () => "carried");
  const there = `${path}.there`;
  const done = await importIdentity(
    there,
    { text, from: "mail" },
    answering("carried").passphrases,
    "refuse",
  );
  assertEquals(done, { publicKey, isKnown: false });
  assertEquals((await Deno.stat(there)).mode! & 0o777, 0o600);
  const never = () => {
    throw new Error("was asked");
  };
  assertEquals(
    await exportIdentity(there, answering("carried").passphrases, never),
    text,
  );
  await faultOf(() =>
    exportIdentity(there, answering("no").passphrases, never)
  );
  assertEquals(
    await faultOf(() => exportIdentity(path, NOBODY, () => "")),
    "passphrase an export is always sealed: it needs a passphrase",
  );
});

test("an import replaces no other key, unless it must, and keeps that one then", async (path) => {
  await loadOrCreateIdentity(path);
  const before = await Deno.readTextFile(path);
  const given = { text: `hello\n${EXPORT}ann\n`, from: "mail" };
  const right = () => answering("right").passphrases;
  const refused = await faultOf(() =>
    importIdentity(path, given, right(), "refuse")
  );
  assert(refused.includes("there is another key, SHA256:"), refused);
  assert(refused.includes("--force"), refused);
  assertEquals(await Deno.readTextFile(path), before);
  await faultOf(() =>
    importIdentity(path, given, answering("no").passphrases, "keep")
  );
  assertEquals(await Deno.readTextFile(path), before);

  await Deno.writeTextFile(`${path}.old`, "taken");
  const { kept } = await importIdentity(path, given, right(), "keep");
  assertEquals(kept, `${path}.old-2`);
  assertEquals(await Deno.readTextFile(kept!), before);
  assertEquals(await Deno.readTextFile(path), EXPORT);
  const again = await importIdentity(path, given, right(), "refuse");
  assertEquals(again.isKnown, true);
});

test("what is no export is not imported", async (path) => {
  for (const text of ["", "x".repeat(60_000), "-----BEGIN PRIVATE KEY-----"]) {
    assertEquals(
      await faultOf(() =>
        importIdentity(path, { text, from: "mail" }, NOBODY, "keep")
      ),
      "key-file mail: is no export of a key, as confab id --export writes it",
    );
  }
});

async function write(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, text, { mode: 0o600 });
}

async function faultOf(fn: () => Promise<unknown>): Promise<string> {
  const { code, message } = await assertRejects(fn, ConfabError);
  return `${code} ${message}`;
}
