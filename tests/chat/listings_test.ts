import { assert, assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import type { Visitor } from "./_visitor.ts";

const test = testsOf("a list of a room");

async function den() {
  const scene = new Scene({ listedPerDay: 0 });
  const cat = await scene.person("cat", { room: "den" });
  assertEquals(await cat.tries("hello"), "ack");
  return { scene, cat };
}

async function listed(visitor: Visitor, line: string): Promise<string> {
  const answer = await visitor.says(line);
  assert(answer.type === "notice", JSON.stringify(answer));
  return answer.text;
}

test("of those who keep it says who is here, to those without a key of no others", async () => {
  const { scene, cat } = await den();
  for (const name of ["ned", "oli"]) {
    const one = await scene.person(name, { room: "lobby" });
    assertEquals(await cat.tries(`/op ${name}`), "ack");
    if (name === "ned") await one.leaves("closed");
  }
  const gus = await scene.guest("gus", "10.0.0.7", { room: "den" });
  assertEquals(
    await listed(cat, "/ops"),
    "who keeps den:\ncat, creator\noli, operator\nned, operator, not here",
  );
  assertEquals(
    await listed(gus, "/ops"),
    "who keeps den:\ncat, creator\noli, operator\nand 1 not here",
  );
  await cat.says("/join lobby");
  assertEquals(
    await listed(cat, "/ops"),
    "lobby is kept by the administrators of the server",
  );
  const made = await scene.guest("gil", "10.0.0.7", { room: "made" });
  assertEquals(await listed(made, "/ops"), "who keeps made: nobody");
});

test("of the banned says by whom, when and why, the last first, and no address", async () => {
  const { scene, cat } = await den();
  assertEquals(await listed(cat, "/bans"), "banned from den: nobody");
  const ned = await scene.person("ned", { room: "den" });
  await scene.guest("gus", "10.0.0.7", { room: "den" });
  await scene.guest("gil", "127.0.0.1", { room: "den" });
  await cat.says("/ban ned too  loud");
  await scene.waits(60_000);
  await cat.says("/ban gus");
  await cat.says("/ban gil");
  await ned.says("/name ed");
  assertEquals(
    await listed(cat, "/bans"),
    "banned from den:\n" +
      "gus, a guest, by cat, 2026-01-15 12:01 UTC\n" +
      "ed, by cat, 2026-01-15 12:00 UTC: too loud\n" +
      "gil, a guest",
  );
  await scene.restarts();
  const back = await scene.person("cat", { room: "den" });
  assertEquals(await back.tries("/unban ned"), "ack");
  assertEquals(
    await listed(back, "/bans"),
    "banned from den:\ngus, a guest, by cat, 2026-01-15 12:01 UTC",
  );
});

test("of the muted says until when, of a guest", async () => {
  const { scene, cat } = await den();
  await scene.person("ned", { room: "den" });
  await scene.guest("gus", "10.0.0.7", { room: "den" });
  await cat.says("/mute ned");
  await scene.waits(60_000);
  await cat.says("/mute gus");
  assertEquals(
    await listed(cat, "/mutes"),
    "muted in den:\n" +
      "gus, a guest, by cat, 2026-01-15 12:01 UTC, until 2026-01-16 12:01 UTC\n" +
      "ned, by cat, 2026-01-15 12:00 UTC",
  );
});

test("is for operators, but for who they are", async () => {
  const { scene } = await den();
  const ned = await scene.person("ned", { room: "den" });
  assertEquals(await ned.tries("/bans"), "not-allowed");
  assertEquals(await ned.tries("/mutes"), "not-allowed");
  assertEquals(await ned.tries("/ops"), "notice");
  await ned.says("/leave");
  assertEquals(await ned.tries("/ops"), "no-room");
});

test("has as many rows as a text, and the number of the others; what was kept before tells no more", async () => {
  const { scene, cat } = await den();
  const why = "x".repeat(150);
  for (let at = 0; at < 30; at++) {
    const name = `p${String(at).padStart(2, "0")}`;
    const one = await scene.person(name, { room: "lobby" });
    assertEquals(await cat.tries(`/ban ${name} ${why}`), "ack");
    await one.leaves("closed");
  }
  const text = await listed(cat, "/bans");
  const rows = text.split("\n");
  // `pNN, by cat, 2026-01-15 12:00 UTC: ` is 36 characters: 21 rows of 187 with their ends.
  assertEquals([rows.length, rows.at(-1)], [23, "and 9 more"]);
  assert([...text].length <= 4_000);
  assertEquals(await cat.tries(`/ban p00 ${"x".repeat(201)}`), "bad-arguments");
});

test("names one of a record that has nothing but when", async () => {
  const { scene, cat } = await den();
  await scene.person("ned", { room: "den" });
  await cat.says("/mute ned");
  const [record] = scene.store.list("mute", "den ", 1);
  const { at } = record!.value as { at: number };
  await scene.store.commit({
    appends: [],
    writes: [{
      ...{ kind: "mute", key: "den SHA256:ned" },
      ...{ value: { at }, expectedVersion: 1 },
    }],
  });
  await scene.restarts();
  const back = await scene.person("cat", { room: "den" });
  assertEquals(
    await listed(back, "/mutes"),
    "muted in den:\nned, 2026-01-15 12:00 UTC",
  );
});
