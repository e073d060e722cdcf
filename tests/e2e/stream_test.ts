// However a stream is cut into bytes, writes and records, the messages in it are the same.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { messageFrame, RECORDS_PER_KEY } from "./_frames.ts";
import { hosted } from "./_hosted.ts";
import { type Message, range } from "./_messages.ts";
import {
  arrived,
  enter,
  entered,
  greet,
  mark,
  say,
  told,
  welcomed,
} from "./_people.ts";
import { scenario } from "./_scenario.ts";
import { connect } from "./_wire_client.ts";

/** Chats with ids that tell their place. */
function chats(from: number, to: number): Message[] {
  return range(from, to).map((n) => ({
    type: "chat",
    txt: `chat ${n}`,
    id: `id-${n}`,
  }));
}

for (const sealed of [true, false]) {
  const kind = sealed ? "sealed" : "plain";
  scenario(
    `a ${kind} session that comes one byte at a time is like any other`,
    async () => {
      await using server = await hosted();
      await using bob = await enter(server, { name: "bob" });
      await using ann = await connect({
        port: server.port,
        sealed,
        bytewise: true,
      });
      await welcomed(ann, { name: "ann" });
      await entered(ann, "lobby");
      assertEquals((await say(ann, "slowly – “ünïcode” 🐌")).seq, 1);
      const heard = await bob.next({ type: "chat" });
      assertEquals(heard.txt, "slowly – “ünïcode” 🐌");
      await ann.bye();
    },
  );

  scenario(
    `ten messages in one ${kind} write are ten messages in their order`,
    async () => {
      await using server = await hosted();
      const over = sealed ? "sealed" : "plain";
      await using ann = await enter(server, { name: "ann", over });
      await using bob = await enter(server, { name: "bob" });
      await ann.sendMany(chats(1, 10), { oneRecord: true });
      await ann.next({ type: "ack", id: "id-10" });
      const acks = arrived(ann, "ack");
      assertEquals(
        acks.map(({ id, seq }) => [id, seq]),
        range(1, 10).map((n) => [`id-${n}`, n]),
      );
      await bob.next({ type: "chat", seq: 10 });
      assertEquals(
        arrived(bob, "chat").map(({ txt, seq }) => [txt, seq]),
        range(1, 10).map((n) => [`chat ${n}`, n]),
      );
    },
  );

  scenario(`a ${kind} message cut anywhere arrives whole`, async () => {
    await using server = await hosted("--rate", "0");
    const over = sealed ? "sealed" : "plain";
    await using ann = await enter(server, { name: "ann", over });
    await using bob = await enter(server, { name: "bob" });
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 200 }),
      fc.stringMatching(/^[a-zà-ÿ一-龥]{1,400}$/),
      async (size, txt) => {
        await ann.sendSpread({ type: "chat", txt }, size);
        const heard = await bob.next({ type: "chat" });
        assertEquals(heard.txt, txt.normalize("NFC"));
      },
    );
    await fc.assert(property, { numRuns: 25 });
  });
}

scenario(
  "what follows hello in the same record is handled after it, once and in order",
  async () => {
    await using server = await hosted();
    await using ann = await connect({ port: server.port, sealed: true });
    await ann.sendMany(
      [{ type: "hello", name: "ann" }, ...chats(1, 5)],
      { oneRecord: true },
    );
    await ann.next({ type: "ack", id: "id-5" });
    await ann.inbox.until(
      () => arrived(ann, "history").length > 0,
      "the history of the lobby",
    );
    const types = ann.inbox.all.map(({ type }) => type);
    assertEquals(types[0], "welcome");
    assert(types.indexOf("users") < types.indexOf("history"));
    assertEquals(
      arrived(ann, "ack").map(({ id, seq }) => [id, seq]),
      range(1, 5).map((n) => [`id-${n}`, n]),
    );
  },
);

scenario(
  "what is sent together with the handshake's last message is not lost",
  async () => {
    await using server = await hosted();
    await using ann = await connect({
      port: server.port,
      sealed: true,
      first: [{ type: "hello", name: "ann" }, ...chats(1, 2)],
    });
    await ann.next({ type: "ack", id: "id-2" });
    assertEquals(ann.inbox.all[0]?.type, "welcome");
    assertEquals(arrived(ann, "ack").map(({ seq }) => seq), [1, 2]);
  },
);

scenario(
  "a message fills a frame to its last byte, in two records",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    const message = (pad: string) => ({ type: "chat", txt: "full", pad });
    const short = messageFrame(message("")).length - 4;
    const before = ann.recordsSent;
    await ann.send(message("x".repeat(65_535 - short)));
    assertEquals(ann.recordsSent - before, 2);
    assertEquals((await bob.next({ type: "chat" })).txt, "full");
  },
);

scenario(
  "four thousand code points pass, however many bytes they take",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    for (const letter of ["a", "一", "🜁"]) {
      const txt = letter.repeat(4_000);
      await say(ann, txt);
      const heard = await bob.next({ type: "chat" });
      assert(heard.txt === txt, `${letter} came otherwise`);
    }
  },
);

scenario("a client's records go on past each change of keys", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  // Two messages do not quite come to two keys' records, with a third they do.
  for (const [n, length] of [[1, 65_400], [2, 65_400], [3, 400]] as const) {
    const message = { type: "chat", txt: `keys ${n}`, pad: "x".repeat(length) };
    await ann.sendSpread(message, 1);
    const heard = await bob.next({ type: "chat" });
    assertEquals(heard.txt, `keys ${n}`);
  }
  assert(ann.recordsSent > 2 * RECORDS_PER_KEY);
  await mark(ann, [bob]);
  assertEquals(told(bob, "lobby"), range(1, 4));
});

scenario("the server's records go on past its change of keys", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  // Two questions at a time: what the server has to say while it writes goes into one record.
  for (let t = 0; ann.recordsReceived <= RECORDS_PER_KEY; t += 2) {
    await ann.sendMany([{ type: "ping", t }, { type: "ping", t: t + 1 }]);
    assertEquals((await ann.next({ type: "pong" })).t, t);
    assertEquals((await ann.next({ type: "pong" })).t, t + 1);
  }
  await say(ann, "under the second key");
});

scenario(
  "unknown fields are ignored and unknown types are answered",
  async () => {
    await using server = await hosted();
    await using ann = await connect({ port: server.port, sealed: true });
    const welcome = await greet(ann, {
      name: "ann",
      colour: "blue",
      deep: [{}],
    });
    assertEquals(welcome.type, "welcome");
    await ann.send({ type: "teleport", to: "mars" });
    const unknown = { type: "error", code: "unknown-type", text: "unknown" };
    assertEquals(await ann.next({ type: "error" }), unknown);
    assertEquals((await say(ann, "still here", { volume: 11 })).seq, 1);
  },
);
