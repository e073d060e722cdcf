import { assertEquals } from "@std/assert";
import type { Heard } from "../../src/gateway/codec.ts";
import { spokenLine, words } from "../../src/gateway/spoken.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("spoken line");

/** The texts that are said. */
function txts(heard: readonly Heard[]): string[] {
  return heard.map((one) => {
    if (one.kind !== "message" || one.message.type !== "chat") {
      throw new Error(`${one.kind} is no chat`);
    }
    return one.message.txt;
  });
}

test("is said as it is, but for what could harm a screen", () => {
  const rows: [string, string[]][] = [
    ["hello", ["hello"]],
    ["  two spaces", ["  two spaces"]],
    ["tab\there", ["tab\there"]],
    ["e\u0301", ["\u00e9"]],
    ["\x1b[31mred\x07", ["[31mred"]],
    ["good\rJOIN bob", ["goodJOIN bob"]],
    ["a\u2028b\u0085c", ["abc"]],
    ["\u202eabc\u2066", ["abc"]],
    ["שלום", ["שלום"]],
  ];
  for (const [line, said] of rows) {
    assertEquals(txts(spokenLine(line)), said, JSON.stringify(line));
  }
});

test("that is blank is not said", () => {
  for (const line of ["", " ", "\t", "\x07", "\u200e", " \r"]) {
    assertEquals(spokenLine(line), [], JSON.stringify(line));
    assertEquals(words(line), [], JSON.stringify(line));
  }
});

test("that begins with a slash is a command, and with two says one", () => {
  const rows: [string, string[]][] = [
    ["/list", ["/list"]],
    ["/me waves", ["/me waves"]],
    ["/", ["/"]],
    ["//list", ["//list"]],
    ["///", ["///"]],
    [" /list", [" /list"]],
    ["\x07/list", ["/list"]],
  ];
  for (const [line, said] of rows) {
    assertEquals(txts(spokenLine(line)), said, JSON.stringify(line));
  }
});

test("is no command where only words are meant", () => {
  assertEquals(txts(words("/list")), ["//list"]);
  assertEquals(txts(words("//list")), ["///list"]);
  assertEquals(txts(words("hi")), ["hi"]);
});

test("that is too long for one message is said in parts, each with room for a slash", () => {
  // 800 words of four characters and the spaces between them are 3,999.
  const half = Array(800).fill("1234").join(" ");
  assertEquals(txts(spokenLine(`${half} ${half}`)), [half, half]);
  assertEquals(txts(words(`${"a".repeat(3_999)}/b`)), [
    "a".repeat(3_999),
    "//b",
  ]);
  const slashes = txts(words("/".repeat(4_000)));
  assertEquals(slashes, ["/".repeat(4_000), "//"]);
  const wide = txts(spokenLine("🎉".repeat(4_000)));
  assertEquals(wide, ["🎉".repeat(3_999), "🎉"]);
});

test("is a fault when it is a command too long for one message", () => {
  const longest = `/me ${"a".repeat(3_996)}`;
  assertEquals(txts(spokenLine(longest)), [longest]);
  const [heard, ...rest] = spokenLine(`${longest}a`);
  assertEquals(heard?.kind === "fault" && heard.error.code, "too-large");
  assertEquals(rest, []);
});
