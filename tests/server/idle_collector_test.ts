import { assertEquals } from "@std/assert";
import { COLLECT_AFTER_EVENTS, QUIET_LOOK_MS } from "../../src/base/limits.ts";
import { garbageCollector } from "../../src/server/garbage.ts";
import { IdleCollector } from "../../src/server/idle_collector.ts";
import { Tap } from "../../src/server/tap.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { testsOf, unless } from "../_testing.ts";

const test = testsOf("idle collector");

function scene() {
  const clock = new FakeClock();
  const { counters } = new Tap();
  const collections: number[] = [];
  const collect = () => void collections.push(clock.monotonic());
  const collector = new IdleCollector({ clock, counters, collect });
  return { clock, counters, collections, collector };
}

test("collects in the first quiet moment after enough has happened", () => {
  const { clock, counters, collections, collector } = scene();
  counters.connected = COLLECT_AFTER_EVENTS - 1;
  collector.look();
  assertEquals(clock.waiting, 0);
  counters.disconnected++;
  collector.look();
  collector.look();
  assertEquals(clock.waiting, 1);
  for (let look = 0; look < 5; look++) {
    counters.deliveries++;
    clock.advance(QUIET_LOOK_MS);
    assertEquals(collections, []);
  }
  clock.advance(QUIET_LOOK_MS);
  assertEquals(collections.length, 1);
  assertEquals(clock.waiting, 0);
});

test("does not collect again before as much has happened anew", () => {
  const { clock, counters, collections, collector } = scene();
  counters.messagesIn = 16 * COLLECT_AFTER_EVENTS;
  collector.look();
  clock.advance(QUIET_LOOK_MS);
  counters.messagesIn += 16 * COLLECT_AFTER_EVENTS - 1;
  collector.look();
  clock.advance(10 * QUIET_LOOK_MS);
  assertEquals(collections.length, 1);
  counters.messagesIn++;
  collector.look();
  clock.advance(QUIET_LOOK_MS);
  assertEquals(collections.length, 2);
});

test("waits for a quarter of those who are there, where there are many", () => {
  const { clock, counters, collections, collector } = scene();
  const many = 40 * COLLECT_AFTER_EVENTS;
  counters.connected = many;
  collector.look();
  clock.advance(QUIET_LOOK_MS);
  assertEquals(collections.length, 1);
  counters.messagesIn = 16 * (many / 4 - 1);
  collector.look();
  assertEquals(clock.waiting, 0);
  counters.messagesIn += 16;
  collector.look();
  clock.advance(QUIET_LOOK_MS);
  assertEquals(collections.length, 2);
});

test("has nothing under way when it is stopped", () => {
  const { clock, counters, collections, collector } = scene();
  counters.connected = COLLECT_AFTER_EVENTS;
  collector.look();
  collector.stop();
  clock.advance(QUIET_LOOK_MS);
  assertEquals([collections.length, clock.waiting], [0, 0]);
});

const collect = garbageCollector();

Deno.test({
  ...unless(
    collect === undefined
      ? "this Deno wants --v8-flags=--expose-gc"
      : undefined,
    "idle collector: has the engine's collector to call",
  ),
  permissions: "none",
  fn: async () => {
    const weak = new WeakRef({ large: new Array(1_000).fill(0) });
    // What a job looked at stays to its end.
    await eventLoopTurn();
    collect!();
    assertEquals(weak.deref(), undefined);
  },
});
