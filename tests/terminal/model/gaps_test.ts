import { assert, assertEquals } from "@std/assert";
import type { Chat, History, Private } from "../../../src/wire/server.ts";
import { NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { Session } from "../_session.ts";

const test = testsOf("what is missing", { sys: true });

function said(seq: number, room = "lobby"): Chat {
  return { type: "chat", room, from: "bob", txt: `n${seq}`, seq, at: NOON_MS };
}

function whisper(seq: number): Private {
  return {
    ...{ type: "private", from: "bob", to: "ann", txt: `p${seq}` } as const,
    ...{ seq, at: NOON_MS, key: "SHA256:b" },
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

/** A page of a replay with more than its messages. */
function replay(
  { client }: Session,
  isReplay: boolean,
  page: Partial<History> & Pick<History, "messages">,
): void {
  const history: History = {
    ...{ type: "history", room: "lobby", more: false } as const,
    ...page,
  };
  const { messages: fresh } = history;
  client.push({ kind: "history", history, fresh, isReplay });
}

/** A person who is in another place, with `dev` beside it. */
async function elsewhere(): Promise<Session> {
  const session = await Session.open();
  session.client.rooms = ["lobby", "dev"];
  session.client.hear({ type: "users", room: "dev", users: [] });
  await session.settle();
  return session;
}

const above = (count: number) => `── ${count} more above: PgUp or /history ──`;

test("what a resume skips is counted before what follows it", async () => {
  await using session = await Session.open();
  session.client.hear(said(5));
  const skipped = { from: 6, to: 30 };
  replay(session, true, { messages: [said(31)], skipped });
  await session.settle();
  assertEquals(session.shown().slice(1), [
    "bob: n5",
    above(25),
    "bob: n31",
    "lobby ›",
  ]);
});

test("what is skipped in a place that is not looked at is counted, and told there", async () => {
  await using session = await elsewhere();
  session.client.hear(said(5, "dev"));
  replay(session, true, {
    ...{ room: "dev", messages: [said(31, "dev")] },
    skipped: { from: 6, to: 30 },
  });
  await session.settle();
  // One, 25 and one.
  assertEquals(session.shown().at(-1), "[2:dev 27] lobby ›");
  await session.type("\x1b2");
  assertEquals(session.shown().slice(1), [
    "── 2 dev ──",
    "── new ──",
    "bob: n5",
    above(25),
    "bob: n31",
    "dev ›",
  ]);
});

test("what was taken away while one was behind is told though nothing follows", async () => {
  await using session = await Session.open();
  session.client.hear(said(5));
  replay(session, true, { messages: [], skipped: { from: 6, to: 9 } });
  session.client.hear(said(10));
  await session.settle();
  assertEquals(session.shown().slice(1, -1), [
    "bob: n5",
    above(4),
    "bob: n10",
  ]);
});

test("what is missing between two live messages is told at its place", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.hear(said(5));
  const deleted = { type: "deleted", room: "lobby", by: "bob" } as const;
  client.hear({ ...deleted, target: 1, seq: 6, at: NOON_MS });
  client.hear({ type: "gone", room: "lobby", seq: 7, at: NOON_MS });
  client.hear(said(8));
  client.hear(said(11));
  await session.settle();
  assertEquals(session.shown().slice(-4), [
    "bob: n8",
    above(2),
    "bob: n11",
    "lobby ›",
  ]);
});

test("one's own words are not missing, acknowledged or not yet", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.hear(said(5));
  await session.type("mine\r");
  await session.type("too\r");
  // 6 and 7 are her own, of which the first is acknowledged early.
  const ack = { type: "ack", room: "lobby", at: NOON_MS } as const;
  client.answer("id-2", { ...ack, id: "id-2", seq: 6 });
  client.hear(said(8));
  client.answer("id-3", { ...ack, id: "id-3", seq: 7 });
  client.hear(said(9));
  await session.settle();
  assertEquals(session.shown().slice(1), [
    "bob: n5",
    "ann: mine",
    "bob: n8",
    "ann: too",
    "bob: n9",
    "lobby ›",
  ]);
});

test("of what waits no more than 500 are kept, and the others are counted", async () => {
  await using session = await elsewhere();
  for (const seq of range(1, 510)) session.client.hear(said(seq, "dev"));
  await session.settle();
  assertEquals(session.shown().at(-1), "[2:dev 510] lobby ›");
  await session.type("\x1b2");
  const lines = session.shown();
  const at = lines.indexOf(above(10));
  assertEquals(lines.slice(at + 1, at + 3), ["── new ──", "bob: n11"]);
});

test("a room that was read up to a seq has what came since above, also where it is not here", async () => {
  const servers = { "test:5000": { read: { dev: 40, lobby: 3 } } };
  await using session = await Session.open(60, 20, { memory: { servers } });
  const { client } = session;
  client.rooms = ["lobby", "dev"];
  replay(session, false, { messages: [said(2), said(3)], older: true });
  const messages = [291, 292].map((seq) => said(seq, "dev"));
  replay(session, false, { room: "dev", messages, older: true, reset: true });
  await session.settle();
  // 292 less 40.
  assertEquals(session.shown().at(-1), "[2:dev 252] lobby ›");
  client.hear({ type: "read", room: "dev", seq: 50 });
  await session.settle();
  assertEquals(session.shown().at(-1), "[2:dev 242] lobby ›");
  await session.type("\x1b2");
  assertEquals(session.shown().slice(-5), [
    above(250),
    "── new ──",
    "bob: n291",
    "bob: n292",
    "dev ›",
  ]);
  // Who looks at the newest has seen that there is more above.
  await session.clock.advance(5_000);
  assertEquals(session.memory.servers["test:5000"]?.read.dev, 292);
});

test("of what is not new where one starts, the last ten lines are shown, and /history goes on before them", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.hear({ type: "users", room: "lobby", users: [{ name: "ann" }] });
  replay(session, false, { messages: range(1, 50).map((seq) => said(seq)) });
  await session.settle();
  assertEquals(session.shown().slice(1), [
    "* in lobby: ann",
    above(40),
    ...range(41, 50).map((seq) => `bob: n${seq}`),
    "lobby ›",
  ]);
  await session.type("/history\r");
  const { id: _, ...asked } = client.asked.at(-1)!;
  assertEquals(asked, {
    ...{ type: "history", room: "lobby", before: 41, limit: 50 },
  });
});

