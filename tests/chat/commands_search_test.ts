/** What `/search` asks for. */
import { assert, assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { ROOMS_PER_PERSON } from "../../src/base/limits.ts";
import { Scene } from "./_scene.ts";
import type { Visitor } from "./_visitor.ts";

const test = testsOf("a search that is asked for");

test("is of words, and of what is before a seq where the first word says one", async () => {
  const ann = await new Scene().guest("ann");
  const asked = async (args: string) => {
    const answer = await ann.says(`/search ${args}`);
    if (answer.type !== "search") {
      return answer.type === "error" ? answer.code : answer.type;
    }
    return [answer.before, answer.query, answer.words.length];
  };
  assertEquals(await asked("tea  cups"), [undefined, "tea cups", 2]);
  assertEquals(await asked("before:17 tea cups"), [17, "tea cups", 2]);
  assertEquals(await asked("before:0 tea"), [0, "tea", 1]);
  assertEquals(await asked("tea before:17"), [undefined, "tea before:17", 2]);
  for (const word of ["before:", "before:x", "before:-1", "before:1.5"]) {
    assertEquals(await asked(`${word} tea`), [undefined, `${word} tea`, 2]);
  }
  const long = `before:${"9".repeat(16)}`;
  assertEquals(await asked(`${long} tea`), [undefined, `${long} tea`, 2]);
  assertEquals(await asked("before:17"), "bad-arguments");
  assertEquals(await asked("before:17 1 2 3 4 5 6 7 8"), [
    17,
    "1 2 3 4 5 6 7 8",
    8,
  ]);
  assertEquals(await asked("before:17 1 2 3 4 5 6 7 8 9"), "bad-arguments");
});

/** Where a search goes: what it would look at, by the names that it says. */
async function placesOf(
  who: Visitor,
  args: string,
): Promise<string[] | string> {
  const answer = await who.says(`/search ${args}`);
  if (answer.type === "error") return answer.code;
  assert(answer.type === "search", answer.type);
  const { places, name } = answer;
  return places === undefined ? [name] : [...places.values()].sort();
}

test("is of any room that one may read, and of one's conversations", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const bob = await scene.person("bob", { room: "ops" });
  assertEquals(await bob.tries("tea"), "ack");
  assertEquals(await bob.tries("/msg ann tea"), "ack");
  assertEquals(await placesOf(ann, "in:ops tea"), ["ops"]);
  assertEquals(await placesOf(ann, "in:#OPS tea"), ["ops"]);
  assertEquals(await placesOf(ann, "in:@bob tea"), ["@bob"]);
  assertEquals(await placesOf(ann, "in:@eve tea"), "no-such-person");
  assertEquals(await placesOf(ann, "in:nowhere tea"), "no-such-room");
  assertEquals(await placesOf(ann, "in:ops"), "bad-arguments");
  assertEquals(await placesOf(ann, "in:all before:3 tea"), [
    "@bob",
    "lobby",
    "ops",
  ]);
  const eve = await scene.person("eve");
  assertEquals(await placesOf(eve, "in:all tea"), ["lobby", "ops"]);
  const guest = await scene.guest("guest");
  assertEquals(await placesOf(guest, "in:all tea"), ["lobby"]);
  assertEquals(await placesOf(guest, "in:@bob tea"), "no-such-person");
});

test("in all has nothing of a room that one may not read, and cannot begin at one", async () => {
  const scene = new Scene();
  const cat = await scene.person("cat", { room: "den" });
  const ned = await scene.person("ned", { room: "den" });
  assertEquals(await cat.tries("tea"), "ack");
  assertEquals(await placesOf(ned, "in:all tea"), ["den"]);
  assertEquals(await cat.tries("/ban ned"), "ack");
  assertEquals(await placesOf(ned, "in:all tea"), []);
  assertEquals(await placesOf(ned, "in:all before:den:1 tea"), "banned");
  assertEquals(await placesOf(ned, "in:den tea"), "banned");
  assertEquals(await cat.tries("/lock"), "ack");
  const eve = await scene.person("eve");
  assertEquals(await placesOf(eve, "in:all tea"), ["lobby"]);
  assertEquals(await placesOf(eve, "in:all before:den:1 tea"), "room-locked");
  assertEquals(await placesOf(eve, "in:all before:@cat:1 tea"), [
    "@cat",
    "lobby",
  ]);
  assertEquals(await cat.tries("/invite eve"), "ack");
  assertEquals(await placesOf(eve, "in:all tea"), ["den", "lobby"]);
});

test("in all goes to rooms where something was said, in however many others people sit", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann", { room: "ops" });
  assertEquals(await ann.tries("tea"), "ack");
  assertEquals(await ann.tries("/leave"), "ack");
  for (const name of ["eve", "eva", "evi"]) {
    const sitter = await scene.person(name);
    for (let n = 0; n < ROOMS_PER_PERSON - 1; n++) {
      assertEquals(await sitter.tries(`/join +${name}-${n}`), "ack");
    }
  }
  const bob = await scene.person("bob");
  assertEquals(await placesOf(bob, "in:all tea"), ["lobby", "ops"]);
});
