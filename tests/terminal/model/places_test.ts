import { assert, assertEquals } from "@std/assert";
import type { Chat } from "../../../src/wire/server.ts";
import { NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { Session } from "../_session.ts";

const test = testsOf("over a restart", { sys: true });

const ID = "test:5000 ";

function said(seq: number, txt: string, room = "lobby"): Chat {
  return { type: "chat", room, from: "bob", txt, seq, at: NOON_MS };
}

/** A start after another, where these places were open. */
function again(session: unknown): Promise<Session> {
  const memory = { sessions: { [ID]: session } };
  return Session.open(60, 20, { memory });
}

test("the places, the one that was shown and what was typed are back", async () => {
  const places = [
    { name: "dev", draft: "in dev" },
    { name: "@bob", draft: "to bob" },
    { name: "lobby", draft: "here" },
  ];
  await using session = await again({ places, current: "lobby" });
  assertEquals(session.shown().slice(1), [
    "* 2 rooms and 1 conversation are back as you left them",
    "── 3 lobby ──",
    "lobby › here",
  ]);
  await session.type("\x1b1");
  assertEquals(session.last(1), ["dev › in dev"]);
  await session.type("\x1b2");
  assertEquals(session.last(1), ["@bob › to bob"]);
});

test("what was typed for a person is not sent unasked to who has the name by now", async () => {
  const places = [{ name: "lobby" }, { name: "@bob", draft: "psst" }];
  await using session = await again({ places, current: "@bob" });
  const texts = () =>
    session.client.asked.flatMap((one) => one.type === "chat" ? one.txt : []);
  await session.type("\r");
  assertEquals(session.shown().slice(-3), [
    "@bob may be somebody else now:",
    "Enter again sends, Ctrl+C clears",
    "@bob › psst",
  ]);
  assertEquals(texts(), []);
  await session.type("\r");
  assertEquals(texts(), ["psst"]);
});

test("what is typed before one is there goes along, and the draft is at hand", async () => {
  const places = [{ name: "lobby", draft: "of before" }];
  const memory = { sessions: { [ID]: { places, current: "lobby" } } };
  await using session = await Session.open(60, 20, {
    ...{ memory, color: "on", isDeaf: true },
  });
  await session.type("typed ahead");
  await session.clock.advance(250);
  await session.settle();
  assertEquals(session.last(2), [
    "Ctrl+Y brings what you had typed in lobby",
    "lobby › typed ahead",
  ]);
  await session.type("\x15\x19\x1by");
  assertEquals(session.last(1), ["lobby › of before"]);
});

test("a conversation that was shown last is shown first, with its last messages", async () => {
  const places = [{ name: "lobby" }, { name: "@bob" }];
  await using session = await again({ places, current: "@bob" });
  assertEquals(session.last(1), ["@bob ›"]);
  const { client } = session;
  assertEquals(client.asked.length, 1);
  await session.clock.advance(200);
  const { id, ...asked } = client.asked.at(-1)!;
  assertEquals(asked, { type: "history", room: "@bob", limit: 10 });
  const message = { type: "private", from: "bob", to: "ann" } as const;
  client.answer(id, {
    ...{ type: "history", room: "@bob", more: true, id } as const,
    messages: [{ ...message, txt: "see you", seq: 40, at: NOON_MS }],
  });
  await session.settle();
  assertEquals(session.shown().slice(-2), ["bob: see you", "@bob ›"]);
});

test("what is typed is remembered after a few seconds, a move soon, and the end at once", async () => {
  await using session = await Session.open();
  const { client, clock } = session;
  const now = () => session.memory.sessions[ID];
  await clock.advance(300);
  assertEquals(now(), { places: [{ name: "lobby" }], current: "lobby" });
  await session.type("half");
  await clock.advance(2_999);
  assertEquals(now()?.places, [{ name: "lobby" }]);
  await clock.advance(1);
  assertEquals(now(), {
    places: [{ name: "lobby", draft: "half" }],
    current: "lobby",
  });
  await session.type("\x15/query bob\r");
  await session.type("psst");
  await clock.advance(300);
  assertEquals(now()?.current, "@bob");
  await session.type("!");
  await client.close();
  await session.done;
  assertEquals(now(), {
    places: [{ name: "lobby" }, { name: "@bob", draft: "psst!" }],
    current: "@bob",
  });
});

test("a room that cannot be entered any more is said once, with what was typed, and forgotten", async () => {
  const places = [{ name: "lobby" }, { name: "ops", draft: "half" }];
  await using session = await again({ places, current: "ops" });
  session.client.hear({
    ...{ type: "error", code: "room-locked", text: "ops is locked" },
    room: "ops",
  });
  await session.settle();
  const shown = session.shown();
  assert(shown.includes("! server: ops is locked"), shown.join("\n"));
  assert(shown.includes("* typed there and not sent: half"));
  assertEquals(shown.at(-1), "lobby ›");
  await session.clock.advance(300);
  assertEquals(session.memory.sessions[ID]?.places, [{ name: "lobby" }]);
});

test("one who comes back to a place sees the last ten lines of it, but not what is on the screen", async () => {
  await using session = await Session.open(60, 20);
  const { client } = session;
  client.rooms = ["lobby", "dev"];
  client.hear({ type: "users", room: "dev", users: [] });
  for (let seq = 1; seq <= 12; seq++) client.hear(said(seq, `here ${seq}`));
  await session.settle();
  await session.type("\x1b2");
  await session.type("\x1b1");
  // 12 lines and two rules are on 20 rows.
  assertEquals(session.shown().slice(-3), [
    "── 2 dev ──",
    "── 1 lobby ──",
    "lobby ›",
  ]);
  await session.type("\x1b2");
  for (let seq = 1; seq <= 17; seq++) {
    client.hear(said(seq, `there ${seq}`, "dev"));
  }
  client.hear(said(13, "while away"));
  await session.settle();
  await session.type("\x1b1");
  const shown = session.shown();
  assertEquals(shown.slice(shown.lastIndexOf("── 1 lobby ──")), [
    "── 1 lobby ──",
    ...Array.from({ length: 10 }, (_, n) => `bob: here ${n + 3}`),
    "── new ──",
    "bob: while away",
    "lobby ›",
  ]);
});

test("/history goes back page by page from what is shown, to the beginning", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.replay([said(61, "last")], { isReplay: false });
  const page = async (from: number, to: number) => {
    await session.type("/history\r");
    const { id, ...asked } = client.asked.at(-1)!;
    const messages = Array.from(
      { length: to - from + 1 },
      (_, n) => said(from + n, `old ${from + n}`),
    );
    const about = { type: "history", room: "lobby", id } as const;
    client.answer(id, { ...about, messages, more: from > 1 });
    await session.settle();
    return asked;
  };
  const request = { type: "history", room: "lobby", limit: 50 } as const;
  assertEquals(await page(11, 60), { ...request, before: 61 });
  const end = "── /history again: what was before that ──";
  assertEquals(session.shown().slice(-2), [end, "lobby ›"]);
  assertEquals(await page(1, 10), { ...request, before: 11 });
  const shown = session.shown();
  assertEquals(shown.slice(shown.indexOf(end) + 1), [
    "── history of lobby ──",
    "── that is where lobby begins ──",
    ...Array.from({ length: 10 }, (_, n) => `bob: old ${n + 1}`),
    "── now ──",
    "lobby ›",
  ]);
  const { length } = client.asked;
  await session.type("/history\r");
  assertEquals(client.asked.length, length);
  assertEquals(
    session.shown().at(-2),
    "* that is where lobby begins; /history N shows the last N again",
  );
});

