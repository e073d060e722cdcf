import { assertEquals } from "@std/assert";
import { Indexer } from "../../src/server/indexer.ts";
import { FakeClock } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("indexer");

/** A journal that has this many pieces to index; a step of each error fails. */
function scene(...steps: (boolean | Error)[]) {
  const clock = new FakeClock();
  const faults: unknown[] = [];
  let asked = 0;
  const indexer = new Indexer({
    journal: {
      index() {
        const step = steps[asked++] ?? false;
        return step instanceof Error
          ? Promise.reject(step)
          : Promise.resolve(step);
      },
    },
    clock,
    onFault: (error) => void faults.push(error),
  });
  return { clock, indexer, faults, asked: () => asked };
}

test("goes on every 100 ms until all is indexed, and then waits", async () => {
  const { clock, indexer, asked } = scene(true, true, false);
  indexer.wake();
  indexer.wake();
  await clock.advanceSlowly(99, 33);
  assertEquals(asked(), 0);
  await clock.advanceSlowly(1, 1);
  assertEquals(asked(), 1);
  await clock.advanceSlowly(1_000, 50);
  assertEquals([asked(), clock.waiting], [3, 0]);
  indexer.wake();
  await clock.advanceSlowly(100, 100);
  assertEquals(asked(), 4);
});

test("tells of a step that failed, and tries again when there is more", async () => {
  const broken = new Error("the disk");
  const { clock, indexer, faults, asked } = scene(broken, false);
  indexer.wake();
  await clock.advanceSlowly(1_000, 100);
  assertEquals([faults, asked()], [[broken], 1]);
  indexer.wake();
  await clock.advanceSlowly(100, 100);
  assertEquals([faults.length, asked()], [1, 2]);
});

test("leaves the rest when it stops", async () => {
  const { clock, indexer, asked } = scene(true, true, true);
  indexer.wake();
  await clock.advanceSlowly(100, 100);
  await indexer.stop();
  await clock.advanceSlowly(1_000, 100);
  assertEquals([asked(), clock.waiting], [1, 0]);
});
