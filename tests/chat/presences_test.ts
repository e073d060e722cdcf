import { assert, assertEquals } from "@std/assert";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { Scene } from "./_scene.ts";
import { keyOf, type Visitor } from "./_visitor.ts";

const test = testsOf("of somebody who is not there");

async function pair(): Promise<{ scene: Scene; ann: Visitor; bob: Visitor }> {
  const scene = new Scene();
  const ann = await scene.person("ann", { room: "lobby" });
  const bob = await scene.person("bob", { room: "lobby" });
  return { scene, ann, bob };
}

/** What the ack of a private message says of the other. */
async function ackOf(visitor: Visitor, txt: string, place = {}) {
  const ack = await visitor.says(txt, place);
  assert(ack.type === "ack", JSON.stringify(ack));
  return [ack.away, ack.later];
}

function notices(visitor: Visitor): string[] {
  return visitor.takeOf("notice").map(({ text }) => text);
}

test("an ack says whether the other is away or reads it later, by command and by chat, also the second time", async () => {
  const { ann, bob } = await pair();
  for (
    const [txt, place] of [["/msg bob hi", {}], ["hi", { to: "bob" }]] as const
  ) {
    assertEquals(await ackOf(ann, txt, place), [undefined, undefined]);
  }
  await bob.says("/away lunch");
  assertEquals(await ackOf(ann, "/msg bob hi"), ["lunch", undefined]);
  const again = { to: "bob", id: "again" };
  assertEquals(await ackOf(ann, "once", again), ["lunch", undefined]);
  await bob.leaves("closed");
  assertEquals(await ackOf(ann, "hi", { to: "bob" }), [undefined, true]);
  assertEquals(await ackOf(ann, "once", again), [undefined, true]);
  assertEquals(notices(ann), []);
});

test("one who is cut, and may come back, reads it later", async () => {
  const { ann, bob } = await pair();
  await bob.leaves("cut");
  assertEquals(await ackOf(ann, "/msg bob hi"), [undefined, true]);
});

test("a guest who writes learns that the other is away", async () => {
  const { scene, bob } = await pair();
  const gus = await scene.guest("gus");
  await bob.says("/away lunch");
  assertEquals(await ackOf(gus, "/msg bob hi"), ["lunch", undefined]);
});

test("nothing is told to whom the other has blocked", async () => {
  const { ann, bob } = await pair();
  const first = { to: "bob", id: "first" };
  await ackOf(ann, "hi", first);
  await bob.says("/block ann");
  await bob.says("/away lunch");
  assertEquals(await ackOf(ann, "hi", first), [undefined, undefined]);
  assertEquals(await ann.tries("/msg bob hi"), "not-allowed");
  ann.take();
  ann.put({ type: "chat", txt: "/msg bob hi" });
  assertEquals(notices(ann), []);
  await bob.leaves("closed");
  assertEquals(await ann.tries("/whois bob"), "no-such-person");
});

test("who wants no acks is told in a notice, at each change, and by /msg also at first", async () => {
  const { scene, ann, bob } = await pair();
  const say = (to: string) => ann.send({ type: "chat", txt: "hi", to });
  const msg = (to: string) => ann.send({ type: "chat", txt: `/msg ${to} hi` });
  ann.take();
  await say("bob");
  assertEquals(notices(ann), []);
  await msg("bob");
  await msg("bob");
  assertEquals(notices(ann), ["bob is here"]);
  await bob.says("/away lunch");
  await say("bob");
  await msg("bob");
  assertEquals(notices(ann), ["bob is away: lunch"]);
  await bob.says("/away");
  await say("bob");
  await bob.leaves("closed");
  await say("bob");
  await say("bob");
  assertEquals(notices(ann), ["bob is not here: bob will read it later"]);
  // What was told goes with the turn in which it was.
  await scene.person("cy");
  ann.put({ type: "chat", txt: "/msg cy hi" });
  scene.lostTurn();
  ann.take();
  await msg("cy");
  assertEquals(notices(ann), ["cy is here"]);
  await msg("ann");
  assertEquals(notices(ann), []);
});

test("whois says when it was last here: to the moment, after a restart to the hour, not to guests", async () => {
  const { scene, ann, bob } = await pair();
  const gus = await scene.guest("gus");
  await ann.says("/join den");
  await ann.says("hello");
  await ann.says("/op bob");
  await bob.says("/away home");
  await scene.waits(30 * 60_000);
  await bob.leaves("closed");
  await scene.waits(60_000);
  const seen = NOON_MS + 30 * 60_000;
  const whois = {
    type: "whois" as const,
    id: "w",
    name: "bob",
    key: keyOf("bob"),
    rooms: [],
    role: "operator",
    since: seen,
    idleMs: 60_000,
    seen,
    away: "home",
  } satisfies ServerMessage;
  assertEquals(await ann.says("/whois bob", { id: "w" }), whois);
  assertEquals(await gus.tries("/whois bob"), "no-such-person");
  await scene.restarts();
  const back = await scene.person("ann", { room: "den" });
  assertEquals(await back.says("/whois bob", { id: "w" }), {
    ...whois,
    since: NOON_MS,
    seen: NOON_MS,
    idleMs: 31 * 60_000,
  });
});
