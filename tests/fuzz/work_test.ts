/** What strangers send costs no more than its length, whatever it is, and however it is cut. */
import { assert, assertEquals } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { createLog } from "../../src/base/log.ts";
import { firstWord } from "../../src/chat/commands/command.ts";
import { findCommand } from "../../src/chat/commands/table.ts";
import { parseTarget } from "../../src/cli/dial.ts";
import { JOIN } from "../../src/cli/join.ts";
import { readOptions } from "../../src/cli/options.ts";
import { codecFor } from "../../src/gateway/codecs.ts";
import { isMention } from "../../src/memory/mention.ts";
import { sniff } from "../../src/net/sniff.ts";
import { parseFingerprint } from "../../src/secure/fingerprint.ts";
import { complete } from "../../src/terminal/input/completion.ts";
import { KeyDecoder } from "../../src/terminal/input/keys.ts";
import { clustersOf, fitText } from "../../src/terminal/screen/cells.ts";
import { wrapStyled } from "../../src/terminal/screen/wrap.ts";
import { markupToAnsi } from "../../src/text/ansi.ts";
import { renderMessage } from "../../src/text/render.ts";
import { readClientMessage } from "../../src/wire/client.ts";
import { FrameDecoder } from "../../src/wire/frame.ts";
import { LineDecoder } from "../../src/wire/lines.ts";
import { foldName } from "../../src/wire/fold.ts";
import { judgeName } from "../../src/wire/names.ts";
import { readServerMessage } from "../../src/wire/server.ts";
import { parseSlash } from "../../src/wire/slash.ts";
import { splitText } from "../../src/wire/split.ts";
import { cleanLine, cleanText } from "../../src/wire/text.ts";
import { join, utf8 } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";
import { frame } from "../gateway/_codec.ts";
import { growth } from "./_work.ts";

const test = testsOf("work", { sys: true });
/** Characters of the shorter input: the longer one fills a frame. */
const LENGTH = 1_000;

/** What is said again and again: with something before it, and something behind. */
const ROUNDS: readonly (readonly [string, string, string])[] = [
  ...[" ", "a", "/", "a ", "\n", "\t\r", ":", "*", "_", "`", "*a", "a_ "],
  ...["http://", "://", "http://a.b/(", "http://[", ":a:", "``a`", "\\", "%"],
  ...["\u0301", "\u0344", "\ufdfa", "가", "👨‍👩‍👧", "\u202e", "\x1b", "\x1b["],
  ...["[red]", "[/red]", "[red][/red]", "[red]http://a/"],
  ...["\x1b]", "1;", "[", "{", '"', "\u0000", "-", "=", "zoo ", "ann", "ß"],
].flatMap((round): [string, string, string][] => [
  ["", round, ""],
  ["/password x", round, "!"],
]).concat([
  ["a", "\u0301", "\u0316".repeat(500)],
  ["\x1b[", "1", "\x01"],
  ["\x1b[200~", "a\r", ""],
]);
/** Marks in the wrong order: half of one kind, then half of another. */
const MARKS: readonly [string, string] = ["\u0301", "\u0316"];

function declared(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ConfabError)) throw error;
  }
}

const ENV = () => undefined;

/** What gets text from others. */
const TEXTS: Readonly<Record<string, (text: string) => unknown>> = {
  cleanLine,
  cleanText,
  parseSlash,
  firstWord,
  foldName: (text) => foldName(cleanLine(text)),
  judgeName: (text) => judgeName(cleanLine(text)),
  parseTarget,
  parseFingerprint,
  findCommand,
  clustersOf,
  splitText: (text) => splitText(text, 10),
  fitText: (text) => fitText(text, 80),
  markup: (text) => markupToAnsi(cleanText(text), "on"),
  wrapStyled: (text) => wrapStyled(text, 40, "  "),
  mention: (text) => isMention(text, "a"),
  completion: (text) =>
    complete(text, { commands: [], people: [], places: [], rooms: () => [] }),
  log: (text) =>
    createLog({ now: () => 0, sink: () => {} }).info("x", { text }),
  keys: (text) => new KeyDecoder().push(utf8(text)),
  flags: (text) =>
    readOptions(JOIN, { argv: ["a", text], env: ENV, readText: () => "" }),
  file: (text) =>
    readOptions(JOIN, {
      argv: ["a", "--config=f"],
      env: ENV,
      readText: () => text,
    }),
  "a client's JSON": (text) => readClientMessage(utf8(text)),
  "a chat": (txt) =>
    readClientMessage(utf8(JSON.stringify({ type: "chat", txt }))),
  "a password": (password) =>
    readClientMessage(utf8(JSON.stringify({ type: "hello", password }))),
  "a server's words": (text) => {
    const read = readServerMessage(
      utf8(JSON.stringify({ type: "notice", text })),
    );
    return read?.type === "notice" && renderMessage(read);
  },
};

