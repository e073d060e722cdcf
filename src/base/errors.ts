/** The errors of confab: one base class, and stable codes for whoever handles an error. */

/** Codes of the `error` message (docs/protocol.md). */
export const WIRE_ERROR_CODES = [
  "unknown-type",
  "bad-message",
  "too-large",
  "unsupported-version",
  "name-taken",
  "name-invalid",
  "password-required",
  "password-wrong",
  "banned",
  "muted",
  "rate-limited",
  "no-room",
  "no-such-room",
  "no-such-person",
  "room-locked",
  "not-allowed",
  "id-reused",
  "not-stored",
  "unknown-command",
  "bad-arguments",
  "room-invalid",
  "limit-reached",
  "plaintext-refused",
  "busy",
  "invite-required",
  "invite-invalid",
  "no-such-message",
] as const;
export type WireErrorCode = typeof WIRE_ERROR_CODES[number];

/** Codes of errors that never cross the wire. */
type LocalErrorCode =
  | "usage"
  | "channel"
  | "frame"
  | "key-file"
  | "passphrase"
  | "known-servers"
  | "server-key-unknown"
  | "server-key-changed"
  | "connection"
  | "closed"
  | "data-in-use"
  | "delivery"
  | "store";

export type ErrorCode = WireErrorCode | LocalErrorCode;

/** The code that a peer gave, if it is one of the wire's: a peer cannot claim a local fault. */
export function peerCode(code: string): ErrorCode {
  return WIRE_ERROR_CODES.find((known) => known === code) ?? "connection";
}

/** Base of every error that confab throws on purpose. Its message can be shown to a person. */
export class ConfabError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A fault of a message or a request. The answer is an `error`, with its `id` if it had one. */
export class ProtocolError extends ConfabError {
  declare readonly code: WireErrorCode;
  readonly id: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: WireErrorCode,
    message: string,
    options: { id?: string | undefined; retryAfterMs?: number } = {},
  ) {
    super(code, message);
    this.id = options.id;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A frame whose length breaks the rules: the stream cannot be followed any further. */
export class FrameError extends ConfabError {
  /** The length that the header gave, in bytes. */
  readonly lengthBytes: number;

  constructor(lengthBytes: number, maxBytes: number) {
    super(
      "frame",
      `reading a frame: its length is ${lengthBytes} bytes, allowed are 1 to ${maxBytes}`,
    );
    this.lengthBytes = lengthBytes;
  }
}

/** Any fault of the sealed channel. All look alike: which one it was helps only an attacker. */
export class ChannelError extends ConfabError {
  constructor() {
    super("channel", "the sealed connection was damaged or cut");
  }
}

/** What somebody said who has not shown a key: perhaps the server, perhaps who is on the way. */
export class UnverifiedError extends ConfabError {}

/** Wrong usage of the command line: exit status 2. */
export class UsageError extends ConfabError {
  constructor(message: string) {
    super("usage", message);
  }
}

/** What to tell a person of any error: one line, never a stack. */
export function describeError(error: unknown): string {
  const message = error instanceof Error
    ? error.message || error.name
    : String(error);
  return message.split("\n", 1)[0] ?? "";
}
