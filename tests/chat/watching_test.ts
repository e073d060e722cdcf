import { assert, assertEquals } from "@std/assert";
import { WATCHERS } from "../../src/base/limits.ts";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, outcomeOf, type Visitor } from "./_visitor.ts";

const test = testsOf("who watches the server");

function withRoot(): Scene {
  return new Scene({ admins: ["root"] });
}

/** Ann is an administrator by what is stored. */
async function withAnn(): Promise<Scene> {
  const scene = withRoot();
  const key = keyOf("ann");
  const record = { kind: "admin", key, expectedVersion: 0, value: { at: 1 } };
  await scene.store.commit({ appends: [], writes: [record] });
  await scene.restarts();
  return scene;
}

async function watches(
  visitor: Visitor,
  ...what: string[]
): Promise<string> {
  return outcomeOf(await visitor.ask({ type: "watch", what }));
}

test("is an administrator, who is answered with just the id", async () => {
  const scene = withRoot();
  const root = await scene.person("root");
  const reply = await root.ask({ type: "watch", what: ["log"], id: "w" });
  assertEquals(reply, { type: "ack", id: "w" });
  assertEquals([...scene.watched], [[root.id, ["log"]]]);
});

test("watches in place of what it did before, and with nothing no more", async () => {
  const scene = withRoot();
  const root = await scene.person("root");
  await watches(root, "status", "log");
  await watches(root, "connections");
  assertEquals(scene.watched.get(root.id), ["connections"]);
  assertEquals(await watches(root), "ack");
  assertEquals(scene.watched.get(root.id), []);
});

test("is nobody else: not an operator of a room, not a guest called so, not before hello", async () => {
  const scene = withRoot();
  const ann = await scene.person("ann", { room: "den" });
  await ann.tries("mine");
  const guest = await scene.guest("rooot");
  const early = await scene.opens({ key: keyOf("root"), address: "10.0.0.1" });
  assertEquals(await watches(ann, "status"), "not-allowed");
  assertEquals(await watches(guest, "status"), "not-allowed");
  assertEquals(await watches(early, "status"), "bad-message");
  // Nor do they learn whether ending it would do anything.
  assertEquals(await watches(ann), "not-allowed");
  assertEquals([...scene.watched], []);
});

test("ends with being an administrator, on every connection", async () => {
  const scene = await withAnn();
  const root = await scene.person("root");
  const ann = await scene.person("ann");
  const second = await scene.person("ann");
  for (const one of [root, ann, second]) {
    assertEquals(await watches(one, "status"), "ack");
  }
  assertEquals(await root.tries("/server deadmin ann"), "ack");
  assertEquals([...scene.watched], [
    [root.id, ["status"]],
    [ann.id, []],
    [second.id, []],
  ]);
  assertEquals(await watches(ann, "status"), "not-allowed");
});

test("goes on where the end of being an administrator was not stored", async () => {
  const scene = await withAnn();
  const root = await scene.person("root");
  const ann = await scene.person("ann");
  await watches(ann, "log");
  root.put({ type: "command", name: "server", args: "deadmin ann" });
  scene.lostTurn();
  assertEquals(scene.watched.get(ann.id), ["log"]);
  // The hub still counts her: she is told when it is stored.
  assertEquals(await root.tries("/server deadmin ann"), "ack");
  assertEquals(scene.watched.get(ann.id), []);
});

test("ends within a second where another process took the role away", async () => {
  const scene = await withAnn();
  const ann = await scene.person("ann");
  await watches(ann, "log");
  const key = keyOf("ann");
  const gone = { kind: "admin", key, expectedVersion: 1, value: null };
  await scene.store.commit({ appends: [], writes: [gone] });
  scene.hub.handle({ kind: "followed", entries: [] });
  await scene.waits(1_000);
  assertEquals(scene.watched.get(ann.id), []);
});

test("are at most so many connections; whose is over makes place", async () => {
  const scene = withRoot();
  const all: Visitor[] = [];
  for (let n = 0; n < WATCHERS + 1; n++) all.push(await scene.person("root"));
  const [first, ...others] = all;
  for (const one of others) assertEquals(await watches(one, "log"), "ack");
  assertEquals(await watches(first!, "log"), "limit-reached");
  assertEquals(await watches(others[0]!, "status"), "ack");
  await others[1]!.leaves("cut");
  assertEquals(await watches(first!, "log"), "ack");
  // What is lost with its turn is watched by nobody.
  const late = await scene.person("root");
  assertEquals(await watches(late, "log"), "limit-reached");
  assert(!scene.watched.has(late.id));
});
