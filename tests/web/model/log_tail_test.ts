import { assertEquals } from "@std/assert";
import { LogTail } from "../../../src/web/model/log_tail.ts";
import type { LogEntry } from "../../../src/wire/watched.ts";

const BEGIN = 1_790_000_000_000;

function entry(
  seconds: number,
  event: string,
  more: Partial<LogEntry> = {},
): LogEntry {
  return {
    at: BEGIN + seconds * 1_000,
    level: "info",
    event,
    fields: {},
    ...more,
  };
}

function take(
  log: LogTail,
  entries: LogEntry[],
  how: "live" | "anew",
  dropped?: number,
) {
  const more = dropped === undefined ? {} : { dropped };
  log.take({ type: "log", entries, ...more }, how === "anew");
}

const shown = (log: LogTail) => log.shown.value.map(({ event }) => event);

Deno.test("the log: the last 2,000 lines are kept, each under its number", () => {
  const log = new LogTail();
  for (let at = 0; at < 21; at++) {
    const entries = Array.from(
      { length: 100 },
      (_, n) => entry(at, `${at * 100 + n}`),
    );
    take(log, entries, "live");
  }
  assertEquals(log.lines.value.length, 2_000);
  assertEquals(log.lines.value[0]!.event, "100");
  assertEquals(log.lines.value[0]!.number, 101);
  assertEquals(log.lines.value.at(-1)!.event, "2099");
});

Deno.test("the log: it is filtered by level and by text, which may stand in a field", () => {
  const log = new LogTail();
  take(log, [
    entry(1, "connected", { fields: { id: "1/7", peer: "192.0.2.1" } }),
    entry(2, "key not changed", { level: "warn" }),
    entry(3, "failed", { level: "error", fields: { reason: "Disk" } }),
    entry(4, "odd", { level: "strange" }),
  ], "live");
  log.least.value = "warn";
  assertEquals(shown(log), ["key not changed", "failed"]);
  log.wanted.value = " DISK";
  assertEquals(shown(log), ["failed"]);
  log.least.value = "info";
  log.wanted.value = "peer=192";
  assertEquals(shown(log), ["connected"]);
  log.wanted.value = "";
  assertEquals(shown(log).length, 4);
});

Deno.test("the log: held still it counts what comes, and has it when it goes on", () => {
  const log = new LogTail();
  take(log, [entry(1, "one")], "live");
  log.hold("held");
  take(log, [entry(2, "two"), entry(3, "three")], "live");
  assertEquals([shown(log), log.missed.value], [["one"], 2]);
  log.hold("live");
  assertEquals([shown(log), log.missed.value], [["one", "two", "three"], 0]);
});

Deno.test("the log: after a reconnect no line is there twice, and a gap is told", () => {
  const log = new LogTail();
  const [one, two, three, four] = ["one", "two", "three", "four"]
    .map((event, at) => entry(at < 2 ? 1 : at, event));
  take(log, [one!, two!], "anew");
  take(log, [one!, two!, three!], "anew");
  assertEquals(shown(log), ["one", "two", "three"]);
  // Of another life of the server, or too long ago.
  take(log, [four!], "anew");
  assertEquals(shown(log), ["one", "two", "three", "…", "four"]);
  take(log, [entry(9, "five")], "live", 12);
  assertEquals(log.lines.value.at(-2)!.text, "12 lines did not come");
});

Deno.test("the log: a line has so much and no more", () => {
  const log = new LogTail();
  const fields = Object.fromEntries(
    Array.from({ length: 100 }, (_, at) => [`f${at}`, "x".repeat(10_000)]),
  );
  take(log, [entry(1, "e".repeat(10_000), { fields })], "live");
  const [line] = log.lines.value;
  assertEquals(line!.event.length, 200);
  assertEquals(line!.fields.length, 24);
  assertEquals(line!.fields[0]![1].length, 512);
});
