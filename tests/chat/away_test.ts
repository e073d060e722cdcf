/** How long somebody is away, and who learns it. */
import { assertEquals } from "@std/assert";
import { Scene } from "./_scene.ts";
import { testsOf } from "../_testing.ts";
import type { Visitor } from "./_visitor.ts";

const test = testsOf("being away");
const DAY_MS = 24 * 3_600_000;

/** Who is in a room as somebody was told last, those who are away with why. */
function told(visitor: Visitor): string[] | undefined {
  const users = visitor.takeOf("users").at(-1)?.users;
  return users?.map(({ name, away }) =>
    away === undefined ? name : `${name} (${away})`
  );
}

test("is kept of a key over a restart of the server, and shown to all who come", async () => {
  const scene = new Scene();
  const before = await scene.person("ann");
  await before.says("/away lunch");
  const bob = await scene.guest("bob");
  await bob.says("/away tea");
  await scene.restarts();
  const carl = await scene.person("carl");
  assertEquals(told(carl), ["carl"]);
  const ann = await scene.person("ann");
  assertEquals(told(ann), ["carl", "ann (lunch)"]);
  assertEquals(told(carl), ["carl", "ann (lunch)"]);
  await scene.guest("bob");
  const dan = await scene.person("dan");
  assertEquals(told(dan), ["carl", "ann (lunch)", "bob", "dan"]);
  await ann.says("/away");
  assertEquals(told(carl), ["carl", "ann", "bob", "dan"]);
  await scene.restarts();
  assertEquals(told(await scene.person("ann")), ["ann"]);
});

test("outlasts a cut, and ends with the goodbye of the last connection", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const other = await scene.person("ann");
  await ann.says("/away lunch");
  await ann.send({ type: "bye" });
  await other.leaves("cut");
  await scene.waits(60_000);
  const again = await scene.person("ann");
  assertEquals(told(again), ["ann (lunch)"]);
  await again.says("/close");
  assertEquals(told(await scene.person("ann")), ["ann"]);
});

test("is forgotten of one who does not come for a week", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  await ann.says("/away lunch");
  await scene.waits(6 * DAY_MS);
  await ann.leaves("cut");
  await scene.waits(DAY_MS);
  assertEquals(told(await scene.person("ann")), ["ann"]);
});

test("is told to one's other connections, and not to the one that said it", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const other = await scene.person("ann");
  other.take();
  ann.take();
  await ann.says("/away lunch");
  assertEquals(told(other), ["ann (lunch)"]);
  assertEquals(ann.takeOf("users"), []);
  await other.says("/away");
  assertEquals(told(ann), ["ann"]);
});

test("leaves nothing behind of a turn that is not kept", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  ann.put({ type: "command", name: "away", args: "lunch" });
  scene.hub.takeTurn();
  scene.hub.handle({ kind: "failed", conflict: { heads: [], records: [] } });
  assertEquals(scene.hub.takeTurn().commit.writes, []);
  scene.hub.handle({ kind: "committed" });
  const bob = await scene.person("bob");
  assertEquals(told(bob), ["ann", "bob"]);
});
