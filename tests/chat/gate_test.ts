/** Who is let in: by the password, by being known, by an invite; and what an invite is good for. */
import { assert, assertEquals } from "@std/assert";
import type { GateOptions, Secrets } from "../../src/chat/gate_options.ts";
import { readClientObject } from "../../src/wire/client.ts";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, outcomeOf, type Visitor } from "./_visitor.ts";

const test = testsOf("gate");

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;

/** Links that a test can read. */
const secrets: Secrets = {
  secretOf: (number) => `secret-${number}`,
  hashOf: (secret) => `hash of ${secret}`,
  linkOf: (secret, room) => `${secret} to ${room ?? "nowhere"}`,
};

function scene(gate: GateOptions = {}): Scene {
  const options = { asks: "invite", secrets, ...gate } as const;
  return new Scene({ admins: ["root"], gate: options });
}

/** Comes with these words; what it got first: `welcome`, or the code of an error. */
async function comes(
  it: Scene,
  who: string | undefined,
  hello: Record<string, unknown> = {},
  password?: "with the password",
): Promise<string> {
  const address = "10.0.0.1";
  const peer = who === undefined ? { address } : { address, key: keyOf(who) };
  const visitor = await it.opens(peer);
  if (password !== undefined) {
    it.put({ kind: "password", at: it.now, connection: visitor.id });
  }
  await visitor.send({ type: "hello", ...hello });
  const first = outcomeOf(visitor.take()[0]);
  await visitor.leaves("closed");
  return first;
}

async function invites(
  root: Visitor,
  args = "",
): Promise<{ secret: string; expires: number; uses: number }> {
  const answer = await root.says(`/server invite ${args}`);
  assert(answer.type === "invite", JSON.stringify(answer));
  const [secret] = answer.link.split(" ");
  return { secret: secret!, expires: answer.expires, uses: answer.uses };
}

test("what is asked decides who comes in with nothing, and what the others are told", async () => {
  const table = [
    ["nothing", "welcome", "welcome"],
    ["password", "password-required", "password-required"],
    ["invite", "invite-required", "invite-required"],
    ["invite or password", "invite-required", "password-required"],
  ] as const;
  for (const [asks, withKey, guest] of table) {
    const it = scene({ asks });
    assertEquals(await comes(it, "bob"), withKey, asks);
    assertEquals(await comes(it, undefined), guest, asks);
    assertEquals(await comes(it, "root"), "welcome", asks);
    for (const who of ["bob", undefined]) {
      const outcome = await comes(it, who, {}, "with the password");
      assertEquals(outcome, "welcome", asks);
    }
  }
});

test("one key uses an invite, is let in from then on, and shows it again for nothing", async () => {
  for (const asks of ["invite", "password", "invite or password"] as const) {
    const it = scene({ asks });
    const root = await it.person("root");
    const { secret: invite, expires, uses } = await invites(root);
    assertEquals([expires, uses], [it.now.wall + WEEK_MS, 1]);
    // A guest cannot be invited.
    const refusal = asks === "invite" ? "invite-required" : "password-required";
    assertEquals(await comes(it, undefined, { invite }), refusal);
    assertEquals(await comes(it, "bob", { invite }), "welcome");
    assertEquals(await comes(it, "bob", { invite }), "welcome");
    assertEquals(await comes(it, "bob"), "welcome");
    assertEquals(await comes(it, "eve", { invite }), "invite-invalid");
    await it.restarts();
    assertEquals(await comes(it, "bob"), "welcome");
    assertEquals(await comes(it, "eve", { invite }), "invite-invalid");
  }
});

test("an invite is good for as many keys as it says, and for no one that it gives nothing", async () => {
  const it = scene();
  const root = await it.person("root");
  const { secret: invite } = await invites(root, "3");
  assertEquals(await comes(it, "root", { invite }), "welcome");
  for (const who of ["ann", "ann", "bob", "ann", "cleo", "bob"]) {
    assertEquals(await comes(it, who, { invite }), "welcome", who);
  }
  assertEquals(await comes(it, "dan", { invite }), "invite-invalid");
});

test("an invite ends with its time, though its record is still there", async () => {
  const it = scene();
  const root = await it.person("root");
  const { secret: invite, expires } = await invites(root, "90m 2");
  assertEquals(expires, it.now.wall + 90 * 60_000);
  await it.waits(90 * 60_000 - 1);
  assertEquals(await comes(it, "bob", { invite }), "welcome");
  await it.waits(1);
  assertEquals(await comes(it, "eve", { invite }), "invite-invalid");
  assertEquals(await comes(it, "bob", { invite }), "welcome");
});

