// A message's id makes sending it again harmless: the same ack, and nothing twice.

import { assertEquals, assertNotEquals } from "@std/assert";
import { hosted } from "./_hosted.ts";
import { generateKey } from "./_keys.ts";
import { range } from "./_messages.ts";
import { arrived, ask, enter, mark, say } from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";

/** How many ids of a person are remembered. */
const REMEMBERED = 1_024;

for (const over of ["sealed", "plain"] as const) {
  scenario(
    `on a ${over} connection the same id and text get the same ack and are said once`,
    async () => {
      await using server = await hosted();
      await using ann = await enter(server, { name: "ann", over });
      await using bob = await enter(server, { name: "bob" });
      const ack = await say(ann, "once", { id: "one" });
      assertEquals(await say(ann, "once", { id: "one" }), ack);
      await mark(ann, [bob]);
      assertEquals(await say(ann, "once", { id: "one" }), ack);
      await mark(ann, [bob]);
      const texts = arrived(bob, "chat").map(({ txt }) => txt);
      assertEquals(texts.filter((txt) => txt === "once").length, 1);
      assertEquals(arrived(bob, "chat").map(({ seq }) => seq), [1, 2, 3]);
    },
  );

  scenario(
    `on a ${over} connection the same id with other content is id-reused and not said`,
    async () => {
      await using server = await hosted();
      await using ann = await enter(server, { name: "ann", over });
      await using bob = await enter(server, { name: "bob" });
      const ack = await say(ann, "once", { id: "one" });
      const error = await ask(ann, { type: "chat", txt: "else", id: "one" });
      assertEquals(error.type, "error");
      assertEquals(error.code, "id-reused");
      assertEquals(await say(ann, "once", { id: "one" }), ack);
      await mark(ann, [bob]);
      assertEquals(arrived(bob, "chat").length, 2);
    },
  );
}

scenario(
  "copies of a message in one record are answered alike and said once",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    const chat = { type: "chat", txt: "thrice", id: "same" };
    const other = { ...chat, txt: "other" };
    await ann.sendMany([chat, chat, other, chat], { oneRecord: true });
    await mark(ann, [bob]);
    const acks = arrived(ann, "ack").filter(({ id }) => id === "same");
    assertEquals(acks.length, 3);
    assertEquals(new Set(acks.map((ack) => JSON.stringify(ack))).size, 1);
    const errors = arrived(ann, "error");
    assertEquals(errors.map(({ code, id }) => [code, id]), [[
      "id-reused",
      "same",
    ]]);
    assertEquals(arrived(bob, "chat").map(({ seq }) => seq), [1, 2]);
  },
);

scenario(
  "an id is a person's: known on another connection, free for someone else",
  async () => {
    await using server = await hosted();
    const key = generateKey();
    await using ann = await enter(server, { name: "ann", key });
    await using also = await enter(server, { key });
    await using bob = await enter(server, { name: "bob" });
    const ack = await say(ann, "from here", { id: "one" });
    assertEquals(await say(also, "from here", { id: "one" }), ack);
    const error = await ask(also, { type: "chat", txt: "no", id: "one" });
    assertEquals(error.code, "id-reused");
    const bobs = await say(bob, "mine", { id: "one" });
    assertNotEquals(bobs.seq, ack.seq);
    await mark(bob, [ann, also]);
    assertEquals(arrived(bob, "chat").length, 1);
  },
);

scenario("an id is still known after a kill and a restart", async () => {
  await using server = await Server.start();
  const key = generateKey();
  const first = await enter(server, { name: "ann", key });
  const ack = await say(first, "once", { id: "one" });
  server.kill("SIGKILL");
  await first.finished("a kill");
  await first[Symbol.asyncDispose]();
  await server.restart();
  await using ann = await enter(server, { name: "ann", key });
  assertEquals(await say(ann, "once", { id: "one" }), ack);
  const error = await ask(ann, { type: "chat", txt: "else", id: "one" });
  assertEquals(error.code, "id-reused");
  assertEquals((await say(ann, "new", { id: "two" })).seq, 2);
});

scenario("the last 1,024 ids of a person are remembered", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  const first = await say(ann, "n 1", { id: "id-1" });
  // No more than 256 may be unanswered on a connection.
  for (let from = 2; from <= REMEMBERED; from += 200) {
    const to = Math.min(from + 199, REMEMBERED);
    await ann.sendPacked(
      range(from, to).map((n) => ({
        type: "chat",
        txt: `n ${n}`,
        id: `id-${n}`,
      })),
    );
    await ann.next({ type: "ack", id: `id-${to}` });
  }
  assertEquals(await say(ann, "n 1", { id: "id-1" }), first);
  assertEquals((await say(ann, "new")).seq, REMEMBERED + 1);
});
