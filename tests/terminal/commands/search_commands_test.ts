/** Searching in the terminal: what was found, more of it, and what stands around it. */
import { assert, assertEquals } from "@std/assert";
import { runPlain } from "../../../src/terminal/plain.ts";
import { readMemory } from "../../../src/terminal/model/memory.ts";
import { PLAIN_PALETTE } from "../../../src/terminal/screen/palette.ts";
import type { ServerMessage, Stored } from "../../../src/wire/server.ts";
import { eventLoopTurn, FakeClock, NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { FakeClient } from "../_fake_client.ts";
import { Session } from "../_session.ts";

const test = testsOf("searching in the terminal", { sys: true });

/** The day of that noon where the test runs. */
const DAY = `2026-01-${new Date(NOON_MS).getDate()}`;

function chat(seq: number, txt: string, room = "ops", from = "bob"): Stored {
  return { type: "chat", room, from, txt, seq, at: NOON_MS };
}

/** Answers the last question; what was asked. */
async function answer(
  session: { client: FakeClient; settle(): Promise<void> },
  message: Record<string, unknown>,
): Promise<unknown> {
  const { id, ...asked } = session.client.waiting.at(-1)!;
  session.client.answer(id, { id, ...message } as ServerMessage);
  await session.settle();
  return asked;
}

test("shows ten at a time with place and day, the newest last, and goes on with /more", async () => {
  await using session = await Session.open(80, 30);
  await session.type("/search in:all tea\r");
  const messages = Array.from(
    { length: 12 },
    (_, at) => chat(at + 1, `tea ${at + 1}`),
  );
  const searched = { room: "ops", seq: 1, at: NOON_MS };
  const found = { type: "found", room: "*", where: "all", query: "tea" };
  const first = await answer(session, {
    ...found,
    messages,
    more: true,
    searched,
  });
  assertEquals(first, {
    type: "command",
    name: "search",
    args: "in:all tea",
    room: "lobby",
  });
  const rows = session.terminal.rows.map((row) =>
    row.replace(/\[\d\d:\d\d\]/, "[]").trimEnd()
  );
  assertEquals(rows.slice(1, 4), [
    "── tea in all you may read ──",
    `10 ops ${DAY} [] bob: tea 3`,
    ` 9 ops ${DAY} [] bob: tea 4`,
  ]);
  assertEquals(rows.slice(-3), [
    ` 1 ops ${DAY} [] bob: tea 12`,
    "* /more shows older ones; /around N shows what was said around number N",
    "lobby ›",
  ]);
  await session.type("/more\r");
  // What was found already is not asked for again.
  assertEquals(session.client.waiting.length, 1);
  assert(session.terminal.rows.some((row) => row.startsWith("12 ops")));
  await session.type("/more\r");
  const message = {
    type: "private",
    from: "ann",
    to: "cy",
    txt: "last tea",
    seq: 7,
    at: NOON_MS,
  };
  const second = await answer(session, { ...found, messages: [message] });
  assertEquals((second as { args: string }).args, "in:all before:ops:1 tea");
  assert(session.terminal.rows.some((row) => row.startsWith("13 @cy")));
  await session.type("/more\r");
  assertEquals(session.last(2)[0], "! that was all: there is nothing older");
  await session.type("/around 13\r");
  assert(session.terminal.xterm.buffer.active.type === "alternate");
  const asked = session.client.waiting.at(-1);
  assert(asked?.type === "history");
  assertEquals([asked.room, asked.before], ["@cy", 58]);
});

test("looks in the conversation that is shown, and says when it has not come to an end", async () => {
  await using session = await Session.open(80, 12);
  await session.type("/query bob\r");
  await session.type("/search red tea\r");
  const asked = await answer(session, {
    type: "found",
    room: "@bob",
    where: "@bob",
    query: "red tea",
    messages: [],
    searched: { seq: 40, at: NOON_MS },
  });
  assertEquals(asked, {
    type: "command",
    name: "search",
    args: "in:@bob red tea",
  });
  assert(session.last(2)[0]!.startsWith(`* nothing so far, back to ${DAY}`));
  await session.type("/more\r");
  const next = session.client.waiting.at(-1);
  assert(next?.type === "command");
  assertEquals(next.args, "in:@bob before:40 red tea");
});

test("marks the words, and shows nobody who is ignored", async () => {
  await using session = await Session.open(80, 12, {
    color: "on",
    memory: { ignored: ["eve"] },
  });
  await session.type("/search Tea\r");
  await answer(session, {
    type: "found",
    room: "lobby",
    query: "Tea",
    messages: [
      chat(1, "tea of eve", "lobby", "eve"),
      chat(2, "*green TEA*", "lobby"),
    ],
  });
  assert(session.terminal.written.includes("green \x1b[m\x1b[1;7mTEA\x1b[m"));
  assert(!session.terminal.written.includes("of eve"));
});

test("prints what stands around it where there is no screen", async () => {
  const client = new FakeClient();
  const lines: string[] = [];
  let push = (_: string) => {};
  const input = new ReadableStream<Uint8Array>({
    start(controller) {
      push = (text) => controller.enqueue(new TextEncoder().encode(text));
    },
  });
  const done = runPlain({
    client,
    input,
    writeLine: (line) => Promise.resolve(void lines.push(line)),
    clock: new FakeClock(),
    palette: PLAIN_PALETTE,
    address: "test:5000",
    memory: { memory: readMemory({}), change: () => Promise.resolve() },
  });
  const settle = async () => {
    for (let turn = 0; turn < 8; turn++) await eventLoopTurn();
  };
  client.connect(true);
  await settle();
  push("/search tea\n");
  await settle();
  const session = { client, settle };
  const messages = [chat(20, "tea", "lobby")];
  await answer(session, {
    type: "found",
    room: "lobby",
    query: "tea",
    messages,
  });
  push("/around 2\n/around 1\n");
  await settle();
  assert(lines.includes("! usage: /around N, from 1 to 1"));
  const asked = await answer(session, {
    type: "history",
    room: "lobby",
    more: true,
    messages: [chat(19, "before", "lobby"), chat(20, "tea", "lobby")],
  });
  assertEquals(asked, {
    type: "history",
    room: "lobby",
    before: 26,
    limit: 11,
  });
  assertEquals(
    lines.slice(-4).map((line) => line.replace(/^\[\d\d:\d\d\] /, "")),
    ["── around 1 in lobby ──", "bob: before", "bob: tea", "── now ──"],
  );
  await client.close();
  await done;
  await input.cancel().catch(() => {});
});

test("what it prints counts: what it pushes off the screen is shown again", async () => {
  await using session = await Session.open(60, 12);
  const { client } = session;
  client.rooms = ["lobby", "dev"];
  client.hear({ type: "users", room: "dev", users: [] });
  client.say("bob", "first", NOON_MS);
  await session.settle();
  await session.type("/search tea\r");
  const messages = Array.from({ length: 10 }, (_, at) => chat(at + 1, "tea"));
  const found = { type: "found", room: "lobby", query: "tea" };
  await answer(session, { ...found, messages });
  await session.type("\x1b2");
  await session.type("\x1b1");
  assertEquals(session.shown().slice(-2), ["bob: first", "lobby ›"]);
  await session.type("/search coffee\r");
  await answer(session, { ...found, query: "coffee", messages: [] });
  assertEquals(session.shown().slice(-2), ["* nothing was found", "lobby ›"]);
});
