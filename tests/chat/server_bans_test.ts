import { assertEquals } from "@std/assert";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, type Visitor } from "./_visitor.ts";

const test = testsOf("/server");
const DAY_MS = 24 * 3_600_000;
const EVE = `SHA256:${"e".repeat(43)}`;

/** An admin from an address of its own, and somebody in the lobby. */
async function hall(): Promise<{ scene: Scene; adm: Visitor; ann: Visitor }> {
  const scene = new Scene({ admins: ["adm"] });
  const adm = await come(scene, "10.0.0.1", keyOf("adm"), "adm");
  const ann = await come(scene, "10.0.0.2", keyOf("ann"), "ann");
  return { scene, adm, ann };
}

/** Somebody comes, with a key or as a guest. */
async function come(
  scene: Scene,
  address: string,
  key: string | undefined,
  name: string,
): Promise<Visitor> {
  const peer = key === undefined ? { address } : { key, address };
  const visitor = await scene.opens(peer);
  await visitor.send({ type: "hello", name });
  return visitor;
}

/** What ended a connection, and that nothing but that was said before. */
function turnedAway(visitor: Visitor): unknown {
  const [error] = visitor.take();
  const { bye } = visitor;
  return [
    error?.type === "error" && error.code,
    bye?.type === "bye" && bye.code,
  ];
}

for (const how of ["cut", "closed"] as const) {
  test(`ban keeps new keys out where one came from that was ${how} before it`, async () => {
    const { scene, adm } = await hall();
    const eve = await come(scene, "10.0.0.7", keyOf("eve"), "eve");
    await eve.leaves(how);
    await scene.waits(3_599_999);
    assertEquals(await adm.tries("/server ban eve"), "ack");
    const again = await come(scene, "10.0.0.7", keyOf("eve2"), "eve2");
    assertEquals(turnedAway(again), ["banned", "banned"]);
    const other = await come(scene, "10.0.0.8", keyOf("eve3"), "eve3");
    assertEquals(other.takeOf("error"), []);
    await scene.waits(24 * 3_600_000);
    const later = await come(scene, "10.0.0.7", keyOf("eve4"), "eve4");
    assertEquals(later.takeOf("error"), []);
  });
}

test("is the admins', each command of it", async () => {
  const { ann } = await hall();
  for (const command of ["kick adm", "ban adm", "unban adm", "bans"]) {
    assertEquals(await ann.tries(`/server ${command}`), "not-allowed", command);
  }
});

test("kick ends all connections of a person without a time to come back, and it may come back", async () => {
  const { scene, adm, ann } = await hall();
  const phone = await come(scene, "10.0.0.3", keyOf("ann"), "ann");
  const opening = await scene.opens({ key: keyOf("ann"), address: "10.0.0.4" });
  const cut = await come(scene, "10.0.0.5", keyOf("ann"), "ann");
  await cut.send({ type: "command", name: "join", args: "den" });
  await cut.leaves("cut");
  assertEquals(await adm.tries("/server kick ann too  loud"), "ack");
  const bye = {
    type: "bye",
    code: "kicked",
    text: "adm kicked you from this server: too loud",
  } as const;
  assertEquals([ann.bye, phone.bye, opening.bye], [bye, bye, bye]);
  assertEquals(scene.namesIn("lobby"), ["adm"]);
  assertEquals(
    adm.takeOf("left").map(({ reason, by, why }) => [reason, by, why]),
    [["kicked", "adm", "too loud"]],
  );
  const list = await adm.says("/list");
  assertEquals(list.type === "rooms" && list.rooms.length, 1);
  const back = await come(scene, "10.0.0.2", keyOf("ann"), "ann");
  assertEquals(await back.tries("hello"), "ack");
});

