import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { markupToAnsi } from "../../src/text/ansi.ts";
import { parseMarkup } from "../../src/text/markup.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("ansi");

// ECMA-48, 8.3.117: 1 bold, 3 italic, 4 underlined, 7 inverse; 22, 23, 24 and 27 end them.

test("shows each mark as its style", () => {
  const rows = {
    "a *b* c": "a \x1b[1mb\x1b[22m c",
    "_a_": "\x1b[3ma\x1b[23m",
    "`a *b*`": "\x1b[7ma *b*\x1b[27m",
    "http://a.example/": "\x1b[4mhttp://a.example/\x1b[24m",
    "*a _b_*": "\x1b[1ma \x1b[22m\x1b[1;3mb\x1b[22;23m",
    "*`a`*": "\x1b[1;7ma\x1b[22;27m",
    ":tada: 2*3*4 snake_case": "🎉 2*3*4 snake_case",
  };
  for (const [text, shown] of Object.entries(rows)) {
    assertEquals(markupToAnsi(text, "on"), shown, text);
  }
});

test("ends a style at the end of a line and begins it again on the next", () => {
  assertEquals(
    markupToAnsi("`a\n\nb`", "on"),
    "\x1b[7ma\x1b[27m\n\n\x1b[7mb\x1b[27m",
  );
});

test("leaves the marks without color, and shows emoji all the same", () => {
  assertEquals(
    markupToAnsi("*a* _b_ `c :tada:` :tada: http://a.example/", "off"),
    "*a* _b_ `c :tada:` 🎉 http://a.example/",
  );
});

test("emits no control sequence but SGR, whatever the text is", () => {
  const piece = fc.constantFrom(
    ..."*_`: \n\tab",
    "\x1b",
    "\x1b[2J",
    "\x9b1m",
    "\x07",
    "\r",
    "\u202e",
    ":tada:",
    "http://a.example/",
    "http://a.example/\x1b]0;x\x07",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
      (text) => {
        const shown = markupToAnsi(text, "on");
        // deno-lint-ignore no-control-regex
        const bare = shown.replace(/\x1b\[[0-9;]*m/g, "");
        // deno-lint-ignore no-control-regex
        assert(!/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/.test(bare), bare);
        const read = parseMarkup(text).map((span) => span.text).join("");
        assertEquals(
          bare,
          // deno-lint-ignore no-control-regex
          read.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/g, ""),
        );
      },
    ),
    propertyOptions(300),
  );
});

test("colors are what the palette gives, or nothing", () => {
  const text = "[red]a *b*\nc[/red] d";
  const colorOf = (color: string) => color === "red" ? "38;5;1" : "";
  assertEquals(
    markupToAnsi(text, "on", { colorOf }),
    "\x1b[38;5;1ma \x1b[39m\x1b[1;38;5;1mb\x1b[22;39m\n\x1b[38;5;1mc\x1b[39m d",
  );
  assertEquals(markupToAnsi(text, "on"), "a \x1b[1mb\x1b[22m\nc d");
  // The tags tell no style, as the other marks do.
  assertEquals(markupToAnsi(text, "off", { colorOf }), "a *b*\nc d");
});
