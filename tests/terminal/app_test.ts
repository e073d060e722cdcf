import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Session } from "./_session.ts";

const test = testsOf("terminal app", { sys: true });

/** Text that a hostile server or person may try; the wire takes most of it out already. */
const HOSTILE =
  "\x1b[2J\x1b[1;1H\x1b]0;title\x07\x9b31m\rlobby › \x08\x08\u202e";

test("the line being typed is not touched by what arrives", async () => {
  await using session = await Session.open(20, 8);
  await session.type("half a sentence that goes on");
  for (let n = 0; n < 20; n++) session.client.say("bob", `${n}`, NOON_MS);
  await session.settle();
  assertEquals(session.last(2), ["lobby › half a sente", "nce that goes on"]);
  assertEquals(session.terminal.cursor.before, "nce that goes on");
});

test("nothing that is said can move the cursor, clear the screen or change the title", async () => {
  await using session = await Session.open(100, 20, { color: "on" });
  const { client, terminal } = session;
  let title = "";
  terminal.xterm.onTitleChange((now: string) => title = now);
  const hostile: ServerMessage[] = [
    { type: "chat", room: "lobby", from: HOSTILE, txt: HOSTILE, seq: 1, at: 0 },
    { type: "notice", text: HOSTILE },
    { type: "topic", room: "lobby", text: HOSTILE, by: HOSTILE, at: 0 },
    { type: "joined", room: "lobby", name: HOSTILE, at: 0 },
    { type: "typing", room: "lobby", name: HOSTILE },
    { type: "error", code: "busy", text: HOSTILE },
    { type: "users", room: HOSTILE, users: [{ name: HOSTILE }] },
  ];
  for (const message of hostile) client.hear(message);
  client.say("bob", HOSTILE, NOON_MS, HOSTILE);
  await session.type("typed");
  assertEquals(title, "");
  assert(terminal.rows[0]!.startsWith("* you are ann"), terminal.rows[0]);
  assert(session.last(1)[0]!.endsWith("lobby › typed"));
  assert(!terminal.written.includes("\x1b[2J"));
  await session.type("\x1ba\x1b2");
  assert(!terminal.written.includes("\x1b[2J"));
  assert(!terminal.written.includes("\x1b]0"));
  assert(!terminal.written.includes("\u202e"));
});

test("no number, name or text of a server ends the client, and its words begin with whose they are", async () => {
  await using session = await Session.open(70, 20);
  const { client, clock } = session;
  const FAR = Number.MAX_SAFE_INTEGER;
  const names = ["__proto__", "constructor", "toString"];
  for (const name of names) {
    client.say(name, "x", FAR, name);
    client.hear({ type: "users", room: name, users: [{ name }] });
    client.hear({ type: "read", room: name, seq: FAR });
    client.hear({ type: "typing", room: name, name });
    client.hear({ type: "typing", name });
    client.hear({ type: "renamed", from: name, name: "x", at: FAR });
  }
  for (let n = 0; n < 5_000; n++) {
    client.hear({ type: "typing", room: "lobby", name: `p${n}` });
  }
  client.say("bob", "still here", FAR);
  client.hear({ type: "notice", text: "the key of ann\n* is verified" });
  client.hear({ type: "error", code: "busy", text: "not sent: hello" });
  await session.settle();
  assert(clock.waiting < 10, `${clock.waiting} timers`);
  clock.advance(60_000);
  await session.settle();
  // Far in the east it is the next day.
  const day = new Date(NOON_MS).getDate() === 15
    ? "Thursday, 15"
    : "Friday, 16";
  assertEquals(session.shown().slice(-5), [
    `── ${day} January 2026 ──`,
    "* server: the key of ann",
    "        * is verified",
    "! server: not sent: hello",
    "lobby ›",
  ]);
});

test("a line of a message cannot pass for a prompt or another message", async () => {
  await using session = await Session.open(60, 20);
  session.client.say("eve", "x\n[12:00] bob: I agree\nlobby › no", NOON_MS);
  await session.settle();
  assertEquals(session.last(3).map((row) => row.slice(0, 8)), [
    "        ",
    "        ",
    "lobby ›",
  ]);
});

test("a row that is wide in a window made narrow is drawn anew, once", async () => {
  await using session = await Session.open(40, 10);
  await session.type("word ".repeat(6));
  session.terminal.resize(20, 10);
  await session.settle();
  assertEquals(session.last(3), [
    "the commands",
    "lobby › word word wo",
    "rd word word word",
  ]);
  session.terminal.resize(60, 10);
  await session.settle();
  assertEquals(session.last(1), ["lobby › word word word word word word"]);
});

