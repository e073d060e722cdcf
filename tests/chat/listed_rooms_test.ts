/** Which rooms `/list` shows to whom. */
import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, type Visitor } from "./_visitor.ts";

const test = testsOf("list of rooms");

/** What a person is shown, a room as `name people topic`. */
async function listed(visitor: Visitor): Promise<string[] | string> {
  const reply = await visitor.says("/list");
  if (reply.type !== "rooms") return reply.type;
  return reply.rooms.map(({ name, people, topic }) =>
    [name, people, topic].join(" ").trim()
  );
}

/** Somebody says something in a new room, and goes on to the next. */
async function leaves(visitor: Visitor, ...rooms: string[]): Promise<void> {
  for (const room of rooms) {
    await visitor.says(`/join ${room}`);
    await visitor.says("hello");
  }
  await visitor.says("/join lobby");
}

test("shows behind those with people the empty ones, the most recently used first", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  await leaves(ann, "tea", "Dev", "ops");
  await ann.says("/join dev");
  await ann.says("/topic code");
  await ann.says("again");
  await ann.says("/join lobby");
  const bob = await scene.person("bob", { room: "tea" });
  assertEquals(await listed(ann), ["lobby 1", "tea 1", "Dev 0 code", "ops 0"]);
  assertEquals(await listed(bob), ["lobby 1", "tea 1", "Dev 0 code", "ops 0"]);
  await bob.leaves("closed");
  assertEquals(
    await listed(ann),
    ["lobby 1", "Dev 0 code", "ops 0", "tea 0"],
  );
});

test("shows no empty room that is locked or that one is banned from, no conversation, no room where nothing was said", async () => {
  const scene = new Scene({ admins: [keyOf("root")] });
  const ann = await scene.person("ann");
  const bob = await scene.person("bob");
  await leaves(ann, "den", "club", "open");
  await bob.says("/join silent");
  await bob.says("/join lobby");
  await ann.says("psst", { to: "bob" });
  await ann.says("/join den");
  await ann.says("/lock");
  await ann.says("/join club");
  await bob.says("/join club");
  assertEquals(await ann.tries("/ban bob"), "ack");
  await ann.says("/join lobby");
  assertEquals(await listed(ann), ["lobby 1", "open 0", "club 0"]);
  assertEquals(await listed(bob), ["lobby 1", "open 0"]);
});

test("shows a hundred empty ones at most", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const names = Array.from({ length: 130 }, (_, n) => `room-${n}`);
  await leaves(ann, ...names);
  assertEquals(
    await listed(ann),
    ["lobby 1", ...names.reverse().slice(0, 100).map((name) => `${name} 0`)],
  );
});
