import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";

const test = testsOf("what is noted of those who keep a room");

test("is who did what to whom, where, and from where the other came", async () => {
  const scene = new Scene();
  const cat = await scene.person("cat", { room: "den" });
  assertEquals(await cat.tries("hello"), "ack");
  const ned = await scene.person("ned", { room: "den" });
  for (
    const command of ["/mute NED", "/unmute ned", "/kick ned too  loud"]
  ) assertEquals(await cat.tries(command), "ack");
  await ned.leaves("closed");
  for (const command of ["/ban ned a reason", "/unban ned", "/lock"]) {
    assertEquals(await cat.tries(command), "ack");
  }
  const here = { by: "cat", target: "ned", address: "10.0.0.1", room: "den" };
  const gone = { by: "cat", target: "ned", room: "den" };
  assertEquals(scene.audits, [
    { action: "mute", ...here },
    { action: "unmute", ...here },
    { action: "kick", ...here },
    { action: "ban", ...gone },
    { action: "unban", ...gone },
    { action: "lock", by: "cat", room: "den" },
  ]);
});

test("is nothing where it was not allowed, and nothing of what everybody may", async () => {
  const scene = new Scene();
  const cat = await scene.person("cat", { room: "den" });
  await cat.tries("hello");
  const ned = await scene.person("ned", { room: "den" });
  assertEquals(await ned.tries("/kick cat"), "not-allowed");
  assertEquals(await cat.tries("/kick nobody"), "no-such-person");
  assertEquals(await cat.tries("/topic tea"), "ack");
  assertEquals(await ned.tries("/away"), "ack");
  assertEquals(scene.audits, []);
});
