import { assertEquals, assertMatch } from "@std/assert";
import type { Measured } from "../../src/bench/measure.ts";
import type { Measurement } from "../../src/bench/measurement.ts";
import { answer, faultLine, json, table } from "../../src/bench/report.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("the report of the benchmark");

const ASKED = { people: 5_000, perMinute: 6, seconds: 50, isSealed: true };

function step(people: number, more: Partial<Measurement> = {}): Measurement {
  return {
    people,
    rooms: people / 50,
    messagesPerSecond: people / 10,
    deliveriesPerSecond: 4.9 * people,
    p50Ms: 2.04,
    p99Ms: 38.4,
    maxMs: 60,
    lateMs: 1,
    processors: 1.254,
    serverBusy: 0.5,
    crowdBusy: 0.4,
    isComplete: true,
    ...more,
  };
}

function measured(more: Partial<Measured> = {}): Measured {
  const faults = { count: 0, first: [] };
  return { steps: [step(1_000)], stop: "people", faults, seconds: 41, ...more };
}

const SLOW = step(5_000, { p99Ms: 250.4 });

test("says how many were held, and what was too many", () => {
  const [first, second] = answer(
    measured({ stop: "slow", steps: [step(1_000), SLOW, step(4_100)] }),
    ASKED,
  );
  assertEquals(
    first,
    "This machine can hold about 4,100 people talking in rooms of 50 (a message every 10 s each): half of the messages arrive within 2.0 ms, 99 of 100 within 38 ms.",
  );
  assertEquals(
    second,
    "With 5,000 people 99 of 100 messages took up to 250 ms.",
  );
});

test("says when the simulated people were what was slow", () => {
  const busy = { p99Ms: 250.4, serverBusy: 0.6, crowdBusy: 0.97 };
  const steps = [step(1_000), step(5_000, busy)];
  const [, second] = answer(measured({ stop: "slow", steps }), ASKED);
  assertMatch(second!, /busier than the server, which may hold more\.$/);
});

test("does not call a number the limit that was only the last one tried", () => {
  const lines = (more: Partial<Measured>) =>
    answer(measured(more), ASKED).slice(0, 2).join(" ");
  assertMatch(lines({}), /at least 1,000 people .* only 5,000 were tried/);
  assertMatch(lines({ stop: "time" }), /at least 1,000 .* \(--seconds 50\)/);
  assertMatch(lines({ stop: "halted" }), /at least 1,000 .* before its end/);
});

test("names the limit of open files in plain words", () => {
  const refused = "Too many open files (os error 24)";
  const [, second] = answer(measured({ stop: "refused", refused }), ASKED);
  assertMatch(second!, /^The limit of open files .*ulimit -n/);
  const other = { stop: "refused", refused: "the server is full" } as const;
  assertEquals(
    answer(measured(other), ASKED)[1],
    "Nobody more could come in: the server is full.",
  );
});

test("says when nothing was held, or nothing was measured", () => {
  const slow = measured({ stop: "slow", steps: [{ ...SLOW, people: 10 }] });
  assertMatch(answer(slow, ASKED)[0]!, /cannot hold even 10 people: .*250 ms/);
  const none = measured({ stop: "halted", steps: [] });
  assertMatch(answer(none, ASKED)[0]!, /^Nothing was measured/);
});

test("says the rate as a person would, and one room as one", () => {
  const one = measured({ steps: [step(100, { rooms: 1 })] });
  const said = (perMinute: number) => answer(one, { ...ASKED, perMinute })[0]!;
  assertMatch(said(20), /in one room \(a message every 3 s each\)/);
  assertMatch(said(1), /\(a message every 60 s each\)/);
  assertMatch(said(90), /\(90 messages a minute each\)/);
});

test("has a row for each step in the order of people, and the full room last", () => {
  const hall = step(100, { rooms: 1, deliveriesPerSecond: 812_345 });
  const steps = [step(1_000), SLOW, step(4_000, { heapKibEach: 12.34 })];
  const lines = table(measured({ steps, hall }));
  assertEquals(
    lines.slice(0, 5).map((line) => line.trim().split(/ {2,}/)),
    [
      [
        ...["people", "rooms", "said/s", "delivered/s", "p50 ms", "p99 ms"],
        ...["server CPU", "people CPU", "processors", "KiB each"],
      ],
      row("1,000", "20", "100", "4,900", "2.0", "38.4", "-"),
      row("4,000", "80", "400", "19,600", "2.0", "38.4", "12.3"),
      row("5,000", "100", "500", "24,500", "2.0", "250.4", "-"),
      row("100 *", "1", "10", "812,000", "2.0", "38.4", "-"),
    ],
  );
});

function row(...cells: string[]): string[] {
  return [...cells.slice(0, 6), "50 %", "40 %", "1.25", cells[6]!];
}

test("has a dash where the runtime does not know the threads' time", () => {
  const { serverBusy: _, crowdBusy: __, ...rest } = step(10);
  assertEquals(
    table(measured({ steps: [rest] }))[1]!.trim().split(/ {2,}/).slice(6),
    ["-", "-", "1.25", "-"],
  );
});

test("names the first fault, and counts them", () => {
  assertEquals(faultLine(measured()), undefined);
  const fault = {
    kind: "missing",
    member: "p0-7",
    room: "room1",
    seq: 41,
    text: "the room is at message 44",
  } as const;
  const faults = { count: 1, first: [fault] };
  assertEquals(
    faultLine(measured({ faults })),
    "a delivery was wrong: missing, p0-7 in room1, message 41: the room is at message 44",
  );
  assertMatch(
    faultLine(measured({ faults: { ...faults, count: 1_200 } }))!,
    /^1,200 deliveries were wrong, the first: missing, p0-7/,
  );
});

test("is one object as JSON", () => {
  const steps = [step(1_000), SLOW];
  const object = json(measured({ stop: "slow", steps }), ASKED, "1.2.3");
  const { steps: rows, ...rest } = object;
  assertEquals(rest, {
    version: "1.2.3",
    people: 1_000,
    isAtLeast: false,
    stop: "slow",
    p50Ms: 2.04,
    p99Ms: 38.4,
    withinMs: 100,
    perMinute: 6,
    sealed: true,
    room: null,
    faults: [],
    faultCount: 0,
    seconds: 41,
  });
  assertEquals(rows, [
    { ...step(1_000), isHeld: true },
    { ...SLOW, isHeld: false },
  ]);
});
