import { assertEquals } from "@std/assert";
import { setImmediate } from "node:timers";
import { WRITES_PER_LOOP } from "../../src/base/limits.ts";
import { WritePace } from "../../src/server/write_pace.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("write pace");

/** Those that have begun, by their numbers. */
class Writers {
  readonly begun: number[] = [];

  from(first: number, count: number): { begin(): void }[] {
    return Array.from({ length: count }, (_, i) => ({
      begin: () => void this.begun.push(first + i),
    }));
  }
}

/** The event loop has turned once, after what was asked of it before. */
function turned(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

test("lets so many begin at once, and as many in each turn after that, in order", async () => {
  const pace = new WritePace();
  const writers = new Writers();
  const all = 2 * WRITES_PER_LOOP + 30;
  for (const writer of writers.from(0, all)) pace.add(writer);
  assertEquals(writers.begun, numbers(WRITES_PER_LOOP));
  await turned();
  assertEquals(writers.begun, numbers(2 * WRITES_PER_LOOP));
  await turned();
  assertEquals(writers.begun, numbers(all));
});

test("keeps those that come later behind those that wait", async () => {
  const pace = new WritePace();
  const writers = new Writers();
  for (const writer of writers.from(0, WRITES_PER_LOOP + 5)) pace.add(writer);
  await turned();
  for (const writer of writers.from(WRITES_PER_LOOP + 5, 10)) pace.add(writer);
  assertEquals(writers.begun, numbers(WRITES_PER_LOOP + 15));
  for (const writer of writers.from(WRITES_PER_LOOP + 15, WRITES_PER_LOOP)) {
    pace.add(writer);
  }
  assertEquals(writers.begun, numbers(2 * WRITES_PER_LOOP));
  await turned();
  assertEquals(writers.begun, numbers(2 * WRITES_PER_LOOP + 15));
});

test("takes what is added by one that begins", async () => {
  const pace = new WritePace();
  const writers = new Writers();
  const [inner] = writers.from(WRITES_PER_LOOP, 1);
  const outer = { begin: () => pace.add(inner!) };
  for (const writer of writers.from(0, WRITES_PER_LOOP)) pace.add(writer);
  pace.add(outer);
  await turned();
  assertEquals(writers.begun, numbers(WRITES_PER_LOOP + 1));
});
