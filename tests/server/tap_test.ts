import { assertEquals } from "@std/assert";
import type { LogFields, LogLevel } from "../../src/base/log.ts";
import {
  type ConnectionInfo,
  type Described,
  type FaultName,
  Tap,
  type TapEvent,
} from "../../src/server/tap.ts";
import { RepeatLimit } from "../../src/server/repeat_limit.ts";
import { logTap } from "../../src/server/tap_log.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("tap");

function connection(more: Partial<ConnectionInfo> = {}): ConnectionInfo {
  return {
    id: "1/7",
    peer: "192.0.2.7",
    dialect: "json",
    isEncrypted: true,
    since: 1_000,
    rooms: [],
    queuedBytes: 0,
    isBehind: false,
    idleMs: 0,
    ...more,
  };
}

/** Somebody of whom no more is looked at. */
function described(describe: () => ConnectionInfo): Described {
  const rest = { key: undefined, name: undefined, queuedBytes: 0 };
  return { ...rest, isBehind: false, describe };
}

test("shows its connections as they are when it is asked", () => {
  const tap = new Tap();
  let ann = connection();
  tap.connected("1/7", described(() => ann));
  tap.connected(
    "1/8",
    described(() => connection({ id: "1/8", dialect: "hello" })),
  );
  ann = connection({ name: "ann", rooms: ["lobby"], queuedBytes: 12 });
  assertEquals(tap.connections(), [
    connection({ name: "ann", rooms: ["lobby"], queuedBytes: 12 }),
    connection({ id: "1/8", dialect: "hello" }),
  ]);
  tap.disconnected("1/7", "cut");
  assertEquals(tap.connections().map(({ id }) => id), ["1/8"]);
});

test("counts connections, refusals by reason, turns, commits and how long they took", () => {
  const tap = new Tap();
  tap.connected("1/1", described(() => connection()));
  tap.refused("192.0.2.7", "full", "the server is full");
  tap.refused("192.0.2.8", "tls");
  tap.refused("192.0.2.9", "full", "the server is full");
  tap.turned({ effects: 3, entries: 0, commitMs: 0, turnMs: 2 });
  tap.turned({ effects: 9, entries: 2, commitMs: 1.5, turnMs: 2 });
  tap.turned({ effects: 1, entries: 0, commitMs: 0.5, turnMs: 2 });
  tap.notStored(new Error("disk full"), new Set(["1/1"]), 1);
  const { refused, turnTimes, commitTimes, ...counts } = tap.counters;
  assertEquals([turnTimes.total, commitTimes.total], [3, 2]);
  assertEquals([turnTimes.maxMs, commitTimes.maxMs], [2, 1.5]);
  assertEquals(counts, {
    connected: 1,
    disconnected: 0,
    messagesIn: 0,
    deliveries: 0,
    turns: 3,
    effects: 13,
    commits: 2,
    entries: 2,
    commitMs: 2,
    notStored: 1,
  });
  assertEquals([...refused], [["full", 2], ["tls", 1]]);
});

test("tells every listener, until it has enough", () => {
  const tap = new Tap();
  const heard: TapEvent["kind"][][] = [[], []];
  const [leave] = heard.map((kinds) =>
    tap.subscribe(({ kind }) => void kinds.push(kind))
  );
  tap.connected("1/7", described(() => connection()));
  tap.storesAgain(3);
  leave!();
  tap.disconnected("1/7", "closed");
  tap.turned({ effects: 1, entries: 1, commitMs: 1, turnMs: 2 });
  assertEquals(heard, [
    ["connected", "stores again"],
    ["connected", "stores again", "disconnected"],
  ]);
});

// ---- The log ----

type Line = [level: LogLevel, event: string, fields: LogFields | undefined];

/** A tap and the lines that the log makes of what it is told. */
function logged(): [Tap, Line[]] {
  const lines: Line[] = [];
  const level = (level: LogLevel) => (event: string, fields?: LogFields) =>
    void lines.push([level, event, fields]);
  const tap = new Tap();
  const log = {
    debug: level("debug"),
    info: level("info"),
    warn: level("warn"),
    error: level("error"),
  };
  logTap(tap, log, new RepeatLimit(log, () => 0));
  return [tap, lines];
}

