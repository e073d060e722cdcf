import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseMarkup, type Span } from "../../src/text/markup.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("markup");
const OPTIONS = propertyOptions(500);

/** Nothing in these is a mark. */
function assertAsTyped(...texts: string[]): void {
  for (const text of texts) assertEquals(parseMarkup(text), [{ text }], text);
}

function assertSpans(rows: Record<string, Span[]>): void {
  for (const [text, spans] of Object.entries(rows)) {
    assertEquals(parseMarkup(text), spans, text);
  }
}

test("shows one star as bold, two as well, and an underscore as italic", () => {
  assertSpans({
    "*bold*": [{ text: "bold", bold: true }],
    "**bold**": [{ text: "bold", bold: true }],
    "***bold***": [{ text: "bold", bold: true }],
    "_italic_": [{ text: "italic", italic: true }],
    "a *b c* d": [
      { text: "a " },
      { text: "b c", bold: true },
      { text: " d" },
    ],
  });
});

test("lets marks stand in each other", () => {
  assertSpans({
    "*_both_*": [{ text: "both", bold: true, italic: true }],
    "_a *b* c_": [
      { text: "a ", italic: true },
      { text: "b", bold: true, italic: true },
      { text: " c", italic: true },
    ],
    "*a *b* c*": [{ text: "a b c", bold: true }],
    "*run `x`*": [
      { text: "run ", bold: true },
      { text: "x", bold: true, code: true },
    ],
  });
});

test("knows marks beside punctuation", () => {
  const bold = (text: string): Span => ({ text, bold: true });
  assertSpans({
    "(*a*)": [{ text: "(" }, bold("a"), { text: ")" }],
    '"*a*"': [{ text: '"' }, bold("a"), { text: '"' }],
    "*a*.": [bold("a"), { text: "." }],
    "*wow!*, he said": [bold("wow!"), { text: ", he said" }],
    "*Hello,* she said": [bold("Hello,"), { text: " she said" }],
    "*a*'s": [bold("a"), { text: "'s" }],
    "*a*,*b*": [bold("a"), { text: "," }, bold("b")],
    "*'a'*": [bold("'a'")],
    "*`a`*.": [{ text: "a", bold: true, code: true }, { text: "." }],
    "《*重要*》": [{ text: "《" }, bold("重要"), { text: "》" }],
    "_snake_case_": [{ text: "snake_case", italic: true }],
  });
});

test("leaves words, sums and names as typed", () => {
  assertAsTyped(
    "snake_case",
    "a_b_c and d_e_f",
    "2*3*4",
    "2**3**4",
    "a * b",
    "a * b * c",
    "5 * 3 _ 2",
    "__init__",
    "___x___",
    "f***ing",
    "5*, 6*",
    "* item\n* item",
  );
});

test("leaves marks without a partner as typed", () => {
  assertAsTyped(
    "*",
    "**",
    "***",
    "_",
    "__",
    "`",
    "``",
    "````",
    "* *",
    "_ _",
    "*open",
    "close*",
    "_open",
    "`open",
    "``a`",
    "*a_",
    "* a*",
    "*a *",
  );
  assertSpans({ "**a*": [{ text: "*" }, { text: "a", bold: true }] });
});

test("leaves code, globs and regular expressions as typed", () => {
  assertAsTyped(
    "src/*/*.ts",
    "src/**/*.ts",
    "*.js,*.ts",
    "*/foo/*",
    "*-linux-*",
    "*/5 * * * *",
    ".*foo.*",
    "/*x*/",
    "int *a, *b;",
    "f(*args, **kwargs)",
    "_, err := f(_)",
    "(_,_)",
    "from x import *",
    "*p*(q)",
    "*p*=q",
    "'*' or '_' or '*'",
    "-*- mode -*-",
    "\\*a\\*",
  );
});

test("leaves faces as typed", () => {
  assertAsTyped(
    "*_*",
    "^_^",
    "(*^_^*)",
    ">_< -_- >_<",
    "¯\\_(ツ)_/¯",
    "_*_",
    "*_*\n*_*",
  );
});

