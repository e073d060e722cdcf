import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { cellsOfText } from "../../../src/terminal/screen/cells.ts";
import { wrapStyled } from "../../../src/terminal/screen/wrap.ts";
import { propertyOptions, testsOf } from "../../_testing.ts";

const test = testsOf("wrap");

test("a row ends at a blank, and the next is indented", () => {
  assertEquals(wrapStyled("the quick brown fox jumps", 12, "  "), [
    "the quick",
    "  brown fox",
    "  jumps",
  ]);
  // Just so wide, to the cell.
  assertEquals(wrapStyled("the quick fox", 13, ""), ["the quick fox"]);
  assertEquals(wrapStyled("the quick fox", 12, ""), ["the quick", "fox"]);
});

test("without columns only line feeds break", () => {
  const text = "a ".repeat(500);
  assertEquals(wrapStyled(text, Infinity, "  "), [text]);
  assertEquals(wrapStyled("a\n b\n", Infinity, "  "), ["a", "   b", "  "]);
});

test("blanks inside a row stay, those where it ends do not", () => {
  assertEquals(wrapStyled("if  (a)   {  b   }", 9, ""), [
    "if  (a)",
    "{  b   }",
  ]);
  assertEquals(wrapStyled("    four before", 10, ""), ["    four", "before"]);
  assertEquals(wrapStyled("word          ", 6, ""), ["word"]);
  assertEquals(wrapStyled(" ".repeat(20), 6, "  "), [""]);
  // A tab is counted as the most that it can be.
  assertEquals(wrapStyled("a\tb c", 10, ""), ["a\tb", "c"]);
});

test("a word wider than the row stays whole", () => {
  const address = "https://example.org/a/long/way";
  assertEquals(wrapStyled(`see ${address} for it`, 20, "  "), [
    "see",
    `  ${address}`,
    "  for it",
  ]);
  // The next row would begin where it stands.
  assertEquals(wrapStyled(`* ${address}`, 20, "  "), [`* ${address}`]);
});

test("no word can be made to look like a row of its own", () => {
  const blanks = [
    "\u00a0",
    "\u2007",
    "\u202f",
    "\u2800",
    "\u3164",
    "\u{1d159}",
  ];
  // What is on a blank need not be seen: a selector, a joiner, a mark that no font has.
  const marked = [" \ufe00", " \u034f", " \u200d", " \u0323", "\u00a0\u0323"];
  for (const blank of [...blanks, ...marked]) {
    const forged = `${"x".repeat(20)}${blank}[12:03]${blank}bob:${blank}hi`;
    const [first, ...others] = wrapStyled(forged, 20, "    ");
    assertEquals(first, "x".repeat(20), JSON.stringify(blank));
    assert(others.every((row) => row.startsWith("    ")), blank);
  }
});

test("scripts without blanks break between characters", () => {
  assertEquals(wrapStyled("漢字かな交じり文", 9, " "), [
    "漢字かな",
    " 交じり文",
  ]);
  // Not before what closes, nor behind what opens.
  assertEquals(wrapStyled("日本語です。はい", 10, ""), [
    "日本語で",
    "す。はい",
  ]);
  assertEquals(wrapStyled("これは「本」", 8, ""), ["これは", "「本」"]);
  assertEquals(wrapStyled("word漢字word", 8, ""), ["word漢字", "word"]);
  // In an address nothing breaks.
  const address = "http://例え.example/漢字漢字";
  assertEquals(wrapStyled(`見${address} 字`, 8, ""), ["見", address, "字"]);
});

test("clusters are never cut", () => {
  const family = "👨‍👩‍👧‍👦";
  assertEquals(wrapStyled(family.repeat(3), 17, ""), [
    family.repeat(2),
    family,
  ]);
  assertEquals(wrapStyled("字\u0301".repeat(3), 4, ""), [
    "字\u0301".repeat(2),
    "字\u0301",
  ]);
  assertEquals(wrapStyled("e\u0301e\u0301 x", 3, ""), ["e\u0301e\u0301", "x"]);
  assertEquals(wrapStyled("שלום עולם", 5, ""), ["שלום", "עולם"]);
});

