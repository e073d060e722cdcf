import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  cleanLine,
  cleanText,
  codePoints,
  decodeUtf8,
} from "../../src/wire/text.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("text");
const OPTIONS = propertyOptions(200);

/** The characters from one code point to another. */
function range(from: number, to: number): string[] {
  return Array.from(
    { length: to - from + 1 },
    (_, at) => String.fromCodePoint(from + at),
  );
}

// Unicode's general category Cc, the two separators of lines that are not Cc, and UAX 9's table of
// controls.
const C0 = range(0x00, 0x1f);
const DEL = "\x7f";
const C1 = range(0x80, 0x9f);
const SEPARATORS = ["\u2028", "\u2029"];
const BIDI = [
  ..."\u061c\u200e\u200f",
  ...range(0x202a, 0x202e),
  ...range(0x2066, 0x2069),
];
const HARMFUL = [...C0, DEL, ...C1, ...SEPARATORS, ...BIDI];

test("loses every control character in a line", () => {
  for (const char of HARMFUL) {
    assertEquals(cleanLine(`a${char}b`), "ab", escape(char));
    assertEquals(cleanLine(`ä${char}${char}ö`), "äö", escape(char));
  }
});

test("keeps line feeds and tabs, and nothing else of these, in a message", () => {
  for (const char of HARMFUL) {
    const expected = char === "\n" || char === "\t" ? `a${char}b` : "ab";
    assertEquals(cleanText(`a${char}b`), expected, escape(char));
  }
});

test("loses a carriage return before a line feed", () => {
  assertEquals(cleanText("one\r\ntwo\rthree"), "one\ntwothree");
});

test("keeps the neighbours of what it loses", () => {
  const kept = [
    ..." ~\u00a0\u061b\u061d\u200b\u200c\u200d\u2010\u2027\u202f",
    ..."\u2065\u206a\ufeff\ufffd",
    "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
  ];
  for (const text of kept) {
    assertEquals(cleanLine(text), text, escape(text));
    assertEquals(cleanText(text), text, escape(text));
  }
});

test("is NFC", () => {
  // Unicode Standard Annex 15, figures 3 to 5.
  const pairs = [
    ["A\u030a", "\u00c5"],
    ["\u212b", "\u00c5"],
    ["\u2126", "\u03a9"],
    ["o\u0302", "\u00f4"],
    ["s\u0307\u0323", "\u1e69"],
    ["\u1e0b\u0323", "\u1e0d\u0307"],
    ["\ufb01", "\ufb01"],
  ] as const;
  for (const [given, composed] of pairs) {
    assertEquals(cleanLine(given), composed);
    assertEquals(cleanText(given), composed);
  }
});

test("is composed across what was taken out", () => {
  assertEquals(cleanLine("e\u200e\u0301"), "\u00e9");
  assertEquals(cleanText("e\x07\u0301"), "\u00e9");
});

test("is the same when it is cleaned again, and harmless, whatever it was", () => {
  const text = fc.string({ unit: "binary", maxLength: 40 });
  fc.assert(
    fc.property(text, (given) => {
      for (const clean of [cleanLine, cleanText]) {
        const once = clean(given);
        assertEquals(clean(once), once);
        assertEquals(once, once.normalize("NFC"));
        const kept = clean === cleanText ? ["\n", "\t"] : [];
        const harmful = [...once].filter((char) =>
          HARMFUL.includes(char) && !kept.includes(char)
        );
        assertEquals(harmful, []);
      }
    }),
    OPTIONS,
  );
});

test("is as long as it has code points", () => {
  assertEquals(codePoints(""), 0);
  assertEquals(codePoints("abc"), 3);
  assertEquals(codePoints("e\u0301"), 2);
  assertEquals(codePoints("😀😀"), 2);
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      (text) => assertEquals(codePoints(text), [...text].length),
    ),
    OPTIONS,
  );
});

test("is read from strict UTF-8", () => {
  const bytes = Uint8Array.of(0x61, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80);
  assertEquals(decodeUtf8(bytes), "aé😀");
  assertEquals(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), "\ufeffa");
});

test("is not read from anything else, and the next is none the worse", () => {
  // The Unicode Standard, section 3.9, table 3-7: stray, missing, overlong, surrogate, beyond
  // U+10FFFF.
  const malformed = [
    [0x80],
    [0xc3],
    [0xc3, 0x28],
    [0xe2, 0x82],
    [0xf0, 0x9f, 0x98],
    [0xc0, 0xaf],
    [0xc1, 0xbf],
    [0xe0, 0x80, 0xaf],
    [0xf0, 0x80, 0x80, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xed, 0xbf, 0xbf],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xff],
  ];
  for (const bytes of malformed) {
    assertThrows(() => decodeUtf8(Uint8Array.from([0x61, ...bytes])));
    assertEquals(decodeUtf8(Uint8Array.of(0x62)), "b");
  }
});

function escape(text: string): string {
  return [...text].map((char) => char.codePointAt(0)!.toString(16)).join(" ");
}

test("keeps thirty marks in a row, which no writing system needs", () => {
  const acute = "\u0301";
  const kept = `x${acute.repeat(30)}q${acute.repeat(30)}`;
  for (const clean of [cleanLine, cleanText]) {
    assertEquals(clean(kept), kept);
    assertEquals(clean(`x${acute.repeat(31)}q${acute.repeat(9_999)}`), kept);
    // U+0344 is two marks in NFC.
    assertEquals(
      clean("\u0344".repeat(30)),
      "\u0308\u0301".repeat(15),
    );
    // A control between marks does not part them.
    assertEquals(clean(`x${`${acute}\x07`.repeat(40)}`), kept.slice(0, 31));
  }
});