test("reads no emphasis across the end of a line", () => {
  assertAsTyped("*a\nb*", "int *a;\nf(b*, c);", "_a\n\nb_");
  assertSpans({
    "*a*\n*b*": [
      { text: "a", bold: true },
      { text: "\n" },
      { text: "b", bold: true },
    ],
  });
});

test("keeps code as it was typed, with no marks, links or emoji in it", () => {
  assertSpans({
    "`*a* _b_ :tada: http://a.example/`": [{
      text: "*a* _b_ :tada: http://a.example/",
      code: true,
    }],
    "``a ` b``": [{ text: "a ` b", code: true }],
    "` a `": [{ text: " a ", code: true }],
    "`  `": [{ text: "  ", code: true }],
    "`a\\`b": [{ text: "a\\", code: true }, { text: "b" }],
    "```\nlet a;\n\tb\n```": [{ text: "\nlet a;\n\tb\n", code: true }],
    "a `b` `c": [{ text: "a " }, { text: "b", code: true }, { text: " `c" }],
  });
});

test("keeps blanks, tabs, line feeds and backslashes", () => {
  assertAsTyped(
    " a  b ",
    "a  \n  b",
    "a\n\n\nb\n",
    "\ta\t\tb",
    "a\\\nb \\ \\\\",
    "_\n_",
    "a_\r\nb:\0",
  );
});

test("reads no other Markdown", () => {
  assertAsTyped(
    "# a_title",
    "- a:",
    "> a_quote",
    "a:\n===",
    "1. a:",
    "***",
    "    a_b",
    "<b>a_b</b>",
    "&amp; &#42;",
    "~~a_b~~",
    "[a_b](c)",
    "![a_b](c)",
  );
});

test("links addresses of the web, each shown as it was typed", () => {
  assertSpans({
    "see http://a.example/x_y_z now": [
      { text: "see " },
      { text: "http://a.example/x_y_z", href: "http://a.example/x_y_z" },
      { text: " now" },
    ],
    "HTTPS://A.example": [{
      text: "HTTPS://A.example",
      href: "https://a.example/",
    }],
    "http://localhost:5000/": [{
      text: "http://localhost:5000/",
      href: "http://localhost:5000/",
    }],
    "http://[::1]:5000/": [{
      text: "http://[::1]:5000/",
      href: "http://[::1]:5000/",
    }],
    "http://xn--tda.example/%41": [{
      text: "http://xn--tda.example/%41",
      href: "http://xn--tda.example/%41",
    }],
    // Punycode of RFC 3492 and UTF-8 in percents.
    "http://bücher.example/ü": [{
      text: "http://bücher.example/ü",
      href: "http://xn--bcher-kva.example/%C3%BC",
    }],
  });
});

test("ends an address before the punctuation of the sentence", () => {
  const link: Span = { text: "http://a.example/x", href: "http://a.example/x" };
  for (
    const after of [".", ",", ";", ":", "!", "?", "...", ")", '"', "'", ">"]
  ) {
    assertEquals(
      parseMarkup(`http://a.example/x${after}`),
      [link, { text: after }],
      after,
    );
  }
  assertSpans({
    "(http://a.example/x)": [{ text: "(" }, link, { text: ")" }],
    "http://a.example/x_(y)": [{
      text: "http://a.example/x_(y)",
      href: "http://a.example/x_(y)",
    }],
    "http://a.example/x*": [link, { text: "*" }],
  });
});

test("links an address in bold or italic without the mark", () => {
  assertSpans({
    "*http://a.example/*": [{
      text: "http://a.example/",
      bold: true,
      href: "http://a.example/",
    }],
    "_see http://a.example/x_": [
      { text: "see ", italic: true },
      {
        text: "http://a.example/x",
        italic: true,
        href: "http://a.example/x",
      },
    ],
  });
});

test("shows the true address and never other words in its place", () => {
  const link: Span = { text: "http://a.example/", href: "http://a.example/" };
  assertSpans({
    "[bank](http://a.example/)": [{ text: "[bank](" }, link, { text: ")" }],
    "![pic](http://a.example/)": [{ text: "![pic](" }, link, { text: ")" }],
    "<http://a.example/>": [{ text: "<" }, link, { text: ">" }],
  });
});

