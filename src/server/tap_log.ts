/** The log watches the tap (docs/operations.md, "Log"): no texts, names, keys or passwords. */
import { describeError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Tap, TapEvent } from "./tap.ts";

/** Writes what the tap tells; the result ends that. */
export function logTap(tap: Tap, log: Log): () => void {
  return tap.subscribe((event) => write(log, event));
}

function write(log: Log, event: TapEvent): void {
  const error = "error" in event ? describeError(event.error) : undefined;
  switch (event.kind) {
    case "connected": {
      const { id, peer, key } = event.connection;
      return log.info("connected", { id, peer, sealed: key !== undefined });
    }
    case "disconnected":
      return log.info("disconnected", { id: event.id, how: event.how });
    case "refused":
      if (event.limit === undefined) return;
      return log.debug("refused", { peer: event.peer, why: event.limit });
    case "audit": {
      const { action, by, target, address, room } = event.audit;
      return log.info("moderated", { action, by, target, peer: address, room });
    }
    case "opening failed":
      return log.debug("opening failed", { id: event.id, error });
    case "not accepted":
      return log.warn("a connection was not accepted", { error });
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
    case "fault":
      return writeFault(log, event);
  }
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
  }
}
