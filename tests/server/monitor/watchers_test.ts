import { assert, assertEquals } from "@std/assert";
import { KeptLog } from "../../../src/base/kept_log.ts";
import { NO_LOG } from "../../../src/base/log.ts";
import { Watchers } from "../../../src/server/monitor/watchers.ts";
import type { Described } from "../../../src/server/tap.ts";
import type { Status } from "../../../src/wire/watched.ts";
import { FakeClock } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { TestSink } from "../_sink.ts";

const test = testsOf("watchers");

const STATUS: Status = {
  type: "status",
  at: 1,
  server: {
    ...{ name: "s", version: "1", since: 1, address: "", fingerprint: "f" },
    durability: "process",
  },
  numbers: { connections: 1 },
};

function somebody(idleMs: number): Described {
  const looks = { key: undefined, name: undefined, queuedBytes: 0 };
  return {
    ...{ ...looks, isBehind: false },
    describe: () => ({
      ...{ id: "1/1", peer: "192.0.2.1", dialect: "json", since: 1 },
      ...{ isEncrypted: false, rooms: [], queuedBytes: 0, isBehind: false },
      idleMs,
    }),
  };
}

class Stage {
  readonly clock = new FakeClock();
  readonly log = new KeptLog(NO_LOG, () => this.clock.wall());
  readonly faults: unknown[] = [];
  steps = 0;
  surveys = 0;
  connections = 1;
  readonly watchers = new Watchers({
    ...{ clock: this.clock, log: this.log },
    status: () => STATUS,
    survey: () => {
      this.surveys++;
      const shown = [somebody(this.clock.monotonic())];
      const none = { guests: 0, people: 0, behind: 0, queuedBytes: 0 };
      return { ...none, connections: this.connections, shown };
    },
    history: () => ({ stepMs: 10_000, until: 1, series: { connections: [] } }),
    lastStep: () => ({ until: 2, values: { connections: this.steps } }),
    steps: () => this.steps,
    onFault: (_, error) => void this.faults.push(error),
  });

  /** A second goes by. */
  async tick(): Promise<void> {
    this.clock.advance(1_000);
    this.watchers.tick();
    await Promise.resolve();
  }
}

/** What a sink has received since it was last asked. */
function taker(sink: TestSink) {
  let taken = 0;
  return () => {
    const all = sink.received();
    const fresh = all.slice(taken);
    taken = all.length;
    return fresh.map(({ message }) => message);
  };
}

function typesOf(messages: readonly { type: string }[]): string[] {
  return messages.map(({ type }) => type);
}

/** The `n`s of the lines of a `log`, and how many it says were dropped. */
function linesOf(messages: readonly { type: string }[]): unknown[] {
  return messages.flatMap((message) => {
    assert(message.type === "log");
    const { entries, dropped } = message as unknown as {
      entries: { fields: { n: number } }[];
      dropped?: number;
    };
    const lines = entries.map(({ fields }) => fields.n);
    return dropped === undefined ? [lines] : [lines, `dropped ${dropped}`];
  });
}

test("get what they named at once, the status with its history, then once a second", async () => {
  const stage = new Stage();
  const sink = new TestSink();
  const take = taker(sink);
  stage.watchers.watch("1/1", ["log", "status", "connections"], sink);
  await Promise.resolve();
  const first = take();
  assertEquals(typesOf(first), ["status", "connections", "log"]);
  assertEquals(first[0], {
    ...STATUS,
    history: { stepMs: 10_000, until: 1, series: { connections: [] } },
  });
  await stage.tick();
  assertEquals(take(), [STATUS]);
  // A step has ended: it is said once.
  stage.steps = 3;
  await stage.tick();
  await stage.tick();
  const step = { until: 2, values: { connections: 3 } };
  assertEquals(take(), [{ ...STATUS, step }, STATUS]);
});

test("hear of connections when something has changed, and every ten seconds", async () => {
  const stage = new Stage();
  const sink = new TestSink();
  const take = taker(sink);
  stage.watchers.watch("1/1", ["connections"], sink);
  await Promise.resolve();
  assertEquals(take().length, 1);
  const counts: number[] = [];
  for (let second = 1; second <= 21; second++) {
    if (second === 4) stage.connections = 2;
    await stage.tick();
    counts.push(take().length);
  }
  // At 4 because one came, then ten seconds after that.
  const told = counts.flatMap((count, at) => count > 0 ? [at + 1] : []);
  assertEquals(told, [4, 14]);
  assertEquals(Math.max(...counts), 1);
});