test("links nothing but http and https, and no address with a user in it", () => {
  assertAsTyped(
    "javascript:alert(1)",
    "javascript://a.example/%0aalert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://a.example/",
    "mailto:a@b.example:",
    "a@b.example:",
    "//a.example:",
    "www.a.example:",
    "http://",
    "http:// a",
    "http://bank.example@evil.example/",
    "http://user:secret@a.example/",
    "http://a_b_c.example/x_y_z*",
  );
});

test("replaces the name of an emoji", () => {
  const tada: Span = { text: "🎉", emoji: "tada" };
  assertSpans({
    ":tada:": [tada],
    "a :tada:!": [{ text: "a " }, tada, { text: "!" }],
    ":tada::tada:": [tada, tada],
    ":+1:": [{ text: "👍", emoji: "+1" }],
    ":white_check_mark:": [{ text: "✅", emoji: "white_check_mark" }],
    "*:tada: yes*": [
      { text: "🎉", bold: true, emoji: "tada" },
      { text: " yes", bold: true },
    ],
    "你好:tada:": [{ text: "你好" }, tada],
  });
});

test("leaves colons that name no emoji as typed", () => {
  assertAsTyped(
    ":",
    "::",
    ":::",
    "::tada:",
    ":not_an_emoji:",
    ":Tada:",
    ":tada",
    "tada:",
    "10:30:45",
    "10:100:45",
    "file.c:100: error",
    "fe80::100::1",
    "std::cat::x",
    "a:tada:b",
    ":tada:b",
    ":constructor:",
    ":__proto__:",
    ":)",
  );
});

test("has no span of an empty text, and one of a text without marks", () => {
  assertEquals(parseMarkup(""), []);
  assertAsTyped("hello", " ", "\n", "日本語", "🎉", "\ud800", "Zoë's <b> & c");
  fc.assert(
    fc.property(
      utf16().map((text) => text.replace(/[*_`:]/g, "")),
      (text) => {
        assertEquals(parseMarkup(text), text === "" ? [] : [{ text }]);
      },
    ),
    OPTIONS,
  );
});

test("shows the marks if asked, in the style that they give", () => {
  assertEquals(parseMarkup("a *b _c_* `` ` `` :tada: *", { marks: "shown" }), [
    { text: "a " },
    { text: "*b ", bold: true },
    { text: "_c_", bold: true, italic: true },
    { text: "*", bold: true },
    { text: " " },
    { text: "`` ` ``", code: true },
    { text: " " },
    { text: "🎉", emoji: "tada" },
    { text: " *" },
  ]);
});

test("loses nothing of any text while the marks are shown", () => {
  fc.assert(
    fc.property(fc.oneof(marked(), utf16()), (text) => {
      assertEquals(source(parseMarkup(text, { marks: "shown" })), text);
    }),
    OPTIONS,
  );
});

test("takes nothing but marks out of any text", () => {
  fc.assert(
    fc.property(fc.oneof(marked(), utf16()), (text) => {
      const spans = parseMarkup(text);
      assertDiffersByMarks(text, source(spans));
      for (const [index, span] of spans.entries()) {
        assert(span.text !== "");
        const { text: _, ...style } = span;
        const { text: __, ...next } = spans[index + 1] ?? { text: "" };
        const isPlain = Object.keys(style).length === 0;
        assert(
          !isPlain || index === spans.length - 1 ||
            Object.keys(next).length > 0,
          "two plain spans in a row",
        );
      }
    }),
    OPTIONS,
  );
});

test("links only to the web, with the address as typed", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        marked(),
        utf16().map((text) => `http://${text}`),
        utf16().map((text) => `https://a.example/${text}`),
      ),
      (text) => {
        for (const span of parseMarkup(text)) {
          if (span.href === undefined) continue;
          assert(/^https?:\/\/[\x21-\x7e]+$/.test(span.href), span.href);
          assertEquals(new URL(span.text).href, span.href);
        }
      },
    ),
    OPTIONS,
  );
});

