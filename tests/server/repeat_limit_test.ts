import { assertEquals } from "@std/assert";
import type { LogFields } from "../../src/base/log.ts";
import { type Repeated, RepeatLimit } from "../../src/server/repeat_limit.ts";
import { FakeClock } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("repeated lines");
const DENIED: Repeated = { event: "denied", same: ["peer", "why"] };

class Book {
  readonly clock = new FakeClock();
  readonly lines: LogFields[] = [];
  readonly limit: RepeatLimit;

  constructor() {
    const info = (_event: string, fields: LogFields = {}) =>
      void this.lines.push(fields);
    this.limit = new RepeatLimit(
      { info, warn: info },
      () => this.clock.monotonic(),
    );
  }

  deny(peer: string, why = "password-wrong", name = "ann"): void {
    this.limit.write(DENIED, { peer, why, name });
  }

  take(): LogFields[] {
    return this.lines.splice(0);
  }
}

test("are five, and then how many more there were in that minute", () => {
  const book = new Book();
  const line = { peer: "192.0.2.7", why: "password-wrong", name: "ann" };
  for (let n = 0; n < 136; n++) {
    book.deny("192.0.2.7");
    book.clock.advance(100);
  }
  assertEquals(book.take(), Array(5).fill(line));
  book.clock.advance(60_000 - 13_601);
  book.limit.sweep();
  assertEquals(book.take(), []);
  book.clock.advance(1);
  book.limit.sweep();
  const count = { peer: "192.0.2.7", why: "password-wrong" };
  assertEquals(book.take(), [{ ...count, more: 131, seconds: 60 }]);
  book.deny("192.0.2.7");
  assertEquals(book.take(), [line]);
});

test("are of one address, or IPv6 /48, and one reason", () => {
  const book = new Book();
  for (let n = 0; n < 10; n++) {
    book.deny("192.0.2.7");
    book.deny("192.0.2.7", "limit-reached");
    book.deny(`2001:db8:0:1::${n}`);
  }
  assertEquals(book.take().length, 15);
  book.limit.end();
  assertEquals(book.take(), [
    { peer: "192.0.2.7", why: "password-wrong", more: 5, seconds: 60 },
    { peer: "192.0.2.7", why: "limit-reached", more: 5, seconds: 60 },
    { peer: "2001:db8:0:1::0", why: "password-wrong", more: 5, seconds: 60 },
  ]);
  assertEquals(book.limit.size, 0);
});

test("of more than 1,024 addresses are counted together, whatever they are", () => {
  const book = new Book();
  for (let n = 0; n < 30_000; n++) book.deny(`10.0.${n >> 8}.${n & 255}`);
  assertEquals([book.take().length, book.limit.size], [1_024, 1_025]);
  book.clock.advance(60_000);
  book.limit.sweep();
  assertEquals(book.take(), [
    { peer: "*", why: "password-wrong", more: 28_976, seconds: 60 },
  ]);
  book.deny("192.0.2.7");
  assertEquals(book.take().length, 1);
});

test("of one IPv6 site are counted together, so that it leaves room for others", () => {
  const book = new Book();
  for (let n = 0; n < 5_000; n++) book.deny(`2001:db8:7:${n.toString(16)}::1`);
  assertEquals([book.take().length, book.limit.size], [5, 1]);
  book.deny("192.0.2.7");
  assertEquals(book.take().map(({ peer }) => peer), ["192.0.2.7"]);
});

test("of one event leave the others room", () => {
  const book = new Book();
  const moderated: Repeated = { event: "moderated", same: ["by", "action"] };
  for (let n = 0; n < 5_000; n++) {
    book.limit.write(moderated, { action: "kick", by: `p${n}` });
  }
  assertEquals([book.take().length, book.limit.size], [1_024, 1_025]);
  book.deny("192.0.2.7");
  assertEquals(book.take().map(({ peer }) => peer), ["192.0.2.7"]);
});

test("say whether they were written", () => {
  const book = new Book();
  const line = () => book.limit.write(DENIED, { peer: "192.0.2.7", why: "x" });
  assertEquals(Array.from({ length: 7 }, line), [
    ...Array(5).fill(true),
    ...Array(2).fill(false),
  ]);
});
