import { assert, assertEquals } from "@std/assert";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf } from "./_visitor.ts";

const test = testsOf("the lobby");

test("has no creator: who comes first may do nothing there", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  await scene.person("bob");
  for (
    const command of ["/kick bob", "/ban bob", "/op bob", "/lock", "/topic x"]
  ) assertEquals(await ann.tries(command), "not-allowed", command);
});

test("has administrators, and they cannot make operators", async () => {
  const scene = new Scene({ admins: ["adm"] });
  const adm = await scene.person("adm");
  const bob = await scene.person("bob");
  assertEquals(await adm.tries("/op bob"), "not-allowed");
  assertEquals(await adm.tries("/mute bob"), "ack");
  assertEquals(await bob.tries("hello"), "muted");
  assertEquals(await adm.tries("/kick bob"), "ack");
  const users = await adm.says("/users");
  assertEquals(users.type === "users" && users.users, [
    { name: "adm", key: keyOf("adm"), role: "admin" },
  ]);
});

test("is called so, however it is written", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann", { room: "LOBBY" });
  const [welcome] = ann.takeOf("welcome");
  assertEquals(welcome?.room, "lobby");
});

test("when it is locked lets nobody in who was not there, but lets them in elsewhere", async () => {
  const scene = new Scene({ admins: ["adm"] });
  const adm = await scene.person("adm");
  assertEquals(await adm.tries("/lock"), "ack");
  const bob = await scene.person("bob");
  const inbox = bob.take();
  assertEquals(inbox.map(({ type }) => type), ["welcome", "here", "error"]);
  const [welcome, , error] = inbox;
  assert(welcome?.type === "welcome" && error?.type === "error");
  assertEquals([welcome.room, error.code], ["", "room-locked"]);
  assertEquals(await bob.tries("hello"), "no-room");
  assertEquals(await bob.tries("/join den"), "ack");
});

test("has a topic that administrators set and everyone sees", async () => {
  const scene = new Scene({ admins: ["adm"] });
  const adm = await scene.person("adm");
  const bob = await scene.person("bob");
  const topic = {
    type: "topic",
    room: "lobby",
    text: "tea at four",
    by: "adm",
    at: NOON_MS,
  } as const;
  const none = await bob.says("/topic");
  assertEquals(none.type === "notice" && none.text, "lobby has no topic");
  bob.take();
  assertEquals(await adm.tries("/topic tea \n at  four"), "ack");
  assertEquals(bob.take(), [topic]);
  assertEquals(adm.takeOf("topic"), [topic]);
  const cat = await scene.person("cat");
  assertEquals(cat.take().map(({ type }) => type), [
    "welcome",
    "here",
    "users",
    "topic",
  ]);
  const shown = await cat.says("/topic");
  assertEquals(
    shown.type === "notice" && shown.text,
    "the topic of lobby is: tea at four (adm)",
  );
  const list = await cat.says("/list");
  assertEquals(list.type === "rooms" && list.rooms, [
    { name: "lobby", people: 3, topic: "tea at four" },
  ]);
});

test("has a topic of at most 300 characters, counted as people count them", async () => {
  const scene = new Scene({ admins: ["adm"] });
  const adm = await scene.person("adm");
  assertEquals(await adm.tries(`/topic ${"😀".repeat(300)}`), "ack");
  assertEquals(await adm.tries(`/topic ${"x".repeat(301)}`), "bad-arguments");
});