test("ban keeps a key out: who is here gets bye, who comes an error and bye, and nothing that is said counts", async () => {
  const { scene, adm } = await hall();
  const eve = await come(scene, "10.0.0.7", EVE, "eve");
  const opening = await scene.opens({ key: EVE, address: "10.0.0.8" });
  assertEquals(await adm.tries("/server ban eve 7d spam"), "ack");
  adm.take();
  for (const one of [eve, opening]) {
    assertEquals(one.bye, {
      type: "bye",
      code: "banned",
      text: "adm banned you from this server: spam",
    });
  }
  for (const one of [eve, opening]) one.take();
  const stored = scene.store.list("person", "", 9).length;
  const come2 = await scene.opens({ key: EVE, address: "10.9.9.9" });
  const text =
    `you are banned from this server until 2026-01-22 12:00 UTC: spam`;
  const [error] = come2.take();
  assertEquals(error, { type: "error", code: "banned", text });
  assertEquals(come2.bye, { type: "bye", code: "banned", text });
  for (const one of [eve, opening, come2]) {
    await one.send({ type: "hello", name: "eve", resume: { lobby: 0 } });
    await one.send({ type: "chat", txt: "psst", to: "adm" });
    await one.send({ type: "read", room: "@adm", seq: 1 });
    await one.send({ type: "typing", to: "adm" });
    await one.send({ type: "command", name: "join", args: "lobby" });
    assertEquals(one.take(), []);
  }
  assertEquals(adm.take(), []);
  assertEquals(scene.store.list("person", "", 9).length, stored);
  // The name stays eve's, and when the time is over eve comes back to it.
  const other = await come(scene, "10.0.0.2", keyOf("other"), "eve");
  assertEquals(other.takeOf("error").map(({ code }) => code), ["name-taken"]);
  await scene.waits(7 * DAY_MS);
  const back = await come(scene, "10.0.0.7", EVE, "eve");
  assertEquals(back.takeOf("welcome").map(({ name }) => name), ["eve"]);
});

test("ban of a key is of one on the server's machine, too, and of nobody else there", async () => {
  const { scene, adm } = await hall();
  const eve = await come(scene, "127.0.0.1", EVE, "eve");
  const gus = await come(scene, "127.0.0.1", undefined, "gus");
  assertEquals(await adm.tries("/server ban eve"), "ack");
  assertEquals([eve.bye?.type, gus.bye], ["bye", undefined]);
  const back = await come(scene, "127.0.0.1", EVE, "eve");
  const guest = await come(scene, "127.0.0.1", undefined, "gil");
  assertEquals([back.bye?.type, guest.bye], ["bye", undefined]);
});

test("ban makes one leave who was cut and may come back", async () => {
  const { scene, adm } = await hall();
  const eve = await come(scene, "10.0.0.7", EVE, "eve");
  await eve.leaves("cut");
  assertEquals(scene.namesIn("lobby"), ["adm", "ann", "eve"]);
  assertEquals(await adm.tries(`/server ban ${EVE}`), "ack");
  assertEquals(scene.namesIn("lobby"), ["adm", "ann"]);
  const back = await come(scene, "10.0.0.7", EVE, "eve");
  assertEquals(turnedAway(back), ["banned", "banned"]);
});

test("ban of a name keeps new keys and guests from its address out for a day, and unban lets all in", async () => {
  const { scene, adm } = await hall();
  const bob = await come(scene, "10.0.0.7", keyOf("bob"), "bob");
  const gus = await come(scene, "10.0.0.7", undefined, "gus");
  const opening = await scene.opens({ address: "10.0.0.7" });
  await come(scene, "10.0.0.7", EVE, "eve");
  scene.clock.advance(1);
  assertEquals(await adm.tries("/server ban @eve"), "ack");
  assertEquals([bob, gus, opening].map(({ bye }) => bye?.type), [
    undefined,
    "bye",
    "bye",
  ]);
  assertEquals(await bob.tries("still here"), "ack");
  const fresh = await come(scene, "10.0.0.7", keyOf("new"), "new");
  const guest = await come(scene, "10.0.0.7", undefined, "gus");
  assertEquals([fresh, guest].map(turnedAway), [
    ["banned", "banned"],
    ["banned", "banned"],
  ]);
  assertEquals(await adm.tries("/server unban eve"), "ack");
  assertEquals(await adm.tries("/server unban eve"), "no-such-person");
  const soon = await come(scene, "10.0.0.7", undefined, "gus");
  const eve = await come(scene, "10.0.0.7", EVE, "eve");
  assertEquals([soon.bye, eve.bye], [undefined, undefined]);
  assertEquals(await adm.tries("/server ban eve"), "ack");
  await scene.waits(DAY_MS);
  const later = await come(scene, "10.0.0.7", keyOf("new"), "new");
  const never = await come(scene, "10.0.0.9", EVE, "eve");
  assertEquals([later.bye?.type, never.bye?.type], [undefined, "bye"]);
});