test("a room that is entered shows ten lines, and does not count what is not here", async () => {
  await using session = await elsewhere();
  const messages = range(51, 62).map((seq) => said(seq, "dev"));
  replay(session, false, { room: "dev", messages, more: true });
  await session.settle();
  await session.type("\x1b2");
  assertEquals(session.shown().slice(1), [
    "── 2 dev ──",
    "── more above: PgUp or /history ──",
    ...range(53, 62).map((seq) => `bob: n${seq}`),
    "dev ›",
  ]);
});

test("what is new by the mark is shown as a whole where one starts, behind ten lines", async () => {
  const servers = { "test:5000": { read: { lobby: 12 } } };
  await using session = await Session.open(60, 40, { memory: { servers } });
  replay(session, false, { messages: range(1, 30).map((seq) => said(seq)) });
  await session.settle();
  assertEquals(session.shown().slice(1), [
    above(2),
    ...range(3, 12).map((seq) => `bob: n${seq}`),
    "── new ──",
    ...range(13, 30).map((seq) => `bob: n${seq}`),
    "lobby ›",
  ]);
});

test("a history that begins anew is told, and what waits in it is not lost", async () => {
  await using session = await Session.open();
  session.client.hear(said(900));
  replay(session, false, { messages: [said(1), said(2)], reset: true });
  await session.settle();
  const shown = session.shown();
  assert(shown.join(" ").includes("lobby begins anew on the server"));
  assertEquals(shown.slice(-3), ["bob: n1", "bob: n2", "lobby ›"]);
});

test("a room that one comes back to shows what was said between, and nothing twice", async () => {
  await using session = await Session.open();
  session.client.hear(said(5));
  replay(session, false, { messages: [said(5), said(6), said(9)] });
  await session.settle();
  assertEquals(session.shown().slice(1), [
    "bob: n5",
    "── new ──",
    "bob: n6",
    above(2),
    "bob: n9",
    "lobby ›",
  ]);
});

test("conversations that are not replayed are named with their counts, and tell what is above", async () => {
  await using session = await Session.open();
  const { client } = session;
  const key = "SHA256:b";
  const list = range(1, 22).map((n) => (
    { name: `@p${n}`, key, seq: 90, read: 20 }
  ));
  client.hear({ type: "conversations", list, more: false });
  await session.settle();
  const line = session.shown().join(" ");
  assert(line.includes("@p1 (70)") && line.includes("and 2 others"), line);
  await session.type("/query p22\r");
  await session.clock.advance(200);
  const { id, ...asked } = client.asked.at(-1)!;
  assertEquals(asked, { type: "history", room: "@p22", limit: 10 });
  const messages = [89, 90].map((seq) => ({ ...whisper(seq), from: "p22" }));
  const page = { type: "history", room: "@p22", messages, id } as const;
  client.answer(id, { ...page, messages, more: true });
  await session.settle();
  // 21 to 88.
  assertEquals(session.shown().slice(-5), [
    above(68),
    "── new ──",
    "p22: p89",
    "p22: p90",
    "@p22 ›",
  ]);
});

test("a conversation that makes way for others is named with what is new in it", async () => {
  await using session = await Session.open();
  for (const n of range(1, 200)) {
    session.client.hear({ ...whisper(1), from: `p${n}` });
  }
  await session.settle();
  const shown = session.shown().join(" ");
  assert(shown.includes("@p1 is closed"), shown);
  assert(/1 new there,\s+\/query p1 and \/history/.test(shown), shown);
});
