/** One connection's life: hello, heartbeat, goodbye, and streams that break. */
import { assertEquals, assertInstanceOf } from "@std/assert";
import { ProtocolError } from "../../src/base/errors.ts";
import { concat } from "@std/bytes/concat";
import { encodeMessage } from "../../src/wire/server.ts";
import { eventLoopTurn, NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { chat, inScene, scene, SessionScene } from "./_session.ts";

const test = testsOf("session");

// ---- Hello ----

scene(
  "says bye when hello is not said in time",
  { helloBy: 10_000 },
  async (it) => {
    await it.pass(9_999);
    assertEquals(it.take(), []);
    await it.pass(1);
    const [bye] = it.take();
    assertEquals([bye?.type, bye?.code], ["bye", "idle"]);
    assertEquals(it.isOver, true);
  },
);

scene("has no deadline once it is ready", { helloBy: 10_000 }, async (it) => {
  await it.pass(9_000);
  await it.greet();
  assertEquals(it.readyCount, 1);
  assertEquals(it.session.state, "ready");
  await it.pass(20_000);
  assertEquals(it.take(), []);
});

scene(
  "counts the deadline from the beginning, also after a hello that was refused",
  { helloBy: 10_000 },
  async (it) => {
    await it.pass(6_000);
    await it.send({ type: "hello", name: "no name" });
    await it.pass(3_999);
    assertEquals(it.take(), []);
    await it.pass(1);
    assertEquals(it.takeTypes(), ["bye"]);
  },
);

scene("keeps a hello with a wrong password from the hub, and takes the next", {
  judgeHello: ({ password }) =>
    Promise.resolve(
      password === "right"
        ? undefined
        : new ProtocolError("password-wrong", "this is not it"),
    ),
}, async (it) => {
  await it.send({ type: "hello", password: "wrong" });
  await it.send({ type: "hello", password: "right" });
  assertEquals(it.takeSaid(), ["password-wrong", "hello"]);
});

test("does not count the time that judging a hello takes against the peer", async () => {
  let judged = () => {};
  const judgeHello = () =>
    new Promise<ProtocolError>((resolve) => {
      judged = () => resolve(new ProtocolError("password-wrong", "no"));
    });
  await inScene({ helloBy: 10_000, judgeHello }, async (it) => {
    await it.pass(6_000);
    await it.send({ type: "hello", password: "wrong" });
    await it.pass(60_000);
    assertEquals(it.take(), []);
    judged();
    await eventLoopTurn();
    // The four seconds that were left are left still.
    await it.pass(3_000);
    assertEquals(it.take(), []);
    await it.pass(1_000);
    assertEquals(it.takeTypes(), ["bye"]);
  });
});

test("keeps a hello from the hub that it ended over", async () => {
  const judgeHello = (_: unknown, signal: AbortSignal) =>
    new Promise<undefined>((resolve) =>
      signal.addEventListener("abort", () => resolve(undefined))
    );
  await inScene({ judgeHello }, async (it) => {
    await it.send({ type: "hello", password: "right" });
    it.session.bye("refused", "another needs the place");
    await eventLoopTurn();
    assertEquals(it.takeSaid(), []);
  });
});

// ---- Opening ----

scene(
  "reads nothing before the hub knows it",
  { opening: "later" },
  async (it) => {
    await it.send({ type: "hello" }, chat("1"));
    assertEquals(it.takeSaid(), []);
    it.session.opened(undefined);
    await eventLoopTurn();
    assertEquals(it.takeSaid(), ["hello", "1"]);
  },
);

const recalled = Promise.withResolvers<void>();
const asked: string[] = [];
scene(
  "lets the hub recall what its person said when the first id comes, and not before",
  {
    opening: "later",
    recall: (person) => {
      asked.push(person);
      return recalled.promise;
    },
  },
  async (it) => {
    it.session.opened("SHA256:ann");
    await it.send(chat("too early", "a"), { type: "hello" }, chat("1"));
    assertEquals([asked, it.takeSaid()], [[], ["too early", "hello", "1"]]);
    await it.send(chat("2", "b"), chat("3", "c"));
    assertEquals([asked, it.takeSaid()], [["SHA256:ann"], []]);
    recalled.resolve();
    await eventLoopTurn();
    assertEquals([asked, it.takeSaid()], [["SHA256:ann"], ["2", "3"]]);
  },
);

scene("ends also when the hub never came to know it", {
  opening: "later",
  helloBy: 10_000,
}, async (it) => {
  await it.send({ type: "hello" });
  await it.pass(10_000);
  await it.far.closeWrite();
  await eventLoopTurn();
  assertEquals([it.takeTypes(), it.takeSaid()], [["bye"], []]);
  assertEquals(it.ended, "closed");
});

// ---- Messages ----

scene("hands on what it reads, in order", {}, async (it) => {
  await it.greet();
  await it.send(chat("1"), chat("2"), { type: "command", name: "help" });
  await it.send(chat("3"));
  assertEquals(it.takeSaid(), ["1", "2", "command", "3"]);
});

scene("refuses what is no message, and goes on", {}, async (it) => {
  await it.greet();
  const noJson = new TextEncoder().encode("{oh");
  const frame = concat([Uint8Array.of(0, 0, 0, noJson.length), noJson]);
  await it.sendBytes(concat([frame, encodeMessage(chat("then"))]));
  await it.send({ type: "sing", id: "s" }, chat("", "e"), chat("last"));
  assertEquals(it.said, [
    { refused: "bad-message" },
    { type: "chat", txt: "then" },
    { refused: "unknown-type", id: "s" },
    { refused: "bad-message", id: "e" },
    { type: "chat", txt: "last" },
  ]);
});

scene(
  "lets the turn end after 256 messages without an answer",
  {},
  async (it) => {
    await it.greet();
    const before = it.turns;
    await it.send(...Array.from({ length: 600 }, (_, n) => chat(`${n}`)));
    for (let n = 0; n < 5; n++) await eventLoopTurn();
    assertEquals(it.takeSaid().length, 600);
    assertEquals(it.turns - before, 2);
  },
);

scene("tells the server of a fault of its own, and ends", {
  onPut: () => {
    throw new TypeError("a fault of the program");
  },
}, async (it) => {
  await it.send(chat("x"));
  assertInstanceOf(it.failures[0], TypeError);
  assertEquals([it.isOver, it.ended], [true, "cut"]);
});

scene("counts what it reads and what is queued for it", {}, async (it) => {
  await it.greet();
  await it.send(chat("1"), chat("2"), { type: "sing" });
  await it.send({ type: "ping", t: 1 });
  const { messagesIn, deliveries } = it.tap.counters;
  assertEquals([messagesIn, deliveries], [5, 1]);
});

scene("has the name that the hub says last", {}, async (it) => {
  assertEquals(it.session.name, undefined);
  await it.greet();
  assertEquals(it.session.name, "ann");
  it.session.named("bea");
  assertEquals(it.session.name, "bea");
});

// ---- Heartbeat ----

scene("pings after 30 s without a byte, and not before", {}, async (it) => {
  await it.greet();
  await it.pass(29_000);
  assertEquals(it.take(), []);
  await it.pass(1_000);
  assertEquals(it.take(), [{ type: "ping", t: NOON_MS + 30_000 }]);
  await it.pass(29_000);
  assertEquals(it.take(), []);
  await it.pass(1_000);
  assertEquals(it.takeTypes(), ["ping"]);
});

scene("cuts who does not move a byte for 90 s", {}, async (it) => {
  await it.greet();
  await it.pass(89_000);
  assertEquals(it.isOver, false);
  await it.pass(1_000);
  assertEquals([it.isOver, it.ended], [true, "cut"]);
});

scene("takes any message for a sign of life", {}, async (it) => {
  await it.greet();
  for (const message of [{ type: "pong", t: 1 }, chat("x"), { type: "x" }]) {
    await it.pass(85_000);
    await it.send(message);
  }
  await it.pass(89_000);
  assertEquals(it.isOver, false);
});

scene("takes any byte for a sign of life", {}, async (it) => {
  await it.greet();
  const frame = encodeMessage(chat("slow"));
  for (let at = 0; at < 4; at++) {
    await it.pass(60_000);
    await it.sendBytes(frame.subarray(at, at + 1));
  }
  assertEquals([it.takeSaid(), it.isOver], [[], false]);
});

scene("answers a ping with its own number", {}, async (it) => {
  await it.greet();
  await it.send({ type: "ping", t: 12.5 });
  assertEquals(it.take(), [{ type: "pong", t: 12.5 }]);
  assertEquals(it.takeSaid(), []);
});

// ---- The end ----

scene(
  "ends when what is queued is sent, and looks at nothing that comes later",
  {},
  async (it) => {
    await it.greet();
    it.session.bye("closed", "goodbye");
    await it.send(chat("too late"));
    assertEquals(it.take(), [{ type: "bye", code: "closed", text: "goodbye" }]);
    assertEquals(it.takeSaid(), []);
    assertEquals([it.isOver, it.ended], [true, undefined]);
    // It is over when the other side has ended, too.
    await it.far.closeWrite();
    await eventLoopTurn();
    assertEquals(it.ended, "closed");
  },
);

scene("says when the client may come back", {}, async (it) => {
  await it.greet();
  it.session.bye("restart", "the server stops", 1_000);
  it.session.bye("closed", "a second goodbye");
  await eventLoopTurn();
  assertEquals(it.take(), [{
    type: "bye",
    code: "restart",
    text: "the server stops",
    reconnectAfterMs: 1_000,
  }]);
});

scene(
  "does not wait longer than 5 s for the other side's end",
  {},
  async (it) => {
    await it.greet();
    it.session.bye("closed", "goodbye");
    await it.pass(4_000);
    assertEquals(it.ended, undefined);
    await it.pass(1_000);
    assertEquals([it.isOver, it.ended === undefined], [true, false]);
  },
);

scene("answers all that came before the end of the input", {
  answered: () => eventLoopTurn().then(answer),
}, async (it) => {
  toAnswer = it.session;
  await it.greet();
  await it.far.write(encodeMessage(chat("last words")));
  await it.far.closeWrite();
  for (let n = 0; n < 3; n++) await eventLoopTurn();
  assertEquals(it.takeSaid(), ["last words"]);
  assertEquals(it.takeTypes(), ["notice"]);
  assertEquals([it.isOver, it.ended], [true, "cut"]);
});

scene("ends at once when it is aborted", {}, async (it) => {
  await it.greet();
  it.session.abort();
  await eventLoopTurn();
  assertEquals([it.isOver, it.ended], [true, "cut"]);
});

let toAnswer: SessionScene["session"];
function answer(): void {
  toAnswer.push(encodeMessage({ type: "notice", text: "an answer" }));
}