test("ban of a network ends all that are there, keys and guests, but nobody of this machine", async () => {
  const { scene, adm, ann } = await hall();
  const near = await come(scene, "127.0.0.1", keyOf("near"), "near");
  const six = await come(scene, "2001:db8:1:2:3::4", undefined, "six");
  assertEquals(await adm.tries("/server ban 10.0.0.2/31 out"), "ack");
  assertEquals(await adm.tries("/server ban 2001:DB8:1::/48"), "ack");
  for (const one of [ann, six]) {
    assertEquals(one.bye?.type === "bye" && one.bye.code, "banned");
  }
  const comers = [
    await come(scene, "10.0.0.3", EVE, "eve"),
    await come(scene, "2001:db8:1:ffff::1", undefined, "gus"),
  ];
  assertEquals(comers.map(turnedAway), [
    ["banned", "banned"],
    ["banned", "banned"],
  ]);
  for (const address of ["10.0.0.4", "2001:db8:2::1", "127.0.0.2"]) {
    const one = await come(scene, address, undefined, "one");
    assertEquals([address, one.bye], [address, undefined]);
    await one.leaves("closed");
  }
  assertEquals(near.bye, undefined);
  // An address within is not what was banned; the network is, however it is written.
  assertEquals(await adm.tries("/server unban 10.0.0.3"), "no-such-person");
  assertEquals(await adm.tries("/server unban 10.0.0.3/31"), "ack");
  const back = await come(scene, "10.0.0.3", EVE, "eve");
  assertEquals(back.bye, undefined);
});

test("ban of a guest is of its address, of IPv6 the /64; unban finds it by the name of then", async () => {
  const { scene, adm } = await hall();
  const gus = await come(scene, "10.0.0.7", undefined, "gus");
  const six = await come(scene, "2001:db8::7", undefined, "six");
  const local = await come(scene, "127.0.0.1", undefined, "local");
  assertEquals(await adm.tries("/server ban gus 1h"), "ack");
  assertEquals(await adm.tries("/server ban six"), "ack");
  assertEquals(await adm.tries("/server ban local"), "not-allowed");
  assertEquals([gus.bye?.type, six.bye?.type, local.bye], [
    "bye",
    "bye",
    undefined,
  ]);
  const bans = await adm.says("/server bans");
  assertEquals(bans.type === "bans" && bans.bans, [
    {
      target: "10.0.0.7",
      name: "gus",
      by: "adm",
      at: NOON_MS,
      until: NOON_MS + 3_600_000,
    },
    { target: "2001:db8::/64", name: "six", by: "adm", at: NOON_MS },
  ]);
  assertEquals(await adm.tries("/server unban six"), "ack");
  const back = await come(scene, "2001:db8::9", undefined, "six");
  assertEquals(back.bye, undefined);
  await scene.waits(3_600_000);
  const late = await come(scene, "10.0.0.7", undefined, "gus");
  assertEquals(late.bye, undefined);
});

test("says of a network that is none how they are written", async () => {
  const { adm } = await hall();
  const answer = await adm.says("/server ban 192.0.2.0/33");
  assertEquals(answer.type === "error" && [answer.code, answer.text], [
    "bad-arguments",
    "192.0.2.0/33 is no network: they are written as 203.0.113.0/24 or 2001:db8::/32",
  ]);
});

