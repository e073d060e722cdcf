/** Names that somebody had: how long they are kept, and what is said of who has them next. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, type Visitor } from "./_visitor.ts";

const test = testsOf("former names");
const DAY_MS = 24 * 3_600_000;

/** Comes as somebody with a key, and asks for a name; the outcome. */
async function asks(
  scene: Scene,
  who: string,
  name: string,
): Promise<string> {
  const visitor = await scene.opens({ key: keyOf(who), address: "10.0.0.1" });
  await visitor.send({ type: "hello", name });
  const [error] = visitor.takeOf("error");
  await visitor.leaves("closed");
  return error?.code ?? "welcome";
}

function noticesOf(visitor: Visitor): string[] {
  return visitor.takeOf("notice").map(({ text }) => text);
}

const NOT_BOB = "this bob is not the bob of before: the key is another";

test("are all kept for 7 days, however many there were since", async () => {
  const scene = new Scene();
  const bob = await scene.person("bob");
  assertEquals(await bob.tries("/name bobby"), "ack");
  await scene.waits(DAY_MS);
  assertEquals(await bob.tries("/name bobo"), "ack");
  for (const name of ["bob", "Bobby", "bobo"]) {
    assertEquals(await asks(scene, "eve", name), "name-taken", name);
  }
  const guest = await scene.opens({ address: "127.0.0.1" });
  await guest.send({ type: "hello", name: "BOB" });
  assertEquals(guest.takeOf("error").map(({ code }) => code), ["name-taken"]);
  await scene.waits(6 * DAY_MS - 1);
  assertEquals(await asks(scene, "eve", "bob"), "name-taken");
  await scene.waits(1);
  assertEquals(await asks(scene, "eve", "bobby"), "name-taken");
  assertEquals(await asks(scene, "eve", "bob"), "welcome");
});

test("are kept when the server starts again", async () => {
  const scene = new Scene();
  const bob = await scene.person("bob");
  for (const name of ["bobby", "bobo"]) await bob.tries(`/name ${name}`);
  await scene.restarts();
  for (const name of ["bob", "bobby", "bobo"]) {
    assertEquals(await asks(scene, "eve", name), "name-taken", name);
    assertEquals(await asks(scene, "bob", name), "welcome", name);
  }
});

test("are 16 at most: then one takes one of them, or waits", async () => {
  const scene = new Scene();
  const bob = await scene.person("bob");
  for (let n = 1; n <= 16; n++) {
    assertEquals(await bob.tries(`/name bob${n}x`), "ack");
    await scene.waits(3_600_000);
  }
  const refused = await bob.says("/name bobby");
  assert(refused.type === "error" && refused.code === "limit-reached");
  // The first name was given up 16 hours ago.
  assertMatch(refused.text, /in 7 days$/);
  assertEquals(await bob.tries("/name bob"), "ack");
  assertEquals(await bob.tries("/name bob16x"), "ack");
  await scene.waits(7 * DAY_MS - 16 * 3_600_000);
  // The oldest is another now: the one that was given up an hour after the first.
  assertEquals(await bob.tries("/name bobby"), "limit-reached");
  await scene.waits(3_600_000);
  assertEquals(await bob.tries("/name bobby"), "ack");
  assertEquals(await asks(scene, "eve", "bob2x"), "name-taken");
});

test("lead to the conversation with who had them, each while it is kept", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  await bob.says("hi", { to: "ann" });
  for (const name of ["bobby", "bobo"]) await bob.tries(`/name ${name}`);
  for (const name of ["bob", "bobby", "bobo"]) {
    const page = await ann.ask({ type: "history", room: `@${name}` });
    assertEquals(page.type === "page" && page.name, "@bobo", name);
  }
  await scene.waits(7 * DAY_MS);
  const page = await ann.ask({ type: "history", room: "@bob" });
  assertEquals(page.type, "error");
});

test("are pointed out when another has one of them, through all renames and hand-overs", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  for (const name of ["bobby", "bobo"]) await bob.tries(`/name ${name}`);
  await scene.waits(7 * DAY_MS);
  const eve = await scene.person("eve");
  noticesOf(ann);
  assertEquals(await eve.tries("/name bob"), "ack");
  assertEquals(noticesOf(ann), [NOT_BOB]);
  // There and back, and out and in again.
  assertEquals(await eve.tries("/name evelyn"), "ack");
  assertEquals(noticesOf(ann), []);
  assertEquals(await eve.tries("/name bob"), "ack");
  assertEquals(noticesOf(ann), [NOT_BOB]);
  await eve.leaves("closed");
  await scene.restarts();
  const again = await scene.person("ann");
  await scene.person("eve", { name: undefined });
  assertEquals(noticesOf(again), [NOT_BOB]);
  // The one whose it was first is another than the last, too.
  await scene.waits(180 * DAY_MS);
  await scene.restarts();
  const after = await scene.person("ann");
  await scene.waits(DAY_MS);
  await scene.person("bob", { name: "bob" });
  assertEquals(noticesOf(after), [NOT_BOB]);
});