test("what is unknown, over and used up is one answer", async () => {
  const it = scene();
  const root = await it.person("root");
  const { secret: over } = await invites(root, "1m");
  const { secret: used } = await invites(root);
  assertEquals(await comes(it, "bob", { invite: used }), "welcome");
  await it.waits(60_000);
  const told = new Set<string>();
  for (const invite of [over, used, "never made", ""]) {
    const eve = await it.opens({ key: keyOf("eve"), address: "10.0.0.1" });
    await eve.send({ type: "hello", name: "eve", invite });
    told.add(JSON.stringify(eve.take()));
  }
  assertEquals(told.size, 1, [...told].join());
  assert([...told][0]!.includes("invite-invalid"));
});

test("two that use the last of an invite at the same moment: one comes in", async () => {
  const it = scene();
  const root = await it.person("root");
  const { secret: invite } = await invites(root);
  const ann = await it.opens({ key: keyOf("ann"), address: "10.0.0.1" });
  const bob = await it.opens({ key: keyOf("bob"), address: "10.0.0.2" });
  ann.put({ type: "hello", invite });
  bob.put({ type: "hello", invite });
  await it.turn();
  assertEquals(outcomeOf(ann.take()[0]), "welcome");
  assertEquals(outcomeOf(bob.take()[0]), "invite-invalid");
});

test("a turn that is lost uses up nothing, and gives out no link", async () => {
  const it = scene();
  const root = await it.person("root");
  const { secret: invite } = await invites(root);
  const ann = await it.opens({ key: keyOf("ann"), address: "10.0.0.1" });
  ann.put({ type: "hello", invite });
  root.put({ type: "command", name: "server", args: "invite", id: "1" });
  it.lostTurn();
  assertEquals(outcomeOf(ann.take()[0]), "not-stored");
  assertEquals(outcomeOf(root.replies.get("1")), "not-stored");
  assertEquals(await comes(it, "ann"), "invite-required");
  assertEquals(await comes(it, "bob", { invite }), "welcome");
});

test("a turn that is tried again gives out the link that it has stored", async () => {
  const it = scene();
  const root = await it.person("root");
  root.put({ type: "command", name: "server", args: "invite", id: "1" });
  const first = it.hub.takeTurn();
  it.triesAgain();
  const { commit } = await it.turn();
  assertEquals(commit.writes, first.commit.writes);
  const answer = root.replies.get("1")!;
  assert(answer.type === "invite");
  const [invite] = answer.link.split(" ");
  assertEquals(await comes(it, "bob", { invite }), "welcome");
});

test("a hello that is refused for something else uses up nothing", async () => {
  const it = scene();
  const root = await it.person("root");
  const { secret: invite } = await invites(root);
  const taken = { invite, name: "root" };
  assertEquals(await comes(it, "ann", taken), "name-taken");
  assertEquals(await comes(it, "ann"), "invite-required");
  assertEquals(await comes(it, "bob", { invite }), "welcome");
});

test("an invite leads to its room, and into it when it is locked", async () => {
  const it = scene();
  const root = await it.person("root", { room: "Den" });
  const { secret: invite } = await invites(root, "den 2");
  assertEquals(await root.tries("/lock"), "ack");
  const ann = await it.person("ann", { invite });
  const [welcome] = ann.takeOf("welcome");
  assertEquals(welcome?.room, "Den");
  // Who says where to begin begins there.
  const bob = await it.person("bob", { invite, room: "lobby" });
  assertEquals(bob.takeOf("welcome")[0]?.room, "lobby");
  assertEquals(await bob.tries("/join den"), "ack");
  // Used up: nobody else, but those two whenever they come.
  assertEquals(await comes(it, "eve", { invite }), "invite-invalid");
  assertEquals(await comes(it, "ann", { room: "den" }), "welcome");
});

test("into a locked room an invite counts for a key that was let in before", async () => {
  const it = scene();
  const root = await it.person("root", { room: "den" });
  const first = await invites(root);
  const ann = await it.person("ann", { invite: first.secret });
  await root.tries("/lock");
  assertEquals(await ann.tries("/join den"), "room-locked");
  await ann.leaves("closed");
  const second = await invites(root, "den");
  const back = await it.person("ann", { invite: second.secret });
  assertEquals(back.takeOf("welcome")[0]?.room, "den");
  const third = { invite: second.secret };
  assertEquals(await comes(it, "bob", third), "invite-invalid");
});

test("only administrators invite, and within bounds", async () => {
  const it = scene({ asks: "nothing" });
  const root = await it.person("root");
  const ann = await it.person("ann");
  assertEquals(await ann.tries("/server invite"), "not-allowed");
  const table = [
    ["tea 12h 10000", "invite"],
    // Read from the end: rooms may be called so.
    ["7d 7d 1", "invite"],
    ["1 1", "invite"],
    ["90d", "invite"],
    ["91d", "bad-arguments"],
    ["0d", "bad-arguments"],
    ["0", "bad-arguments"],
    ["10001", "bad-arguments"],
    ["a b", "bad-arguments"],
    ["a 1d 1 1", "bad-arguments"],
    ["#tea 7d", "invite"],
    ["##tea", "room-invalid"],
    ["a/b", "room-invalid"],
  ];
  for (const [args, outcome] of table) {
    assertEquals(await root.tries(`/server invite ${args}`), outcome, args);
  }
});

