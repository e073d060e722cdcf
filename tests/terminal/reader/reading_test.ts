/** The history on the whole screen, in the terminal client on a server of the test's own. */
import { assert, assertEquals } from "@std/assert";
import { ConfabError } from "../../../src/base/errors.ts";
import type { History, Stored } from "../../../src/wire/server.ts";
import { NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { Session } from "../_session.ts";

const test = testsOf("reading in the terminal", { sys: true });

const PAGE_UP = "\x1b[5~";
const PAGE_DOWN = "\x1b[6~";
const HOME = "\x1b[H";
const END = "\x1b[F";
const ESCAPE_MS = 50;

function chat(seq: number, txt = `m${seq}`, from = "bob"): Stored {
  return { type: "chat", room: "lobby", from, txt, seq, at: NOON_MS };
}

function chats(from: number, to: number): Stored[] {
  return Array.from({ length: to - from + 1 }, (_, at) => chat(from + at));
}

/** What was asked of the history, and has no answer. */
function questions({ waiting }: Session["client"]) {
  return waiting.filter(({ type }) => type === "history");
}

/** Answers the history that was asked for last, as the protocol says, from these messages. */
async function answer(
  session: Session,
  messages: readonly Stored[],
): Promise<void> {
  const { client } = session;
  const asked = questions(client)[0];
  assert(asked?.type === "history", "no history was asked for");
  const { room, before = Infinity, after, limit = 100, id } = asked;
  const seqOf = ({ seq = 0 }: Stored) => seq;
  const wanted = messages.filter((one) =>
    seqOf(one) < before && seqOf(one) > (after ?? 0)
  );
  const page = after === undefined
    ? wanted.slice(-limit)
    : wanted.slice(0, limit);
  const more = wanted.length > page.length;
  const history: History = { type: "history", room, messages: page, more, id };
  client.answer(id, history);
  await session.settle();
}

/** The rows of the window. */
function window(session: Session): string[] {
  const { active } = session.terminal.xterm.buffer;
  return Array.from(
    { length: session.terminal.size.rows },
    (_, y) =>
      active.getLine(active.baseY + y)?.translateToString(true).trimEnd() ?? "",
  ).map((row) => row.replace(/^\[\d\d:\d\d\] /, ""));
}

const isOther = ({ terminal }: Session) =>
  terminal.xterm.buffer.active.type === "alternate";

test("PgUp opens what was said before, and q brings the chat back as it was", async () => {
  await using session = await Session.open(60, 12);
  const history = chats(1, 250);
  session.client.say("bob", "the newest", NOON_MS);
  await session.type("half a line");
  const before = session.terminal.rows;
  await session.type(PAGE_UP);
  assert(isOther(session));
  assert(window(session).at(-1)!.startsWith("── lobby · loading…"));
  await answer(session, history);
  // Eleven rows, of which two would stay.
  assertEquals(window(session)[0], "bob: m231");
  assertEquals(window(session)[10], "bob: m241");
  assert(window(session).at(-1)!.startsWith("── lobby · 231–241 of 250"));
  await session.type(PAGE_UP.repeat(7));
  assertEquals(window(session)[0], "bob: m168");
  await answer(session, history);
  await session.type(HOME);
  await answer(session, history);
  assertEquals(window(session)[0], "── that is where it begins ──");
  assertEquals(window(session)[2], "bob: m1");
  await session.type("q");
  assert(!isOther(session));
  assertEquals(session.terminal.rows, before);
  assertEquals(session.terminal.cursor.before, "lobby › half a line");
});

test("what is typed ends it and is typed; Ctrl+C and Escape end it and no more", async () => {
  await using session = await Session.open(60, 12);
  await session.type(PAGE_UP);
  await session.type("hello");
  assert(!isOther(session));
  assertEquals(session.last(1), ["lobby › hello"]);
  await session.type(PAGE_UP);
  assert(isOther(session));
  await session.type("\x03");
  assert(!isOther(session));
  assertEquals(session.last(1), ["lobby › hello"]);
  await session.type(PAGE_UP);
  await session.type("\x1b");
  session.clock.advance(ESCAPE_MS);
  await session.settle();
  assert(!isOther(session));
  await session.type(PAGE_UP);
  await session.type("\x1b[200~ there\x1b[201~");
  assert(!isOther(session));
  assertEquals(session.last(1), ["lobby › hello there"]);
});

test("what comes meanwhile is shown at the end, rings, and stands in the chat afterwards", async () => {
  await using session = await Session.open(60, 12, {
    memory: { settings: { bell: "all", timestamps: "off" } },
  });
  const { client, clock } = session;
  client.replay(chats(1, 3), { isReplay: false });
  await session.type(PAGE_UP);
  await answer(session, chats(1, 3));
  let bells = 0;
  session.terminal.xterm.onBell(() => bells++);
  client.hear(chat(4, "live") as never);
  await session.settle();
  assertEquals(bells, 1);
  assertEquals(window(session).slice(-4, -1), [
    "bob: m3",
    "── new ──",
    "bob: live",
  ]);
  client.hear({
    type: "deleted",
    room: "lobby",
    target: 2,
    by: "bob",
    seq: 5,
    at: NOON_MS,
  });
  await session.settle();
  assertEquals(window(session).slice(-5, -1), [
    "(deleted)",
    "bob: m3",
    "── new ──",
    "bob: live",
  ]);
  await session.type("q");
  assertEquals(session.shown().slice(-3), [
    "bob: live",
    "* message 2 of lobby was deleted by bob",
    "lobby ›",
  ]);
  clock.advance(60_000);
  assertEquals(client.told.at(-1), { type: "read", room: "lobby", seq: 5 });
});

test("only what was seen at the end counts as read, until the chat is seen again", async () => {
  await using session = await Session.open(60, 12);
  const { client, clock } = session;
  client.replay(chats(1, 100), { isReplay: false });
  await session.settle();
  clock.advance(60_000);
  await session.type(PAGE_UP);
  await answer(session, chats(1, 100));
  client.hear(chat(101) as never);
  await session.settle();
  clock.advance(60_000);
  const read = (seq: number) => ({ type: "read", room: "lobby", seq });
  assertEquals(client.told, [read(100)]);
  await session.type(END);
  clock.advance(60_000);
  assertEquals(client.told, [read(100), read(101)]);
  await session.type(PAGE_UP);
  client.hear(chat(102) as never);
  await session.settle();
  clock.advance(60_000);
  assertEquals(client.told.length, 2);
  await session.type("q");
  clock.advance(60_000);
  assertEquals(client.told.at(-1), read(102));
});

test("a flood that comes while one reads is bounded, and then counted as in a place not looked at", async () => {
  await using session = await Session.open(60, 12);
  const { client } = session;
  await session.type(PAGE_UP);
  await answer(session, []);
  for (let seq = 1; seq <= 3_000; seq++) client.hear(chat(seq) as never);
  await session.settle();
  await session.type("q");
  const shown = session.shown();
  assert(shown.includes("bob: m1000"));
  const [, more] = /(\d+) more above/.exec(shown.join("\n")) ?? [];
  // Those that were printed, those that are not kept, and the 500 that are.
  assertEquals(shown.at(-2), "bob: m3000");
  assert(shown.includes("bob: m2501"));
  assert(!shown.includes("bob: m2500"));
  const printed = shown.filter((row) => /^bob: m\d+$/.test(row)).length;
  assertEquals(printed + Number(more), 3_000);
});

test("a cut is said, and it goes on after; so is a pause that the server wants, and a refusal", async () => {
  await using session = await Session.open(80, 12);
  const { client, clock } = session;
  await session.type(PAGE_UP);
  await answer(session, chats(200, 400));
  client.push({ kind: "disconnected", reason: "", retryInMs: 1_000 });
  await session.settle();
  assert(window(session).at(-1)!.includes("no connection"));
  client.connect(false);
  await session.type(PAGE_UP.repeat(8));
  const asked = questions(client).at(-1)!;
  const text = "too much";
  const refusal = { type: "error", code: "rate-limited", text } as const;
  client.answer(asked.id, { ...refusal, id: asked.id, retryAfterMs: 2_500 });
  await session.settle();
  assert(window(session).at(-1)!.includes("it goes on in 3 s"));
  assertEquals(questions(client), []);
  clock.advance(2_499);
  await session.settle();
  assertEquals(questions(client), []);
  clock.advance(1);
  await session.settle();
  client.refuse(
    questions(client)[0]!.id,
    new ConfabError("banned", "you are banned from lobby"),
  );
  await session.settle();
  assert(
    window(session).at(-1)!.endsWith(
      "not loaded: server: you are banned from lobby",
    ),
  );
  assertEquals(questions(client), []);
  // Nothing more is asked until the person goes on.
  client.hear(chat(401) as never);
  await session.settle();
  assertEquals(questions(client), []);
  await session.type(PAGE_UP);
  await answer(session, chats(1, 401));
  assert(!window(session).at(-1)!.includes("not loaded"));
});

test("whom one ignores is not shown, nor what is gone; an impostor is marked", async () => {
  await using session = await Session.open(60, 12, {
    memory: {
      ignored: ["eve"],
      servers: {
        "test:5000": {
          verified: [{ name: "bob", key: "SHA256:b", at: "2020-01-01" }],
        },
      },
    },
  });
  await session.type(PAGE_UP);
  await answer(session, [
    chat(1, "spam", "eve"),
    { type: "gone", room: "lobby", seq: 2, at: NOON_MS },
    chat(3, "*hello*"),
    { type: "unknown", room: "lobby", seq: 4 },
    chat(5, "last", "cy"),
  ]);
  assertEquals(window(session).slice(-5, -1).slice(1), [
    "(deleted)",
    "bob (not the one you verified): *hello*",
    "cy: last",
  ]);
});

test("another size of the window while one reads takes nothing of the chat away", async () => {
  await using session = await Session.open(60, 12);
  const { client, terminal } = session;
  const long = "a sentence that goes on and on, beyond the edge of any window";
  for (let n = 1; n <= 30; n++) client.say("bob", `${n} ${long}`, NOON_MS);
  await session.type(PAGE_UP);
  await answer(session, chats(1, 60));
  terminal.resize(34, 9);
  await session.settle();
  assertEquals(window(session).length, 9);
  assert(window(session).at(-1)!.startsWith("── lobby · "));
  await session.type(PAGE_DOWN + PAGE_DOWN);
  assertEquals(window(session)[7], "bob: m60");
  await session.type("q");
  const all = session.terminal.rows.join("").replaceAll(" ", "");
  for (let n = 1; n <= 30; n++) {
    assert(all.includes(`${n}${long}`.replaceAll(" ", "")), `${n} is missing`);
  }
  assertEquals(session.last(1), ["lobby ›"]);
});

test("a client that ends while one reads leaves the terminal on the screen with the chat", async () => {
  await using session = await Session.open(60, 12);
  await session.type(PAGE_UP);
  assert(isOther(session));
  session.terminal.stop();
  await session.done;
  await session.settle();
  assert(!isOther(session));
  assert(session.terminal.written.endsWith("\x1b[J"));
});
