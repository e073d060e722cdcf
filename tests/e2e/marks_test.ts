// What is passed on and no message: who is typing, and how far somebody has read.

import { assert, assertEquals } from "@std/assert";
import { crowd, done } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { range } from "./_messages.ts";
import { arrived, enter, entered, mark, say } from "./_people.ts";
import { scenario } from "./_scenario.ts";

/** In rooms with more people typing is not passed on. */
const TYPING_MOST = 50;

for (const over of ["sealed", "plain"] as const) {
  scenario(
    `typing on a ${over} connection is passed on to the room, once, and numbers nothing`,
    async () => {
      await using server = await hosted("--rate", "0");
      await using ann = await enter(server, { name: "ann", over });
      await using bob = await enter(server, { name: "bob" });
      await using gus = await enter(server, { name: "gus", over: "plain" });
      await using cy = await enter(server, { name: "cy", room: "dev" });
      const typing = { type: "typing", room: "lobby" };
      await ann.sendPacked([typing, typing, typing, typing, typing]);
      for (const client of [bob, gus]) {
        const got = await client.next({ type: "typing" });
        assertEquals([got.room, got.name], ["lobby", "ann"]);
        assertEquals([got.seq, got.id], [undefined, undefined]);
      }
      assertEquals((await say(ann, "typed")).seq, 1);
      await mark(bob, [ann, gus]);
      await mark(cy, []);
      for (const client of [bob, gus]) {
        assert(arrived(client, "typing").length < 3, client.inbox.listing());
      }
      assertEquals([...arrived(cy, "typing"), ...arrived(ann, "typing")], []);
      await using dan = await enter(server, { name: "dan" });
      const kept = arrived(dan, "history")[0]?.messages ?? [];
      assertEquals(kept.map(({ type }) => type), ["chat", "chat"]);
    },
  );
}

scenario("typing to a person is told to that person only", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  await using bob2 = await enter(server, { key: bob.key, room: "dev" });
  await using cy = await enter(server, { name: "cy" });
  await ann.send({ type: "typing", to: "BOB" });
  for (const client of [bob, bob2]) {
    const got = await client.next({ type: "typing" });
    assertEquals([got.from, got.room], ["ann", undefined]);
  }
  await mark(ann, [bob, cy]);
  assertEquals(arrived(cy, "typing"), []);
});

scenario("typing in a room where one is not is told to nobody", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob", room: "dev" });
  await ann.send({ type: "typing", room: "dev" });
  await ann.send({ type: "typing", room: "no-where" });
  await ann.send({ type: "typing", to: "nobody" });
  await say(ann, "goes on");
  await done(ann, "join", "+dev");
  await entered(ann, "dev");
  await mark(ann, [bob], { room: "dev" });
  assertEquals(arrived(bob, "typing"), []);
});

scenario(
  "typing is passed on in a room of 50, and not in one of 51",
  async () => {
    await using server = await hosted(
      "--rate",
      "0",
      "--per-address",
      "0",
    );
    await using ann = await enter(server, { name: "ann", room: "full" });
    await using bob = await enter(server, { name: "bob", room: "full" });
    await using stack = new AsyncDisposableStack();
    const most = await crowd(stack, server, TYPING_MOST - 2, "full");
    await ann.send({ type: "typing", room: "full" });
    for (const client of [bob, ...most]) await client.next({ type: "typing" });
    await using cy = await enter(server, { name: "cy", room: "full" });
    await cy.send({ type: "typing", room: "full" });
    await mark(cy, [ann, bob, ...most]);
    for (const client of [ann, bob, ...most]) {
      const names = arrived(client, "typing").map(({ name }) => name);
      assert(!names.includes("cy"), client.inbox.listing());
    }
  },
);

scenario(
  "how far one has read a room goes to one's own other connections and to nobody else",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    for (const n of range(1, 5)) await say(ann, `${n}`);
    await using bob = await enter(server, { name: "bob" });
    await using bob2 = await enter(server, { key: bob.key });
    await using bob3 = await enter(server, { key: bob.key, room: "dev" });
    await bob.send({ type: "read", room: "lobby", seq: 4 });
    for (const client of [bob2, bob3]) {
      const read = await client.next({ type: "read" });
      assertEquals([read.room, read.seq], ["lobby", 4]);
    }
    await mark(bob, [ann, bob2]);
    await mark(ann, [bob]);
    assertEquals([...arrived(ann, "read"), ...arrived(bob, "read")], []);
  },
);

scenario(
  "how far one has read a conversation goes to both, each under the other's name",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using ann2 = await enter(server, { key: ann.key, room: "dev" });
    await using bob = await enter(server, { name: "bob" });
    await using bob2 = await enter(server, { key: bob.key, room: "dev" });
    await using cy = await enter(server, { name: "cy" });
    for (const n of range(1, 3)) await say(ann, `${n}`, { to: "bob" });
    await bob.next({ type: "private", seq: 3 });
    await bob.send({ type: "read", room: "@ann", seq: 2 });
    for (const client of [ann, ann2]) {
      const read = await client.next({ type: "read" });
      assertEquals([read.room, read.seq], ["@bob", 2]);
    }
    const own = await bob2.next({ type: "read" });
    assertEquals([own.room, own.seq], ["@ann", 2]);
    await mark(ann, [bob, cy]);
    assertEquals([...arrived(cy, "read"), ...arrived(bob, "read")], []);
  },
);

scenario(
  "marks that come at once are passed on at most one a second",
  async () => {
    await using server = await hosted("--rate", "0");
    await using bob = await enter(server, { name: "bob" });
    await using bob2 = await enter(server, { key: bob.key });
    for (const n of range(1, 20)) await say(bob, `${n}`);
    const reads = range(1, 20).map((seq) => ({
      type: "read",
      room: "lobby",
      seq,
    }));
    await bob.sendPacked(reads);
    await bob2.next({ type: "read" });
    await mark(bob, [bob2]);
    assert(arrived(bob2, "read").length < 5, bob2.inbox.listing());
  },
);

scenario(
  "a mark that is none is refused or passed over, and the session goes on",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using ann2 = await enter(server, { key: ann.key });
    await using gus = await enter(server, { name: "gus", over: "plain" });
    for (const client of [ann, gus]) {
      for (
        const fields of [
          {},
          { room: "lobby" },
          { room: 7, seq: 1 },
          { room: "lobby", seq: "1" },
          { room: "lobby", seq: -1 },
          { room: "lobby", seq: 1.5 },
          { room: "lobby", seq: 1e300 },
          { room: "@nobody", seq: 1 },
          { room: "no-where", seq: 1 },
          { room: "@", seq: 1 },
          { room: "", seq: 1 },
        ]
      ) {
        await client.send({ type: "read", ...fields } as { type: string });
        await client.send({ type: "typing", ...fields } as { type: string });
      }
      await say(client, "goes on");
    }
    const marks = arrived(ann2, "read").map(({ seq }) => seq as number);
    assert(marks.every((seq) => Number.isSafeInteger(seq) && seq >= 0));
  },
);
