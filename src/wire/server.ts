/** The messages that the server sends: their shapes, their encoding, and how a client reads one. */
import { FrameError } from "../base/errors.ts";
import { FRAME_MAX_BYTES, HISTORY_PAGE_MESSAGES } from "../base/limits.ts";
import { encodeFrame, HEADER_BYTES, writeLength } from "./frame.ts";
import {
  array,
  boolean,
  type Field,
  integer,
  isFault,
  isObject,
  number,
  object,
  optional,
  type Read,
  readShape,
  type Shape,
} from "./schema.ts";
import {
  at,
  durationMs,
  flag,
  line,
  MANY,
  pauseMs,
  phrase,
  seq,
  text,
  whole,
  word,
} from "./server_fields.ts";
import { decodeUtf8 } from "./text.ts";
import { WATCHED_SHAPES } from "./watched.ts";

const id = optional(line);
const person = { name: word, key: optional(line), guest: optional(flag) };
const said = {
  from: word,
  txt: text,
  seq,
  at,
  action: optional(flag),
  /** The author's fingerprint when it was said; guests have none. */
  key: optional(line),
  id,
};
const chat = { room: word, ...said };
const privateChat = { to: word, ...said };
/** An entry of its own: the message `target` was deleted. */
const deleted = { room: word, target: seq, by: word, seq, at };
/** In the place of what was deleted. */
const gone = { room: word, seq, at };

const user = object("a person", {
  ...person,
  role: optional(line),
  away: optional(phrase),
});
const room = object("a room", {
  name: word,
  people: integer(0),
  topic: optional(phrase),
});
const command = object("a command", {
  name: line,
  args: phrase,
  text: phrase,
});
const conversation = object("a conversation", {
  name: word,
  key: line,
  seq,
  read: seq,
});

const ban = object("a ban", {
  target: word,
  name: optional(word),
  by: word,
  at,
  until: optional(at),
  why: optional(phrase),
});

export type Chat = { type: "chat" } & Read<typeof chat>;
export type Private = { type: "private" } & Read<typeof privateChat>;
export type Deleted = { type: "deleted" } & Read<typeof deleted>;
export type Gone = { type: "gone" } & Read<typeof gone>;
/** Something that somebody said. */
export type Said = Chat | Private;
/** What the server keeps, in the order of a room. */
export type Journaled = Chat | Private | Deleted | Gone;
/** A message of a type that this client does not know: its seq counts all the same. */
export type Unknown = { type: "unknown"; room?: string; seq?: number };
/** What a history holds. */
export type Stored = Journaled | Unknown;

/** A type to come may use any field for anything: a room and a seq count where they are such. */
function readUnknown(value: Record<string, unknown>): Unknown {
  const read: Unknown = { type: "unknown" };
  const inRoom = word.take(value.room);
  if (inRoom !== undefined) read.room = inRoom;
  const counted = seq.take(value.seq);
  if (counted !== undefined) read.seq = counted;
  return read;
}

const JOURNALED = {
  chat,
  private: privateChat,
  deleted,
  gone,
} as const satisfies Record<Journaled["type"], Shape>;

/** A message that is part of a history, also one of a type to come. */
const stored: Field<Stored> = {
  what: "a message",
  take(value) {
    if (!isObject(value) || typeof value.type !== "string") return undefined;
    const { type } = value;
    if (!Object.hasOwn(JOURNALED, type)) return readUnknown(value);
    const shape: Shape = JOURNALED[type as Journaled["type"]];
    const read = readShape(shape, value);
    return isFault(read) ? undefined : { type, ...read } as Journaled;
  },
};
const messages = array(stored, HISTORY_PAGE_MESSAGES);

