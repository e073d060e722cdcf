import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { fitFrame } from "../../src/wire/frame_list.ts";
import { encodeMessage } from "../../src/wire/server.ts";
import { utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("a list in a frame");
/** A frame has 65,535 bytes; 2,048 are left for the rest of the message. */
const ROOM_BYTES = 63_487;

/** As many bytes as the list takes in a message. */
function bytesOf(items: readonly unknown[]): number {
  return utf8(JSON.stringify(items)).length;
}

/** A list of `count` strings of `bytes` bytes, their quotes and the comma behind them counted. */
function strings(count: number, bytes: number): string[] {
  return Array.from(
    { length: count },
    (_, at) => `${at}`.padEnd(bytes - 3, "."),
  );
}

test("is whole when it fits", () => {
  assertEquals(fitFrame([]), []);
  const people = [{ name: "ann", guest: true }, { name: "bob", away: "tea" }];
  assertEquals(fitFrame(people), people);
  assertEquals(fitFrame(people, { keep: "last" }), people);
});

test("is another array than the one that was given", () => {
  const given = ["ann"];
  fitFrame(given).push("bob");
  assertEquals(given, ["ann"]);
});

test("holds the first items, or the last ones, where not all fit", () => {
  const given = strings(100, 1_000);
  assertEquals(fitFrame(given), given.slice(0, 63));
  assertEquals(fitFrame(given, { keep: "last" }), given.slice(-63));
});

test("has no gap, though what follows an item too long would fit", () => {
  const given = ["ann", "x".repeat(ROOM_BYTES), "bob"];
  assertEquals(fitFrame(given), ["ann"]);
  assertEquals(fitFrame(given, { keep: "last" }), ["bob"]);
});

test("fills a frame to the last byte", () => {
  // A comma is counted behind the last item, too.
  const longest = "x".repeat(ROOM_BYTES - 5);
  assertEquals(fitFrame([longest]), [longest]);
  assertEquals(fitFrame([`${longest}x`]), []);
  for (const unit of ["é", "日", "🎉", '"', "\n", "\u0001", "\ud800"]) {
    const bytes = utf8(JSON.stringify(unit)).length - 2;
    const most = Math.floor((ROOM_BYTES - 5) / bytes);
    assertEquals(fitFrame([unit.repeat(most)]).length, 1, unit);
    assertEquals(fitFrame([unit.repeat(most + 1)]).length, 0, unit);
  }
});

test("leaves as much as it is told for the rest of the message", () => {
  const given = strings(100, 1_000);
  assertEquals(fitFrame(given, { envelopeBytes: 0 }).length, 65);
  assertEquals(fitFrame(given, { envelopeBytes: 60_000 }).length, 5);
  assertEquals(fitFrame(given, { envelopeBytes: 65_535 }), []);
});

test("is not encoded to learn that it fits", () => {
  const item = {
    name: "ann",
    toJSON: () => {
      throw new Error("encoded");
    },
  };
  assertEquals(fitFrame([item]), [item]);
});

test("takes no notice of what JSON leaves out", () => {
  const given = Array.from({ length: 3 }, (_, at) => ({
    name: `n${at}`,
    away: undefined,
  }));
  assertEquals(fitFrame(given), given);
});

test("never is longer than a frame, and never shorter than it must be", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.tuple(
      fc.constantFrom("a", "é", "日", "🎉", '"', "\\", "\u0000", "\ud800"),
      fc.nat(6_000),
    ).map(([unit, count]) => unit.repeat(count)),
  );
  const item = fc.oneof(
    text,
    fc.double({ noNaN: true }),
    fc.record({
      name: text,
      key: text,
      seq: fc.nat(),
      guest: fc.boolean(),
      rooms: fc.array(text, { maxLength: 3 }),
    }, { requiredKeys: ["name"] }),
    fc.jsonValue(),
  );
  const list = fc.array(item, { maxLength: 60 });
  fc.assert(
    fc.property(list, fc.constantFrom("first", "last"), (given, keep) => {
      const held = fitFrame(given, { keep });
      const from = keep === "first" ? 0 : given.length - held.length;
      assertEquals(held, given.slice(from, from + held.length));
      assert(bytesOf(held) <= ROOM_BYTES);
      encodeMessage({ room: "r".repeat(2_000), list: held });
      if (held.length === given.length) return;
      const longer = keep === "first"
        ? given.slice(0, held.length + 1)
        : given.slice(-held.length - 1);
      // The comma behind the last item is counted.
      assert(bytesOf(longer) + 1 > ROOM_BYTES);
    }),
    propertyOptions(100),
  );
});
