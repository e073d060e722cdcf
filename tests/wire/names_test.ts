import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { foldName } from "../../src/wire/fold.ts";
import { judgeName, judgeNewRoom, judgeRoom } from "../../src/wire/names.ts";
import { ProtocolError } from "../../src/base/errors.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("names");

// Unicode TR 39, section 5.2: what follows is worked out from its levels and from the scripts of
// the letters, which stand behind each name.

const ACCEPTED: Record<string, readonly string[]> = {
  "letters, digits and the three signs": ["ann", "Ann-Lee_2.0", "7", "a.-_"],
  "one script": [
    "Åsa",
    "Ελένη", // Greek
    "Иван", // Cyrillic
    "עברית", // Hebrew
    "عربي", // Arabic
    "हिन्दी", // Devanagari
    "ไทย", // Thai
    "ქართული", // Georgian
    "日本", // Han
    "서울", // Hangul
  ],
  "Japanese scripts together, with Latin too": [
    "ひらカナ漢字", // Hiragana, Katakana, Han
    "スーパー", // Katakana and the common length mark
    "ひらカナ漢字abc",
  ],
  "Korean and Chinese scripts together, with Latin too": [
    "서울漢字", // Hangul, Han
    "서울漢字abc",
  ],
  "Latin with one other script that does not look like it": [
    "annअ", // Devanagari
    "annع", // Arabic
    "annא", // Hebrew
    "ann한", // Hangul
    "annไ", // Thai
  ],
  "digits of the script, and of all": ["עברית7", "عربي٧", "Иван2"],
};

const REFUSED: Record<string, readonly string[]> = {
  "Latin and Cyrillic": ["pаypal", /* а is U+0430 */ "Иvan"],
  "Latin and Greek": ["αbc", "annΩ"],
  "Cyrillic and Greek": ["Иω"],
  "Hangul and Japanese": ["한ひ", "한カ"],
  "two scripts that nobody writes together": ["עع", "हไ", "annअع"],
  "Cyrillic and letters that are Latin by another name": [
    "И\u{1d41a}", // MATHEMATICAL BOLD SMALL A
    "И\uff41", // FULLWIDTH LATIN SMALL LETTER A
  ],
  "scripts that are not in common use": ["ᏣᎳᎩ", /* Cherokee */ "\u{10330}"],
  "Chinese and the letters that only teach it": ["漢字ㄅㄆ" /* Bopomofo */],
};

const NO_LETTERS = [
  " ",
  "a b",
  "a\tb",
  "a\n",
  "@ann",
  "ann!",
  "a/b",
  "a:b",
  "#a",
  "a+b",
  "\u{1f600}",
  "a\u200db", // ZERO WIDTH JOINER
  "a\u00adb", // SOFT HYPHEN
  "a\ufe0f", // VARIATION SELECTOR-16
  "a\u3164", // HANGUL FILLER, a letter that is not seen
  "a\u034f", // COMBINING GRAPHEME JOINER
  "Ⅷ", // A number that is no digit
];

for (const [what, names] of Object.entries(ACCEPTED)) {
  test(`of people and rooms may be of ${what}`, () => {
    for (const name of names) {
      judgeName(name.normalize("NFC"));
      judgeRoom(name.normalize("NFC"));
    }
  });
}

for (const [what, names] of Object.entries(REFUSED)) {
  test(`of people and rooms may not mix ${what}`, () => {
    for (const name of names) assertRefused(name.normalize("NFC"));
  });
}

test("hold nothing but letters, marks, digits and three signs", () => {
  for (const name of NO_LETTERS) assertRefused(name);
});

test("need a letter or a digit", () => {
  for (const name of ["-", "...", "_", ".-_"]) assertRefused(name);
});

test("have two marks in a row at most", () => {
  judgeName("x\u0301");
  judgeName("x\u0301\u0302");
  judgeName("x\u0301\u0302y\u0301\u0302");
  assertRefused("x\u0301\u0302\u0303");
  assertRefused("ax\u0301\u0302\u0303b");
});

test("do not begin with a mark", () => {
  assertRefused("\u0301x");
});

