import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../../src/base/errors.ts";
import { decodeLine, LineDecoder } from "../../src/wire/lines.ts";
import { cut, join, lengths, utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("lines");
const MAX_BYTES = 16_384;

/** Every line that these chunks bring, and then the rest, if the input ends there. */
function linesOf(...chunks: (string | Uint8Array)[]): string[] {
  return linesBy(new LineDecoder({ maxBytes: MAX_BYTES }), ...chunks);
}

function linesBy(
  decoder: LineDecoder,
  ...chunks: (string | Uint8Array)[]
): string[] {
  const lines: string[] = [];
  for (const chunk of chunks) {
    decoder.push(typeof chunk === "string" ? utf8(chunk) : chunk);
    for (;;) {
      const line = decoder.next();
      if (line === null) break;
      lines.push(decodeLine(line));
    }
  }
  const rest = decoder.end();
  return rest === null ? lines : [...lines, decodeLine(rest)];
}

/** The next line, as text. */
function nextOf(decoder: LineDecoder): string | null {
  const line = decoder.next();
  return line === null ? null : decodeLine(line);
}

function assertRefused(code: string, ...chunks: (string | Uint8Array)[]): void {
  const error = assertThrows(() => linesOf(...chunks), ProtocolError);
  assertEquals(error.code, code);
}

test("end at a line feed, with a carriage return before it or without", () => {
  assertEquals(linesOf("one\ntwo\r\nthree\n"), ["one", "two", "three"]);
  assertEquals(linesOf("\n\r\n\n"), ["", "", ""]);
  assertEquals(linesOf(""), []);
});

test("keep a carriage return that does not stand at their end", () => {
  assertEquals(linesOf("a\rb\n"), ["a\rb"]);
  assertEquals(linesOf("a\r\r\n"), ["a\r"]);
  assertEquals(linesOf("\ra\n"), ["\ra"]);
});

test("end at nothing else that some call the end of a line", () => {
  assertEquals(linesOf("a\vb\fc\u0085d\u2028e\u2029f\n"), [
    "a\vb\fc\u0085d\u2028e\u2029f",
  ]);
});

test("may come in any pieces", () => {
  assertEquals(linesOf("he", "llo", "\r", "\n", "wor", "ld\nthe ", "end\n"), [
    "hello",
    "world",
    "the end",
  ]);
});

test("may come byte by byte, in the middle of a letter, too", () => {
  const bytes = utf8("zoë\r\n日本 🎉\n\r\n");
  assertEquals(linesOf(...cut(bytes, [1])), ["zoë", "日本 🎉", ""]);
});

test("are the same however they are cut", () => {
  const line = fc.string({ unit: "binary", maxLength: 300 })
    .map((text) => text.toWellFormed().replace(/[\r\n]/g, ""));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), lengths, (lines, sizes) => {
      const bytes = join(
        lines.map((text, at) => utf8(text + (at % 2 ? "\n" : "\r\n"))),
      );
      assertEquals(linesOf(...cut(bytes, sizes)), lines);
    }),
    propertyOptions(50),
  );
});

test("do not need an end when the input ends", () => {
  assertEquals(linesOf("one\ntwo"), ["one", "two"]);
  assertEquals(linesOf("one\ntwo\r"), ["one", "two"]);
  const decoder = new LineDecoder({ maxBytes: MAX_BYTES });
  decoder.push(utf8("one"));
  assertEquals(decoder.next(), null);
  assertEquals(decodeLine(decoder.end()!), "one");
  assertEquals(decoder.end(), null);
});

test("that are blank may be skipped, also without an end", () => {
  const skipping = (...chunks: (string | Uint8Array)[]) =>
    linesBy(
      new LineDecoder({ maxBytes: MAX_BYTES, blank: "skip" }),
      ...chunks,
    );
  const text = "\n\r\none\n \t\r\n\r\r\n two\n\n\u00a0\n ";
  const lines = ["one", " two", "\u00a0"];
  assertEquals(skipping(text), lines);
  assertEquals(skipping(...cut(utf8(text), [1])), lines);
  assertEquals(skipping("\n\n"), []);
  assertEquals(skipping("\r"), []);
  assertEquals(skipping(" \nx"), ["x"]);
  assertEquals(linesOf("\r"), [""]);
});

test("leave their chunk alone once they are taken from it", () => {
  const decoder = new LineDecoder({ maxBytes: MAX_BYTES });
  const chunk = utf8("one\ntw");
  decoder.push(chunk);
  assertEquals([nextOf(decoder), nextOf(decoder)], ["one", null]);
  chunk.fill(0);
  decoder.push(utf8("o\n"));
  assertEquals(nextOf(decoder), "two");
});

test("have at most 16,384 bytes, their end not counted", () => {
  const longest = "é".repeat(MAX_BYTES / 2);
  for (const end of ["\n", "\r\n", ""]) {
    assertEquals(linesOf(longest + end), [longest]);
    assertRefused("too-large", `${longest}a${end}`);
    const bytes = utf8(longest + end);
    assertEquals(linesOf(...cut(bytes, [1_000])), [longest]);
    const longer = utf8(`${longest}a${end}`);
    assertRefused("too-large", ...cut(longer, [1_000]));
  }
});

test("are refused before more than the longest is held", () => {
  const decoder = new LineDecoder({ maxBytes: MAX_BYTES });
  decoder.push(new Uint8Array(MAX_BYTES).fill(0x61));
  assertEquals(decoder.next(), null);
  decoder.push(utf8("\r"));
  assertEquals(decoder.next(), null);
  decoder.push(utf8("b"));
  assertThrows(() => decoder.next(), ProtocolError);
});

test("have the longest length that is asked for", () => {
  for (const max of [1, 300, 65_535]) {
    const decoder = new LineDecoder({ maxBytes: max });
    decoder.push(utf8(`${"a".repeat(max)}\r\n${"a".repeat(max + 1)}\n`));
    assertEquals(decoder.next()?.length, max);
    const error = assertThrows(() => decoder.next(), ProtocolError);
    assertEquals(
      error.message,
      `a line has more than ${max} bytes: say it in parts`,
    );
  }
});

test("that are whole come before one that is too long", () => {
  const decoder = new LineDecoder({ maxBytes: 3 });
  decoder.push(utf8("one\ntwo\nthree\n"));
  assertEquals([nextOf(decoder), nextOf(decoder)], ["one", "two"]);
  const error = assertThrows(() => decoder.next(), ProtocolError);
  assertEquals(error.code, "too-large");
});

test("that are no text stand in the way of no other", () => {
  const decoder = new LineDecoder({ maxBytes: MAX_BYTES });
  decoder.push(join([Uint8Array.of(0xff, 0x0a), utf8("one\n")]));
  const error = assertThrows(() => nextOf(decoder), ProtocolError);
  assertEquals(error.code, "bad-message");
  assertEquals(nextOf(decoder), "one");
});

test("are strict UTF-8", () => {
  const faults: [string, number[]][] = [
    ["a byte that UTF-8 does not have", [0xff]],
    ["a letter cut short", [0xc3]],
    ["a continuation alone", [0xa9]],
    ["a slash written too long", [0xc0, 0xaf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["beyond the last code point", [0xf4, 0x90, 0x80, 0x80]],
  ];
  for (const [what, bytes] of faults) {
    const line = Uint8Array.of(0x61, ...bytes, 0x0a);
    assertRefused("bad-message", what, "\n", line);
    assertRefused("bad-message", ...cut(line, [1]));
  }
});