test("are pointed out when a guest has one of them", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  assertEquals(await bob.tries("/name bobby"), "ack");
  await scene.waits(7 * DAY_MS);
  noticesOf(ann);
  const text =
    "this bob is not the bob of before: this is a guest without a key";
  const guest = await scene.guest("bob");
  assertEquals(noticesOf(ann), [text]);
  await guest.leaves("closed");
  const other = await scene.guest("gus");
  assertEquals(noticesOf(ann), []);
  assertEquals(await other.tries("/name bob"), "ack");
  assertEquals(noticesOf(ann), [text]);
  // It has been free for so long that nobody can mean the one of before.
  await other.leaves("closed");
  await scene.waits(180 * DAY_MS);
  await scene.guest("bob");
  assertEquals(noticesOf(ann), []);
});

test("are pointed out to whom another writes privately, once", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann", { room: "attic" });
  const bob = await scene.person("bob");
  assertEquals(await bob.tries("/name bobby"), "ack");
  await scene.waits(7 * DAY_MS);
  const eve = await scene.person("eve", { name: "bob" });
  ann.take();
  for (const text of ["hi", "it is me"]) {
    assertEquals(await eve.tries(text, { to: "ann" }), "ack");
  }
  assertEquals(ann.take().map(({ type }) => type), [
    "notice",
    "private",
    "private",
  ]);
  await eve.leaves("closed");
  // Whom nobody was called before is nobody else.
  assertEquals(await bob.tries("hi", { to: "ann" }), "ack");
  assertEquals(ann.take().map(({ type }) => type), ["private"]);
});

test("leave records that go when nobody uses them, and stay while somebody does", async () => {
  const scene = new Scene();
  let bob = await scene.person("bob");
  for (let month = 0; month < 20; month++) {
    await bob.leaves("closed");
    await scene.waits(30 * DAY_MS);
    await scene.store.expire(scene.now.wall, 1_000);
    await scene.restarts();
    bob = await scene.person("bob");
  }
  assertEquals(await asks(scene, "eve", "b0b"), "name-taken");
  const kinds = () =>
    ["person", "name", "look"].map((kind) =>
      scene.store.list(kind, "", 1_000).length
    );
  assertEquals(kinds(), [1, 1, 1]);
  await bob.leaves("closed");
  await scene.waits(450 * DAY_MS);
  await scene.store.expire(scene.now.wall, 1_000);
  await scene.restarts();
  assertEquals(kinds(), [0, 0, 0]);
  assertEquals(await asks(scene, "eve", "bob"), "welcome");
});

test("are counted from when a person took its name", async () => {
  const scene = new Scene();
  const bob = await scene.person("bob");
  const since = () =>
    (scene.store.record("person", keyOf("bob"))?.value as { since: number })
      .since;
  const first = scene.now.wall;
  assertEquals(since(), first);
  await scene.waits(DAY_MS);
  assertEquals(await bob.tries("/name BOB"), "ack");
  assertEquals(since(), first);
  assertEquals(await bob.tries("/name bobby"), "ack");
  assertEquals(since(), first + DAY_MS);
});

test("are no way around the names that an address may claim in a day", async () => {
  const scene = new Scene();
  const asking = async (who: string, name: string) => {
    const visitor = await scene.person(who, { name });
    return { visitor, error: visitor.takeOf("error")[0]?.code };
  };
  let last;
  for (let n = 0; n < 500; n++) {
    const { visitor, error } = await asking(`p${n}`, `a${n}x`);
    assertEquals([error, await visitor.tries(`/name b${n}x`)], [
      undefined,
      "ack",
    ]);
    if (n < 499) await visitor.leaves("closed");
    last = visitor;
  }
  assertEquals((await asking("eve", "evelyn")).error, "limit-reached");
  assertEquals(await last!.tries("/name c499x"), "limit-reached");
  // One's own are one's own, and the day ends.
  assertEquals(await last!.tries("/name a499x"), "ack");
  await scene.waits(DAY_MS);
  assertEquals(await last!.tries("/name c499x"), "ack");
});
