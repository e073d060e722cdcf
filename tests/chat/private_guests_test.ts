import { assertEquals } from "@std/assert";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, type Visitor } from "./_visitor.ts";

const test = testsOf("private messages of guests");

async function cast(): Promise<
  { scene: Scene; gus: Visitor; gil: Visitor; ann: Visitor }
> {
  const scene = new Scene();
  const gus = await scene.guest("gus");
  const gil = await scene.guest("gil");
  const ann = await scene.person("ann");
  for (const one of [gus, gil, ann]) one.take();
  return { scene, gus, gil, ann };
}

test("and to guests are not stored, and have the seq 0", async () => {
  const { scene, gus, gil, ann } = await cast();
  const pairs: [Visitor, string, Visitor, string][] = [
    [gus, "gus", gil, "gil"],
    [gus, "gus", ann, "ann"],
    [ann, "ann", gus, "gus"],
  ];
  for (const [sender, from, receiver, to] of pairs) {
    const id = `${from} to ${to}`;
    const at = NOON_MS;
    assertEquals(await sender.says("psst", { to, id }), {
      type: "ack",
      id,
      to,
      seq: 0,
      at,
    });
    // A guest has no key to be known by.
    const known = from === "ann" ? { key: keyOf("ann") } : {};
    assertEquals(receiver.takeOf("private"), [
      { type: "private", from, to, txt: "psst", seq: 0, at, ...known },
    ]);
  }
  assertEquals(await scene.store.position(), 0);
});

test("are heard by all connections of the one with a key, and by nobody else", async () => {
  const { scene, gus, gil, ann } = await cast();
  const phone = await scene.person("ann");
  phone.take();
  assertEquals(await gus.tries("psst", { to: "ann" }), "ack");
  assertEquals(await ann.tries("what?", { to: "gus" }), "ack");
  const texts = [gus, gil, ann, phone].map((one) =>
    one.takeOf("private").map(({ txt }) => txt)
  );
  assertEquals(texts, [["what?"], [], ["psst"], ["psst", "what?"]]);
});

test("sent again are acknowledged again and heard once, also after a turn that was not kept", async () => {
  const { scene, gus, gil } = await cast();
  gus.put({ type: "chat", txt: "psst", to: "gil", id: "p" });
  scene.lostTurn();
  assertEquals(gus.takeOf("ack").map(({ id, seq }) => [id, seq]), [["p", 0]]);
  assertEquals(await gus.tries("psst", { to: "gil", id: "p" }), "ack");
  assertEquals(gil.takeOf("private").map(({ txt }) => txt), ["psst"]);
  assertEquals(
    await gus.tries("other", { to: "gil", id: "p" }),
    "id-reused",
  );
});

test("do not wait: who is not there cannot be told", async () => {
  const { scene, gus, gil, ann } = await cast();
  assertEquals(await gus.tries("psst", { to: "nemo" }), "no-such-person");
  await ann.leaves("cut");
  assertEquals(await gus.tries("psst", { to: "ann" }), "no-such-person");
  await scene.waits(15_000);
  assertEquals(await gus.tries("psst", { to: "ann" }), "no-such-person");
  await gil.leaves("closed");
  assertEquals(await gus.tries("/msg gil psst"), "no-such-person");
});

test("have no history, and no marks", async () => {
  const { gus, gil, ann } = await cast();
  assertEquals(await gus.tries("psst", { to: "ann" }), "ack");
  const pages = [
    await gus.ask({ type: "history", room: "@ann" }),
    await ann.ask({ type: "history", room: "@gus" }),
    await gus.ask({ type: "history", room: "@gil" }),
  ];
  assertEquals(pages.map((page) => page.type === "error" && page.code), [
    "no-such-person",
    "no-such-person",
    "no-such-person",
  ]);
  for (const one of [gus, gil, ann]) one.take();
  await ann.send({ type: "read", room: "@gus", seq: 1 });
  assertEquals(gus.take(), []);
  assertEquals(ann.takeOf("error").map(({ code }) => code), ["no-room"]);
});

test("of before are nothing to a guest of the same name", async () => {
  const { scene, gus, ann } = await cast();
  assertEquals(await ann.tries("psst", { to: "gus", id: "p" }), "ack");
  await gus.leaves("closed");
  const other = await scene.guest("gus", "10.0.0.9", { resume: { "@ann": 0 } });
  assertEquals([...other.hears.keys()], ["lobby"]);
  assertEquals(other.takeOf("private"), []);
  // The other one is another person: the id was not used for it.
  assertEquals(await ann.tries("psst", { to: "gus", id: "p" }), "id-reused");
});
