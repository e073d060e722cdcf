import { assertEquals } from "@std/assert";
import {
  clockTime,
  durationText,
  renderCut,
  renderMessage,
  renderStored,
} from "../../src/text/render.ts";
import type { ServerMessage, Stored } from "../../src/wire/server.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("render");

/** A moment that is 12:03 wherever the test runs. */
const AT = new Date(2025, 5, 15, 12, 3).getTime();

const CHAT = {
  type: "chat",
  room: "lobby",
  from: "ann",
  txt: "hi",
  seq: 1,
  at: AT,
} as const;
const PRIVATE = {
  type: "private",
  from: "ann",
  to: "bob",
  txt: "hi",
  seq: 1,
  at: AT,
} as const;

/** Asserts the lines of messages, row by row. */
function assertRendered(rows: [ServerMessage, string | undefined][]): void {
  for (const [message, line] of rows) {
    assertEquals(renderMessage(message), line, JSON.stringify(message));
  }
}

test("writes the local time with two digits each", () => {
  assertEquals(clockTime(new Date(2025, 0, 2, 3, 4).getTime()), "03:04");
  assertEquals(clockTime(new Date(2025, 0, 2, 23, 59, 59).getTime()), "23:59");
  assertEquals(clockTime(new Date(2025, 0, 2, 0, 0).getTime()), "00:00");
});

test("tells who said what when, and to whom", () => {
  assertRendered([
    [CHAT, "[12:03] ann: hi"],
    [{ ...CHAT, action: true, txt: "waves" }, "[12:03] * ann waves"],
    [PRIVATE, "[12:03] ann → bob: hi"],
    [{ ...PRIVATE, action: true, txt: "waves" }, "[12:03] * ann → bob waves"],
  ]);
});

test("puts the lines of a text under each other", () => {
  assertRendered([
    [
      { ...CHAT, txt: "one\ntwo\n\nfour" },
      "[12:03] ann: one\n        two\n        \n        four",
    ],
    [{ type: "notice", text: "one\ntwo" }, "* one\n        two"],
  ]);
});

test("leaves the marks of a text as they were typed", () => {
  assertRendered([
    [{ ...CHAT, txt: "*a* `b` :tada:" }, "[12:03] ann: *a* `b` :tada:"],
  ]);
});

test("shows a stored message as a live one, and nothing of a type that it does not know", () => {
  assertEquals(renderStored(CHAT), "[12:03] ann: hi");
  assertEquals(renderStored({ type: "unknown", seq: 2 } as Stored), undefined);
});

test("tells who came, went, and why", () => {
  const left = { type: "left", room: "lobby", name: "ann", at: AT } as const;
  assertRendered([
    [
      { type: "joined", room: "lobby", name: "ann", at: AT },
      "* ann joined lobby",
    ],
    [{ ...left, reason: "left" }, "* ann left lobby"],
    [{ ...left, reason: "closed" }, "* ann left lobby"],
    [{ ...left, reason: "cut" }, "* ann left lobby (connection lost)"],
    [{ ...left, reason: "kicked" }, "* ann left lobby (kicked)"],
    [
      { ...left, reason: "kicked", by: "bob" },
      "* ann left lobby (kicked by bob)",
    ],
    [
      { ...left, reason: "kicked", by: "bob", why: "noisy", banned: true },
      "* ann left lobby (banned by bob: noisy)",
    ],
    [{ ...left, reason: "a reason to come" }, "* ann left lobby"],
    [{ type: "renamed", from: "ann", name: "eve", at: AT }, "* ann is now eve"],
    [
      { type: "presence", room: "lobby", count: 300 },
      "* 300 people are in lobby",
    ],
    [
      { type: "topic", room: "lobby", text: "tea", by: "ann", at: AT },
      "* the topic of lobby is: tea (ann)",
    ],
  ]);
});

test("lists people, rooms and commands", () => {
  const users = [{ name: "ann" }, { name: "bob" }];
  assertRendered([
    [{ type: "users", room: "lobby", users }, "* in lobby: ann, bob"],
    [
      {
        type: "users",
        room: "lobby",
        users: [
          { name: "ann", role: "creator" },
          { name: "bob", role: "operator", away: "lunch" },
          { name: "cy", away: "off), root (admin" },
          { name: "guest-3", guest: true },
        ],
      },
      "* in lobby: ann (creator), bob (operator, away: lunch), " +
      "cy (away: off], root [admin), guest-3",
    ],
    [
      { type: "users", room: "lobby", users, count: 300 },
      "* in lobby: ann, bob and others, 300 in all",
    ],
    [{ type: "rooms", rooms: [] }, "* there are no rooms"],
    [
      {
        type: "rooms",
        rooms: [
          { name: "lobby", people: 2, topic: "tea" },
          { name: "ops", people: 1 },
          { name: "dev", people: 0, topic: "code" },
          { name: "old", people: 0 },
        ],
      },
      "* lobby (2): tea\n* ops (1)\n* dev (empty): code\n* old (empty)",
    ],
    [
      {
        type: "help",
        commands: [
          { name: "join", args: "ROOM", text: "move there" },
          { name: "leave", args: "", text: "leave the room" },
          { name: "server kick", args: "TARGET [WHY]", text: "end it" },
        ],
      },
      "  /join ROOM            move there\n" +
      "  /leave                leave the room\n" +
      "  /server kick TARGET [WHY]  end it",
    ],
  ]);
});

test("tells what went wrong and why it ends", () => {
  assertRendered([
    [
      { type: "error", code: "no-room", text: "no such room" },
      "! no such room",
    ],
    [{ type: "bye", code: "restart", text: "back soon" }, "* back soon"],
  ]);
});

test("shows nothing of what is between the programs", () => {
  assertRendered([
    [{ type: "ack", id: "1" }, undefined],
    [{ type: "here", room: "lobby" }, undefined],
    [{ type: "ping", t: 1 }, undefined],
    [{ type: "pong", t: 1 }, undefined],
    [{ type: "typing", name: "ann" }, undefined],
    [{ type: "read", room: "lobby", seq: 1 }, undefined],
  ]);
});

test("tells why there is no connection, and when the next try is", () => {
  assertEquals(
    renderCut("", 1_400),
    "the connection was lost; trying again in 2 seconds",
  );
  assertEquals(renderCut("restart", 0), "restart; trying again in 1 second");
  assertEquals(
    renderCut("restart", 60_000),
    "restart; trying again in 1 minute",
  );
});

test("says a length of time in units, without those that are zero", () => {
  const day = 86_400_000;
  for (
    const [ms, text] of [
      [0, ""],
      [999, ""],
      [1_000, "1 second"],
      [59_999, "59 seconds"],
      [7_500_000, "2 hours, 5 minutes"],
      [day + 60_000, "1 day, 1 minute"],
      [400 * day + 3_661_000, "400 days, 1 hour, 1 minute, 1 second"],
    ] as const
  ) assertEquals(durationText(ms), text);
});

test("shows every time that a server may say, and no reason that it does not know", () => {
  for (const at of [8.64e15, 8.64e15 + 1, 1e308, Infinity, -1, NaN]) {
    assertEquals(/^\d\d:\d\d$/.test(clockTime(at)), true, `${at}`);
  }
  for (const reason of ["constructor", "__proto__", "toString", "odd"]) {
    assertRendered([
      [
        { type: "left", room: "lobby", name: "ann", at: AT, reason },
        "* ann left lobby",
      ],
    ]);
  }
});
