/** A word is right or wrong to the last bit, and who guesses waits. */
import { assertEquals } from "@std/assert";
import { siteOf } from "../../src/base/cidr.ts";
import { Guesses } from "../../src/server/guesses.ts";
import { Passwords } from "../../src/server/passwords.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("password");

const PASSWORD = "open 日本 sésame";
const ADDRESS = "192.0.2.1";
const NEVER = new AbortController().signal;

/** Words of some addresses on a clock of the test's. */
class Door {
  readonly clock = new FakeClock();
  readonly guesses = new Guesses(this.clock);
  readonly passwords = new Passwords(PASSWORD, this.guesses);

  /** What a word is answered with, in time: `in` when it is right. */
  say(word: string, address = ADDRESS): Promise<string> {
    return this.passwords.judge(word, at(address), NEVER)
      .then((refusal) => refusal?.code ?? "in");
  }

  /** The answer, and after how many milliseconds it came. */
  async timed(word: string, address = ADDRESS): Promise<[string, number]> {
    const from = this.clock.monotonic();
    let answer: string | undefined;
    this.say(word, address).then((code) => answer = code);
    await eventLoopTurn();
    while (answer === undefined) await this.clock.advanceSlowly(500, 500);
    return [answer, this.clock.monotonic() - from];
  }
}

for (
  const word of [
    "open 日本 sésam",
    "Open 日本 Sésame",
    " open 日本 sésame",
    "open 日本 sésame ",
    "open 日本 sesame",
    "wrong",
  ]
) {
  test(`is not ${JSON.stringify(word)}, which is nearly it`, async () => {
    assertEquals(await new Door().say(word), "password-wrong");
  });
}

test("is the same in every composition of its letters", async () => {
  assertEquals(await new Door().say(PASSWORD.normalize("NFD")), "in");
});

test("is answered later after each wrong word, up to a bound", async () => {
  const door = new Door();
  const waits: number[] = [];
  for (let guess = 0; guess < 8; guess++) {
    const [code, ms] = await door.timed("wrong");
    assertEquals(code, "password-wrong");
    waits.push(ms);
  }
  const doubling = [0, 1_000, 2_000, 4_000, 8_000];
  assertEquals(waits, [...doubling, 8_000, 8_000, 8_000]);
});

test("is answered at once to who is elsewhere and did not guess", async () => {
  const door = new Door();
  await door.timed("wrong");
  await door.timed("wrong");
  assertEquals(await door.timed(PASSWORD, "192.0.2.2"), ["in", 0]);
  assertEquals(await door.timed(PASSWORD), ["in", 2_000]);
});

test("is not guessed faster by guesses that are under way together", async () => {
  const door = new Door();
  const answers: string[] = [];
  for (const word of ["a", "b", "c"]) {
    door.say(word).then(() => answers.push(word));
  }
  await eventLoopTurn();
  assertEquals(answers, ["a"]);
  await door.clock.advanceSlowly(1_000, 500);
  assertEquals(answers, ["a", "b"]);
  await door.clock.advanceSlowly(1_000, 500);
  assertEquals(answers, ["a", "b", "c"]);
});

test("that is right does not forgive wrong ones, and time does", async () => {
  const door = new Door();
  await door.timed("wrong");
  assertEquals(await door.timed(PASSWORD), ["in", 1_000]);
  assertEquals(await door.timed(PASSWORD), ["in", 1_000]);
  door.clock.advance(24 * 3_600_000);
  door.guesses.sweep();
  assertEquals(await door.timed(PASSWORD), ["in", 0]);
});

test("does not hold up one who has gone", async () => {
  const door = new Door();
  await door.timed("wrong");
  const gone = new AbortController();
  const judged = door.passwords.judge("wrong", at(ADDRESS), gone.signal);
  gone.abort();
  assertEquals((await judged)?.code, "password-wrong");
  assertEquals(door.clock.waiting, 0);
});

test("is guessed at by a whole site as by a few addresses", async () => {
  const door = new Door();
  const waits: number[] = [];
  for (let n = 0; n < 16; n++) {
    const [code, ms] = await door.timed("wrong", `2001:db8:1:${n}::/64`);
    assertEquals(code, "password-wrong");
    waits.push(ms);
  }
  const each = [0, 1_000, 2_000, 4_000, 8_000].flatMap((ms) => [ms, ms, ms]);
  assertEquals(waits, [...each, 8_000]);
  assertEquals(await door.timed(PASSWORD, "2001:db8:2:1::/64"), ["in", 0]);
  assertEquals(await door.timed(PASSWORD, "192.0.2.1"), ["in", 0]);
});

test("is guessed at by the sites of a provider as by a few dozen addresses", async () => {
  const door = new Door();
  const waits: number[] = [];
  for (let n = 0; n < 65; n++) {
    const site = n.toString(16);
    waits.push((await door.timed("wrong", `2001:db8:${site}:1::/64`))[1]);
  }
  assertEquals(waits, [...Array(64).fill(0), 1_000]);
  assertEquals(await door.timed(PASSWORD, "2001:db8:ff:1::/64"), ["in", 1_000]);
  assertEquals(await door.timed(PASSWORD, "2001:db9:ff:1::/64"), ["in", 0]);
});

test("remembers so many addresses at most, those that guessed last", async () => {
  const door = new Door();
  for (let n = 0; n < 20_000; n++) {
    await door.say("wrong", `10.0.${n >> 8}.${n & 255}`);
  }
  assertEquals(door.guesses.size, 16_384);
  assertEquals(await door.timed(PASSWORD, "10.0.0.0"), ["in", 0]);
  assertEquals(await door.timed(PASSWORD, "10.0.78.31"), ["in", 1_000]);
  door.clock.advance(3_600_000);
  door.guesses.sweep();
  assertEquals(door.guesses.size, 0);
});

function at(address: string) {
  return { address, site: siteOf(address) };
}