test("a thousand invites may be open, and one that is over makes way", async () => {
  const it = scene();
  const root = await it.person("root");
  await invites(root, "1h");
  for (let count = 1; count < 1_000; count++) {
    root.put({ type: "command", name: "server", args: "invite 2h" });
  }
  await it.turn();
  assertEquals(await root.tries("/server invite"), "limit-reached");
  await it.waits(3_600_000);
  assertEquals(await root.tries("/server invite"), "invite");
  assertEquals(await root.tries("/server invite"), "limit-reached");
});

test("those who are listed are let in, and let go when they are not and nothing else lets them", async () => {
  const it = scene({ asks: "invite or password", allowed: keys("ann", "bob") });
  const ann = await it.person("ann");
  const bob = await it.opens({ key: keyOf("bob"), address: "10.0.0.1" });
  it.put({ kind: "password", at: it.now, connection: bob.id });
  await bob.send({ type: "hello", name: "bob" });
  assertEquals(await comes(it, "cleo"), "invite-required");
  it.put({ kind: "allowed", at: it.now, keys: keys("cleo") });
  await it.turn();
  assertEquals(ann.bye?.type === "bye" && ann.bye.code, "refused");
  assertEquals([bob.bye, it.namesIn("lobby")], [undefined, ["bob"]]);
  assertEquals(await comes(it, "cleo"), "welcome");
  assertEquals(await comes(it, "ann"), "invite-required");
});

test("whoever is named an administrator later is let in as one, also when a turn fails between", async () => {
  const it = scene({ asks: "invite or password" });
  assertEquals(await comes(it, "cleo"), "invite-required");
  it.put({ kind: "admins", at: it.now, keys: keys("cleo") });
  it.lostTurn();
  assertEquals(await comes(it, "cleo"), "welcome");
  assertEquals(await comes(it, "dora"), "invite-required");
});

test("who used an invite stays when the list says otherwise", async () => {
  const it = scene({ allowed: keys("ann") });
  const root = await it.person("root");
  const { secret: invite } = await invites(root);
  const ann = await it.person("ann", { invite });
  it.put({ kind: "allowed", at: it.now, keys: [] });
  await it.turn();
  assertEquals(ann.bye, undefined);
  assertEquals(await comes(it, "ann"), "welcome");
});

function keys(...who: string[]): string[] {
  return who.map(keyOf);
}

const LINK = "the link";

function withAdminLink(gate: GateOptions = {}): Scene {
  const hash = `hash of ${LINK}`;
  const expires = new Scene().now.wall + DAY_MS;
  return scene({ ...gate, adminLink: { hash, expires } });
}

test("the first key that shows the admin link is an administrator, for good", async () => {
  const it = withAdminLink();
  assertEquals(await comes(it, undefined, { invite: LINK }), "invite-required");
  // It is one at once, also where it is already.
  const ann = await it.person("ann", { invite: LINK });
  assertEquals(await ann.tries("/server invite"), "invite");
  assertEquals(await ann.tries("/lock"), "ack");
  assertEquals(await comes(it, "eve", { invite: LINK }), "invite-invalid");
  await it.restarts();
  const back = await it.person("ann");
  assertEquals(await back.tries("/server invite"), "invite");
});

test("a lost turn does not use the admin link up", async () => {
  const it = withAdminLink({ asks: "nothing" });
  const ann = await it.opens({ key: keyOf("ann"), address: "10.0.0.1" });
  ann.put({ type: "hello", invite: LINK });
  it.lostTurn();
  assertEquals(outcomeOf(ann.take()[0]), "not-stored");
  const back = await it.person("ann");
  assertEquals(await back.tries("/server"), "not-allowed");
  const bob = await it.person("bob", { invite: LINK });
  assertEquals(await bob.tries("/server"), "help");
});

test("whom a link makes an administrator is told so, once", async () => {
  const it = withAdminLink();
  const ann = await it.person("ann", { invite: LINK });
  const text =
    "you are an administrator of this server now: /server lists what you may do";
  assertEquals(ann.takeOf("notice"), [{ type: "notice", text }]);
  const again = await it.person("ann", { invite: LINK });
  assertEquals(again.takeOf("notice"), []);
});

