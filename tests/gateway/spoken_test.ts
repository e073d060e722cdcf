import { assertEquals } from "@std/assert";
import { needsId, spokenLine, words } from "../../src/gateway/spoken.ts";
import type { ClientMessage } from "../../src/wire/client.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("spoken line");

function txts(messages: readonly { txt: string }[]): string[] {
  return messages.map(({ txt }) => txt);
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

test("needs an id where its answer could be mistaken, or comes late", () => {
  const rows: [ClientMessage, boolean][] = [
    [{ type: "chat", txt: "hello" }, false],
    [{ type: "chat", txt: "users" }, false],
    [{ type: "chat", txt: "//users" }, false],
    [{ type: "chat", txt: "/list" }, false],
    [{ type: "chat", txt: "/name ann" }, false],
    [{ type: "chat", txt: "/nonsense" }, false],
    [{ type: "chat", txt: "/" }, false],
    [{ type: "chat", txt: "/users" }, true],
    [{ type: "chat", txt: "/WHO" }, true],
    [{ type: "chat", txt: "/history 5" }, true],
    [{ type: "chat", txt: "/search tea" }, true],
    [{ type: "chat", txt: "/find tea" }, true],
    [{ type: "command", name: "who" }, true],
    [{ type: "command", name: "list" }, false],
    [{ type: "history", room: "lobby" }, true],
    [{ type: "ping", t: 1 }, false],
    [{ type: "bye" }, false],
  ];
  for (const [message, expected] of rows) {
    assertEquals(needsId(message), expected, JSON.stringify(message));
  }
});
