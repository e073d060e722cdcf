import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../../src/base/errors.ts";
import { HelloCodec } from "../../src/gateway/hello.ts";
import { cut, join, lengths, utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import { BYE, lastWords, ofAnn } from "./_clients.ts";
import { hear, hearBytewise, hearEnd, type Said, shown } from "./_codec.ts";

const test = testsOf("HELLO codec");

const HELLO = { type: "hello", name: "ann" };

/** The codec of a server with a password. */
function guarded(): HelloCodec {
  return new HelloCodec({ password: "any" });
}

test("begins with a name, and perhaps a password", () => {
  const rows: [string, Record<string, string>][] = [
    ["HELLO ann", { name: "ann" }],
    ["HELLO  ann", { name: "ann" }],
    ["HELLO ann ", { name: "ann" }],
    ["HELLO ann open sesame", { name: "ann", password: "open sesame" }],
    ["HELLO ann  two ", { name: "ann", password: " two " }],
    ["HELLO zoë pässwort", { name: "zoë", password: "pässwort" }],
    ["HELLO zoe\u0308 pa\u0308", { name: "zoë", password: "pä" }],
    ["HELLO a\u202en\u0007n", { name: "ann" }],
  ];
  for (const [line, hello] of rows) {
    const said = [{ type: "hello", ...hello }];
    assertEquals(hear(guarded(), `${line}\n`), said, line);
    assertEquals(hearBytewise(guarded(), `${line}\r\n`), said, line);
  }
});

test("begins with one word where there is no password", () => {
  for (const line of ["HELLO ann", "HELLO ann ", "HELLO ann \t "]) {
    const said = [{ type: "hello", name: "ann" }];
    assertEquals(hear(new HelloCodec(), `${line}\n`), said, line);
  }
  for (const line of ["HELLO Mary Ann", "HELLO ann  open sesame"]) {
    const words = lastWords(new HelloCodec(), `${line}\nhi\n`);
    assertEquals(words, "ERR USERNAME_INVALID", line);
  }
});

test("begins with nothing else", () => {
  const rows: [string, string][] = [
    ["HELLO", "ERR USERNAME_INVALID"],
    ["HELLO ", "ERR USERNAME_INVALID"],
    ["HELLO\tann", "ERR USERNAME_INVALID"],
    ["HELLO \t", "ERR USERNAME_INVALID"],
    ["hello ann", "ERR USERNAME_INVALID"],
    ["", "ERR USERNAME_INVALID"],
    [`HELLO ${"n".repeat(257)}`, "ERR USERNAME_INVALID"],
    [`HELLO ann ${"p".repeat(257)}`, "ERR PASSWORD_WRONG"],
  ];
  for (const [line, words] of rows) {
    assertEquals(lastWords(guarded(), `${line}\nhi\n`), words, line);
  }
});

test("is greeted, and answers no pings", () => {
  const { dialect, entry, hasHeartbeat } = new HelloCodec();
  assertEquals([dialect, entry, hasHeartbeat], ["hello", "greeted", false]);
});

test("has three verbs, in capitals; any other line is said", () => {
  const says = (txt: string) => ({ type: "chat", txt });
  const notYou = "answer ERR NOT_YOU\n";
  const twice = "answer ERR BAD_MESSAGE hello was said already\n";
  const rows: [string, ...Said[]][] = [
    ["hello all", says("hello all")],
    ["MSG ann hello", says("hello")],
    ["MSG ann  two spaces", says(" two spaces")],
    ["MSG ann a\rb", says("ab")],
    ["MSG ann a\u2028b", says("ab")],
    ["MSG ann /list", says("//list")],
    ["MSG ann"],
    ["MSG ann "],
    ["MSG bob hello", notYou],
    ["MSG Ann hello", notYou],
    ["MSG", notYou],
    ["MSG ", notYou],
    ["BYE", "goodbye"],
    ["BYE ann", "goodbye"],
    ["BYE bob", notYou],
    ["HELLO bob", twice],
    ["HELLO", twice],
    ["msg ann hello", says("msg ann hello")],
    ["MSGann hello", says("MSGann hello")],
    [" MSG ann hello", says(" MSG ann hello")],
    ["BYEann", says("BYEann")],
    ["JOIN bob", says("JOIN bob")],
    ["OK bob", says("OK bob")],
    ["ERR NOT_YOU", says("ERR NOT_YOU")],
    ["* bob left", says("* bob left")],
    ["exit", says("exit")],
    ["/list", says("/list")],
    ["//list", says("//list")],
    [""],
  ];
  for (const [line, ...said] of rows) {
    const what = JSON.stringify(line);
    assertEquals(hear(ofAnn(), `${line}\n`), said, what);
    assertEquals(hearBytewise(ofAnn(), `${line}\r\n`), said, what);
  }
});

test("says what is too long for one message in parts, but no command", () => {
  const [first, second] = ["a".repeat(3_999), "b".repeat(3_999)];
  assertEquals(hear(ofAnn(), `MSG ann ${first} ${second}\n`), [
    { type: "chat", txt: first },
    { type: "chat", txt: second },
  ]);
  assertEquals(hear(ofAnn(), `/me ${first}\nhi\n`), [
    "fault too-large",
    { type: "chat", txt: "hi" },
  ]);
});

test("says what is wrong with a line, after what came before", () => {
  const long = `${"x".repeat(16_385)}\nand more\n`;
  const tooLong =
    "ERR TOO_LARGE a line has more than 16384 bytes: say it in parts";
  const noText = "ERR BAD_MESSAGE a line is text in UTF-8";
  const bad = Uint8Array.of(0x61, 0xff, 0x0a);
  assertEquals(lastWords(ofAnn(), long), tooLong);
  assertEquals(lastWords(ofAnn(), bad), noText);
  assertEquals(lastWords(new HelloCodec(), `HELLO ${long}`), tooLong);
  const name = join([utf8("HELLO "), bad]);
  assertEquals(lastWords(new HelloCodec(), name), noText);
  const codec = ofAnn();
  codec.push(join([utf8("hi\n"), bad]));
  assertEquals(codec.next()?.kind, "message");
  assertThrows(() => codec.next(), ProtocolError);
});

test("ends without a word when its input does", () => {
  const codec = ofAnn();
  assertEquals(hear(codec, "hi\n/history 2"), [{ type: "chat", txt: "hi" }]);
  const last = { type: "chat", txt: "/history 2" };
  assertEquals(hearEnd(codec), [last, "goodbye"]);
  assertEquals(hearEnd(codec), []);
  assertEquals(shown(codec, { ...BYE, code: "restart" }), undefined);
});

test("enters also when its input ends with the first line", () => {
  const codec = new HelloCodec();
  assertEquals(hear(codec, "HELLO ann"), []);
  assertEquals(hearEnd(codec), [HELLO, "goodbye"]);
});

test("hears the same however the bytes are cut", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "MSG ann hi",
      "MSG bob hi",
      "BYE bob",
      "/list",
      "",
      "HELLO",
    ),
    fc.string({ unit: "binary", maxLength: 300 })
      .map((text) => text.toWellFormed().replace(/[\r\n]/g, "")),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), lengths, (given, sizes) => {
      const bytes = utf8(given.map((text) => `${text}\n`).join(""));
      const pieces = cut(bytes, sizes);
      assertEquals(hear(ofAnn(), ...pieces), hear(ofAnn(), bytes));
    }),
    propertyOptions(100),
  );
});
