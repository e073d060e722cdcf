// Limits that a client meets: the rate, rooms, ids that are unanswered, and connections that say
// nothing.

import { assert, assertEquals } from "@std/assert";
import { done, refused } from "./_doing.ts";
import { text } from "./_frames.ts";
import { hosted } from "./_hosted.ts";
import { generateKey } from "./_keys.ts";
import { type Message, range } from "./_messages.ts";
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
import { RawSocket } from "./_sockets.ts";
import type { WireClient } from "./_wire_client.ts";

/** A person may be in so many rooms. */
const ROOMS = 64;
/** More than the 20 that a person may say at once; each after those takes 0.1 s. */
const MANY = 30;
/** So many ids of a connection may be unanswered. */
const UNANSWERED = 256;
/** So many connections may be not ready. */
const NOT_READY = 256;

for (const over of ["sealed", "plain"] as const) {
  scenario(
    `a flood of chats on a ${over} connection is acked in order, none refused`,
    async () => {
      await using server = await hosted();
      await using ann = await enter(server, { name: "ann", over });
      await using bob = await enter(server, { name: "bob" });
      const ids = range(1, MANY).map((n) => `n-${n}`);
      await ann.sendPacked(
        ids.map((id) => ({ type: "chat", txt: `text ${id}`, id })),
      );
      await ann.next({ type: "ack", id: ids.at(-1) });
      const acks = arrived(ann, "ack");
      assertEquals(acks.map(({ id }) => id), ids);
      assertEquals(acks.map(({ seq }) => seq), range(1, MANY));
      assertEquals(arrived(ann, "error"), []);
      await bob.next({ type: "chat", seq: MANY });
      assertEquals(arrived(bob, "chat").map(({ seq }) => seq), range(1, MANY));
    },
  );
}

scenario(
  "a flood of history requests is answered each, over the rate with rate-limited",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    const ids = range(1, 12).map((n) => `h-${n}`);
    await ann.sendPacked(
      ids.map((id) => ({ type: "history", room: "lobby", id })),
    );
    const answers: Message[] = [];
    for (const id of ids) answers.push(await ann.next({ id }));
    const limited = answers.filter(({ type }) => type === "error");
    assert(limited.length > 0, "4 requests at once cost what there is");
    assertEquals(answers[0]?.type, "history");
    for (const { code, text, retryAfterMs } of limited) {
      assertEquals([code, typeof text], ["rate-limited", "string"]);
      assert((retryAfterMs as number) > 0, `after ${retryAfterMs} ms`);
    }
    await mark(ann, [bob]);
    assertEquals(
      ann.inbox.all.filter(({ id }) => ids.includes(id ?? "")).length,
      12,
    );
  },
);

scenario(
  "a flood of searches or names is answered each, with rate-limited at some time",
  async () => {
    await using server = await hosted();
    const floods = [
      (n: number) => ({ name: "search", args: `word${n}` }),
      (n: number) => ({ name: "name", args: `name${n}` }),
      (n: number) => ({ name: "join", args: `+room${n % 5}` }),
    ];
    // All at once, each of another person: what is refused is paid for, too, and takes its time.
    await Promise.all(floods.map(async (flood) => {
      await using ann = await enter(server);
      const ids = range(1, 20).map((n) => `c-${n}`);
      await ann.sendPacked(
        ids.map((id, n) => ({ type: "command", id, ...flood(n) })),
      );
      const answers: Message[] = [];
      for (const id of ids) answers.push(await ann.next({ id }));
      const errors = answers.filter(({ type }) => type === "error");
      const { name } = flood(0);
      assert(errors.length > 0 && errors.length < ids.length, name);
      for (const { code, retryAfterMs } of errors) {
        assertEquals(code, "rate-limited", name);
        assert((retryAfterMs as number) > 0, name);
      }
      await say(ann, "goes on");
    }));
  },
);

scenario("one who floods costs another person nothing", async () => {
  await using server = await hosted();
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  await ann.sendPacked(
    range(1, 200).map((n) => ({ type: "chat", txt: `${n}` })),
  );
  for (const n of range(1, 10)) await say(bob, `bob's ${n}`);
  // Bob was not held up until all of it was said.
  assert(arrived(bob, "chat").length < 200);
});

