import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, outcomeOf, type Visitor } from "./_visitor.ts";

const test = testsOf("deletions");

async function den(): Promise<{ scene: Scene; cat: Visitor; bob: Visitor }> {
  const scene = new Scene();
  const cat = await scene.person("cat", { room: "den" });
  const bob = await scene.person("bob", { room: "den" });
  return { scene, cat, bob };
}

/** Kinds of a room's entries, with what each says. */
async function kindsIn(scene: Scene, room = "den"): Promise<string[]> {
  const entries = await scene.store.read(room, 1, 100);
  return entries.map(({ kind, body }) => `${kind} ${body}`.trim());
}

test("happen within the turn that said it, too, and once", async () => {
  const { scene, cat } = await den();
  for (const txt of ["one", "two", "/delete 1", "/delete 1", "/delete"]) {
    cat.put({ type: "chat", txt });
  }
  const { commit, effects } = await scene.turn();
  assertEquals(commit.erasures, [
    { room: "den", seq: 1 },
    { room: "den", seq: 2 },
  ]);
  const refused = effects.filter((effect) =>
    effect.kind === "answer" && effect.message.type === "error"
  );
  assertEquals(refused.length, 1);
  assertEquals(await kindsIn(scene), [
    "gone",
    "gone",
    "deleted 1",
    "deleted 2",
  ]);
});

test("are not when their turn is not kept", async () => {
  const { scene, cat } = await den();
  assertEquals(await cat.tries("secret"), "ack");
  cat.put({ type: "chat", txt: "/delete 1" });
  scene.lostTurn();
  assertEquals(await kindsIn(scene), ["text secret"]);
  assertEquals(await cat.tries("/delete 1"), "ack");
  assertEquals(await kindsIn(scene), ["gone", "deleted 1"]);
});

test("without a number go on to the one before, whatever others say between", async () => {
  const { scene, cat, bob } = await den();
  for (const txt of ["one", "two"]) {
    await cat.says(txt);
    await bob.says("so");
  }
  cat.put({ type: "chat", txt: "/delete" });
  cat.put({ type: "chat", txt: "/delete" });
  await scene.turn();
  assertEquals(await kindsIn(scene), [
    "gone",
    "text so",
    "gone",
    "text so",
    "deleted 3",
    "deleted 1",
  ]);
  assertEquals(await cat.tries("/delete"), "no-such-message");
});

test("that are asked for again under their id happen once, whether they name a number or not", async () => {
  const { scene, cat } = await den();
  await cat.says("one");
  await cat.says("two");
  for (const args of ["", "1"]) {
    const asked = { type: "command", name: "delete", args, id: `x${args}` };
    const first = await cat.ask(asked);
    assertEquals(await cat.ask(asked), first);
  }
  assertEquals(await kindsIn(scene), [
    "gone",
    "gone",
    "deleted 2",
    "deleted 1",
  ]);
});

test("are possible for who is muted, and of others' words for who keeps the room alone", async () => {
  const { cat, bob } = await den();
  assertEquals(await cat.tries("mine"), "ack");
  assertEquals(await bob.tries("his"), "ack");
  assertEquals(await cat.tries("/mute bob"), "ack");
  assertEquals(await bob.tries("/delete 1"), "not-allowed");
  assertEquals(await bob.tries("/delete 2"), "ack");
});

test("are possible while nothing new can be kept", async () => {
  const { scene, cat } = await den();
  assertEquals(await cat.tries("secret"), "ack");
  scene.put({ kind: "space", refusal: "no space" });
  await scene.turn();
  const refused = await cat.says("more");
  assertEquals(outcomeOf(refused), "not-stored");
  assertEquals("text" in refused && refused.text, "no space");
  assertEquals(await cat.tries("secret", { to: "bob" }), "not-stored");
  assertEquals(await cat.tries("/delete"), "ack");
  assertEquals(await cat.tries("/history"), "page");
  // It is no state that a lost turn takes back.
  cat.put({ type: "chat", txt: "/delete 1" });
  scene.lostTurn();
  assertEquals(await cat.tries("more"), "not-stored");
  scene.put({ kind: "space" });
  await scene.turn();
  assertEquals(await cat.tries("more"), "ack");
});

test("let the other of a conversation hear it who did not yet", async () => {
  const { scene, cat } = await den();
  assertEquals(await cat.tries("secret", { to: "bob" }), "ack");
  await scene.restarts();
  const again = await scene.person("cat", { room: "den" });
  const bob = await scene.person("bob", { room: "den" });
  bob.take();
  const asked = { type: "command", name: "delete", room: "@bob" };
  assertEquals(outcomeOf(await again.ask(asked)), "ack");
  const key = `@ ${keyOf("bob")} ${keyOf("cat")}`;
  assertEquals([bob.hears.has(key), again.hears.has(key)], [true, true]);
  assertEquals(await kindsIn(scene, key), ["gone", "deleted 1"]);
});

test("without a number, many in a turn, ask the store for each once, however much lies between", async () => {
  const { scene, cat, bob } = await den();
  for (const txt of ["one", "two", "three"]) {
    cat.put({ type: "chat", txt });
    for (let n = 0; n < 80; n++) bob.put({ type: "chat", txt: "so" });
    await scene.turn();
  }
  let asked = 0;
  const { entryAt, lastOf } = scene.store;
  scene.store.entryAt = (...where) => {
    asked++;
    return entryAt.apply(scene.store, where);
  };
  scene.store.lastOf = (...where) => {
    asked++;
    return lastOf.apply(scene.store, where);
  };
  for (const id of ["a", "b", "c", "d"]) {
    cat.put({ type: "chat", txt: "/delete", id });
    // What is refused meanwhile is taken back, and nothing else.
    bob.put({ type: "chat", txt: "/delete 1" });
  }
  assertEquals(asked, 4 + 1 + 2 + 2 + 2);
  const { commit } = await scene.turn();
  assertEquals(commit.erasures?.map(({ seq }) => seq), [163, 82, 1]);
});