test("a history whose beginning was taken away says how much is not kept", async () => {
  await using session = await Session.open();
  const { client } = session;
  await session.type("/history 5\r");
  const { id } = client.asked.at(-1)!;
  const about = { type: "history", room: "lobby", id, more: false } as const;
  client.answer(id, { ...about, messages: [said(8, "first that is left")] });
  await session.settle();
  const text = session.shown().join(" ");
  assert(text.includes("begins: the 7 before are not kept any more"), text);
});

// ---- /reply ----

const BEFORE = {
  places: [{ name: "lobby" }],
  current: "lobby",
  lastPrivate: { name: "bob", key: "SHA256:b", seq: 9, at: NOON_MS },
};

async function reply(key: string, room = "@bob"): Promise<Session> {
  const session = await again(BEFORE);
  const { client } = session;
  await session.type("/reply yes\r");
  const { id, ...asked } = client.asked.at(-1)!;
  const request = { type: "history", room: "@bob" } as const;
  assertEquals(asked, { ...request, after: 8, limit: 1 });
  const said = { type: "private", from: "bob", to: "ann", txt: "?" } as const;
  client.answer(id, {
    ...{ type: "history", room, id, more: false } as const,
    messages: [{ ...said, key, seq: 9, at: NOON_MS }],
  });
  await session.settle();
  return session;
}

test("/reply answers who wrote before the start, under the name of today", async () => {
  await using session = await reply("SHA256:b", "@robert");
  const { id: _, ...asked } = session.client.asked.at(-1)!;
  assertEquals(asked, { type: "chat", txt: "yes", to: "robert" });
});

test("who wrote privately is remembered by the name of later", async () => {
  await using session = await Session.open();
  const { client } = session;
  const said = { type: "private", from: "bob", to: "ann", txt: "?" } as const;
  client.hear({ ...said, key: "SHA256:b", seq: 9, at: NOON_MS });
  client.hear({ type: "renamed", from: "bob", name: "robert", at: NOON_MS });
  await session.settle();
  await client.close();
  await session.done;
  assertEquals(session.memory.sessions[ID]?.lastPrivate, {
    name: "robert",
    key: "SHA256:b",
    seq: 9,
    at: NOON_MS,
  });
});

test("a name of before that another has given up is still asked for", async () => {
  await using session = await again(BEFORE);
  const { client } = session;
  client.hear({ type: "renamed", from: "bob", name: "eve", at: NOON_MS });
  await session.type("/reply yes\r");
  const { type, room } = client.asked.at(-1) as { type: string; room: string };
  assertEquals([type, room], ["history", "@bob"]);
});

test("/reply asks first where the name is another's by now", async () => {
  await using session = await reply("SHA256:other");
  assert(session.shown().join(" ").includes("not sent: bob may be another"));
  assertEquals(session.client.asked.at(-1)!.type, "history");
  await session.type("/reply yes\r");
  const { id: _, ...asked } = session.client.asked.at(-1)!;
  assertEquals(asked, { type: "chat", txt: "yes", to: "bob" });
});
