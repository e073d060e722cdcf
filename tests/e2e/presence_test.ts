// Coming and going: in rooms of more than 200 it is a number, and a keyed person who is cut and
// returns did not go.

import { assert, assertEquals } from "@std/assert";
import { crowd, members } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import {
  arrived,
  dial,
  enter,
  entered,
  mark,
  say,
  welcomed,
} from "./_people.ts";
import type { Served } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

/** In rooms with more people `presence` stands for `joined` and `left`. */
const NAMED_MOST = 200;

scenario(
  "a room of more than 200 is told how many there are, in place of who came and went",
  async () => {
    await using server = await hosted(
      "--rate",
      "0",
      "--per-address",
      "0",
    );
    await using ann = await enter(server, { name: "ann", room: "big" });
    await using stack = new AsyncDisposableStack();
    const guests = await crowd(stack, server, 204, "big");
    const full = await ann.next({ type: "presence", count: 205 });
    assertEquals(full.room, "big");
    assert(arrived(ann, "joined").length <= NAMED_MOST);
    for (const guest of guests.slice(0, 2)) await guest.bye();
    await ann.next({ type: "presence", count: 203 });
    assertEquals(arrived(ann, "left"), []);
    const there = guests.slice(2);
    await mark(ann, there);
    for (const guest of there) assertEquals(arrived(guest, "left"), []);
    for (const guest of there.slice(0, 8)) await guest.bye();
    await using _bob = await enter(server, { name: "bob", room: "big" });
    await ann.next({ type: "joined", name: "bob" });
    await there.at(-1)?.bye();
    await ann.next({ type: "left" });
  },
);

scenario("a small room next to a big one is told names", async () => {
  await using server = await hosted("--rate", "0", "--per-address", "0");
  await using ann = await enter(server, { name: "ann", room: "small" });
  await using stack = new AsyncDisposableStack();
  await crowd(stack, server, NAMED_MOST + 1, "big");
  await using bob = await enter(server, { name: "bob", room: "small" });
  await ann.next({ type: "joined", name: "bob" });
  await bob.bye();
  await ann.next({ type: "left", name: "bob" });
  assertEquals(arrived(ann, "presence"), []);
});

/** Comes back as the person of a connection that is gone. */
async function back(
  server: Served,
  gone: WireClient,
  hello: Record<string, unknown>,
): Promise<WireClient> {
  const client = await dial(server, { key: gone.key });
  try {
    await welcomed(client, hello);
    await entered(client, "lobby");
    return client;
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}

for (const hello of [{}, { room: "lobby" }, { resume: { lobby: 0 } }]) {
  scenario(
    `who is cut and returns at once with ${
      JSON.stringify(hello)
    } has neither left nor joined`,
    async () => {
      await using server = await hosted("--rate", "0");
      await using ann = await enter(server, { name: "ann" });
      await using bob = await enter(server, { name: "bob" });
      await bob.cut();
      await mark(ann, []);
      assert((await members(ann)).has("bob"), "still counted");
      await using again = await back(server, bob, hello);
      await mark(again, [ann]);
      await mark(ann, [again]);
      assert((await members(ann)).has("bob"));
      assertEquals(arrived(ann, "left"), []);
      assertEquals(arrived(ann, "joined").length, 1);
    },
  );
}

scenario(
  "while one of two connections of a person stays, the person stays",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await using bob2 = await enter(server, { key: bob.key });
    await bob.cut();
    await mark(bob2, [ann]);
    await using bob3 = await enter(server, { key: bob.key });
    await bob2.bye();
    await mark(bob3, [ann]);
    assertEquals(arrived(ann, "left"), []);
    assertEquals(arrived(ann, "joined").length, 1);
    await bob3.bye();
    await ann.next({ type: "left", name: "bob" });
  },
);

scenario(
  "who is cut and returns has what was said in the meantime, in the room and privately",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await say(ann, "before");
    await bob.next({ type: "chat", txt: "before" });
    await bob.cut();
    await say(ann, "in the meantime");
    await say(ann, "for you", { to: "bob" });
    await using again = await back(server, bob, {
      resume: { lobby: 1, "@ann": 0 },
    });
    const room = arrived(again, "history")[0];
    assertEquals(room?.messages?.map(({ txt }) => txt), ["in the meantime"]);
    const own = await again.next({ type: "history", room: "@ann" });
    assertEquals(own.messages?.map(({ txt }) => txt), ["for you"]);
    assertEquals(arrived(ann, "left"), []);
  },
);