test("share one look, made for the first of them", async () => {
  const stage = new Stage();
  for (const id of ["1/1", "1/2", "1/3"] as const) {
    stage.watchers.watch(id, ["connections"], new TestSink());
  }
  stage.surveys = 0;
  await stage.tick();
  assertEquals(stage.surveys, 1);
  for (const id of ["1/1", "1/2", "1/3"] as const) stage.watchers.gone(id);
  await stage.tick();
  assertEquals([stage.surveys, stage.watchers.size], [1, 0]);
});

test("get lines of the log together, four times a second at most", async () => {
  const stage = new Stage();
  const sink = new TestSink();
  const take = taker(sink);
  stage.log.info("before", { n: 0 });
  stage.watchers.watch("1/1", ["log"], sink);
  await Promise.resolve();
  assertEquals(linesOf(take()), [[0]]);
  stage.log.info("a", { n: 1 });
  stage.clock.advance(100);
  stage.log.warn("b", { n: 2 });
  stage.log.debug("nothing of this", { n: 9 });
  stage.clock.advance(149);
  await Promise.resolve();
  assertEquals(take(), []);
  stage.clock.advance(1);
  await Promise.resolve();
  assertEquals(linesOf(take()), [[1, 2]]);
  assertEquals(stage.clock.waiting, 0);
});

test("begin with the last 200 lines", async () => {
  const stage = new Stage();
  for (let n = 0; n < 205; n++) stage.log.info("i", { n });
  const sink = new TestSink();
  const take = taker(sink);
  stage.watchers.watch("1/1", ["log"], sink);
  await Promise.resolve();
  const [lines] = linesOf(take()) as number[][];
  assertEquals([lines!.length, lines![0], lines!.at(-1)], [200, 5, 204]);
});

test("that are slow are passed over and hold nobody up; lines that they miss are counted", async () => {
  const stage = new Stage();
  const [slow, quick] = [new TestSink(), new TestSink()];
  slow.isSlow = true;
  stage.watchers.watch("1/1", ["status", "log"], slow);
  stage.watchers.watch("1/2", ["status", "log"], quick);
  await Promise.resolve();
  // 64 KiB and more are queued for other reasons.
  const text = "x".repeat(13_000);
  for (let n = 0; n < 6; n++) slow.send({ type: "notice", text });
  const { queuedBytes } = slow;
  for (let n = 0; n < 700; n++) stage.log.info("i", { n });
  for (let second = 0; second < 3; second++) await stage.tick();
  assertEquals(slow.queuedBytes, queuedBytes);
  assert(quick.received().length > 4);

  slow.isSlow = false;
  slow.flush();
  await Promise.resolve();
  const take = taker(slow);
  take();
  await stage.tick();
  await stage.tick();
  const messages = take();
  assert(typesOf(messages).includes("status"));
  const logs = linesOf(messages.filter(({ type }) => type === "log"));
  // Of 700 the last 500 were kept.
  assertEquals(logs[1], "dropped 200");
  const lines = logs.filter((one) => Array.isArray(one)).flat();
  assertEquals([lines[0], lines.at(-1), lines.length], [200, 699, 500]);
});

test("get nothing more when they name nothing, and their faults are their own", async () => {
  const stage = new Stage();
  const [sink, broken, other] = Array.from({ length: 3 }, () => new TestSink());
  stage.watchers.watch("1/1", ["status"], sink!);
  stage.watchers.watch("1/2", ["status"], broken!);
  stage.watchers.watch("1/3", ["status"], other!);
  stage.watchers.watch("1/1", [], sink!);
  broken!.push = () => {
    throw new Error("broken");
  };
  await stage.tick();
  await stage.tick();
  assertEquals(sink!.queued.length, 1);
  assertEquals(other!.queued.length, 3);
  assertEquals([stage.faults.length, stage.watchers.size], [1, 1]);
});

test("that ask again and again and read nothing get no more than fits", () => {
  const stage = new Stage();
  for (let n = 0; n < 500; n++) stage.log.info("i", { n, t: "x".repeat(500) });
  const sink = new TestSink();
  sink.isSlow = true;
  for (let n = 0; n < 50; n++) {
    stage.watchers.watch("1/1", ["status", "connections", "log"], sink);
  }
  assert(sink.spaceBytes >= 0, `${sink.spaceBytes}`);
});