test("a terminal that does not say where its cursor is is not waited for long", async () => {
  await using session = await Session.open(40, 10);
  await session.type("word ".repeat(6));
  session.terminal.isDeaf = true;
  session.terminal.resize(20, 10);
  session.client.say("bob", "hello", NOON_MS);
  await session.settle();
  assert(!session.terminal.rows.join("").includes("bob"));
  session.clock.advance(250);
  await session.settle();
  assert(session.terminal.rows.join("").includes("bob: hello"));
  assertEquals(session.last(2), ["lobby › word word wo", "rd word word word"]);
});

test("in a narrow window the prompt makes room", async () => {
  await using session = await Session.open(20, 10);
  const { client } = session;
  client.say("bob", "x", NOON_MS, "a-room-with-a-long-name");
  await session.type("hi");
  assertEquals(session.last(1), ["lobby › hi"]);
  await session.type("\x1b2");
  assertEquals(session.last(1), ["a-room… ›"]);
});

test("Ctrl+C on a full line clears it first, and twice leaves", async () => {
  await using session = await Session.open();
  await session.type("text\x03");
  assertEquals(session.last(2), [
    "Ctrl+C again leaves, Ctrl+Y brings it back",
    "lobby ›",
  ]);
  await session.type("\x03");
  await session.done;
  assertEquals(session.terminal.isOpen, false);
});

test("the first Ctrl+C on an empty line says what a second does, until the next key", async () => {
  await using session = await Session.open();
  const HINTED = ["Ctrl+C again leaves", "lobby ›"];
  await session.type("\x03");
  assertEquals(session.last(2), HINTED);
  await session.type("a\x7f");
  assertEquals(session.last(1), ["lobby ›"]);
  assertEquals(session.shown().includes(HINTED[0]!), false);
  await session.type("\x03");
  assertEquals(session.last(2), HINTED);
  assertEquals(session.terminal.isOpen, true);
  await session.type("\x03");
  await session.done;
  assertEquals(session.terminal.isOpen, false);
});

test("the terminal is given back after Ctrl+D, a signal, and what the server ends", async () => {
  for (const leave of ["\x04", "exit\r", "/quit\r"]) {
    await using session = await Session.open();
    await session.type(leave);
    await session.done;
    assertEquals(session.terminal.isOpen, false);
  }
  await using stopped = await Session.open();
  stopped.terminal.stop();
  await stopped.done;
  assertEquals(stopped.terminal.isOpen, false);
  await using ended = await Session.open();
  const error = new ConfabError("closed", "you were kicked");
  ended.client.push({ kind: "ended", error });
  await assertRejects(() => ended.done, ConfabError, "you were kicked");
  assertEquals(ended.terminal.isOpen, false);
});

test("the prompt is gone when the person has left", async () => {
  await using session = await Session.open();
  session.client.say("bob", "last words", NOON_MS);
  await session.settle();
  await session.type("\x04");
  await session.done;
  await session.settle();
  assertEquals(session.terminal.rows.at(-1), "");
  assert(session.terminal.rows.at(-2)!.endsWith("bob: last words"));
});

test("a paste of two hundred lines is in the input whole, and one message", async () => {
  await using session = await Session.open(40, 10);
  const lines = Array.from({ length: 200 }, (_, n) => `line ${n + 1}`);
  await session.type(`\x1b[200~${lines.join("\r")}\x1b[201~`);
  assertEquals(session.last(2), ["line 199", "line 200"]);
  assertEquals(session.client.asked.length, 1);
  await session.type("\r");
  assertEquals(session.client.asked.length, 1);
  await session.type("\r");
  const chat = session.client.asked.at(-1);
  assertEquals(chat?.type === "chat" && chat.txt, lines.join("\n"));
});

test("messages of another day are under its date", async () => {
  await using session = await Session.open();
  const day = (date: number, hours: number) =>
    new Date(2025, 11, date, hours, 5).getTime();
  session.client.say("bob", "old", day(30, 9));
  session.client.say("bob", "same day", day(30, 10));
  session.client.say("bob", "next day", day(31, 1));
  await session.settle();
  assertEquals(session.last(6), [
    "── Tuesday, 30 December 2025 ──",
    "[09:05] bob: old",
    "[10:05] bob: same day",
    "── Wednesday, 31 December 2025 ──",
    "[01:05] bob: next day",
    "lobby ›",
  ]);
});

