import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../../src/base/errors.ts";
import { TerminalCodec } from "../../src/gateway/terminal.ts";
import { cut, join, lengths, utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import { atTerminal, BYE, CHAT, lastWords } from "./_clients.ts";
import { hear, hearBytewise, hearEnd, type Said, shown } from "./_codec.ts";

const test = testsOf("terminal codec");

const HELLO = { type: "hello" };

function says(txt: string): Said {
  return { type: "chat", txt };
}

test("begins with any line, which counts like the others", () => {
  const rows: [string, ...Said[]][] = [
    ["hello", says("hello")],
    [""],
    ["exit", "goodbye"],
    ["/list", says("/list")],
    [" /password word", says(" /password word")],
  ];
  for (const [line, ...said] of rows) {
    const all = [HELLO, ...said];
    assertEquals(hear(new TerminalCodec(), `${line}\n`), all, line);
    assertEquals(hearBytewise(new TerminalCodec(), `${line}\r\n`), all, line);
  }
});

test("begins with the password where there is one", () => {
  const rows: [string, string][] = [
    ["/password word", "word"],
    ["/password  two words ", "two words"],
    ["/PASSWORD word", "word"],
    ["/password pa\u0308", "pä"],
  ];
  for (const [line, password] of rows) {
    const said = [{ type: "hello", password }, says("/password again")];
    const given = `${line}\n/password again\n`;
    assertEquals(hear(new TerminalCodec(), given), said);
  }
  for (const line of ["/password", "/password ", "/passwords are dull"]) {
    const said = [HELLO, says(line)];
    assertEquals(hear(new TerminalCodec(), `${line}\n`), said);
  }
});

test("does not begin with a password that is too long", () => {
  assertEquals(
    lastWords(new TerminalCodec(), `/password ${"p".repeat(257)}\n`),
    "! hello: password must be a string of at most 256 characters",
  );
});

test("is greeted, and answers no pings", () => {
  const { dialect, entry, hasHeartbeat } = new TerminalCodec();
  assertEquals([dialect, entry, hasHeartbeat], ["terminal", "greeted", false]);
});

test("says lines, carries out commands, and ends at a bare word", () => {
  const rows: [string, ...Said[]][] = [
    ["hello", says("hello")],
    [""],
    ["/me waves", says("/me waves")],
    ["//me", says("//me")],
    ["exit", "goodbye"],
    ["quit", "goodbye"],
    [" exit ", "goodbye"],
    ["Exit", says("Exit")],
    ["exit now", says("exit now")],
    ["HELLO ann", says("HELLO ann")],
    ["/users", says("/users")],
    [`/me ${"a".repeat(3_997)}`, "fault too-large"],
    [`${"a".repeat(3_999)} b`, says("a".repeat(3_999)), says("b")],
  ];
  for (const [line, ...said] of rows) {
    assertEquals(hear(atTerminal(), `${line}\n`), said, line);
    assertEquals(hearBytewise(atTerminal(), `${line}\r\n`), said, line);
  }
});

test("says what is wrong with a line, after what came before", () => {
  const tooLong = "! a line has more than 16384 bytes: say it in parts";
  const long = `${"x".repeat(16_385)}\nand more\n`;
  assertEquals(lastWords(new TerminalCodec(), long), tooLong);
  assertEquals(lastWords(atTerminal(), long), tooLong);
  const bad = Uint8Array.of(0xc3, 0x0a);
  const noText = "! a line is text in UTF-8";
  assertEquals(lastWords(new TerminalCodec(), bad), noText);
  assertEquals(lastWords(atTerminal(), bad), noText);
  const codec = atTerminal();
  codec.push(join([utf8("hi\n"), bad]));
  assertEquals(codec.next()?.kind, "message");
  assertThrows(() => codec.next(), ProtocolError);
});

test("says goodbye to who leaves, and nothing to one whose input ends", () => {
  const leaving = atTerminal();
  assertEquals(hear(leaving, "hi\nexit\n"), [says("hi"), "goodbye"]);
  assertEquals(shown(leaving, BYE), "* goodbye");
  const ending = atTerminal();
  assertEquals(hear(ending, "hi\nthere"), [says("hi")]);
  assertEquals(hearEnd(ending), [says("there"), "goodbye"]);
  assertEquals(hearEnd(ending), []);
  assertEquals(shown(ending, BYE), undefined);
  assertEquals(shown(ending, CHAT, "unasked"), "[12:03] bob: hi");
});

test("says goodbye also to who leaves with a last line that has no end", () => {
  const codec = atTerminal();
  assertEquals(hear(codec, "exit"), []);
  codec.push(new Uint8Array(0));
  assertEquals(codec.end(), { kind: "goodbye" });
  assertEquals(shown(codec, BYE), "* goodbye");
});

test("enters also with a first line that has no end", () => {
  for (const [line, ...said] of [["hi", says("hi")], ["\r"], [" "]] as const) {
    const codec = new TerminalCodec();
    assertEquals(hear(codec, line as string), []);
    assertEquals(hearEnd(codec), [HELLO, ...said, "goodbye"]);
  }
});

test("hears the same however the bytes are cut", () => {
  const line = fc.oneof(
    fc.constantFrom("hi", "/list", "//", "", "HELLO ann"),
    fc.string({ unit: "binary", maxLength: 300 })
      .map((text) => text.toWellFormed().replace(/[\r\n]/g, "")),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), lengths, (given, sizes) => {
      const bytes = utf8(given.map((text) => `${text}\n`).join(""));
      const pieces = cut(bytes, sizes);
      const codec = new TerminalCodec();
      assertEquals(hear(codec, ...pieces), hear(new TerminalCodec(), bytes));
    }),
    propertyOptions(100),
  );
});
