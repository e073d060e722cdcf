import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import type { Visitor } from "./_visitor.ts";

const test = testsOf("one who is muted");
const DAY_MS = 24 * 3_600_000;
const THERE = { room: "den" };

async function den(): Promise<{ scene: Scene; cat: Visitor; mut: Visitor }> {
  const scene = new Scene();
  const cat = await scene.person("cat", THERE);
  const mut = await scene.person("mut", THERE);
  assertEquals(await cat.tries("/mute mut"), "ack");
  cat.take();
  return { scene, cat, mut };
}

test("does not speak by a name, by being away, by typing or by a topic", async () => {
  const { cat, mut } = await den();
  assertEquals(await mut.tries("/name buy-my-tea"), "muted");
  assertEquals(await mut.tries("/away buy my tea"), "muted");
  assertEquals(await mut.tries("/me sells tea"), "muted");
  await mut.send({ type: "typing", room: "den" });
  assertEquals(cat.take(), []);
  assertEquals(await cat.tries("/op mut"), "ack");
  assertEquals(await mut.tries("/topic buy my tea"), "muted");
  assertEquals(await cat.tries("/unmute mut"), "ack");
  assertEquals(await mut.tries("/topic tea"), "ack");
  assertEquals(await mut.tries("/name tom"), "ack");
});

test("does not come back under another name, nor shown as away, and is muted still", async () => {
  const { cat, mut } = await den();
  assertEquals(await mut.tries("/leave"), "ack");
  assertEquals(await mut.tries("/name buy-my-tea"), "ack");
  assertEquals(await mut.tries("/away buy my tea"), "ack");
  cat.take();
  assertEquals(await mut.tries("/join den"), "muted");
  assertEquals(cat.take(), []);
  assertEquals(await mut.tries("/name mut"), "ack");
  assertEquals(await mut.tries("/join den"), "ack");
  const users = await cat.says("/users");
  assertEquals(users.type === "users" && users.users.map(({ away }) => away), [
    undefined,
    undefined,
  ]);
  assertEquals(await mut.tries("tea"), "muted");
});

test("does not speak as a guest or with a new key from the same address, for a day", async () => {
  const { scene, cat } = await den();
  scene.clock.advance(1);
  const guest = await scene.guest("gus", "10.0.0.1", THERE);
  const fresh = await scene.person("fresh", THERE);
  const far = await scene.guest("far", "10.0.0.2", THERE);
  assertEquals(
    [await guest.tries("tea"), await fresh.tries("tea"), await far.tries("hi")],
    ["muted", "muted", "ack"],
  );
  assertEquals(await cat.tries("hello"), "ack");
  await scene.waits(DAY_MS);
  assertEquals(
    [await guest.tries("tea"), await fresh.tries("tea")],
    ["ack", "ack"],
  );
});

test("as a guest is muted on the next connection, too, for a day, or until it is unmuted", async () => {
  const { scene, cat } = await den();
  const gus = await scene.guest("gus", "10.0.0.7", THERE);
  assertEquals(await cat.tries("/mute gus"), "ack");
  await gus.leaves("closed");
  const again = await scene.guest("gus2", "10.0.0.7", THERE);
  assertEquals(await again.tries("tea"), "muted");
  // By the name of then, which nobody has now.
  assertEquals(await cat.tries("/unmute gus"), "ack");
  assertEquals(await again.tries("tea"), "ack");
  assertEquals(await cat.tries("/mute gus2"), "ack");
  await again.leaves("closed");
  await scene.waits(DAY_MS);
  const late = await scene.guest("gus3", "10.0.0.7", THERE);
  assertEquals(await late.tries("tea"), "ack");
});