test("of people have 1 to 32 characters, of rooms 1 to 64", () => {
  const astral = "\u{20731}"; // One Han character, two units of UTF-16.
  for (const letter of ["a", astral]) {
    judgeName(letter.repeat(32));
    assertEquals(codeOf(judgeName, letter.repeat(33)), "name-invalid");
    judgeRoom(letter.repeat(64));
    assertEquals(codeOf(judgeRoom, letter.repeat(65)), "room-invalid");
  }
  assertRefused("");
});

test("that are reserved are refused to people, however they are written", () => {
  for (
    const name of [
      "server",
      "Server",
      "ADMIN",
      "ａｄｍｉｎ", // Full width
      "guest-1",
      "Guest-ann",
      "guest-",
      "ＧＵＥＳＴ-7",
    ]
  ) assertEquals(codeOf(judgeName, name), "name-invalid");
  for (const name of ["guest", "guests-1", "servers", "my-server"]) {
    judgeName(name);
  }
});

// Identifier_Status is not Allowed for the letters behind each name.
const UNUSUAL = [
  "ɑnn", // U+0251 LATIN SMALL LETTER ALPHA
  "anɴ", // U+0274 LATIN LETTER SMALL CAPITAL N
  "annˈ", // U+02C8 MODIFIER LETTER VERTICAL LINE
  "ɑdmin",
  "ꜱerver", // U+A731 LATIN LETTER SMALL CAPITAL S
  "ａｎｎ",
  "ﬁnn",
];

test("hold no letters that are not made for names", () => {
  for (const name of UNUSUAL) {
    assertEquals(codeOf(judgeName, name), "name-invalid", name);
    assertEquals(codeOf(judgeNewRoom, name), "room-invalid", name);
    // Of a room that there is already all spellings lead to it.
    judgeRoom(name);
  }
});

test("that look like reserved ones are refused to people", () => {
  for (
    const name of [
      "adrnin",
      "adm1n",
      "ADMlN",
      "Adrn1n",
      "guest-l",
      "GUEST-i",
    ]
  ) assertEquals(codeOf(judgeName, name), "name-invalid", name);
  for (const name of ["admit", "badmin", "serve", "guestl"]) judgeName(name);
});

const SAME: readonly (readonly string[])[] = [
  ["ann", "Ann", "ANN", "ａｎｎ", "ＡＮＮ", "\u{1d41a}nn"],
  ["straße", "Strasse", "STRASSE", "Straſſe"],
  ["Σίσυφος", "ΣΊΣΥΦΟΣ", "σίσυφοσ"],
  ["é", "e\u0301", "É", "E\u0301"],
  ["Åsa", "A\u030asa", "\u212bsa" /* ANGSTROM SIGN */],
  ["Иван", "ИВАН"],
  ["ﬁn", "FIN" /* a ligature */],
  ["カ", "ｶ" /* half width */],
  ["kelvin", "\u212aelvin" /* KELVIN SIGN */],
  ["room2", "ROOM２"],
];

const DIFFERENT: readonly (readonly [string, string])[] = [
  ["ann", "anna"],
  ["a.b", "ab"],
  ["e", "é"],
  ["o", "0"],
  ["か", "が"],
  ["a", "а" /* U+0430 */],
];

test("are the same when only case, width or composition differ", () => {
  for (const [first, ...others] of SAME) {
    for (const other of others) {
      assertEquals(foldName(other), foldName(first!), `${other} and ${first}`);
    }
  }
});

test("are different when a letter is", () => {
  for (const [one, other] of DIFFERENT) {
    assertNotEquals(foldName(one), foldName(other));
  }
});

test("fold to NFC in lower case", () => {
  assertEquals(foldName("ＡNn"), "ann");
  assertEquals(foldName("E\u0301"), "\u00e9");
  assertEquals(foldName("Straße"), "strasse");
  assertEquals(foldName("ΣΊΣΥΦΟΣ"), "σίσυφος");
});

function assertRefused(name: string): void {
  assertEquals(codeOf(judgeName, name), "name-invalid", JSON.stringify(name));
  assertEquals(codeOf(judgeRoom, name), "room-invalid", JSON.stringify(name));
}

function codeOf(judge: (name: string) => void, name: string): string {
  return assertThrows(() => judge(name), ProtocolError).code;
}
