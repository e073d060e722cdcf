/** The reader by itself: pages and keys in, rows out. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Entry, Page, Want } from "../../../src/terminal/reader/loaded.ts";
import { Reader } from "../../../src/terminal/reader/reader.ts";
import { cellsOfText } from "../../../src/terminal/screen/cells.ts";
import { PLAIN_PALETTE } from "../../../src/terminal/screen/palette.ts";
import { NOON_MS } from "../../_fake_clock.ts";
import { propertyOptions, testsOf } from "../../_testing.ts";

const test = testsOf("the reader");

const SIZE = { columns: 40, rows: 11 };

/** A history of so many messages, as a server has it. */
class Server {
  readonly entries: Entry[];
  readonly asked: Want[] = [];

  constructor(count: number, lines = (seq: number) => [`m${seq}`]) {
    this.entries = Array.from({ length: count }, (_, at) => ({
      seq: at + 1,
      at: NOON_MS,
      lines: lines(at + 1),
      text: lines(at + 1).join(" "),
    }));
  }

  /** As the protocol says of `history` with a limit of 100. */
  answer({ before, after }: Want): Page {
    const { entries } = this;
    if (after !== undefined) {
      const page = entries.filter(({ seq }) => seq > after).slice(0, 100);
      const last = page.at(-1)?.seq ?? Infinity;
      return { entries: page, more: last < entries.length };
    }
    const end = Math.min(entries.length, (before ?? Infinity) - 1);
    const page = entries.slice(Math.max(0, end - 100), Math.max(0, end));
    return { entries: page, more: (page[0]?.seq ?? 1) > 1 };
  }

  /** Loads all that is wanted. */
  feed(reader: Reader): void {
    for (let want; (want = reader.wants) !== undefined;) {
      this.asked.push(want);
      assert(this.asked.length < 1_000, "it is asked without end");
      reader.take(want, this.answer(want));
    }
  }
}

function open(server: Server, at?: number): Reader {
  const options = { palette: PLAIN_PALETTE, indent: 8, size: SIZE };
  const reader = new Reader({ ...options, ...(at ? { at } : {}) });
  server.feed(reader);
  return reader;
}

/** The rows without the status and what is empty. */
function shown(reader: Reader): string[] {
  return reader.rows("dev", "").slice(0, -1).filter((row) => row !== "");
}

/** `from`, …, `to` as messages. */
function messages(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => `m${from + at}`);
}

test("what is not shown is not kept, however much there is of it", () => {
  const server = new Server(20_000, (seq) => seq > 3 ? [] : [`m${seq}`]);
  const read: number[] = [];
  const answer = server.answer.bind(server);
  server.answer = (want) => {
    const { entries, more } = answer(want);
    // Each is looked at as often as it is laid out.
    const seen = entries.map((one) => ({
      ...one,
      get lines() {
        read.push(one.seq);
        return one.lines;
      },
    }));
    return { entries: seen, more };
  };
  const reader = open(server);
  assertEquals(shown(reader).slice(-3), messages(1, 3));
  assert(read.length < 50 * 20_000, `${read.length} looks`);
});

test("opens one window before the end, and goes on without end to the first message", () => {
  const server = new Server(1_234);
  const reader = open(server);
  // Ten rows, of which two stay.
  assertEquals(shown(reader), messages(1_217, 1_226));
  const seen = new Set<string>(shown(reader));
  let before = 0;
  while (seen.size > before) {
    before = seen.size;
    reader.press("pageup");
    server.feed(reader);
    for (const row of shown(reader)) seen.add(row);
  }
  // All of them, the title of the one day, and the beginning.
  assertEquals(seen.size, 1_217 + 9 + 2);
  assertEquals(shown(reader)[0], "── that is where it begins ──");
  // Far from the end, that is not kept: the newest come again, and no gap between.
  for (let row = 1_234; row > 0; row -= 8) {
    reader.press("pagedown");
    server.feed(reader);
  }
  assertEquals(shown(reader), messages(1_225, 1_234));
});

test("loads a page at a time, and never more than what is near", () => {
  const server = new Server(10_000);
  const reader = open(server);
  assertEquals(server.asked, [{ kind: "newest" }]);
  reader.press("home");
  server.feed(reader);
  assertEquals(server.asked.slice(1), [{ kind: "first", after: 0 }]);
  assertEquals(shown(reader).slice(1, 3).at(-1), "m1");
  reader.press("end");
  server.feed(reader);
  assertEquals(server.asked.slice(2), [{ kind: "newest" }]);
  assertEquals(shown(reader), messages(9_991, 10_000));
});

test("opens at a message with what was said around it", () => {
  const server = new Server(5_000);
  const reader = open(server, 700);
  const rows = shown(reader);
  assertEquals(
    rows,
    [
      ...messages(697, 699),
      "── found ──",
      ...messages(700, 705),
    ],
  );
});