for (const [name, run] of Object.entries(TEXTS)) {
  test(`of ${name} grows with the length of the text, whatever it says`, () => {
    const dear = ROUNDS.flatMap(([head, round, tail]) => {
      const { times, isLinear } = growth((length) => {
        const text = head + round.repeat(length / round.length) + tail;
        return () => declared(() => run(text));
      }, LENGTH);
      return isLinear ? [] : [`${JSON.stringify([head, round])}: ${times}`];
    });
    assertEquals(dear, []);
    const { isLinear } = growth((length) => {
      const text = MARKS.map((mark) => mark.repeat(length / 2)).join("");
      return () => declared(() => run(`a${text}`));
    }, LENGTH);
    assert(isLinear, "marks in the wrong order");
  });
}

/** A parser, for what comes a byte at a time. */
interface Bytewise {
  push(chunk: Uint8Array): void;
  next(): unknown;
}

const PARSERS: Readonly<
  Record<string, readonly [() => Bytewise, (length: number) => Uint8Array]>
> = {
  "frames that are long": [
    () => new FrameDecoder(),
    (length) => frame("x".repeat(Math.min(length, 65_535))),
  ],
  "frames that are short": [
    () => new FrameDecoder(),
    (length) => join(Array.from({ length: length / 8 }, () => frame("abcd"))),
  ],
  "lines that are long": [
    () => new LineDecoder({ maxBytes: 65_535 }),
    (length) => utf8("x".repeat(Math.min(length, 65_535))),
  ],
  "lines that are blank": [
    () => new LineDecoder({ maxBytes: 65_535, blank: "skip" }),
    (length) => utf8(" \r\n".repeat(length / 3)),
  ],
  "framed JSON": [
    () => codecFor("framed")!,
    (length) => frame({ type: "chat", txt: "x".repeat(length * 0.9) }),
  ],
  "lines of JSON": [
    () => codecFor("json-lines")!,
    (length) => utf8('{"type":"bye"}\n'.repeat(length / 15)),
  ],
  "the HELLO dialect": [
    () => codecFor("hello")!,
    (length) => utf8(`HELLO a\n${"MSG a b\n".repeat(length / 8)}`),
  ],
  "a bare terminal": [
    () => codecFor("terminal")!,
    (length) => utf8("/\n".repeat(length / 2)),
  ],
  "a paste": [
    () => {
      const keys = new KeyDecoder();
      return { push: (chunk) => void keys.push(chunk), next: () => undefined };
    },
    // The longest that is kept is in the midst of the longer one.
    (length) => utf8(`\x1b[200~${"a".repeat(length * 5)}`),
  ],
};

for (const [name, [parser, inputOf]] of Object.entries(PARSERS)) {
  test(`of ${name} grows with their length when they come byte by byte`, () => {
    const { times, isLinear } = growth((length) => {
      const input = inputOf(length);
      return () =>
        declared(() => {
          const parsing = parser();
          for (let at = 0; at < input.length; at++) {
            parsing.push(input.slice(at, at + 1));
            while (parsing.next());
          }
        });
    }, LENGTH);
    assert(isLinear, `${times} times as long`);
  });
}

test("of telling what a connection speaks is bounded", () => {
  for (const round of [" ", "A", "GET", "\0", "\xff", "\n"]) {
    const { isLinear } = growth((length) => {
      const bytes = utf8(round.repeat(length));
      return () => sniff(bytes);
    }, LENGTH);
    assert(isLinear, round);
  }
});

test("that grows with the square is told from work that does not", () => {
  const square = growth(
    (length) => () => /^\s+x|\s+$/.test(`${" ".repeat(length)}y`),
    200,
  );
  assert(!square.isLinear, `${square.times}`);
});