test("is done with 4,000 hostile characters, and has no more spans than they are", () => {
  const units = [
    ..."*_`[:\n",
    "*_",
    "_*",
    "*a ",
    "a* ",
    "*a* ",
    "* *a",
    "**a*a ",
    "*a**a ",
    "_a__a ",
    "*_a_*",
    "\n*a",
    "*a\n",
    "`a",
    "` `` ``` ```` ````` ",
    ":a",
    ":tada",
    ":tada:",
    "http://",
    "http://a ",
    "http://a.example/",
    "http://[",
    "http://[::",
    "http://a/(",
    "http://a/([{",
    "http://a@",
    "http://a:",
    "http://xn--",
    '"http://a/',
    "\\*",
    "<>",
    "\ud800*",
  ];
  for (const start of ["", "*", "`", "http://a.example/"]) {
    for (const unit of units) {
      const text = (start + unit.repeat(4_000 / unit.length)).slice(0, 4_000);
      const spans = parseMarkup(text, { marks: "shown" });
      assert(spans.length <= text.length);
      assertEquals(source(spans), text);
    }
  }
});

/** Texts in which marks of all kinds meet. */
function marked(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    ..."*_`:",
    ..."*_`:",
    ..." \n\t\\[]()<>/.,!^-'\"@#a1é重🎉",
    "**",
    "__",
    "```",
    "a",
    "word",
    ":tada:",
    ":+1:",
    "http://a.example/",
    "https://b_c.example/x_y?z=*",
    "javascript:",
  );
  return fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
}

/** Any text, also one that is not well-formed. */
function utf16(): fc.Arbitrary<string> {
  return fc.array(
    fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ max: 0xffff })),
  ).map((units) => String.fromCharCode(...units));
}

/** What was typed for the spans. */
function source(spans: readonly Span[]): string {
  return spans.map(({ text, emoji }) =>
    emoji === undefined ? text : `:${emoji}:`
  ).join("");
}

/** Asserts that `rest` is `text` without some of its stars, underscores and backticks. */
function assertDiffersByMarks(text: string, rest: string): void {
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === rest[at]) at++;
    else assert("*_`".includes(text[i]!), `${JSON.stringify(text)} at ${i}`);
  }
  assertEquals(at, rest.length);
}

test("a color goes from its tag to its end, and holds what else there is", () => {
  assertSpans({
    "[red]stop[/red] now": [{ text: "stop", color: "red" }, { text: " now" }],
    "[red]*a* `b`[/red]": [
      { text: "a", color: "red", bold: true },
      { text: " ", color: "red" },
      { text: "b", color: "red", code: true },
    ],
    "*a [blue]b[/blue]*": [
      { text: "a ", bold: true },
      { text: "b", bold: true, color: "blue" },
    ],
    "[grey]a\nb[/grey]": [{ text: "a\nb", color: "grey" }],
    "[red]a[green]b[/green]c[/red]": [
      { text: "a", color: "red" },
      { text: "b", color: "green" },
      { text: "c", color: "red" },
    ],
    "[red]http://a.example/x[/red]": [
      {
        ...{ text: "http://a.example/x", color: "red" },
        href: "http://a.example/x",
      },
    ],
  });
});

test("a tag without its end, or of another color, is text as it was typed", () => {
  assertAsTyped(
    "[red]stop",
    "stop[/red]",
    "[/red]a[red]",
    "[red]a[/blue]",
    "[pink]a[/pink]",
    "[Red]a[/Red]",
    "[ red]a[/red]",
    "x[1] = [y]",
  );
  assertSpans({
    "`[red]a[/red]`": [{ text: "[red]a[/red]", code: true }],
    "[red]a `[/red]`": [{ text: "[red]a " }, { text: "[/red]", code: true }],
    // The same color does not nest.
    "[red]a[red]b[/red]c[/red]": [
      { text: "a[red]b", color: "red" },
      { text: "c[/red]" },
    ],
  });
});