test("names have their own colors, and none where colors are off", async () => {
  await using colored = await Session.open(60, 10, { color: "on" });
  colored.client.say("bob", "*hi*", NOON_MS);
  await colored.settle();
  // deno-lint-ignore no-control-regex
  const [, color] = /\x1b\[([\d;]+)mbob\x1b\[m/.exec(colored.terminal.written)!;
  colored.client.say("Bob", "again", NOON_MS);
  await colored.settle();
  assert(colored.terminal.written.includes(`\x1b[${color}mBob\x1b[m`));
  assert(colored.terminal.written.includes("\x1b[1mhi\x1b[22m"));
  await using plain = await Session.open(60, 10, { color: "off" });
  plain.client.say("bob", "*hi*", NOON_MS);
  await plain.settle();
  // deno-lint-ignore no-control-regex
  assert(!/\x1b\[[\d;]*m/.test(plain.terminal.written));
  assert(plain.terminal.rows.join("\n").includes("bob: *hi*"));
});

test("names have colors for the ground that the terminal has, or that is set", async () => {
  await using session = await Session.open(60, 10, { color: "on" });
  const { client, terminal } = session;
  const colorOf = async (answer: string) => {
    await session.type(answer);
    client.say("bob", "hi", NOON_MS);
    await session.settle();
    // deno-lint-ignore no-control-regex
    const all = terminal.written.matchAll(/\x1b\[38;5;(\d+)mbob\x1b\[m/g);
    return [...all].at(-1)?.[1];
  };
  // The FNV-1a hash of "bob" leaves 9 of 11, and 4 of 10.
  assertEquals(await colorOf(""), "32");
  assertEquals(await colorOf("\x1b]11;rgb:0000/0000/0000\x1b\\"), "177");
  assertEquals(await colorOf("\x1b]11;rgb:ffff/ffff/ffff\x07"), "127");
  assertEquals(await colorOf("/set palette dark\r"), "177");
  assertEquals(await colorOf("/set palette auto\r"), "127");
  assertEquals(session.last(1), ["lobby ›"]);
});

test("a terminal that says nothing of its ground is not waited for long", async () => {
  await using session = await Session.open(60, 10, {
    color: "on",
    isDeaf: true,
  });
  assertEquals(session.shown(), []);
  session.clock.advance(250);
  await session.settle();
  assertEquals(session.last(1), ["lobby ›"]);
  assert(session.shown()[0]!.startsWith("* you are ann on test"));
});

test("colors in a text are shown, and only as text where colors are off", async () => {
  await using session = await Session.open(60, 20, { color: "on" });
  const { client, terminal } = session;
  const text = "[red]stop *now*[/red] [red]no";
  client.say("bob", text, NOON_MS);
  await session.settle();
  assert(terminal.written.includes(
    "\x1b[38;5;196mstop \x1b[39m\x1b[1;38;5;196mnow\x1b[22;39m [red]no",
  ));
  await session.type("/set colors off\r");
  client.say("bob", "[red]grey[/red]", NOON_MS);
  await session.settle();
  assert(terminal.written.includes("m: grey\r\n"));
  await using plain = await Session.open(60, 20);
  plain.client.say("bob", text, NOON_MS);
  await plain.settle();
  assertEquals(plain.shown().at(-2), "bob: stop *now* [red]no");
});

test("words stay whole and stand under each other, in windows of all widths", async () => {
  const text = "the quick brown fox jumps over it";
  const shown: [number, string[]][] = [
    [80, [`[12:00] bob: ${text}`]],
    [36, ["[12:00] bob: the quick brown fox", "        jumps over it"]],
    [24, ["[12:00] bob: the quick", "  brown fox jumps over", "  it"]],
  ];
  for (const [columns, rows] of shown) {
    await using session = await Session.open(columns, 20);
    session.client.say("bob", text, NOON_MS);
    await session.settle();
    const untimed = session.last(rows.length + 1).slice(0, -1)
      .map((row) => row.replace(/^\[\d\d:\d\d\]/, "[12:00]"));
    assertEquals(untimed, rows);
  }
});

test("below a word wider than the window the prompt is drawn where it belongs", async () => {
  await using session = await Session.open(30, 12);
  const address = `https://example.org/${"way/".repeat(20)}`;
  session.client.say("bob", `see ${address} now`, NOON_MS);
  await session.settle();
  await session.type("typed");
  session.client.say("bob", "again", NOON_MS);
  await session.settle();
  const lines = session.terminal.lines.map((line) => line.trimEnd());
  // As one line of the terminal, so that it can be clicked.
  assert(lines.includes(`        ${address}`));
  assertEquals(session.last(1), ["lobby › typed"]);
  assertEquals(lines.filter((line) => line.includes("typed")).length, 1);
});
