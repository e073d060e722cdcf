/** Who reads too little, and whose messages could not be stored. */
import { assert, assertEquals } from "@std/assert";
import { OUTBOX_BYTES } from "../../src/base/limits.ts";
import type { Transport } from "../../src/net/transport.ts";
import { encodeMessage } from "../../src/wire/server.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { standIn } from "../_memory_transport.ts";
import { testsOf } from "../_testing.ts";
import { chat, holdingWrites, inScene, scene } from "./_session.ts";

const test = testsOf("session");

function chats(count: number): object[] {
  return Array.from({ length: count }, (_, n) => chat(`${n + 1}`));
}

// ---- The outbox ----

test("does not read from one that does not read, and goes on when it does", async () => {
  const held: (() => void)[] = [];
  const wrap = (transport: Transport) => holdingWrites(transport, held);
  await inScene({ wrap }, async (it) => {
    await it.greet();
    assertEquals(it.fill(), 5);
    assert(it.session.spaceBytes <= OUTBOX_BYTES - 300_000);
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
    ...standIn(transport),
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
    rate: 10,
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

test("takes what is said after the refusal", () =>
  inScene({}, async (it) => {
    await it.greet();
    await it.send(chat("lost"));
    it.session.failUnderWay();
    await it.send(chat("again"));
    assertEquals(it.takeSaid(), ["lost", "again"]);
  }));
