/** Expected times follow from 10 a second and 20 at once a person, 30 and 100 an address. */
import { assertEquals } from "@std/assert";
import { Budgets, type Payer } from "../../src/server/budgets.ts";
import { FakeClock } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("budgets");
const CHAT = { tokens: 1, isRequest: false };
const SIGN = { tokens: 1, shared: 1 / 8, isRequest: false };
const SEARCH = { tokens: 10, isRequest: true };
const MIB = 1_024 * 1_024;

class Till {
  readonly clock = new FakeClock();
  readonly budgets: Budgets;

  constructor(rate = 10) {
    this.budgets = new Budgets(rate, this.clock);
  }

  /** What `count` messages of each wait, in milliseconds, said in turns. */
  waits(payers: readonly Payer[], count: number, cost = CHAT): number[] {
    const rounds = Array.from({ length: count }, () => payers);
    return rounds.flat().map((payer) => this.budgets.pay(payer, cost));
  }
}

/** So many people at an address. */
function people(count: number, address?: string, site?: string): Payer[] {
  return Array.from({ length: count }, (_, n) => ({
    person: `${address} ${n}`,
    ...(address === undefined ? {} : { address }),
    ...(site === undefined ? {} : { site }),
  }));
}

test("let a person say 20 at once, and make each one more wait for its turn", () => {
  const till = new Till();
  const waits = till.waits(people(1), 23);
  assertEquals(waits.slice(0, 20), Array(20).fill(0));
  assertEquals(waits.slice(20), [100, 200, 300]);
});

test("let all at one address together say 100 at once and 30 a second, in the order they ask", () => {
  const till = new Till();
  const waits = till.waits(people(32, "192.0.2.7"), 5);
  assertEquals(waits.slice(0, 100), Array(100).fill(0));
  const rest = waits.slice(100);
  assertEquals(rest, rest.map((_, n) => Math.ceil((n + 1) * 1_000 / 30)));
  assertEquals(till.waits(people(1, "192.0.2.8"), 1), [0]);
});

test("let all of an IPv6 /48 together say what three addresses may", () => {
  const till = new Till();
  const site = "2001:db8:1::/48";
  const payers = Array.from({ length: 400 }, (_, n) => ({
    person: `${n}`,
    address: `2001:db8:1:${n.toString(16)}::/64`,
    site,
  }));
  const waits = till.waits(payers, 1);
  assertEquals(waits.filter((ms) => ms === 0).length, 300);
  assertEquals(waits.at(-1), Math.ceil(100 * 1_000 / 90));
  assertEquals(till.waits(people(1, "x", "2001:db8:2::/48"), 1), [0]);
});

test("leave it to persons alone where addresses do not count", () => {
  const till = new Till();
  assertEquals(till.waits(people(100), 20), Array(2_000).fill(0));
});

test("make an address pay an eighth for what is passed on at times only", () => {
  const till = new Till();
  const waits = till.waits(people(50, "192.0.2.7"), 16, SIGN);
  assertEquals(waits, Array(800).fill(0));
  assertEquals(till.waits(people(1, "192.0.2.7"), 1), [34]);
});

test("give back what somebody paid who went before the turn came", () => {
  const till = new Till();
  const [ann] = people(1, "192.0.2.7");
  till.waits([ann!], 20);
  assertEquals(till.budgets.pay(ann!, CHAT), 100);
  till.budgets.giveBack(ann!, CHAT);
  assertEquals(till.budgets.pay(ann!, CHAT), 100);
});

test("refuse a request for what its person said, and let it wait a little for what others did", () => {
  const till = new Till();
  const [ann, ...others] = people(40, "192.0.2.7");
  till.waits(others, 3);
  // 117 of 100 are taken: 10 more are there in 900 ms, and a request may wait for 2 s.
  assertEquals(till.budgets.refusalMs(ann!, SEARCH), 0);
  assertEquals(till.budgets.pay(ann!, SEARCH), 900);
  till.waits(others, 1);
  // Now 166 are: 10 more in 2,534 ms.
  assertEquals(till.budgets.refusalMs(ann!, { ...SEARCH, tokens: 10 }), 534);
  const bob = people(1)[0]!;
  till.waits([bob], 15);
  assertEquals(till.budgets.refusalMs(bob, SEARCH), 500);
});

test("let answers go into debt, 16 MiB a person and 32 MiB an address, at 1 and 2 MiB a second", () => {
  const till = new Till();
  const { budgets, clock } = till;
  const [ann, bob, cat] = people(3, "192.0.2.7");
  budgets.charge(ann!, 16 * MIB);
  assertEquals(budgets.debtMs(ann!), 0);
  budgets.charge(ann!, 3 * MIB);
  assertEquals(budgets.debtMs(ann!), 3_000);
  assertEquals(budgets.debtMs(bob!), 0);
  budgets.charge(bob!, 14 * MIB);
  // The address has had 33.
  assertEquals([ann, bob, cat].map((one) => budgets.debtMs(one!)), [
    3_000,
    500,
    500,
  ]);
  // What one says is not slowed by that.
  assertEquals(till.waits([ann!], 20), Array(20).fill(0));
  clock.advance(500);
  assertEquals([ann, bob, cat].map((one) => budgets.debtMs(one!)), [
    2_500,
    0,
    0,
  ]);
});

test("weigh work as what a person may be sent in the time of as many messages", () => {
  const { budgets } = new Till();
  const [ann] = people(1);
  budgets.chargeWork(ann!, 160);
  assertEquals(budgets.debtMs(ann!), 0);
  budgets.chargeWork(ann!, 10);
  assertEquals(budgets.debtMs(ann!), 1_000);
});

test("limit nothing without a rate", () => {
  const till = new Till(0);
  const payers = people(10, "2001:db8:1:1::/64", "2001:db8:1::/48");
  assertEquals(till.waits(payers, 1_000), Array(10_000).fill(0));
  till.budgets.charge(payers[0]!, 1_000 * MIB);
  assertEquals(till.budgets.debtMs(payers[0]!), 0);
});
