/** What becomes of a person that is to be forgotten, as the directory has it. */
import { assertEquals } from "@std/assert";
import { forgetPerson } from "../../src/chat/purge.ts";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf } from "./_visitor.ts";

const test = testsOf("a person that is forgotten");

test("leaves no word of its own in topics and lists, and keeps others out as before", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann", { room: "den" });
  const bob = await scene.person("bob", { room: "den" });
  await scene.person("eve", { room: "den" });
  await scene.person("zoe", { room: "den" });
  for (const line of ["/op bob", "/ban eve noisy words"]) {
    assertEquals(await ann.tries(line), "ack");
  }
  assertEquals(await bob.tries("/mute zoe"), "ack");
  assertEquals(await ann.tries("/topic secret tea"), "ack");
  assertEquals(await ann.tries("/away ann's own words"), "ack");
  const writes = forgetPerson(scene.store, keyOf("ann"));
  await scene.store.commit({ appends: [], writes });
  const kept = (kind: string) => scene.store.list(kind, "", 100);
  const all = JSON.stringify(
    ["person", "name", "look", "room", "ban", "mute", "away"].map(kept),
  );
  for (const word of ["ann", "noisy", "secret", "own words"]) {
    assertEquals(all.includes(word), false, `${word} in ${all}`);
  }
  const [ban] = kept("ban");
  assertEquals(ban?.key, `den ${keyOf("eve")}`);
  const [mute] = kept("mute");
  assertEquals((mute?.value as { by?: string }).by, "bob");
});
