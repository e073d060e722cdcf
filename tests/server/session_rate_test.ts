/** Who says too much waits, or is told to. */
import { assert, assertEquals } from "@std/assert";
import type { Transport } from "../../src/net/transport.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { chat, countingReads, inScene, scene } from "./_session.ts";

const test = testsOf("session");

function chats(count: number): object[] {
  return Array.from({ length: count }, (_, n) => chat(`${n + 1}`));
}

// ---- The rate ----

scene("takes 20 messages at once, the rest as there are tokens, in order", {
  rate: 10,
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
  await inScene({ rate: 10, wrap }, async (it) => {
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
  rate: 10,
}, async (it) => {
  await it.greet();
  await it.send(...Array.from({ length: 30 }, () => ({ type: "sing" })));
  assertEquals(it.takeSaid().length, 20);
});

scene(
  "refuses a request over the rate and says when to ask again; then it is taken",
  {
    rate: 10,
  },
  async (it) => {
    await it.greet();
    const request = { type: "history", room: "lobby", id: "h" };
    // Three are paid with 15 tokens and three chats with the next; one that costs 5 cannot be paid
    // with 2.
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

scene("says in how many milliseconds a request can be paid for", {
  rate: 10,
}, async (it) => {
  await it.greet();
  const request = { type: "history", room: "lobby" };
  await it.send(...chats(18), request);
  const [refusal, ...others] = it.refusals;
  assertEquals([refusal?.code, others], ["rate-limited", []]);
  const { retryAfterMs = 0 } = refusal!;
  assert(retryAfterMs > 0 && retryAfterMs <= 500, `${retryAfterMs}`);
  it.takeSaid();
  it.clock.advance(retryAfterMs);
  await it.send(request);
  assertEquals([it.takeSaid(), it.refusals.length], [["history"], 1]);
});

scene("limits nothing without a bucket", {}, async (it) => {
  await it.greet();
  await it.send(...chats(200));
  assertEquals(it.takeSaid().length, 200);
});

scene("ends while it waits for tokens", {
  rate: 10,
}, async (it) => {
  await it.greet();
  await it.send(...chats(25));
  it.takeSaid();
  it.session.bye("restart", "the server stops");
  await eventLoopTurn();
  assertEquals(it.takeTypes(), ["bye"]);
  await it.far.closeWrite();
  await eventLoopTurn();
  assertEquals(it.ended, "closed");
});

scene(
  "makes a refused request count like one message, so that asking more is not answered more",
  {
    rate: 10,
  },
  async (it) => {
    await it.greet();
    const request = { type: "history", room: "lobby" };
    await it.send(...Array.from({ length: 10 }, () => request));
    assertEquals(it.takeSaid(), Array(4).fill("history"));
    await it.clock.advanceSlowly(100, 50);
    assertEquals(it.takeSaid(), ["rate-limited"]);
    await it.clock.advanceSlowly(300, 50);
    assertEquals(it.takeSaid(), Array(3).fill("rate-limited"));
  },
);

scene("does not take its own waiting for the peer's silence", {
  rate: 0.01,
}, async (it) => {
  await it.greet();
  await it.send(...chats(21));
  it.takeSaid();
  await it.pass(85_000);
  it.clock.advance(15_000);
  await eventLoopTurn();
  it.session.sweep(it.clock.monotonic());
  assertEquals([it.takeSaid(), it.isOver], [["21"], false]);
});