test("has a line in the log when a connection begins and ends", () => {
  const [tap, lines] = logged();
  tap.connected(
    "1/7",
    described(() => connection({ key: "SHA256:ann", name: "ann" })),
  );
  tap.connected("1/8", described(() => connection({ id: "1/8" })));
  tap.disconnected("1/7", "closed");
  assertEquals(lines, [
    ["info", "connected", { id: "1/7", peer: "192.0.2.7", sealed: true }],
    ["info", "connected", { id: "1/8", peer: "192.0.2.7", sealed: false }],
    ["info", "disconnected", { id: "1/7", how: "closed" }],
  ]);
});

test("counts what comes and goes at one address by the hundred, and what the system refuses", () => {
  const [tap, lines] = logged();
  for (let n = 0; n < 200; n++) {
    const id = `1/${n}` as const;
    tap.connected(id, described(() => connection({ id })));
    tap.disconnected(id, "cut");
    tap.tell({ kind: "not accepted", error: new Error("too many files") });
  }
  const there = connection({ id: "1/200", peer: "192.0.2.8" });
  tap.connected("1/200", described(() => there));
  tap.disconnected("1/200", "cut");
  const countOf = (event: string) =>
    lines.filter(([, name]) => name === event).length;
  assertEquals(countOf("connected"), 61);
  assertEquals(countOf("disconnected"), 61);
  assertEquals(countOf("a connection was not accepted"), 5);
  assertEquals(lines.slice(-2).map(([, , fields]) => fields?.id), [
    "1/200",
    "1/200",
  ]);
});

test("has a line for one that a limit refused, and only in detail for one that speaks something else", () => {
  const [tap, lines] = logged();
  tap.refused("192.0.2.7", "full", "the server is full");
  tap.refused("192.0.2.7", "tls");
  tap.tell({ kind: "opening failed", id: "1/9", error: new Error("cut") });
  tap.tell({ kind: "not accepted", error: new Error("too many files") });
  assertEquals(lines, [
    ["info", "refused", { peer: "192.0.2.7", why: "full" }],
    ["debug", "refused", { peer: "192.0.2.7", why: "tls" }],
    ["debug", "opening failed", { id: "1/9", error: "cut" }],
    ["warn", "a connection was not accepted", { error: "too many files" }],
  ]);
});

test("has a line for what is denied to somebody who may mean ill, and for no other error", () => {
  const [tap, lines] = logged();
  const peer = "192.0.2.7";
  const codes = [
    ...["password-wrong", "invite-invalid", "banned", "limit-reached"],
    ...["rate-limited", "no-room", "password-required", "name-taken"],
  ];
  for (const code of codes) {
    tap.tell({ kind: "denied", id: "1/7", peer, name: "ann", code });
  }
  tap.tell({ kind: "slowed", id: "1/7", peer, waitMs: 1_200 });
  const denied = codes.slice(0, 5).map((why): Line => [
    "info",
    "denied",
    { peer, why, id: "1/7", name: "ann" },
  ]);
  const slowed = { peer, id: "1/7", name: undefined, waitMs: 1_200 } as const;
  assertEquals(lines, [...denied, ["info", "slowed", slowed]]);
});

test("has a line for what those who keep a room do", () => {
  const [tap, lines] = logged();
  const audit = { action: "kick", by: "cat", target: "ned", room: "den" };
  tap.tell({ kind: "audit", audit: { ...audit, address: "192.0.2.7" } });
  assertEquals(lines, [["info", "moderated", { ...audit, peer: "192.0.2.7" }]]);
});

test("has a line for turns that are not stored, and for the first that is again", () => {
  const [tap, lines] = logged();
  tap.notStored(new Error("disk full"), new Set(["1/7", "1/8"]), 4);
  tap.storesAgain(4);
  const failed = { error: "disk full", messages: 2, failedTurns: 4 };
  assertEquals(lines, [
    ["error", "NOT STORED: messages were refused", failed],
    ["warn", "storing works again", { failedTurns: 4 }],
  ]);
});

test("has a line for every fault, with the stack where it is the program's", () => {
  const [tap, lines] = logged();
  const error = new Error("oh");
  const names: FaultName[] = [
    "a connection failed",
    "a message failed",
    "journal not read",
    "journal not followed",
    "not indexed",
  ];
  for (const name of names) tap.failed(name, error);
  tap.failed("journal not read", error, "1/7");
  const fields = { id: undefined, error: "oh" };
  const own = { ...fields, stack: error.stack };
  assertEquals(lines, [
    ["error", "a connection failed", own],
    ["error", "a message failed", own],
    ["error", "journal not read", fields],
    ["error", "journal not followed", fields],
    ["error", "not indexed", fields],
    ["error", "journal not read", { id: "1/7", error: "oh" }],
  ]);
});
