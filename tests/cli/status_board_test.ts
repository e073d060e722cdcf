import { assert, assertEquals } from "@std/assert";
import { StatusBoard, type Surface } from "../../src/cli/status_board.ts";
import { cellsOfText } from "../../src/terminal/screen/cells.ts";
import type { ConnectionsMessage, Status } from "../../src/wire/watched.ts";
import { SOURCE } from "../server/monitor/_source.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("what a person sees of a server");

const PRINT = "SHA256:mk85lmyWzKzral7mZGyLi11ovoVs9GWQnYYrnTXGjEE";
const WORDS = "olympic-keep-grain-summer-holiday-filter-pumpkin-envelope";
const SINCE = Date.UTC(2026, 10, 18, 12, 0);
const DAY_MS = 86_400_000;
const WIDE: Surface = { columns: 80, charts: "on" };

const STATUS: Status = {
  type: "status",
  at: SINCE + 3 * DAY_MS,
  server: { ...SOURCE.server(), name: "den", since: SINCE, fingerprint: PRINT },
  numbers: { ...SOURCE.numbers(), notStoredTotal: 0 },
  history: {
    stepMs: 10_000,
    until: SINCE + 3 * DAY_MS,
    // It ends with a minute of talk.
    series: { messagesPerSecond: [...Array(354).fill(0), 1, 2, 3, 4, 4, 4] },
  },
};

const CONNECTIONS: ConnectionsMessage = {
  type: "connections",
  connections: [
    {
      ...{ id: "1/12", name: "日本語", address: "192.0.2.7", dialect: "hello" },
      ...{ since: SINCE + 3 * DAY_MS - 90_000, rooms: ["lobby", "tea"] },
      ...{ moreRooms: 2, idleMs: 61_000, queuedBytes: 2_048, behind: true },
    },
    {
      ...{ id: "1/1", name: "root", key: PRINT, address: "127.0.0.1" },
      ...{ dialect: "json", encrypted: true, since: SINCE, rooms: [] },
      ...{ idleMs: 0, queuedBytes: 0 },
    },
  ],
  more: 3,
};

function boardWith(...messages: Parameters<StatusBoard["take"]>[0][]) {
  const board = new StatusBoard("chat.example");
  for (const message of messages) assert(board.take(message));
  return board;
}

test("are facts, the numbers of now, the last hour, and its peaks", () => {
  const lines = boardWith(STATUS).lines(WIDE, undefined);
  const state = lines.splice(2, 1)[0]!;
  // The rest of it is local time.
  assert(
    /^State {8}running for 3d, since 2026-11-1[89] /.test(state),
    state,
  );
  assertEquals(lines.slice(0, 12), [
    "den at chat.example",
    "",
    "Version      0.1.0, listens on 127.0.0.1:5000",
    `Fingerprint  ${WORDS}`,
    `             ${PRINT}`,
    "Storing      survives a loss of power (full)",
    "Disk         1 MiB used, 4 GiB free",
    "People       12 people and 3 guests in 4 rooms over 17 connections, 1 behind",
    "Since then   123,456,789 messages, 987,654,321 deliveries, 9 refusals",
    "",
    "                   now  last 1h",
    `Messages         2.5/s  ${"▁".repeat(39)}█  peak 4/s`,
  ]);
  assertEquals(lines.slice(12).map((line) => line.slice(0, 22)), [
    "Deliveries      30.3/s",
    "Arrivals         0.5/s",
    "Refusals        0.25/s",
    "Turn p50        0.5 ms",
    "Turn p99          4 ms",
    "Commit p50      1.5 ms",
    "Commit p99       12 ms",
    "Memory         143 MiB",
    "Queued          64 KiB",
    "Connections         17",
  ]);
});

test("goes on with each step, and keeps an hour", () => {
  const { history: _, ...later } = STATUS;
  const board = boardWith(STATUS);
  for (let step = 0; step < 18; step++) {
    const values = { messagesPerSecond: 8 };
    board.take({ ...later, step: { until: 0, values } });
  }
  const [row] = board.lines(WIDE, undefined)
    .filter((line) => line.startsWith("Messages"));
  // Nine steps a cell: the minute of talk is in the last but two.
  assertEquals(row!.slice(24), `${"▁".repeat(37)}▄██  peak 8/s`);
});

test("stands steps and a history of names that it does not know", () => {
  const { history: _, ...later } = STATUS;
  const values = { constructor: 1, toString: 2, valueOf: 3, madeUp: 4 };
  const series = { constructor: [1], messagesPerSecond: Array(1_000).fill(9) };
  const board = boardWith(
    { ...STATUS, history: { stepMs: 10_000, until: 0, series } },
    { ...later, step: { until: 0, values } },
  );
  const rows = board.lines(WIDE, undefined).join("\n");
  assert(rows.includes("peak 9/s") && !rows.includes("madeUp"));
});

test("is a table of the connections, the first of which matter most", () => {
  const lines = boardWith(STATUS, CONNECTIONS)
    .lines({ ...WIDE, columns: 110 }, undefined);
  assertEquals(lines.slice(-4), [
    "ID    NAME            IDLE   QUEUED         ADDRESS    SPEAKS        HERE FOR  ROOMS",
    "1/12  日本語 (guest)  1m 1s  2 KiB, behind  192.0.2.7  hello, plain  1m 30s    lobby, tea and 2 more",
    "1/1   root            0s     0 B            127.0.0.1  json          3d",
    "and 3 more",
  ]);
});

test("fits any window, with bars or without", () => {
  for (const charts of ["on", "off"] as const) {
    for (const columns of [200, 80, 60, 40, 20, 5, 1]) {
      const board = boardWith(STATUS, CONNECTIONS);
      for (const line of board.lines({ columns, charts }, PRINT)) {
        assert(cellsOfText(line) <= columns, `${columns}: ${line}`);
        if (charts === "off") assert(/^[\0-\x7f…日本語]*$/.test(line), line);
      }
    }
  }
});

test("has the fingerprint that was proven, whatever the server says", () => {
  const other = "SHA256:0000000000000000000000000000000000000000000";
  const server = { ...STATUS.server, fingerprint: other };
  const lines = boardWith({ ...STATUS, server }).lines(WIDE, PRINT);
  assertEquals(lines[4], `Fingerprint  ${WORDS}`);
  const none = { ...STATUS.server, fingerprint: "none" };
  const [shown] = boardWith({ ...STATUS, server: none }).lines(WIDE, undefined)
    .filter((line) => line.startsWith("Fingerprint"));
  assertEquals(shown, "Fingerprint  not known");
});

test("says what is wrong, and stands what a server leaves out", () => {
  const numbers = { ...STATUS.numbers, isFull: 1 };
  const [trouble] = boardWith({ ...STATUS, numbers }).lines(WIDE, undefined)
    .filter((line) => line.startsWith("Trouble"));
  assertEquals(
    trouble,
    "Trouble      FULL: nothing new is taken, for want of space",
  );
  const notStored = { ...STATUS.numbers, notStoredTotal: 1 };
  const summary = boardWith({ ...STATUS, numbers: notStored }).summary();
  assertEquals(
    summary.slice(0, 74),
    "2026-11-21T12:00:00Z 1 turn could not be stored, messages 2.5/s, deliverie",
  );
  const { history: _, ...bare } = STATUS;
  const lines = boardWith({ ...bare, numbers: {} }).lines(WIDE, undefined);
  assertEquals(lines.at(-1), "                   now");
});
