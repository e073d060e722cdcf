// Whose key a message is of: said where a client cannot know it.

import { assertEquals } from "@std/assert";
import { done } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import type { Message } from "./_messages.ts";
import { ask, enter, say } from "./_people.ts";
import { scenario } from "./_scenario.ts";

/** Texts of a page, each with the key that it says. */
function keysOf(page: Message): Record<string, unknown> {
  return Object.fromEntries(
    (page.messages as Message[]).map(({ txt, key }) => [txt, key]),
  );
}

scenario(
  "a private message says its author's key: live, in history, in a replay; a guest has none",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await using gus = await enter(server, { name: "gus", over: "plain" });
    await say(ann, "one", { to: "bob" });
    assertEquals((await bob.next({ txt: "one" })).key, ann.fingerprint);
    await say(ann, "two", { to: "gus" });
    assertEquals((await gus.next({ txt: "two" })).key, ann.fingerprint);
    await say(gus, "three", { to: "bob" });
    assertEquals("key" in await bob.next({ txt: "three" }), false);
    await done(ann, "name", "anna");
    const page = await ask(bob, { type: "history", room: "@anna" });
    assertEquals(keysOf(page), { one: ann.fingerprint });
    await using again = await enter(server, { key: bob.key });
    const replay = await again.next({ type: "history", room: "@anna" });
    assertEquals(keysOf(replay), { one: ann.fingerprint });
  },
);

scenario(
  "a chat says it in history, in what a search finds and in a replay, and not live",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using gus = await enter(server, { name: "gus", over: "plain" });
    await say(ann, "tea for all");
    assertEquals("key" in await gus.next({ txt: "tea for all" }), false);
    await say(gus, "tea for me");
    const known = { "tea for all": ann.fingerprint, "tea for me": undefined };
    const page = await ask(gus, { type: "history", room: "lobby" });
    assertEquals(keysOf(page), known);
    assertEquals(keysOf(await done(gus, "search", "tea")), known);
    await using bob = await enter(server);
    const [replay] = bob.inbox.all.filter(({ type }) => type === "history");
    assertEquals(keysOf(replay!), known);
  },
);
