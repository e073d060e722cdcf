/** Which errors end a client, and which only a connection. */
import {
  ConfabError,
  type ErrorCode,
  UnverifiedError,
} from "../base/errors.ts";

/** An error says that there must be no other connection. */
export type Ending = ConfabError | undefined;

/** Whether another try would only be refused again; that must be the word of the server itself. */
export function isFinal(error: unknown): error is ConfabError {
  return error instanceof ConfabError && !MAY_PASS.has(error.code) &&
    !(error instanceof UnverifiedError);
}

/** Reasons that may be gone at the next try. */
const MAY_PASS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "connection",
  "channel",
  "busy",
  "not-stored",
  "rate-limited",
]);
