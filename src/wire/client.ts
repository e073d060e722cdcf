/** The messages that a client sends: their shapes, and how one that came is read. */
import { ProtocolError } from "../base/errors.ts";
import {
  ARGS_MAX_CODE_POINTS,
  HISTORY_PAGE_MESSAGES,
  ID_MAX_CHARS,
  RESUME_MAX_ROOMS,
  SECRET_MAX_CODE_POINTS,
  TEXT_MAX_CODE_POINTS,
} from "../base/limits.ts";
import {
  array,
  type Field,
  integer,
  isFault,
  isObject,
  number,
  object,
  oneOf,
  optional,
  type Read,
  readShape,
  type Shape,
  string,
} from "./schema.ts";
import { bareRoom } from "./slash.ts";
import { cleanLine, cleanText, codePoints, decodeUtf8 } from "./text.ts";
import { WATCHED } from "./watched.ts";

/** Names are judged where they are claimed; here they are bounded and made canonical. */
const NAME_BOUND_CODE_POINTS = 256;

/** Text of at most `most` code points, made canonical by `clean`. */
function atMost(
  most: number,
  clean: (text: string) => string,
  what = `a string of at most ${most} characters`,
): Field<string> {
  return string(what, clean, (text) => codePoints(text) <= most);
}

function notEmpty({ what, take }: Field<string>): Field<string> {
  return { what, take: (value) => take(value) || undefined };
}

const id = notEmpty(string(
  `a string of 1 to ${ID_MAX_CHARS} characters`,
  undefined,
  (text) => codePoints(text) <= ID_MAX_CHARS,
));
const nameOrNone = atMost(NAME_BOUND_CODE_POINTS, cleanLine, "a name");
const name = notEmpty(nameOrNone);
const roomOrNone = atMost(
  NAME_BOUND_CODE_POINTS,
  (text) => bareRoom(cleanLine(text)),
  "a name",
);
/** A room as a person may write it, or `@name`. */
const room = notEmpty(roomOrNone);
/** A code point comes of at most four of what was sent: a longer one is too long in any form. */
const SECRET_SENT_MAX_CHARS = 2 * 4 * SECRET_MAX_CODE_POINTS;
const secret = atMost(
  SECRET_MAX_CODE_POINTS,
  (text) => text.length > SECRET_SENT_MAX_CHARS ? text : text.normalize("NFC"),
);
const args = atMost(ARGS_MAX_CODE_POINTS, cleanText);
const seq = integer(0);
const place = object("a seq and its time", { seq, at: optional(integer(0)) });

/** Where a client stopped in a room: the seq up to which it has every message, and its time. */
export interface ResumePoint {
  readonly seq: number;
  readonly at?: number;
}

const resume: Field<Map<string, ResumePoint>> = {
  what:
    `an object of at most ${RESUME_MAX_ROOMS} rooms, each with a seq or a seq and its time`,
  take(value) {
    if (!isObject(value)) return undefined;
    const rooms = new Map<string, ResumePoint>();
    for (const key of Object.keys(value)) {
      const room = name.take(key);
      const given = value[key];
      const point = place.take(isObject(given) ? given : { seq: given });
      const isFull = rooms.size === RESUME_MAX_ROOMS;
      if (room === undefined || point === undefined || isFull) return undefined;
      rooms.set(room, point);
    }
    return rooms;
  },
};

const TEXT = `a text of 1 to ${TEXT_MAX_CODE_POINTS} characters`;