test("takes a name for a name behind an @, and reads nothing else into a target", async () => {
  const { scene, adm } = await hall();
  const odd = await come(scene, "10.0.0.7", keyOf("odd"), "10.0.0.8");
  const there = await come(scene, "10.0.0.8", keyOf("there"), "there");
  assertEquals(await adm.tries("/server kick @10.0.0.8"), "ack");
  assertEquals([odd.bye?.type, there.bye], ["bye", undefined]);
  assertEquals(await adm.tries("/server kick 10.0.0.8"), "ack");
  assertEquals(there.bye?.type, "bye");
  const wrong = {
    "/server ban nobody": "no-such-person",
    "/server ban": "bad-arguments",
    "/server ban @": "bad-arguments",
    "/server ban SHA256:short": "bad-arguments",
    "/server ban ann 0d": "bad-arguments",
    "/server ban ann 10000w": "bad-arguments",
    "/server ban 127.0.0.1": "bad-arguments",
    "/server ban ::1": "bad-arguments",
    [`/server ban ann ${"x".repeat(201)}`]: "bad-arguments",
    "/server kick 192.0.2.1": "no-such-person",
    "/server unban nobody": "no-such-person",
  };
  for (const [command, outcome] of Object.entries(wrong)) {
    assertEquals(await adm.tries(command), outcome, command);
  }
});

test("bans no administrator, and nobody oneself with a network", async () => {
  const scene = new Scene({ admins: ["adm", "root"] });
  const adm = await come(scene, "10.0.0.1", keyOf("adm"), "adm");
  const root = await come(scene, "10.1.0.1", keyOf("root"), "root");
  const gus = await come(scene, "10.0.0.1", undefined, "gus");
  const refused = ["adm", "root", "10.0.0.0/8", "10.1.0.1", "gus", "0.0.0.0/0"];
  for (const target of refused) {
    const answer = await adm.says(`/server ban ${target}`);
    assertEquals(answer.type === "error" && answer.code, "not-allowed", target);
  }
  assertEquals(await adm.tries("/server kick root"), "not-allowed");
  // A guest beside an administrator can be kicked.
  assertEquals(await adm.tries("/server kick gus"), "ack");
  assertEquals([adm.bye, root.bye, gus.bye?.type], [
    undefined,
    undefined,
    "bye",
  ]);
  const answer = await adm.says("/server ban 10.0.0.0/24");
  assertEquals(
    answer.type === "error" && answer.text,
    "10.0.0.0/24 cannot be banned: you are there yourself",
  );
});

test("bans lists page by page, ascending, and not those whose time is over", async () => {
  const { scene, adm } = await hall();
  for (let n = 0; n < 250; n++) {
    const ip = `198.51.100.${n}`;
    adm.put({ type: "chat", txt: `/server ban ${ip}${n === 7 ? " 1m" : ""}` });
  }
  await scene.waits(60_000);
  const targets: string[] = [];
  const pages: number[] = [];
  for (let after = "", more = true; more;) {
    const page = await adm.says(`/server bans ${after}`);
    if (page.type !== "bans") throw new Error(page.type);
    targets.push(...page.bans.map(({ target }) => target));
    pages.push(page.bans.length);
    more = page.more;
    after = targets.at(-1)!;
  }
  assertEquals(pages, [100, 100, 49]);
  assertEquals(targets, targets.toSorted());
  assertEquals(new Set(targets).size, 249);
  assertEquals(targets.includes("198.51.100.7"), false);
});

test("notes for the log what was done", async () => {
  const { scene, adm } = await hall();
  await come(scene, "10.0.0.7", EVE, "eve");
  scene.audits.length = 0;
  for (const command of ["kick eve", `ban ${EVE} spam`, "unban eve"]) {
    assertEquals(await adm.tries(`/server ${command}`), "ack");
  }
  assertEquals(scene.audits, [
    { action: "server kick", by: "adm", target: "eve", address: "10.0.0.7" },
    { action: "server ban", by: "adm", target: EVE },
    { action: "server unban", by: "adm", target: "eve" },
  ]);
});

test("ban that is not stored has not happened", async () => {
  const { scene, adm, ann } = await hall();
  adm.put({ type: "chat", txt: "/server ban ann", id: "ban" });
  scene.lostTurn();
  assertEquals(adm.takeOf("error").map(({ code }) => code), ["not-stored"]);
  assertEquals([ann.bye, scene.namesIn("lobby")], [undefined, ["adm", "ann"]]);
  assertEquals(await ann.tries("hello"), "ack");
});