test("the admin link ends with its day", async () => {
  const it = withAdminLink();
  await it.waits(DAY_MS - 1);
  const late = { ...it.now, wall: it.now.wall + 1 };
  const ann = await it.opens({ key: keyOf("ann"), address: "10.0.0.1" });
  const message = readClientObject({ type: "hello", invite: LINK });
  it.put({ kind: "message", at: late, connection: ann.id, message });
  await it.turn();
  assertEquals(outcomeOf(ann.take()[0]), "invite-invalid");
  assertEquals(await comes(it, "bob", { invite: LINK }), "welcome");
});

test("whom an invite let in can be put out again, and open invites ended", async () => {
  const it = scene({ asks: "invite or password" });
  const root = await it.person("root");
  const { secret } = await invites(root, "5");
  const { secret: invite } = await invites(root, "5");
  const ann = await it.person("ann", { invite: secret });
  const bob = await it.opens({ key: keyOf("bob"), address: "10.0.0.1" });
  it.put({ kind: "password", at: it.now, connection: bob.id });
  await bob.send({ type: "hello", name: "bob", invite });
  for (const target of ["ann", keyOf("bob")]) {
    assertEquals(await root.tries(`/server revoke ${target}`), "ack");
    const again = await root.tries(`/server revoke ${target}`);
    assertEquals(again, "no-such-person");
  }
  assertEquals([ann.bye?.type, bob.bye], ["bye", undefined]);
  assertEquals(await comes(it, "ann"), "invite-required");
  // Nor with the link that she has, or a new key and that.
  for (const who of ["ann", "nan"]) {
    assertEquals(await comes(it, who, { invite: secret }), "invite-invalid");
  }
  const { secret: other } = await invites(root, "5");
  assertEquals(await comes(it, "cleo", { invite: other }), "welcome");
  assertEquals(await root.tries("/server revoke all"), "ack");
  assertEquals(await comes(it, "eve", { invite: other }), "invite-invalid");
  assertEquals(await comes(it, "dan", { invite }), "invite-invalid");
  assertEquals(await comes(it, "cleo", { invite }), "welcome");
});

test("administrators by a link are listed, and can be made ordinary again; others cannot", async () => {
  const it = withAdminLink();
  const root = await it.person("root");
  const ann = await it.person("ann", { invite: LINK });
  const list = await root.says("/server admins");
  assert(list.type === "notice");
  assertEquals(list.text, `root ${keyOf("root")}\nann ${keyOf("ann")}`);
  assertEquals(await ann.tries("/server deadmin root"), "not-allowed");
  assertEquals(await root.tries("/server deadmin ann"), "ack");
  assertEquals(ann.bye?.type, "bye");
  assertEquals(await comes(it, "ann"), "invite-required");
  assertEquals(await root.tries("/server deadmin ann"), "not-allowed");
});

test("the open invites of an administrator end with that, and those of others do not", async () => {
  const it = withAdminLink();
  const root = await it.person("root");
  const ann = await it.person("ann", { invite: LINK });
  const { secret: own } = await invites(ann, "90d 100");
  const { secret: others } = await invites(root, "5");
  assertEquals(await comes(it, "bob", { invite: own }), "welcome");
  assertEquals(await root.tries("/server deadmin ann"), "ack");
  assertEquals(await comes(it, "ann", { invite: own }), "invite-invalid");
  assertEquals(await comes(it, "bob", { invite: own }), "welcome");
  assertEquals(await comes(it, "cleo", { invite: others }), "welcome");
});

test("who became an administrator at another process is one here, too", async () => {
  const it = scene({ asks: "nothing" });
  const ann = await it.person("ann");
  const key = keyOf("ann");
  const record = { kind: "admin", key, expectedVersion: 0, value: { at: 1 } };
  await it.store.commit({ appends: [], writes: [record] });
  ann.put({ type: "command", name: "server", id: "1" });
  it.hub.takeTurn();
  it.triesAgain();
  await it.turn();
  assertEquals(outcomeOf(ann.replies.get("1")), "help");
});

test("who makes links, who gets something by them and who takes it back is noted", async () => {
  const it = withAdminLink();
  const root = await it.person("root");
  const { secret: invite } = await invites(root, "tea 2");
  const bob = await it.person("bob", { invite });
  await bob.leaves("closed");
  await it.person("bob", { invite });
  await it.person("ann", { invite: LINK });
  await root.says("/server revoke bob");
  await root.says("/server revoke all");
  await root.says("/server deadmin ann");
  await root.says("/server deadmin ann");
  const address = "10.0.0.1";
  assertEquals(it.audits, [
    { action: "server invite", by: "root", room: "tea" },
    { action: "invited", by: "bob", address },
    { action: "made admin", by: "ann", address },
    { action: "server revoke", by: "root", target: "bob" },
    { action: "server revoke", by: "root", target: "all" },
    { action: "server deadmin", by: "root", target: "ann" },
  ]);
});
