import { assert, assertEquals } from "@std/assert";
import { rounded, Sampler } from "../../../src/server/monitor/sampler.ts";
import { Tap } from "../../../src/server/tap.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("sampler");
const NOTHING = { effects: 1, entries: 0, commitMs: 0, turnMs: 1 };

test("gives what was counted, by the seconds that went by", () => {
  const tap = new Tap();
  const sampler = new Sampler(tap.counters, 1_000);
  tap.counters.deliveries += 300;
  tap.counters.connected += 3;
  tap.turned({ ...NOTHING, entries: 12, commitMs: 2 });
  tap.refused("192.0.2.1", "full");
  tap.refused("192.0.2.1", "tls");
  const rates = sampler.rates(5_000);
  assertEquals(rates.messagesPerSecond, 3);
  assertEquals(rates.deliveriesPerSecond, 75);
  assertEquals(rates.connectedPerSecond, 0.75);
  assertEquals(rates.refusedPerSecond, 0.5);
});

test("is 0 before time has gone by, and where nothing happened", () => {
  const tap = new Tap();
  tap.turned(NOTHING);
  const sampler = new Sampler(tap.counters, 0);
  for (const rates of [sampler.rates(0), sampler.rates(9_000)]) {
    assertEquals(Object.values(rates), [0, 0, 0, 0, 0, 0, 0, 0]);
  }
});

test("forgets what was more than ten looks ago", () => {
  const tap = new Tap();
  const sampler = new Sampler(tap.counters, 0);
  tap.turned({ ...NOTHING, entries: 100, commitMs: 1, turnMs: 500 });
  for (let second = 1; second <= 9; second++) sampler.tick(second * 1_000);
  assertEquals(sampler.rates(10_000).messagesPerSecond, 10);
  assert(sampler.rates(10_000).turnP99Ms >= 500);
  sampler.tick(10_000);
  // Ten seconds from the look after it.
  assertEquals(sampler.rates(11_000).messagesPerSecond, 0);
  assertEquals(sampler.rates(11_000).turnP99Ms, 0);
});

test("has the middle and the 99th of turns and of commits, to 2 %", () => {
  const tap = new Tap();
  const sampler = new Sampler(tap.counters, 0);
  // Of 100 turns 98 take 1 ms and two 40; of those that store one is slow, which is no 99 %.
  for (let turn = 0; turn < 98; turn++) tap.turned(NOTHING);
  for (let turn = 0; turn < 2; turn++) tap.turned({ ...NOTHING, turnMs: 40 });
  for (let turn = 0; turn < 200; turn++) {
    const commitMs = turn === 0 ? 900 : 2;
    tap.turned({ ...NOTHING, entries: 1, commitMs, turnMs: 1 });
  }
  const { turnP50Ms, turnP99Ms, commitP50Ms, commitP99Ms } = sampler.rates(1);
  assertWithin(turnP50Ms, 1);
  // Of 300 turns two are long: the 297th is not.
  assertWithin(turnP99Ms, 1);
  assertWithin(commitP50Ms, 2);
  assertWithin(commitP99Ms, 2);
  for (let turn = 0; turn < 2; turn++) tap.turned({ ...NOTHING, turnMs: 40 });
  // Four of 304: the 301st is.
  assertWithin(sampler.rates(1).turnP99Ms, 40);
});

test("rounds to four digits, and what is no number to none", () => {
  assertEquals([0.123456, 12345.6, 1e12 + 1, 0].map(rounded), [
    ...[0.1235, 12_350, 1e12, 0],
  ]);
  assertEquals([NaN, Infinity].map(rounded), [0, 0]);
});

function assertWithin(actual: number, expected: number): void {
  const isNear = actual >= expected * 0.999 && actual <= expected * 1.023;
  assert(isNear, `${actual} is not about ${expected}`);
}
