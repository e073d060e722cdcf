/** Who says too much, reads too little, or whose messages could not be stored. */
import { assert, assertEquals } from "@std/assert";
import { OUTBOX_BYTES } from "../../src/limits.ts";
import type { Transport } from "../../src/net/transport.ts";
import { encodeMessage } from "../../src/wire/server_messages.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { chat, inScene, type SessionCase, SessionScene } from "./_session.ts";

const test = testsOf("session");

function scene(
  name: string,
  options: SessionCase,
  play: (scene: SessionScene) => Promise<void>,
): void {
  test(name, () => inScene(options, play));
}

function chats(count: number): object[] {
  return Array.from({ length: count }, (_, n) => chat(`${n + 1}`));
}

// ---- The rate ----

scene("takes 20 messages at once, the rest as there are tokens, in order", {
  bucket: SessionScene.bucket(),
}, async (it) => {
  await it.greet();
  await it.send(...chats(25));
  assertEquals(it.takeSaid().length, 20);
  await it.clock.advanceSlowly(99, 33);
  assertEquals(it.takeSaid(), []);
  await it.clock.advanceSlowly(1, 1);
  assertEquals(it.takeSaid(), ["21"]);
  await it.clock.advanceSlowly(200, 50);
  assertEquals(it.takeSaid(), ["22", "23"]);
  await it.clock.advanceSlowly(200, 50);
  assertEquals(it.takeSaid(), ["24", "25"]);
});

test("does not read from one that is over its rate", async () => {
  let reads = 0;
  const wrap = (transport: Transport) =>
    countingReads(transport, () => reads++);
  await inScene({ bucket: SessionScene.bucket(), wrap }, async (it) => {
    await it.greet();
    await it.send(...chats(21));
    const before = reads;
    for (let n = 0; n < 5; n++) await it.send(chat("later"));
    assertEquals(reads, before);
    assertEquals(it.takeSaid().length, 20);
    await it.clock.advanceSlowly(1_000, 50);
    assertEquals(it.takeSaid(), ["21", ...Array(5).fill("later")]);
  });
});

scene("makes what is no message count like one", {
  bucket: SessionScene.bucket(),
}, async (it) => {
  await it.greet();
  await it.send(...Array.from({ length: 30 }, () => ({ type: "sing" })));
  assertEquals(it.takeSaid().length, 20);
});

scene(
  "refuses a request over the rate and says when to ask again; then it is taken",
  {
    bucket: SessionScene.bucket(),
  },
  async (it) => {
    await it.greet();
    const request = { type: "history", room: "lobby", id: "h" };
    // Three are paid with 15 tokens and three chats with the next; one that costs 5 cannot be paid with 2.
    await it.send(
      request,
      request,
      request,
      ...chats(3),
      request,
      chat("next"),
    );
    const said = it.said.splice(0);
    assertEquals(said.length, 8);
    assertEquals(said[6], { refused: "rate-limited", id: "h" });
    assertEquals(said[7], { type: "chat", txt: "next" });
  },
);

test("says in how many milliseconds a request can be paid for", async () => {
  const retries: number[] = [];
  const host = {
    refuse: (_: number, error: { retryAfterMs: number | undefined }) =>
      void retries.push(error.retryAfterMs!),
  };
  await inScene({ bucket: SessionScene.bucket(), host }, async (it) => {
    await it.greet();
    const request = { type: "history", room: "lobby" };
    await it.send(...chats(18), request);
    assertEquals(retries.length, 1);
    assert(retries[0]! > 0 && retries[0]! <= 500, `${retries[0]}`);
    it.takeSaid();
    it.clock.advance(retries[0]!);
    await it.send(request);
    assertEquals([it.takeSaid(), retries.length], [["history"], 1]);
  });
});

scene("limits nothing without a bucket", {}, async (it) => {
  await it.greet();
  await it.send(...chats(200));
  assertEquals(it.takeSaid().length, 200);
});

scene("ends while it waits for tokens", {
  bucket: SessionScene.bucket(),
}, async (it) => {
  await it.greet();
  await it.send(...chats(25));
  it.takeSaid();
  it.session.bye("restart", "the server stops");
  await eventLoopTurn();
  assertEquals(it.takeTypes(), ["bye"]);
  assertEquals(it.takeSaid(), []);
});

