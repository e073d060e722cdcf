/**
 * Marks are read as markdown-it reads them with the rules of `_markdown_it_rules.ts`: it follows
 * CommonMark's tests, and its addresses those of linkify-it.
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseMarkup, type Span } from "../../src/text/markup.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import { piecesOf } from "./_markdown_it_rules.ts";

const test = testsOf("markdown-it");
const OPTIONS = propertyOptions(10_000);

/** Characters in styles, so that it makes no difference how a text comes in pieces. */
function charsOf(spans: readonly Span[]): string[] {
  return spans.flatMap(({ text, ...style }) => {
    const isOne = style.href !== undefined || style.emoji !== undefined;
    const key = ["bold", "italic", "code", "color", "href", "emoji"].map((
      name,
    ) => String(style[name as keyof typeof style] ?? "")).join();
    return isOne ? [`${text} ${key}`] : text.split("").map((c) => c + key);
  });
}

function assertAlike(text: string): void {
  for (const marks of ["hidden", "shown"] as const) {
    const [ours, theirs] = [
      parseMarkup(text, { marks }),
      piecesOf(text, { marks }),
    ];
    assertEquals(charsOf(ours), charsOf(theirs), JSON.stringify(text));
  }
}

function textOf(maxLength: number, ...pieces: string[]): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces), { maxLength })
    .map((some) => some.join(""));
}

const MARKS = [
  ..."* * * _ _ _ ** *** __ ` ` `` ``` a b a b é 重 🎉 𝒳 € ｜ « 𐄀".split(" "),
  ...":tada: :+1: :tada tada: 10:100:4 http://a.example/x *http://a.example/"
    .split(" "),
  ..."\\[](){}<>/.,;:!?^-='\"@#$%&+|~  \n\t\0\x85\u00a0\u0301\u2028\u3000\ufeff",
];
const TAGS = ["[red]", "[/red]", "[blue]", "[/blue]", "[/red]*", "*[red]"];
/** Of a character: no text of the wire has them, and in an address they are not compared. */
const HALVES = ["\ud83c", "\udf89"];
const AROUND = ["*", "_", "`", ":tada:", ..."()\"'a1-.:+x  \n"];
const SCHEMES = [
  ..."http:// http:// https:// HTTP:// hTTps:// http:/ ftp:// // mailto:// ://"
    .split(" "),
  ..."xhttp:// httpss:// é:// https:https:// http://http://".split(" "),
];
const USERS = ["u@", "u:p@", ":@", "@", "a.b@", "u/@", `${"u".repeat(50)}@`];
const HOSTS = [
  "",
  ..."a a.example A.Example. a..b a_b a-b -a a- a.-b a~ ~ a$b+c a.> a. a｜b € 𝒳"
    .split(" "),
  ..."a.b.c.d.e.f.g.h.i.j.k a.b.c.d.e.f.g.h.i.j.k.l 重.重 🎉.example a.𐄀.b é𐄀"
    .split(" "),
  ..."xn--tda xn--tda~ xn--a- xn-- XN--a-b- xn--a𐄀 bücher.example a%41"
    .split(" "),
  ..."[::1] [::] [1::2:3:4:5:6:7:8] [1:2:3:4:5:6:7:8] [::g] [12345::]"
    .split(" "),
  ..."[1:2:3:4:5:6:1.2.3.4] [::01.2.3.4] [::ffff:1.2.3.4]".split(" "),
  ...["1.2.3.4", "1.2.3", "256.1.1.1", "0x7f", "a\u00ad"],
  ...["a".repeat(63), "a".repeat(64)],
];
const PORTS = [
  "",
  "",
  "",
  ..."1 80 65535 65536 70000 00080 0080 123456 a 59999"
    .split(" ").map((port) => `:${port}`),
];
const PATHS = [
  ..."()[]{}\"'.-,;!?=&:@<>|｜\\`^$+*~//#aé重% \n\u00a0\u2028«…",
  ..."b_c ** 🎉 𐄀 %41 (a) ([{a}]) ((((a)))) (((((a))))) // http:// http://c.d/"
    .split(" "),
  ..."\"a\" 'a' 'a '- 'é '𐄀 .. ... ..a ..:a ...:% .: -- --- ,, !! !a ??"
    .split(" "),
  ...['"a b"', "!".repeat(21), "!".repeat(20), ".".repeat(21), ".".repeat(20)],
  ...[100, 101].map((length) => `"${"x".repeat(length)}"`),
  ...[1_000, 1_001].map((length) => `(${"x".repeat(length)})`),
  ...[`'${"🎉".repeat(51)}'`, `[${"🎉".repeat(501)}]`],
];

test("gives the same for marks of all kinds", () => {
  fc.assert(fc.property(textOf(30, ...MARKS), assertAlike), OPTIONS);
  fc.assert(
    fc.property(textOf(16, ..."**_ab ", ...HALVES), assertAlike),
    OPTIONS,
  );
});

test("gives the same for colors of all kinds", () => {
  const colored = textOf(
    16,
    ...[...TAGS, ...TAGS, ...TAGS],
    ..."* _ ` a b . [ ] ( http://a.example/x :tada: [green] [/green]".split(
      " ",
    ),
    ...[" ", "\n"],
  );
  fc.assert(fc.property(colored, assertAlike), OPTIONS);
});

test("gives the same for addresses of all kinds", () => {
  const one = (some: string[]) => fc.constantFrom(...some);
  const address = fc.tuple(
    ...[textOf(3, ...AROUND), one(SCHEMES), one(["", "", "", ...USERS])],
    ...[one(HOSTS), one(PORTS), textOf(8, ...PATHS)],
    textOf(3, ...AROUND),
  ).map((parts) => parts.join(""));
  const some = fc.array(address, { maxLength: 2 }).map((all) => all.join(""));
  fc.assert(fc.property(address, assertAlike), OPTIONS);
  fc.assert(fc.property(some, assertAlike), propertyOptions(2_000));
});
