/** Targets: what is shown to people, what their terminals send, and lines of the log. */
import { createLog } from "../../src/base/log.ts";
import { type Key, KeyDecoder } from "../../src/terminal/input/keys.ts";
import { clustersOf } from "../../src/terminal/screen/cells.ts";
import { layOut } from "../../src/terminal/screen/layout.ts";
import { wrapStyled } from "../../src/terminal/screen/wrap.ts";
import { markupToAnsi } from "../../src/text/ansi.ts";
import { parseMarkup } from "../../src/text/markup.ts";
import { cleanText } from "../../src/wire/text.ts";
import { utf8 } from "../_chunks.ts";
import {
  cutAnyhow,
  ensure,
  ensureHarmless,
  ensureSame,
  textOf,
} from "./_checks.ts";
import type { Target } from "./_fuzz.ts";

const MARKED = [
  "*bold* _italic_ `code` :tada: http://a.example/x_(y)?q=1#z.",
  "a *b _c_ `d*` e* :not_one: 10:100:45 __init__ *_* ``a ` b``",
  "https://user:pw@a.example/ http://[::1]:80/ *http://ä.example/* ::smile::",
  "[red]a *b* [blue]`c`[/blue][/red] [red]http://a.b/[/red] [/red] [grey]",
  "* a\n* b\n_c\nd_ \\*e\\* '*' *.js (*f) g*h*i",
];

// deno-lint-ignore no-control-regex
const SGR = /\x1b\[[0-9;]*m/g;

const markup: Target = {
  name: "markup",
  inputs: 2_500,
  seeds: MARKED.map(utf8),
  words: [
    "*",
    "_",
    "`",
    "``",
    ":",
    ":tada:",
    "http://",
    "\n",
    " ",
    "[red]",
    "[/red]",
  ].map(utf8),
  check(input, dice) {
    const text = cleanText(textOf(input));
    const shown = parseMarkup(text, { marks: "shown" });
    const typed = shown.map((span) =>
      span.emoji === undefined ? span.text : `:${span.emoji}:`
    );
    ensure(typed.join("") === text, "with its marks it is another text");
    const hidden = parseMarkup(text);
    for (const { text, href } of [...shown, ...hidden]) {
      ensure(text !== "", "a span is empty");
      ensure(
        href === undefined || /^https?:\/\/[\x21-\x7e]+$/.test(href),
        `a link to ${href}`,
      );
    }
    const plain = hidden.map((span) => span.text).join("");
    const stripped = markupToAnsi(text, "on").replace(SGR, "");
    ensure(stripped === cleanText(plain) || stripped === plain, "in color");
    ensureHarmless(stripped);
    const styled = markupToAnsi(text, "on", { colorOf: () => "38;5;9" });
    for (const row of wrapStyled(styled, 1 + dice.below(60), "  ")) {
      ensureHarmless(row.replace(SGR, ""));
      const last = row.match(SGR)?.at(-1) ?? "";
      ensure(/^$|[[;](?:22|23|24|27|39)?m$/.test(last), "a style is left on");
    }
    ensureHarmless(markupToAnsi(text, "off"));
  },
};

/** Longer sequences are dropped, and where that begins depends on where they are cut. */
const SEQUENCES_MAX_BYTES = 60;

/** Keys, neighbouring characters in one. */
function keysOf(chunks: Iterable<Uint8Array>): Key[] {
  const decoder = new KeyDecoder();
  const keys: Key[] = [];
  const take = (key: Key) => {
    const last = keys.at(-1);
    if (key.kind === "text" && last?.kind === "text") {
      keys[keys.length - 1] = { kind: "text", text: last.text + key.text };
    } else keys.push(key);
  };
  for (const chunk of chunks) decoder.push(chunk.slice()).forEach(take);
  decoder.flush().forEach(take);
  return keys;
}

const keys: Target = {
  name: "keys",
  inputs: 4_000,
  seeds: [
    ...[
      "hé🎉\r",
      "\x1b[A\x1b[1;5C\x1bOP\x1b\x1b[D",
      "\x1b[200~a\r\nb\x1b[201~c",
    ],
    ...[
      "\x1b[12;40R\x1bx\x1b\x7f",
      "\x1b]0;title\x07\x1bP1$r\x1b\\",
      "\x1b[97;5u",
    ],
    ...["\x1b[27;2;13~\x1b[1~\x1b[Z", "\x01\x03\x1a\x1f\x00\x7f"],
  ].map(utf8),
  words: ["\x1b", "\x1b[", "\x1b[200~", "\x1b[201~", "\x1b]", "\x1b\\", "\x1bO"]
    .map(utf8),
  check(input, dice) {
    const whole = keysOf([input]);
    for (const key of whole) {
      if (key.kind !== "text") continue;
      ensure(key.text !== "", "nothing was typed");
      // deno-lint-ignore no-control-regex
      ensure(!/[\x00-\x1f\x7f-\x9f]/.test(key.text), "a control as text");
    }
    if (input.length > SEQUENCES_MAX_BYTES) return;
    ensureSame(keysOf(cutAnyhow(input, dice)), whole, "cut");
  },
};

const rows: Target = {
  name: "rows of the screen",
  inputs: 1_000,
  seeds: [...MARKED, "漢字かな交じり文 👨‍👩‍👧 e\u0301 \t\n x"].map(utf8),
  check(input, dice) {
    const clusters = clustersOf(cleanText(textOf(input)));
    const columns = 2 + dice.below(100);
    const maxRows = 1 + dice.below(10);
    const cursor = dice.below(clusters.length + 1);
    const prompt = { text: "›", cells: 1 };
    const layout = layOut({ prompt, clusters, cursor, columns, maxRows });
    ensure(layout.rows.length <= maxRows, "more rows than there may be");
    ensure(layout.cursor.row < layout.rows.length, "the cursor is outside");
    for (const { text, cells } of layout.rows) {
      ensure(cells <= columns, "a row is too wide");
      ensureHarmless(text);
      ensure(!text.includes("\n"), "a row is broken");
    }
  },
};

const logged: Target = {
  name: "lines of the log",
  inputs: 2_000,
  seeds: ["ann", 'a=b "c" \\ d', "\u2028\u202e\x1b[2J\r\nx", "👨‍👩‍👧"].map(utf8),
  check(input) {
    const name = textOf(input);
    for (const format of ["text", "json"] as const) {
      const written: string[] = [];
      const sink = (line: string) => void written.push(line);
      createLog({ now: () => 0, format, sink }).info("came", { name, n: 1 });
      const [line = ""] = written;
      ensure(
        /^[^\p{C}\p{Zl}\p{Zp}]+\n$/u.test(line) && written.length === 1,
        "an event is not one line",
      );
      if (format === "json") ensureSame(JSON.parse(line).name, name, "name");
    }
  },
};

export const SCREEN_TARGETS: readonly Target[] = [markup, keys, rows, logged];
