/** What an administrator gets who watches the server: the shapes of the messages, and the numbers. */
import {
  array,
  boolean,
  dictionary,
  type Field,
  integer,
  number,
  object,
  optional,
  type Read,
  type Shape,
} from "./schema.ts";
import {
  at,
  durationMs,
  flag,
  line,
  MANY,
  phrase,
  word,
} from "./server_fields.ts";

/** What can be watched: each comes in messages of that type. */
export const WATCHED = ["status", "connections", "log"] as const;
export type Watched = typeof WATCHED[number];

/** The numbers of a `status` that are always there; what each is, says docs/protocol.md. */
export const NUMBERS = [
  ...["connections", "guests", "people", "rooms", "behind", "queuedBytes"],
  ...["messagesPerSecond", "deliveriesPerSecond"],
  ...["connectedPerSecond", "refusedPerSecond"],
  ...["turnP50Ms", "turnP99Ms", "commitP50Ms", "commitP99Ms"],
  ...["memoryBytes", "heapBytes", "diskUsedBytes", "isFull"],
  ...["connectedTotal", "messagesTotal", "deliveriesTotal", "turnsTotal"],
  ...["commitsTotal", "notStoredTotal", "refusedTotal"],
] as const;
/** Those that are there where they are known. */
export const NUMBERS_IF_KNOWN = ["diskFreeBytes", "diskLimitBytes"] as const;
/** Those of which the last hour is kept. */
export const SERIES = [
  ...["messagesPerSecond", "deliveriesPerSecond"],
  ...["connectedPerSecond", "refusedPerSecond"],
  ...["turnP50Ms", "turnP99Ms", "commitP50Ms", "commitP99Ms"],
  ...["memoryBytes", "queuedBytes", "connections"],
] as const;

export type Numbers =
  & { readonly [name in typeof NUMBERS[number]]: number }
  & { readonly [name in typeof NUMBERS_IF_KNOWN[number]]?: number };
export type SeriesName = typeof SERIES[number];

/** Names of numbers and of the log's fields, and how many a message has: far above those in use. */
const NAMES_MAX = 128;

const numbers = dictionary(number, NAMES_MAX);

const server = object("what the server is", {
  name: line,
  version: line,
  since: at,
  /** `HOST:PORT`; empty where it does not listen. */
  address: line,
  fingerprint: line,
  /** `process` or `full`. */
  durability: line,
  pid: optional(integer(0)),
});

const history = object("a history", {
  stepMs: integer(1),
  until: at,
  series: dictionary(array(number, MANY), NAMES_MAX),
});

const connection = object("a connection", {
  id: line,
  name: optional(word),
  key: optional(line),
  address: line,
  dialect: line,
  encrypted: optional(flag),
  since: at,
  rooms: array(word, MANY),
  moreRooms: optional(integer(1)),
  idleMs: durationMs,
  queuedBytes: integer(0),
  behind: optional(flag),
});

/** A string is for people; what else a value may be is taken as it is. */
const logValue: Field<string | number | boolean> = {
  what: "a string, a number or a boolean",
  take: (value) =>
    phrase.take(value) ?? number.take(value) ?? boolean.take(value),
};

const logEntry = object("a line of the log", {
  at,
  level: line,
  event: phrase,
  fields: dictionary(logValue, NAMES_MAX),
});

export const WATCHED_SHAPES = {
  status: {
    at,
    server,
    numbers,
    history: optional(history),
    step: optional(object("a step", { until: at, values: numbers })),
  },
  connections: {
    connections: array(connection, MANY),
    more: integer(0),
  },
  log: {
    entries: array(logEntry, MANY),
    dropped: optional(integer(1)),
  },
} as const satisfies Record<Watched, Shape>;

export type Status = { type: "status" } & Read<typeof WATCHED_SHAPES.status>;
export type ConnectionsMessage =
  & { type: "connections" }
  & Read<typeof WATCHED_SHAPES.connections>;
export type LogMessage = { type: "log" } & Read<typeof WATCHED_SHAPES.log>;
export type ServerFacts = Status["server"];
export type SeriesHistory = NonNullable<Status["history"]>;
export type SeriesStep = NonNullable<Status["step"]>;
export type WatchedConnection = ConnectionsMessage["connections"][number];
export type LogEntry = LogMessage["entries"][number];
