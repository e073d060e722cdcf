import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { clustersOf } from "../../src/terminal/screen/cells.ts";
import { layOut } from "../../src/terminal/screen/layout.ts";
import { NOON_MS } from "../_fake_clock.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import { Session } from "./_session.ts";

const test = testsOf("terminal, as a property", { sys: true });

const LEFT = "\x1b[D";
const RIGHT = "\x1b[C";
const NEW_LINE = "\x1b\r";

/** What may be typed; among it what is wide, joined, combined, or has no width. */
const TYPED = [
  "a",
  "word ",
  "一二",
  "🐌",
  "👨‍👩‍👧‍👦",
  "q\u0301",
  "🇩🇪",
  "❤️",
  "नि",
  " ",
  "x".repeat(30),
];

type Step =
  | { readonly does: "type"; readonly text: string }
  | { readonly does: "move"; readonly keys: string }
  | { readonly does: "hear"; readonly text: string }
  | {
    readonly does: "resize";
    readonly columns: number;
    readonly rows: number;
  };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constant("type" as const),
    text: fc.constantFrom(...TYPED, NEW_LINE),
  }),
  fc.record({
    does: fc.constant("move" as const),
    keys: fc.constantFrom(LEFT, RIGHT, LEFT.repeat(7), "\x01", "\x05"),
  }),
  fc.record({
    does: fc.constant("hear" as const),
    text: fc.array(fc.constantFrom(...TYPED, "\n"), {
      minLength: 1,
      maxLength: 8,
    }).map((parts) => parts.join("")),
  }),
  fc.record({
    does: fc.constant("resize" as const),
    columns: fc.integer({ min: 20, max: 90 }),
    rows: fc.integer({ min: 6, max: 30 }),
  }),
);

/** What the person has typed, kept the simple way: clusters and a cursor between them. */
class Typed {
  before = "";
  after = "";

  apply({ does, ...step }: Step): void {
    const { text = "", keys = "" } = step as { text?: string; keys?: string };
    if (does === "type") this.before += text === NEW_LINE ? "\n" : text;
    else if (keys === "\x01") this.#split(this.#lineStart());
    else if (keys === "\x05") this.#split(this.#lineEnd());
    else if (keys !== "") {
      const by = keys.startsWith(LEFT) ? -1 : 1;
      for (let n = keys.length / LEFT.length; n > 0; n--) this.#step(by);
    }
    // What is joined to the text after it takes the cursor along.
    this.#split(this.before.length);
  }

  get text(): string {
    return this.before + this.after;
  }

  #lineStart(): number {
    return this.before.lastIndexOf("\n") + 1;
  }

  #lineEnd(): number {
    const end = this.text.indexOf("\n", this.before.length);
    return end === -1 ? this.text.length : end;
  }

  #step(by: -1 | 1): void {
    const cluster = by === -1
      ? clustersOf(this.before).at(-1)
      : clustersOf(this.after)[0];
    this.#split(this.before.length + by * (cluster?.length ?? 0));
  }

  /** Puts the cursor there, or behind the cluster that is there. */
  #split(at: number): void {
    const { text } = this;
    let chars = 0;
    for (const cluster of clustersOf(text)) {
      if (chars >= at) break;
      chars += cluster.length;
    }
    this.before = text.slice(0, chars);
    this.after = text.slice(chars);
  }
}

async function play(steps: readonly Step[], size: [number, number]) {
  await using session = await Session.open(...size);
  const { client, terminal } = session;
  const typed = new Typed();
  const heard: string[] = [];
  for (const step of steps) {
    typed.apply(step);
    if (step.does === "type") terminal.type(step.text);
    else if (step.does === "move") terminal.type(step.keys);
    else if (step.does === "hear") {
      heard.push(`${heard.length}(${step.text})`);
      client.say("bob", heard.at(-1)!, NOON_MS);
    } else terminal.resize(step.columns, step.rows);
    if (step.does === "resize" || step.does === "move") await session.settle();
  }
  await session.settle();
  assertScreen(session, typed, heard);
}

/** Terminals cut a cluster off, join it or show its parts: what counts is that it was written. */
function assertScreen(session: Session, typed: Typed, heard: string[]) {
  const { terminal } = session;
  const { columns, rows } = terminal.size;
  const input = layOut({
    prompt: { text: "lobby › ", cells: 8 },
    clusters: clustersOf(typed.text),
    cursor: clustersOf(typed.before).length,
    columns,
    maxRows: rows - 1,
  });
  const expected = input.rows.map(({ text }) => text.trimEnd());
  const first = terminal.cursor.row - input.cursor.row;
  const all = terminal.rows.map((row) => row.trimEnd());
  // Rows at the very end that are empty are not there.
  const shown = expected.map((_, at) => all[first + at] ?? "");
  assertEquals([...shown, ...all.slice(first + expected.length)], expected);
  assertEquals(
    terminal.cursor.before.trimEnd(),
    input.cursor.before.trimEnd(),
  );
  const above = all.slice(0, first).join("");
  const said = heard.map((text) => `bob:${text}`).join("");
  assertEquals(
    above.replace(/\s/g, "").replace(/^.*commands|\[\d\d:\d\d\]/g, ""),
    said.replace(/\s/g, ""),
  );
}

test("after any keys, arrivals and resizes the last rows are the prompt and what was typed, and every message stands above once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.tuple(
        fc.integer({ min: 20, max: 90 }),
        fc.integer({ min: 6, max: 30 }),
      ),
      play,
    ),
    propertyOptions(60),
  );
});
