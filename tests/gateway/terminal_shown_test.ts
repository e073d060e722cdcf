import { assertEquals, assertStrictEquals } from "@std/assert";
import { TerminalCodec } from "../../src/gateway/terminal.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { testsOf } from "../_testing.ts";
import { assertShown, AT, atTerminal, BYE, CHAT, WELCOME } from "./_clients.ts";
import { linesOf, shown } from "./_codec.ts";

const test = testsOf("terminal codec");

const USERS = {
  type: "users",
  room: "lobby",
  users: [{ name: "bob" }, { name: "guest-1" }],
} as const;

test("welcomes by name", () => {
  const rows: [string, string][] = [
    [
      "lobby",
      "* welcome to confab: you are guest-1 in lobby (/help lists the commands, exit leaves)",
    ],
    [
      "",
      "* welcome to confab: you are guest-1 (/help lists the commands, exit leaves)",
    ],
  ];
  for (const [room, line] of rows) {
    assertEquals(
      shown(new TerminalCodec(), { ...WELCOME, name: "guest-1", room }),
      line,
    );
  }
});

test("tells how to give a password that is missing", () => {
  const codec = new TerminalCodec();
  const error = { type: "error", text: "why" } as const;
  assertEquals(
    shown(codec, { ...error, code: "password-required" }),
    "! this server needs a password: connect again, and say /password WORD first",
  );
  assertEquals(shown(codec, { ...error, code: "password-wrong" }), "! why");
  assertEquals(
    shown(atTerminal(), { ...error, code: "password-required" }),
    "! why",
  );
});

test("shows what a person would read", () => {
  assertShown(atTerminal, "asked", [
    [CHAT, "[12:03] bob: hi"],
    [{ ...CHAT, txt: "waves", action: true }, "[12:03] * bob waves"],
    [
      { type: "joined", room: "lobby", name: "bob", at: AT },
      "* bob joined lobby",
    ],
    [{ type: "notice", text: "you are in dev" }, "* you are in dev"],
    [{ type: "error", code: "muted", text: "hush" }, "! hush"],
    [
      { ...USERS, users: [...USERS.users] },
      "* in lobby: bob, guest-1",
    ],
    [BYE, "* goodbye"],
  ]);
});

test("lets no text pass for a line", () => {
  assertShown(atTerminal, "asked", [
    [
      { ...CHAT, txt: "hi\n[12:04] ann: ha\n* ann left" },
      "[12:03] bob: hi\n        [12:04] ann: ha\n        * ann left",
    ],
    [
      { type: "error", code: "muted", text: "a\n* ann left" },
      "! a\n        * ann left",
    ],
  ]);
});

test("shows on entering what was said there, and then who is there", () => {
  const codec = atTerminal();
  const history = {
    type: "history",
    room: "lobby",
    messages: [CHAT, { ...CHAT, txt: "there", seq: 2 }],
  } as const;
  const users = { ...USERS, users: [...USERS.users] };
  const page = { ...history, messages: [...history.messages] };
  const unasked = (message: ServerMessage) => shown(codec, message, "unasked");
  assertEquals(unasked(users), undefined);
  assertEquals(
    unasked({ ...page, more: true }),
    "[12:03] bob: hi\n[12:03] bob: there",
  );
  assertEquals(
    unasked({ ...page, messages: [], more: false }),
    "* in lobby: bob, guest-1",
  );
  // One who goes away changes the list, and nobody asked for it.
  assertEquals(unasked(users), undefined);
});

test("shows nothing on entering a room where nothing was said before who is there", () => {
  const codec = atTerminal();
  const users = { ...USERS, room: "dev", users: [{ name: "guest-1" }] };
  const empty = {
    type: "history",
    room: "dev",
    messages: [],
    more: false,
  } as const;
  assertEquals(shown(codec, users, "unasked"), undefined);
  const page = { ...empty, messages: [] };
  assertEquals(shown(codec, page, "unasked"), "* in dev: guest-1");
  const other = { ...page, room: "lobby" };
  assertEquals(shown(codec, other, "unasked"), undefined);
});

test("shows on entering who is there, whatever else was asked meanwhile", () => {
  const codec = atTerminal();
  const users = { ...USERS, users: [...USERS.users] };
  const dev = { ...users, room: "dev" };
  assertEquals(shown(codec, dev, "unasked"), undefined);
  assertEquals(shown(codec, users), "* in lobby: bob, guest-1");
  const page: ServerMessage = {
    type: "history",
    room: "dev",
    messages: [],
    more: false,
  };
  assertEquals(shown(codec, page, "unasked"), "* in dev: bob, guest-1");
});

test("shows pages that were asked for without who is there", () => {
  const codec = atTerminal();
  shown(codec, { ...USERS, users: [...USERS.users] }, "unasked");
  const page: ServerMessage = {
    type: "history",
    room: "lobby",
    messages: [CHAT],
    more: false,
  };
  assertEquals(shown(codec, page), "[12:03] bob: hi");
  assertEquals(
    shown(codec, { ...page, messages: [] }),
    "* nothing was said in lobby yet",
  );
});

test("says nothing of what is between the programs, nor every second how many are there", () => {
  for (const why of ["asked", "unasked"] as const) {
    assertShown(atTerminal, why, [
      [{ type: "presence", room: "lobby", count: 300 }, undefined],
      [{ type: "here", room: "lobby" }, undefined],
      [{ type: "typing", name: "bob" }, undefined],
      [{ type: "read", room: "lobby", seq: 1 }, undefined],
      [{ type: "ack", id: "1" }, undefined],
      [{ type: "pong", t: 1 }, undefined],
    ]);
  }
});

test("shares with others what is the same for all", () => {
  const messages: ServerMessage[] = [
    CHAT,
    { ...CHAT, txt: "waves\nat all", action: true },
    { type: "joined", room: "lobby", name: "bob", at: AT },
    { type: "left", room: "lobby", name: "bob", at: AT, reason: "cut" },
    { type: "renamed", from: "bob", name: "cy", at: AT },
    { type: "topic", room: "lobby", text: "tea", by: "bob", at: AT },
    { type: "notice", text: "tea is ready" },
    { type: "presence", room: "lobby", count: 300 },
    { ...USERS, users: [...USERS.users] },
    { type: "typing", name: "bob" },
    { type: "bye", code: "restart", text: "back soon" },
  ];
  const { shared } = atTerminal();
  assertStrictEquals(shared, new TerminalCodec().shared);
  for (const message of messages) {
    const alone = atTerminal().encode(message, "unasked");
    assertEquals(shared.encodeShared(message), alone, message.type);
  }
  assertEquals(linesOf(shared.encodeShared(CHAT)!), "[12:03] bob: hi");
});

test("remembers nothing of what is shared", () => {
  const codec = atTerminal();
  const users = { ...USERS, users: [...USERS.users] };
  assertEquals(codec.shared.encodeShared(users), undefined);
  const page: ServerMessage = {
    type: "history",
    room: "lobby",
    messages: [CHAT],
    more: false,
  };
  assertEquals(codec.shared.encodeShared(page), undefined);
  assertEquals(shown(codec, page, "unasked"), "[12:03] bob: hi");
});