test("shows what comes live at its end, and stays where one reads", () => {
  const server = new Server(30);
  const reader = open(server);
  const before = shown(reader);
  assertEquals(reader.seen, undefined);
  const entry = (seq: number) => ({
    seq,
    at: NOON_MS,
    lines: [`m${seq}`],
    text: "",
  });
  reader.hear(entry(31));
  assertEquals(shown(reader), before);
  assertEquals(reader.seen, undefined);
  reader.press("end");
  assertEquals(shown(reader), messages(22, 31));
  assertEquals(reader.seen, 31);
  reader.hear(entry(32));
  assertEquals(shown(reader), messages(23, 32));
  assertEquals(reader.seen, 32);
  // One is missing in between: nothing is shown behind a gap.
  reader.hear(entry(34));
  assertEquals(shown(reader), messages(23, 32));
  assertEquals(reader.wants, { kind: "newer", after: 32 });
  assertEquals(reader.seen, undefined);
  server.entries.push(entry(31), entry(32), entry(33), entry(34));
  server.feed(reader);
  assertEquals(shown(reader), messages(25, 34));
});

test("holds the message at the top when the window gets another size", () => {
  const long = "word ".repeat(6).trim();
  const server = new Server(300, (seq) => [`m${seq} ${long}`]);
  const reader = open(server);
  for (let page = 0; page < 5; page++) reader.press("pageup");
  server.feed(reader);
  const top = () => reader.rows("dev", "").find((row) => row.startsWith("m"));
  const [name] = top()!.split(" ");
  for (const columns of [20, 100, 12, 40]) {
    reader.resize({ columns, rows: 11 });
    const first = reader.rows("dev", "")[0]!;
    const begin = first.startsWith("m") ? first : top()!;
    const [now] = begin.split(" ");
    assert(
      Math.abs(Number(now!.slice(1)) - Number(name!.slice(1))) <= 1,
      `${now} at the top, where ${name} was`,
    );
  }
});

test("finds words in what is loaded, older ones first", () => {
  const server = new Server(60, (seq) => [`m${seq}${seq % 20 ? "" : " Tea"}`]);
  const reader = open(server);
  for (const key of ["/", "t", "e", "x"]) assert(reader.type(key));
  assert(reader.press("backspace"));
  assertEquals(reader.rows("dev", "").at(-1), "find: te");
  assert(reader.press("enter"));
  assert(shown(reader).includes("── found ──"));
  assert(shown(reader).includes("m40 Tea"));
  assert(reader.type("n"));
  assert(shown(reader).includes("m20 Tea"));
  assert(reader.type("n"));
  assertEquals(
    reader.rows("dev", "").at(-1)?.includes("no other in what is loaded"),
    true,
  );
  assert(reader.type("N"));
  assert(shown(reader).includes("m40 Tea"));
});

test("takes keys that come in one go, and no words", () => {
  const server = new Server(100);
  const reader = open(server);
  const [top] = shown(reader);
  assert(reader.type("kkk"));
  assertEquals(shown(reader)[0], `m${Number(top!.slice(1)) - 3}`);
  assert(reader.type("jjk"));
  assertEquals(shown(reader)[0], `m${Number(top!.slice(1)) - 2}`);
  for (const text of ["jug", "hello", "q", "no /me"]) {
    assertEquals(reader.type(text), false, text);
  }
  assert(reader.type("/m1"));
  assertEquals(reader.rows("dev", "").at(-1), "find: m1");
});

const TEXTS = [
  "a",
  "word ",
  "一二三",
  "👨‍👩‍👧‍👦",
  "q\u0301",
  "x".repeat(70),
  "\t",
  "नि ",
  "https://example.org/a/b/c?d=e ",
];
const line = fc.array(fc.constantFrom(...TEXTS), { maxLength: 12 })
  .map((parts) => parts.join(""));
const action = fc.oneof(
  fc.constantFrom("pageup", "pagedown", "up", "down", "home", "end", "ctrl+u"),
  fc.record({
    columns: fc.integer({ min: 1, max: 100 }),
    rows: fc.integer({ min: 1, max: 40 }),
  }),
  fc.constant("hear" as const),
);

test("fills a window of any size with rows that fit, of messages in a row", () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 1_500 }),
      fc.array(action, { maxLength: 25 }),
      (lines, count, actions) => {
        const text = (seq: number) => lines[seq % lines.length]!;
        const server = new Server(count, (seq) => [`m${seq} ${text(seq)}`]);
        const reader = open(server);
        let columns = SIZE.columns;
        for (const one of actions) {
          if (typeof one === "object") {
            reader.resize(one);
            columns = one.columns;
          } else if (one === "hear") {
            const seq = server.entries.length + 1;
            const entry = { seq, at: NOON_MS, lines: [`m${seq}`], text: "" };
            server.entries.push(entry);
            reader.hear(entry);
          } else reader.press(one);
          server.feed(reader);
          const rows = reader.rows("dev", "");
          assertEquals(rows.length, reader.height + 1);
          for (const row of rows) assert(cellsOfText(row) <= columns, row);
          const seqs = rows.flatMap((row) => {
            const [, seq] = /^m(\d+)/.exec(row) ?? [];
            return columns < 6 || seq === undefined ? [] : [Number(seq)];
          });
          seqs.forEach((seq, at) => assertEquals(seq, seqs[0]! + at));
        }
      },
    ),
    propertyOptions(100),
  );
});
