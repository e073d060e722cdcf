import { assert, assertEquals } from "@std/assert";
import type { SaidLine, StoredLine } from "../../../src/web/model/line.ts";
import { Timeline } from "../../../src/web/model/timeline.ts";
import { describeComings } from "../../../src/text/comings.ts";

function said(seq: number): StoredLine {
  const message = { type: "chat", room: "lobby", from: "bob", txt: "hello" };
  return {
    ...{ kind: "said", key: `s${seq}`, seq, at: seq, author: "other" },
    ...{ isOwn: false, isMention: false },
    message: { ...message, seq, at: seq } as never,
  };
}

function range(from: number, to: number): StoredLine[] {
  return Array.from({ length: to - from + 1 }, (_, at) => said(from + at));
}

function keys(timeline: Timeline): string {
  return timeline.lines.map(({ key }) => key).join(" ");
}

Deno.test("messages stand by their seq, each once, however they come", () => {
  const timeline = new Timeline();
  timeline.add([said(5), said(4)]);
  timeline.add(range(4, 6));
  timeline.add([said(1), said(9)]);
  timeline.add(range(2, 8));
  assertEquals(keys(timeline), "s1 s2 s3 s4 s5 s6 s7 s8 s9");
  assertEquals(timeline.find(7)?.seq, 7);
  assertEquals(timeline.find(10), undefined);
  assertEquals([timeline.firstSeq, timeline.lastSeq], [1, 9]);
});

Deno.test("what happened stays behind the message before it", () => {
  const timeline = new Timeline();
  timeline.add([said(5)]);
  timeline.happened(0, "bob is now rob");
  timeline.add([said(8)]);
  timeline.note(0, "a note", "info");
  timeline.add(range(1, 10));
  assertEquals(keys(timeline), "s1 s2 s3 s4 s5 n1 s6 s7 s8 n2 s9 s10");
  timeline.dismiss("n2");
  assertEquals(timeline.indexOf(9), 9);
});

Deno.test("a gap is filled from its older end, and is gone when nothing is missing", () => {
  const timeline = new Timeline();
  timeline.add(range(1, 2));
  timeline.gap(0, 3, 6);
  timeline.add(range(7, 8));
  assertEquals(keys(timeline), "s1 s2 n1 s7 s8");
  timeline.add(range(3, 4));
  timeline.narrow("n1", 5);
  assertEquals(keys(timeline), "s1 s2 s3 s4 n1 s7 s8");
  timeline.add([said(5)]);
  timeline.narrow("n1", 6);
  assertEquals(keys(timeline), "s1 s2 s3 s4 s5 n1 s7 s8");
  timeline.add(range(5, 7));
  timeline.narrow("n1", 7);
  assertEquals(keys(timeline), "s1 s2 s3 s4 s5 s6 s7 s8");
});

Deno.test("a deleted message leaves its place, and is not deleted twice", () => {
  const timeline = new Timeline();
  timeline.add(range(1, 3));
  timeline.erase(2);
  timeline.erase(2);
  timeline.erase(7);
  timeline.add([said(2)]);
  assertEquals(timeline.lines.map(({ kind }) => kind), [
    "said",
    "gone",
    "said",
  ]);
});

Deno.test("of a place that is not looked at the last lines stay, and older can be read again", () => {
  const timeline = new Timeline();
  timeline.keepAll();
  timeline.add(range(1, 2_500));
  assertEquals([timeline.lines.length, timeline.hasOlder.value], [
    2_500,
    false,
  ]);
  timeline.trim();
  assertEquals([timeline.firstSeq, timeline.hasOlder.value], [501, true]);
  for (let seq = 2_501; seq <= 9_000; seq++) timeline.add([said(seq)]);
  assertEquals(timeline.lines.length <= 3_000, true);
  assertEquals(timeline.lastSeq, 9_000);
  for (let count = 0; count < 4_000; count++) timeline.note(0, "", "info");
  assertEquals(timeline.lines.length <= 3_000, true);
});

Deno.test("of long texts fewer are kept, also of the place that is looked at", () => {
  const timeline = new Timeline();
  timeline.keepAll();
  const txt = "x".repeat(1_000_000);
  const long = (seq: number) => {
    const line = said(seq) as SaidLine;
    return { ...line, message: { ...line.message, txt } };
  };
  for (let seq = 1; seq <= 150; seq++) timeline.add([long(seq)]);
  assertEquals([timeline.firstSeq, timeline.isFull], [1, true]);
  timeline.add([long(151)]);
  assertEquals([timeline.firstSeq, timeline.isFull], [77, false]);
  assertEquals(timeline.hasOlder.value, true);
  timeline.add([long(1)]);
  for (let seq = 152; seq <= 400; seq++) {
    timeline.note(seq, txt, "info");
    assert(timeline.lines.length <= 150);
  }
});

Deno.test("what waits is not in the order, and what failed is taken back", () => {
  const timeline = new Timeline();
  const [one, two] = [
    timeline.wait(0, "one", false),
    timeline.wait(0, "two", true),
  ];
  one.done();
  assertEquals(timeline.takeFailed(two.key), undefined);
  two.failed("too long");
  assertEquals(timeline.pending.map(({ failed }) => failed), ["too long"]);
  assertEquals(timeline.takeFailed(two.key)?.text, "two");
  assertEquals([timeline.pending.length, timeline.lines.length], [0, 0]);
});

Deno.test("people who come and go one after the other share a line", () => {
  const timeline = new Timeline();
  const move = (name: string, is: "joined" | "left", why = "") => {
    timeline.moved(0, { name, is, why });
    const last = timeline.lines.at(-1)!;
    return last.kind === "coming" ? describeComings(last.comings) : last.kind;
  };
  assertEquals(move("ann", "left", " (kicked)"), "ann left (kicked)");
  assertEquals(move("ann", "joined"), "ann left and came back");
  assertEquals(move("bob", "joined"), "bob joined; ann left and came back");
  assertEquals(move("cyd", "joined").slice(0, 18), "bob and cyd joined");
  assertEquals(move("dan", "joined").slice(0, 23), "bob, cyd and dan joined");
  assertEquals(
    move("eve", "joined").slice(0, 28),
    "bob, cyd and 2 others joined",
  );
  assertEquals(
    move("bob", "left"),
    "cyd, dan and eve joined; bob came and went; ann left and came back",
  );
  assertEquals(timeline.lines.length, 1);
  timeline.add([said(1)]);
  assertEquals(move("fay", "joined"), "fay joined");
  for (let count = 0; count < 1_000; count++) move(`p${count}`, "joined");
  // The two above, and 1,001 people by 200.
  assertEquals(timeline.lines.length, 8);
});

Deno.test("100,000 messages cost a few looks at a seq each, read forward or back", () => {
  let looks = 0;
  const counted = (line: StoredLine): StoredLine =>
    Object.defineProperty({ ...line }, "seq", {
      get: () => (looks++, line.seq),
    });
  for (const way of ["forward", "back"]) {
    looks = 0;
    const timeline = new Timeline();
    timeline.keepAll();
    for (let page = 0; page < 1_000; page++) {
      const from = 100 * (way === "forward" ? page : 999 - page) + 1;
      timeline.add(range(from, from + 99).map(counted));
    }
    assertEquals(timeline.lines.length, 100_000);
    assertEquals(timeline.lines[49_999]?.key, "s50000");
    // To sort a page that is in order takes two looks each; to find its place, some twenty.
    assertEquals(looks < 300_000, true, `${looks} looks, ${way}`);
  }
});
