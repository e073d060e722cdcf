/** The numbers that the pages give for limits are those of `src/base/limits.ts`. */
import { assertEquals } from "@std/assert";
import * as is from "../src/base/limits.ts";
import { HEADER_BYTES } from "../src/wire/frame.ts";
import { names, numbers, page, section, tableRows } from "./_docs.ts";

const SECOND_MS = 1_000;
const KIB = 1_024;
const MIB = 1_024 * KIB;

/** What a row is called, and the numbers in it; the same number twice counts once. */
type Limits = readonly (readonly [string, ...number[]])[];

function assertLimits(rows: string[][], column: number, limits: Limits): void {
  assertEquals(
    rows.map((cells) => [cells[0], ...new Set(numbers(cells[column]!))]),
    limits.map(([name, ...given]) => [name, ...new Set(given)]),
  );
}

function rowsOf(path: string, heading: string): string[][] {
  return tableRows(section(page(path), heading));
}

const ANSWERS: Limits = [
  [
    "answers and replays to a person",
    is.ANSWER_BYTES_PER_SECOND / MIB,
    is.ANSWER_BYTES_BURST / MIB,
  ],
  [
    "the same to all at an address",
    is.PER_ADDRESS_ANSWERS * is.ANSWER_BYTES_PER_SECOND / MIB,
    is.PER_ADDRESS_ANSWERS * is.ANSWER_BYTES_BURST / MIB,
  ],
];

/** How long wrong passwords wait, in seconds: twice as long each, up to the longest. */
function guessDelays(): number[] {
  const delays = [is.GUESS_DELAY_MS];
  while (delays.at(-1)! < is.GUESS_DELAY_MAX_MS) {
    delays.push(2 * delays.at(-1)!);
  }
  return delays.map((ms) => ms / SECOND_MS);
}

Deno.test("operations.md gives the limits as they are", () => {
  assertLimits(rowsOf("docs/operations.md", "Limits"), 1, [
    ["connections in all (and 8 more of this machine)", is.MAX_CONNECTIONS],
    ["connections of an address", is.PER_ADDRESS_CONNECTIONS],
    ["new connections of an address", is.PER_ADDRESS_HANDSHAKES_PER_SECOND],
    ["connections before their `welcome`", is.NOT_READY_CONNECTIONS],
    ["time for opening and `hello`", is.OPENING_MS / SECOND_MS],
    [
      "silence",
      is.DEAD_AFTER_MS / SECOND_MS,
      is.PING_AFTER_IDLE_MS / SECOND_MS,
    ],
    ["messages of a person", is.RATE_PER_SECOND, is.RATE_BURST],
    [
      "messages of all at an address",
      is.PER_ADDRESS_RATE * is.RATE_PER_SECOND,
      is.PER_ADDRESS_BURST * is.RATE_BURST,
    ],
    ...ANSWERS,
    ["unread by the client", is.OUTBOX_BYTES / KIB],
    ["length of a text", is.TEXT_MAX_CODE_POINTS],
    ["rooms of a person", is.ROOMS_PER_PERSON],
    ["rooms made in a day from an address", is.ROOMS_CREATED_PER_DAY],
    [
      "private messages that wait, a sender and receiver",
      is.WAITING_PRIVATE_MESSAGES,
    ],
    [
      "operators of a room, people in one that is locked",
      is.ROOM_OPERATORS,
      is.LOCKED_IN_PEOPLE,
    ],
    [
      "bans, mutes, invitations of a room; bans of the server",
      is.ROOM_LIST_RECORDS,
      is.SERVER_BANS,
    ],
    [
      "bans, mutes, invitations of rooms in a day from an address",
      is.LISTED_PER_DAY,
    ],
    [
      "names that new people take in a day at an address",
      is.NAMES_CLAIMED_PER_DAY,
    ],
    ["wrong passwords of an address", ...guessDelays()],
    [
      "connections that are told that they are refused",
      is.REFUSALS_AT_ONCE,
    ],
  ]);
});

