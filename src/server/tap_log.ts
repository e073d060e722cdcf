/** The log watches the tap (docs/operations.md, "Log"): no texts, keys or passwords. */
import { describeError } from "../base/errors.ts";
import { LOG_CONNECTED_LINES, LOG_MODERATED_LINES } from "../base/limits.ts";
import type { ConnectionId } from "../chat/input.ts";
import type { Log } from "../base/log.ts";
import { plainAddress } from "../net/address.ts";
import type { Repeated, RepeatLimit } from "./repeat_limit.ts";
import type { Tap, TapEvent } from "./tap.ts";

/** What is answered to somebody who may mean ill. */
const DENIED_CODES: ReadonlySet<string> = new Set(
  [
    "password-wrong",
    "invite-invalid",
    "banned",
    "limit-reached",
    "rate-limited",
  ],
);
/** Filters of other programs know these by the order of their fields (docs/operations.md). */
const REFUSED: Repeated = { event: "refused", same: ["peer", "why"] };
const DENIED: Repeated = { event: "denied", same: ["peer", "why"] };
const SLOWED: Repeated = { event: "slowed", same: ["peer"] };
const CONNECTED: Repeated = {
  event: "connected",
  same: ["peer"],
  lines: LOG_CONNECTED_LINES,
};
const NOT_ACCEPTED: Repeated = {
  event: "a connection was not accepted",
  same: ["error"],
  level: "warn",
};
const MODERATED: Repeated = {
  event: "moderated",
  same: ["by", "action"],
  lines: LOG_MODERATED_LINES,
};

/** Writes what the tap tells; the result ends that. */
export function logTap(tap: Tap, log: Log, repeats: RepeatLimit): () => void {
  // Connections that were counted have no line for their end either.
  const counted = new Set<ConnectionId>();
  return tap.subscribe((event) => {
    if (event.kind === "connected") writeConnected(repeats, counted, event);
    else if (event.kind === "disconnected" && counted.delete(event.id)) return;
    else write(log, repeats, event);
  });
}

function writeConnected(
  repeats: RepeatLimit,
  counted: Set<ConnectionId>,
  { connection: { id, peer, key } }: Extract<TapEvent, { kind: "connected" }>,
): void {
  const fields = { id, peer, sealed: key !== undefined };
  if (!repeats.write(CONNECTED, fields)) counted.add(id);
}

function write(
  log: Log,
  repeats: RepeatLimit,
  event: Exclude<TapEvent, { kind: "connected" }>,
): void {
  const error = "error" in event ? describeError(event.error) : undefined;
  switch (event.kind) {
    case "disconnected":
      return log.info("disconnected", { id: event.id, how: event.how });
    case "refused": {
      const { peer, reason, limit } = event;
      const fields = { peer: plainAddress(peer), why: reason };
      if (limit === undefined) return log.debug("refused", fields);
      return void repeats.write(REFUSED, fields);
    }
    case "denied": {
      const { id, peer, name, code } = event;
      if (!DENIED_CODES.has(code)) return;
      return void repeats.write(DENIED, { peer, why: code, id, name });
    }
    case "slowed": {
      const { id, peer, name, waitMs } = event;
      return void repeats.write(SLOWED, { peer, id, name, waitMs });
    }
    case "audit": {
      const { action, by, target, address: peer, room } = event.audit;
      return void repeats.write(MODERATED, { action, by, target, room, peer });
    }
    case "opening failed":
      return log.debug("opening failed", { id: event.id, error });
    case "not accepted":
      return void repeats.write(NOT_ACCEPTED, { error });
    case "not stored":
      return log.error("NOT STORED: messages were refused", {
        error,
        messages: event.authors.size,
        failedTurns: event.failedTurns,
      });
    case "stores again":
      return log.warn("storing works again", {
        failedTurns: event.failedTurns,
      });
    case "trimmed":
      return log.info("old messages were removed", {
        messages: event.entries,
        until: dayOf(event.until),
        usedMiB: mebibytes(event.usedBytes),
      });
    case "space":
      return writeSpace(log, event);
    case "fault":
      return writeFault(log, event);
  }
}

function writeSpace(
  log: Log,
  { isFull, freeBytes, usedBytes }: Extract<TapEvent, { kind: "space" }>,
): void {
  const fields = {
    usedMiB: mebibytes(usedBytes),
    freeMiB: freeBytes === Infinity ? undefined : mebibytes(freeBytes),
  };
  if (isFull) log.error("NO SPACE: messages are refused", fields);
  else log.warn("there is space again", fields);
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function mebibytes(bytes: number): number {
  return Math.round(10 * bytes / 2 ** 20) / 10;
}

function writeFault(
  log: Log,
  { name, error, id }: Extract<TapEvent, { kind: "fault" }>,
): void {
  const fields = { id, error: describeError(error) };
  const stack = error instanceof Error ? error.stack : undefined;
  switch (name) {
    case "a connection failed":
      return log.error("a connection failed", { ...fields, stack });
    case "a message failed":
      return log.error("a message failed", { ...fields, stack });
    case "journal not read":
      return log.error("journal not read", fields);
    case "journal not followed":
      return log.error("journal not followed", fields);
    case "not indexed":
      return log.error("not indexed", fields);
    case "not kept in bounds":
      return log.error("not kept in bounds", fields);
  }
}