test("a style ends with its row, and begins again behind the indent", () => {
  assertEquals(wrapStyled("\x1b[1;31mred and bold\x1b[m", 8, "  "), [
    "\x1b[1;31mred and\x1b[m",
    "  \x1b[1;31mbold\x1b[m",
  ]);
  // One style ends in the other.
  assertEquals(
    wrapStyled("\x1b[1mbold \x1b[3mboth\x1b[22m slanted\x1b[23m", 10, ""),
    ["\x1b[1mbold \x1b[m\x1b[1;3mboth\x1b[m", "\x1b[3mslanted\x1b[m"],
  );
  assertEquals(
    wrapStyled("\x1b[38;5;208;4mlong row\x1b[39m x\x1b[24m", 5, ""),
    ["\x1b[38;5;208;4mlong\x1b[m", "\x1b[38;5;208;4mrow\x1b[m\x1b[4m x\x1b[m"],
  );
});

/** A character of a text, and the parameters that are in force there. */
type Char = readonly [char: string, style: string];

function charsOf(text: string): Char[] {
  const chars: Char[] = [];
  let on = new Set<string>();
  for (const part of text.split(SEQUENCE)) {
    if (part === "\x1b[m") on = new Set();
    else if (part.startsWith("\x1b[")) {
      for (const one of part.slice(2, -1).split(";")) on.add(one);
    } else {
      const style = [...on].sort().join(";");
      for (const char of part) chars.push([char, style]);
    }
  }
  return chars;
}

/** What may stand in one row by itself; only what has no rule of its own is cut here. */
function unbrokenOf(row: string): string[] {
  return row.split(/(?:[\p{Zs}\t](?!\u0301))+/u).flatMap((word) =>
    /:\/\/|[「」。.,!-]/.test(word)
      ? [word]
      : word.split(/(?=[漢🎉👨])|(?<=漢)/u)
  );
}

// deno-lint-ignore no-control-regex
const SEQUENCE = /(\x1b\[[\d;]*m)/;
const BLANK = /[\p{Zs}\t]/u;
const PIECES = [
  ..."a b c word longer-word, . ! 「 」 。 字 漢 e\u0301 👨‍👩‍👧 🎉 ש \u0301 http://a.b/c"
    .split(" "),
  ...[" ", " ", " ", "  ", "\t", "\u3000", "x".repeat(30)],
  ...["\x1b[1m", "\x1b[4m", "\x1b[31m", "\x1b[m", "\x1b[m"],
];

test("every row is in the window, unless one word is not; nothing is lost", () => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 })
    .map((some) => `${some.join("")}\x1b[m`);
  const columns = fc.integer({ min: 10, max: 60 });
  const indent = fc.constantFrom("", "  ", " ".repeat(8));
  const property = fc.property(text, columns, indent, (...args) => {
    const [text, columns, indent] = args;
    const shown = wrapStyled(text, columns, indent).map((row, at) => {
      assert(at === 0 || row.startsWith(indent), "there is no indent");
      return at === 0 ? row : row.slice(indent.length);
    });
    const seen = (text: string) =>
      charsOf(text).filter(([char]) => !BLANK.test(char));
    assertEquals(shown.flatMap(seen), seen(text));
    for (const [at, row] of shown.entries()) {
      assertEquals(charsOf(`${row}.`).at(-1), [".", ""], "a style is left on");
      const plain = charsOf(row).map(([char]) => char).join("");
      const own = at === 0 ? 0 : indent.length;
      const widest = Math.max(...unbrokenOf(plain).map(cellsOfText));
      assert(
        own + cellsOfText(plain) <= columns ||
          indent.length + widest > columns,
        `${JSON.stringify(plain)} has more than ${columns} cells`,
      );
    }
  });
  fc.assert(property, propertyOptions(3_000));
});