Deno.test("protocol.md gives the limits as they are", () => {
  const path = "docs/protocol.md";
  assertLimits(rowsOf(path, "Limits on the wire"), 1, [
    ["connections in all; 8 more from loopback", is.MAX_CONNECTIONS],
    ["connections of an address", is.PER_ADDRESS_CONNECTIONS],
    ["new connections of an address", is.PER_ADDRESS_HANDSHAKES_PER_SECOND],
    ["connections without a `welcome`", is.NOT_READY_CONNECTIONS],
    ["opening and `hello`", is.OPENING_MS / SECOND_MS],
    ["rooms of a person", is.ROOMS_PER_PERSON],
    [
      "rooms made in a day (UTC) from an address (a room counts when something is first said or set in it)",
      is.ROOMS_CREATED_PER_DAY,
    ],
    [
      "waiting private messages of a sender for a person",
      is.WAITING_PRIVATE_MESSAGES,
    ],
    [
      "strangers whose private messages one person has not read",
      is.WAITING_SENDERS,
    ],
    [
      "names that are claimed in a day (UTC) from an address, but those that are one's own already",
      is.NAMES_CLAIMED_PER_DAY,
    ],
    ["former names that are kept for a person", is.FORMER_NAMES_KEPT],
    ["people whom a person blocks", is.BLOCKED_PEOPLE],
    [
      "operators of a room; people who are in one that is locked",
      is.ROOM_OPERATORS,
      is.LOCKED_IN_PEOPLE,
    ],
    [
      "bans, mutes and invitations of rooms in a day (UTC) from an address",
      is.LISTED_PER_DAY,
    ],
    [
      "each other list of a room (bans, mutes, invitations); bans of the server",
      is.ROOM_LIST_RECORDS,
      is.SERVER_BANS,
    ],
    ["invites that are open", is.INVITES_OPEN],
    ["administrators that were made by links", is.ADMINS_APPOINTED],
    ["connections that watch the server", is.WATCHERS],
    ["queued for a connection", is.OUTBOX_BYTES / KIB],
  ]);
  const codes = rowsOf(path, "Error codes");
  const [, when] = codes.find(([code]) => code === "`limit-reached`")!;
  assertEquals(numbers(when!), [
    ...[is.ROOMS_PER_PERSON, is.ROOMS_CREATED_PER_DAY],
    ...[is.NAMES_CLAIMED_PER_DAY, is.LISTED_PER_DAY, is.FORMER_NAMES_KEPT],
    ...[is.WAITING_PRIVATE_MESSAGES, is.WAITING_SENDERS, is.BLOCKED_PEOPLE],
    ...[is.ROOM_OPERATORS, is.ROOM_LIST_RECORDS, is.LOCKED_IN_PEOPLE],
    ...[is.SERVER_BANS, is.INVITES_OPEN, is.ADMINS_APPOINTED, is.WATCHERS],
  ]);
});

Deno.test("protocol.md gives the limits of HTTP as they are", () => {
  assertLimits(rowsOf("docs/protocol.md", "HTTP and WebSocket"), 1, [
    ["head of a request", is.HTTP_HEAD_MAX_BYTES, is.HTTP_HEAD_LINES],
    ["content of a request"],
    [
      "time for a request, and from one answer to the next",
      is.HTTP_HEAD_MS / SECOND_MS,
    ],
    [
      "time of a connection before a WebSocket, and for its hello",
      is.HTTP_CONNECTION_MS / SECOND_MS,
      is.OPENING_MS / SECOND_MS,
    ],
    ["requests of a connection", is.HTTP_REQUESTS],
    ["message of a WebSocket", HEADER_BYTES + is.FRAME_MAX_BYTES],
    ["fragments of a message", is.WEB_SOCKET_FRAGMENTS],
    [
      `messages of fewer than ${is.WEB_SOCKET_SHORT_BYTES} bytes, pings and pongs`,
      is.WEB_SOCKET_SHORT_BURST,
      is.WEB_SOCKET_SHORT_PER_SECOND,
    ],
    [
      `pings, pongs and messages of fewer than ${is.WEB_SOCKET_LITTLE_BYTES} bytes`,
      is.WEB_SOCKET_LITTLE_BURST,
      is.WEB_SOCKET_LITTLE_PER_SECOND,
    ],
  ]);
});

Deno.test("protocol.md gives what requests cost", () => {
  const rows = rowsOf("docs/protocol.md", "What it promises");
  const costs = rows.map((
    [what, cost],
  ) => [names(what!)[0], numbers(cost!)[0]]);
  assertEquals(costs, [
    ["chat", is.COST_CHAT],
    ["/away", is.COST_AWAY],
    ["/lock", is.COST_LOCK],
    ["/join", is.COST_JOIN],
    ["history", is.COST_HISTORY],
    ["/search", is.COST_SEARCH],
    ["hello", 1],
    ["hello", 0],
    ["rate-limited", 1],
  ]);
  assertEquals([is.COST_LIST, is.COST_NAME], [is.COST_AWAY, is.COST_JOIN]);
});