// ---- The outbox ----

test("does not read from one that does not read, and goes on when it does", async () => {
  const held: (() => void)[] = [];
  const wrap = (transport: Transport) => holdingWrites(transport, held);
  await inScene({ wrap }, async (it) => {
    await it.greet();
    const frame = encodeMessage({ type: "notice", text: "x".repeat(60_000) });
    while (it.session.spaceBytes > 0) it.session.push(frame);
    it.session.flush();
    assert(OUTBOX_BYTES - it.session.spaceBytes < OUTBOX_BYTES + frame.length);
    await it.send(chat("1"));
    await it.send(chat("2"), chat("3"));
    assertEquals(it.takeSaid(), []);
    assertEquals(it.drainedCount, 0);
    held.shift()!();
    await eventLoopTurn();
    assertEquals(it.takeSaid(), ["1", "2", "3"]);
    assertEquals(it.drainedCount, 1);
    assertEquals(it.takeTypes().length, 5);
  });
});

test("takes what the other end reads for a sign of life", async () => {
  const held: (() => void)[] = [];
  const wrap = (transport: Transport) => holdingWrites(transport, held);
  await inScene({ wrap }, async (it) => {
    await it.greet();
    const frame = encodeMessage({ type: "notice", text: "x".repeat(60_000) });
    for (let n = 0; n < 3; n++) {
      it.session.push(frame);
      it.session.push(frame);
      it.session.flush();
      it.session.push(frame);
      await it.pass(60_000);
      held.shift()!();
      await eventLoopTurn();
      assertEquals(it.isOver, false);
    }
    // And when it reads no more, it is gone.
    await it.pass(90_000);
    assertEquals(it.ended, "cut");
  });
});

test("ends when nothing can be written any more", async () => {
  const wrap = (transport: Transport): Transport => ({
    ...bound(transport),
    write: () => Promise.reject(new Deno.errors.BrokenPipe("gone")),
  });
  await inScene({ wrap }, async (it) => {
    await it.greet();
    it.session.push(encodeMessage({ type: "notice", text: "x" }));
    it.session.flush();
    await eventLoopTurn();
    assertEquals([it.isOver, it.ended], [true, "cut"]);
  });
});

// ---- Messages that were not stored ----

scene(
  "refuses what was read together with a message that was not stored, and nothing later",
  {
    bucket: SessionScene.bucket(),
  },
  async (it) => {
    await it.greet();
    // The 21st waits for a token when the turn of those before it fails.
    await it.send(...chats(20), chat("21", "a"), {
      type: "read",
      room: "lobby",
      seq: 1,
    }, chat("22", "b"));
    it.takeSaid();
    it.session.failUnderWay();
    await it.clock.advanceSlowly(1_000, 50);
    assertEquals(it.said.splice(0), [
      { refused: "not-stored", id: "a" },
      { type: "read", room: "lobby", seq: 1 },
      { refused: "not-stored", id: "b" },
    ]);
    await it.send(chat("23"));
    assertEquals(it.takeSaid(), ["23"]);
  },
);

scene("takes what is said after the refusal", {}, async (it) => {
  await it.greet();
  await it.send(chat("lost"));
  it.session.failUnderWay();
  await it.send(chat("again"));
  assertEquals(it.takeSaid(), ["lost", "again"]);
});

function bound(transport: Transport): Transport {
  return {
    peer: transport.peer,
    write: (bytes) => transport.write(bytes),
    closeWrite: () => transport.closeWrite(),
    close: () => transport.close(),
    [Symbol.asyncIterator]: () => transport[Symbol.asyncIterator](),
  };
}

function countingReads(transport: Transport, count: () => void): Transport {
  return {
    ...bound(transport),
    async *[Symbol.asyncIterator]() {
      for await (const chunk of transport) {
        count();
        yield chunk;
      }
      return undefined;
    },
  };
}

/** Each write is there only when the test says so. */
function holdingWrites(transport: Transport, held: (() => void)[]): Transport {
  return {
    ...bound(transport),
    async write(bytes) {
      await new Promise<void>((resolve) => held.push(resolve));
      await transport.write(bytes);
    },
    close() {
      for (const release of held.splice(0)) release();
      transport.close();
    },
  };
}