/** The fields of each type, as they are read. */
export const SHAPES = {
  welcome: {
    name: word,
    server: line,
    version: line,
    room: word,
    key: optional(line),
    next: optional(line),
  },
  /** The fingerprint of the key that the server will show next; without one there is none. */
  next: { key: optional(line) },
  ack: {
    id: line,
    room: optional(word),
    to: optional(word),
    seq: optional(seq),
    at: optional(at),
    /** What a command did, in words for who gave it. */
    text: optional(phrase),
    /** Of a private message: the other is away, or not here and reads it later. */
    away: optional(phrase),
    later: optional(flag),
  },
  ...JOURNALED,
  history: {
    room: word,
    messages,
    more: boolean,
    older: optional(flag),
    skipped: optional(object("a range", { from: seq, to: seq })),
    reset: optional(flag),
    id,
  },
  joined: { room: word, ...person, role: optional(line), at },
  left: {
    room: word,
    ...person,
    at,
    reason: line,
    /** Who was kicked: by whom and why, and whether it is for good. */
    by: optional(word),
    why: optional(phrase),
    banned: optional(flag),
  },
  /** The room where the connection is, in its canonical spelling; empty when it is in none. */
  here: { room: word },
  presence: { room: word, count: integer(0) },
  renamed: { from: word, name: word, at },
  topic: { room: word, text: phrase, by: word, at },
  users: {
    room: word,
    users: array(user, MANY),
    count: optional(integer(0)),
    locked: optional(flag),
    id,
  },
  rooms: { rooms: array(room, MANY), id },
  help: { commands: array(command, MANY), id },
  /** Private conversations with something unread that is not replayed. */
  conversations: { list: array(conversation, MANY), more: boolean },
  whois: {
    ...person,
    rooms: array(word, MANY),
    since: at,
    idleMs: durationMs,
    away: optional(phrase),
    /** In the room that it was asked in. */
    role: optional(line),
    /** When somebody who is not here was here last, about. */
    seen: optional(at),
    id,
  },
  found: {
    room: word,
    query: phrase,
    messages,
    more: optional(flag),
    searched: optional(
      object("a place in a room", { seq, at, room: optional(word) }),
    ),
    where: optional(word),
    id,
  },
  /** A link that lets people in, `uses` times, until `expires`. */
  invite: { link: whole, expires: at, uses: integer(1), id },
  /** Who may not be on the server; the next page comes after the last target. */
  bans: { bans: array(ban, MANY), more: boolean, id },
  ...WATCHED_SHAPES,
  notice: { text, id },
  typing: { room: optional(word), from: optional(word), name: word },
  read: { room: word, seq },
  /** `room`: of a `hello`, the one that could not be entered, as it was asked for. */
  error: {
    code: line,
    text,
    id,
    retryAfterMs: optional(pauseMs),
    room: optional(line),
  },
  ping: { t: number },
  pong: { t: number },
  bye: { code: line, text, reconnectAfterMs: optional(pauseMs) },
} as const satisfies Record<string, Shape>;

type Type = keyof typeof SHAPES;
export type MessageOf<T extends Type> = { type: T } & Read<typeof SHAPES[T]>;

export type History = MessageOf<"history">;
export type Users = MessageOf<"users">;
export type User = Users["users"][number];
export type Ack = MessageOf<"ack">;
export type Left = MessageOf<"left">;
export type Welcome = MessageOf<"welcome">;
export type ErrorMessage = MessageOf<"error">;
export type Bye = MessageOf<"bye">;
export type Bans = MessageOf<"bans">;
export type HelpRow = MessageOf<"help">["commands"][number];
export type ServerMessage = { [T in Type]: MessageOf<T> }[Type];

/** Why a connection ends, in `bye`. */
export type ByeCode =
  | "closed"
  | "restart"
  | "kicked"
  | "banned"
  | "idle"
  | "refused";
/** Why a person is not in a room any more, in `left`. */
export type LeftReason = "left" | "closed" | "cut" | "kicked";

const encoder = new TextEncoder();

/** A frame with a message of either side. */
export function encodeMessage(message: object): Uint8Array<ArrayBuffer> {
  const json = JSON.stringify(message);
  // Most messages are ASCII, and take as many bytes as they have characters.
  const frame = new Uint8Array(HEADER_BYTES + json.length);
  const { read } = encoder.encodeInto(json, frame.subarray(HEADER_BYTES));
  if (read < json.length) return encodeFrame(encoder.encode(json));
  if (json.length > FRAME_MAX_BYTES) {
    throw new FrameError(json.length, FRAME_MAX_BYTES);
  }
  writeLength(frame, 0, json.length);
  return frame;
}

/**
 * Reads one message of the server, every text made fit for display. A type that is not known comes
 * back as `unknown`, with its `room` and `seq` where it has them.
 *
 * @returns `undefined` for what is no message, or lacks what its type must have: a client ends such
 * a connection.
 */
export function readServerMessage(
  payload: Uint8Array,
): ServerMessage | Unknown | undefined {
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(payload));
  } catch {
    return undefined;
  }
  if (!isObject(value) || typeof value.type !== "string") return undefined;
  if (!Object.hasOwn(SHAPES, value.type)) return readUnknown(value);
  const type = value.type as Type;
  const read = readShape(SHAPES[type] as Shape, value);
  return isFault(read) ? undefined : { type, ...read } as ServerMessage;
}