/** The fields of each type, as they are read. */
export const SHAPES = {
  hello: {
    name: optional(nameOrNone),
    suggest: optional(nameOrNone),
    room: optional(roomOrNone),
    password: optional(secret),
    invite: optional(secret),
    resume: optional(resume),
    client: optional(atMost(NAME_BOUND_CODE_POINTS, cleanLine, "a string")),
  },
  chat: {
    // How long it may be is judged behind the reading.
    txt: string(TEXT, cleanText),
    id: optional(id),
    room: optional(room),
    to: optional(name),
  },
  command: {
    name: notEmpty(string("the name of a command", cleanLine)),
    args: optional(args),
    id: optional(id),
    room: optional(room),
  },
  history: {
    room,
    before: optional(seq),
    after: optional(seq),
    limit: optional(integer(1, HISTORY_PAGE_MESSAGES)),
    id: optional(id),
  },
  watch: { what: array(oneOf(WATCHED), WATCHED.length), id: optional(id) },
  typing: { room: optional(room), to: optional(name) },
  read: { room, seq },
  ping: { t: number },
  pong: { t: number },
  bye: {},
} as const satisfies Record<string, Shape>;

type Type = keyof typeof SHAPES;
type MessageOf<T extends Type> = { type: T } & Read<typeof SHAPES[T]>;

export type Hello = MessageOf<"hello">;
export type ChatSend = MessageOf<"chat">;
export type CommandSend = MessageOf<"command">;
export type HistorySend = MessageOf<"history">;
export type WatchSend = MessageOf<"watch">;
export type ClientMessage = { [T in Type]: MessageOf<T> }[Type];

/** Which texts of a chat are read: those that `fit` it, or `any`, also one that is empty or too long. */
export type TextsRead = "fit" | "any";

/** Whether a canonical text is neither empty nor too long for a chat. */
export function fitsChat(txt: string): boolean {
  return txt !== "" && codePoints(txt) <= TEXT_MAX_CODE_POINTS;
}

/**
 * Reads one message of a client: strict UTF-8, one JSON object, the fields of its type, every text
 * canonical.
 *
 * @throws {ProtocolError} `bad-message`, `too-large` (a text over its length) or `unknown-type`,
 * with the message's `id` where it has one.
 */
export function readClientMessage(
  payload: Uint8Array,
  texts: TextsRead = "fit",
): ClientMessage {
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(payload));
  } catch {
    throw bad("a message is one JSON object in UTF-8");
  }
  if (!isObject(value)) throw bad("a message is one JSON object");
  return readClientObject(value, texts);
}

/** As {@linkcode readClientMessage}, of a value that is parsed already. */
export function readClientObject(
  value: Record<string, unknown>,
  texts: TextsRead = "fit",
): ClientMessage {
  const { type } = value;
  const requestId = id.take(value.id);
  if (type !== undefined && typeof type !== "string") {
    throw bad("the type of a message is a string", requestId);
  }
  if (type === undefined || !Object.hasOwn(SHAPES, type)) {
    throw new ProtocolError("unknown-type", "unknown", { id: requestId });
  }
  const read = readShape(SHAPES[type as Type] as Shape, value);
  if (isFault(read)) {
    const { field, what } = read.fault;
    throw bad(`${type}: ${field} must be ${what}`, requestId);
  }
  const message = { type, ...read } as ClientMessage;
  if (texts === "fit" && message.type === "chat") {
    judgeText(message.txt, requestId);
  }
  judge(message, requestId);
  return message;
}

function judgeText(txt: string, requestId: string | undefined): void {
  if (fitsChat(txt)) return;
  if (txt === "") throw bad(`chat: txt must be ${TEXT}`, requestId);
  const text = `a text of ${
    codePoints(txt)
  } characters is too long, at most ${TEXT_MAX_CODE_POINTS} are allowed: say it in parts`;
  throw new ProtocolError("too-large", text, { id: requestId });
}

/** The rules that span fields. */
function judge(message: ClientMessage, requestId: string | undefined): void {
  if (message.type === "chat") {
    if (message.room !== undefined && message.to !== undefined) {
      throw bad("chat: give room or to, not both", requestId);
    }
  } else if (message.type === "typing") {
    if ((message.room === undefined) === (message.to === undefined)) {
      throw bad("typing: give room or to", requestId);
    }
  } else if (message.type === "history") {
    if (message.before !== undefined && message.after !== undefined) {
      throw bad("history: give before or after, not both", requestId);
    }
  }
}

function bad(text: string, id?: string): ProtocolError {
  return new ProtocolError("bad-message", text, { id });
}
