import { assertEquals } from "@std/assert";
import { Budgets } from "../../src/server/budgets.ts";
import type { Session } from "../../src/server/session.ts";
import { recall } from "../../src/server/recall.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { delay } from "../../src/base/clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("recalling ids");
const MIB = 1_024 * 1_024;

/** One whose last ids take 50 ms of the event loop to read. */
function one() {
  const clock = new FakeClock();
  const budgets = new Budgets(10, clock);
  const asked: string[] = [];
  const store = {
    recentOf: (person: string) => {
      asked.push(person);
      clock.advance(50);
      return Promise.resolve([]);
    },
  };
  const payer = { person: "ann" };
  const session = {
    account: payer as Session["account"],
    isOver: false,
    wait: (ms: number) => delay(clock, ms),
  };
  const again = () => recall({ clock, store, budgets }, "SHA256:ann", session);
  return { clock, budgets, asked, payer, session, again };
}

test("is paid for by the time that it takes", async () => {
  const { budgets, payer, again } = one();
  // 50 ms weigh as 10 messages, which are 1 MiB; 16 may be had at once.
  for (let n = 0; n < 16; n++) await again();
  assertEquals(budgets.debtMs(payer), 0);
  // Of 1 MiB each, 50 ms brought back 51.2 KiB in all but the first.
  await again();
  assertEquals(budgets.debtMs(payer), 200);
});

test("waits until what was had before is paid off", async () => {
  const { budgets, payer, again, clock, asked, session } = one();
  budgets.charge(payer, 18 * MIB);
  const recalled = again();
  await eventLoopTurn();
  assertEquals(asked, []);
  await clock.advanceSlowly(1_999, 100);
  assertEquals(asked, []);
  await clock.advanceSlowly(2, 1);
  assertEquals(asked, ["SHA256:ann"]);
  assertEquals(await recalled, []);
  budgets.charge(payer, 18 * MIB);
  session.isOver = true;
  await again();
  assertEquals(asked.length, 2);
});