/** One who is in as many rooms as one may, in `r64` at last. */
async function inAllRooms(
  server: Served,
  over: "sealed" | "plain",
): Promise<WireClient> {
  const client = await enter(server, { room: "r1", over });
  for (const n of range(2, ROOMS)) {
    await done(client, "join", `+r${n}`);
    await entered(client, `r${n}`);
  }
  return client;
}

for (const over of ["sealed", "plain"] as const) {
  scenario(
    `on a ${over} connection the 65th room is limit-reached, and a place that is left is free`,
    async () => {
      await using server = await hosted("--rate", "0");
      await using ann = await inAllRooms(server, over);
      await refused(ann, "join", "+r65", "limit-reached");
      await say(ann, "still here", { room: "r64" });
      await say(ann, "and there", { room: "r1" });
      await done(ann, "leave");
      await done(ann, "join", "+r66");
      await entered(ann, "r66");
      await refused(ann, "join", "+r67", "limit-reached");
    },
  );
}

scenario(
  "one who is in 64 rooms may still move from one to another",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await inAllRooms(server, "sealed");
    await done(ann, "join", "r65");
    await entered(ann, "r65");
    await refused(ann, "join", "+r66", "limit-reached");
  },
);

scenario("a resume of more than 64 rooms enters no more than 64", async () => {
  await using server = await hosted("--rate", "0", "--per-address", "0");
  await using ann = await dial(server);
  const rooms = range(1, ROOMS + 1).map((n) => [`r${n}`, 0]);
  await ann.send({ type: "hello", resume: Object.fromEntries(rooms) });
  const answer = await ann.next((m) =>
    m.type === "welcome" || m.type === "error"
  );
  if (answer.type === "error") await welcomed(ann, { room: "r1" });
  await ann.send({ type: "ping", t: 1 });
  await ann.next({ type: "pong" });
  assert(arrived(ann, "users").length <= ROOMS);
  const codes = arrived(ann, "error").map(({ code }) => code);
  assertEquals([...new Set(codes)], ["limit-reached"]);
});

scenario(
  "256 chats with an id may be under way at once",
  async () => {
    await using server = await hosted("--rate", "0");
    for (const over of ["sealed", "plain"] as const) {
      await using ann = await enter(server, { over });
      const ids = range(1, UNANSWERED).map((n) => `u-${n}`);
      await ann.sendPacked(ids.map((id) => ({ type: "chat", txt: id, id })));
      await ann.next({ id: ids.at(-1) });
      assertEquals(arrived(ann, "ack").map(({ id }) => id), ids);
    }
  },
);

scenario(
  "of more than 256 at once none is answered twice, and none out of order",
  async () => {
    await using server = await hosted("--rate", "0");
    await using bob = await enter(server, { name: "bob" });
    await using ann = await enter(server, { name: "ann" });
    const ids = range(1, 4 * UNANSWERED).map((n) => `u-${n}`);
    await ann.sendPacked(ids.map((id) => ({ type: "chat", txt: id, id })));
    await ann.send({ type: "bye" });
    await ann.finished("more than 256 at once");
    const acked = arrived(ann, "ack").map(({ id }) => id);
    const errors = arrived(ann, "error").filter(({ id }) => id !== undefined);
    const answered = [...acked, ...errors.map(({ id }) => id)];
    assertEquals(new Set(answered).size, answered.length);
    assertEquals(acked, ids.filter((id) => acked.includes(id)));
    await mark(bob, []);
    const said = arrived(bob, "chat").map(({ txt }) => txt);
    assertEquals(said, acked);
  },
);

scenario(
  "300 silent connections keep nobody out, and the oldest of them make way",
  async () => {
    await using server = await hosted("--rate", "0");
    await using bob = await enter(server, { name: "bob" });
    await using stack = new AsyncDisposableStack();
    const silent: RawSocket[] = [];
    for (const _ of range(1, 300)) {
      silent.push(stack.use(await RawSocket.open(server.port)));
    }
    const key = generateKey();
    await using ann = await enter(server, { name: "ann", key });
    await using gus = await enter(server, { name: "gus", over: "plain" });
    await mark(ann, [bob, gus]);
    // All come from one address: what is over the bound makes way, the oldest first.
    for (const socket of silent.slice(0, 300 - NOT_READY)) {
      await socket.closed("others came");
      const [payload] = socket.frames.all;
      assert(payload, "no word before the end");
      const error = JSON.parse(text(payload)) as Message;
      assertEquals([error.type, error.code], ["error", "busy"]);
    }
    assertEquals(silent.at(-1)?.frames.all, []);
  },
);
