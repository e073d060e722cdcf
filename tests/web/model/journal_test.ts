import { assertEquals, assertRejects } from "@std/assert";
import {
  fillGap,
  jumpTo,
  loadNewer,
  loadOlder,
  returnToEnd,
} from "../../../src/web/model/journal.ts";
import type { GapLine } from "../../../src/web/model/line.ts";
import type { Place } from "../../../src/web/model/place.ts";
import { sayAgain } from "../../../src/web/model/sending.ts";
import type { History, Said } from "../../../src/wire/server.ts";
import { NOON_MS } from "../../_fake_clock.ts";
import { Seat } from "./_seat.ts";

function chat(seq: number, from = "bob"): Said {
  const at = NOON_MS + seq;
  return { type: "chat", room: "lobby", from, txt: `text ${seq}`, seq, at };
}

function range(from: number, to: number): Said[] {
  return Array.from({ length: to - from + 1 }, (_, at) => chat(from + at));
}

/** A replay as the server sends it when somebody comes, or comes again. */
async function replay(
  seat: Seat,
  messages: Said[],
  more: Partial<History> = {},
  isReplay = false,
): Promise<void> {
  const history = { type: "history", room: "lobby", messages, more: false };
  seat.client.push({
    ...{ kind: "history", isReplay, fresh: messages },
    history: { ...history, ...more } as History,
  });
  await seat.settle();
}

function page(messages: Said[], more: Partial<History> = {}): History {
  const history = { type: "history", room: "lobby", messages, more: false };
  return { ...history, ...more } as History;
}

function seqs(place: Place): number[] {
  return place.timeline.lines.flatMap((line) =>
    line.kind === "said" ? [line.seq] : []
  );
}

/** Answers a history that was asked, and gives where it was asked from. */
async function answer(seat: Seat, message: History) {
  await seat.settle();
  const asked = seat.client.asked.at(-1)!;
  if (asked.type !== "history") throw new Error(`asked was ${asked.type}`);
  seat.client.answer(asked.id, { ...message, id: asked.id });
  await seat.settle();
  const { before, after } = asked;
  return before === undefined ? { after } : { before };
}

/** Refuses what was asked last, and gives its id. */
async function refuse(seat: Seat, refusal: object): Promise<string> {
  await seat.settle();
  const { id } = seat.client.asked.at(-1)!;
  seat.client.answer(id, { type: "error", id, ...refusal } as never);
  await seat.settle();
  return id;
}

Deno.test("who scrolls up reads on, until the room begins", async () => {
  await using seat = await Seat.take();
  const { chat } = seat;
  await replay(seat, range(201, 250), { older: true });
  const place = seat.place("lobby");
  assertEquals([seqs(place).length, place.live.hasOlder.value], [50, true]);
  const done = loadOlder(chat, place);
  assertEquals(place.live.isLoading.value, true);
  // A second does not ask again.
  await loadOlder(chat, place);
  assertEquals(
    await answer(seat, page(range(101, 200), { older: true })),
    { before: 201 },
  );
  await done;
  assertEquals(place.live.isLoading.value, false);
  void loadOlder(chat, place);
  assertEquals(await answer(seat, page(range(1, 100))), { before: 101 });
  assertEquals(seqs(place), range(1, 250).map(({ seq }) => seq));
  const before = seat.client.asked.length;
  await loadOlder(chat, place);
  assertEquals(seat.client.asked.length, before);
});

Deno.test("pages of people who are ignored are passed by", async () => {
  await using seat = await Seat.take({ ignored: ["bob"] });
  await replay(seat, [...range(49, 49), chat(50, "cyd")], { older: true });
  const place = seat.place("lobby");
  assertEquals(seqs(place), [50]);
  void loadOlder(seat.chat, place);
  await answer(seat, page(range(10, 49), { older: true }));
  void loadOlder(seat.chat, place);
  assertEquals(
    await answer(seat, page([chat(9, "cyd")], { older: true })),
    { before: 10 },
  );
  assertEquals(seqs(place), [9, 50]);
});

Deno.test("asked too often, the page waits as long as the server says", async () => {
  await using seat = await Seat.take();
  await replay(seat, range(201, 250), { older: true });
  const place = seat.place("lobby");
  void loadOlder(seat.chat, place);
  const refusal = { code: "rate-limited", text: "slower" };
  const id = await refuse(seat, { ...refusal, retryAfterMs: 3_000 });
  // A quarter of a second more: what else is sent has its price, too.
  seat.clock.advance(3_249);
  await seat.settle();
  assertEquals(seat.client.asked.at(-1)!.id, id);
  seat.clock.advance(1);
  await seat.settle();
  assertEquals(place.live.isLoading.value, true);
  await answer(seat, page(range(101, 200)));
  assertEquals([place.live.firstSeq, place.live.fault.value], [101, ""]);
});

Deno.test("what cannot be loaded says why, and is tried when one wants it", async () => {
  await using seat = await Seat.take();
  await replay(seat, range(201, 250), { older: true });
  const place = seat.place("lobby");
  void loadOlder(seat.chat, place);
  await refuse(seat, { code: "banned", text: "you are banned" });
  assertEquals(place.live.fault.value, "server: you are banned");
  assertEquals(place.live.isLoading.value, false);
  void loadOlder(seat.chat, place);
  assertEquals(place.live.fault.value, "");
  await answer(seat, page(range(101, 200)));
  assertEquals(place.live.firstSeq, 101);
});

Deno.test("one jumps into the past and reads on until the end is met", async () => {
  await using seat = await Seat.take();
  const { chat } = seat;
  await replay(seat, range(301, 350), { older: true });
  const place = seat.place("lobby");
  const jump = jumpTo(chat, place, 150);
  await answer(seat, page(range(101, 150), { older: true }));
  await answer(seat, page(range(151, 200), { more: true }));
  await jump;
  assertEquals([seqs(place)[0], seqs(place).at(-1)], [101, 200]);
  assertEquals(place.sought.value, { seq: 150 });
  // What is said meanwhile is at the end, and not here.
  await seat.hear({ ...range(351, 351)[0]! });
  assertEquals(seqs(place).at(-1), 200);
  void loadNewer(chat, place);
  assertEquals(
    await answer(seat, page(range(201, 300), { more: true })),
    { after: 200 },
  );
  assertEquals(place.detached.value, undefined);
  assertEquals(seqs(place), range(101, 351).map(({ seq }) => seq));
  assertEquals([place.live.hasOlder.value, place.live.hasNewer.value], [
    ...[true, false],
  ]);
});

Deno.test("one jumps to what is there without asking, and comes back to the end", async () => {
  await using seat = await Seat.take();
  await replay(seat, range(301, 350), { older: true });
  const place = seat.place("lobby");
  const before = seat.client.asked.length;
  await jumpTo(seat.chat, place, 310);
  assertEquals(seat.client.asked.length, before);
  const jump = jumpTo(seat.chat, place, 2);
  await answer(seat, page(range(1, 2)));
  await answer(seat, page(range(3, 52), { more: true }));
  await jump;
  assertEquals([seqs(place)[0], place.timeline.hasOlder.value], [1, false]);
  returnToEnd(place);
  assertEquals(seqs(place)[0], 301);
});

Deno.test("a jump that the server refuses leaves all as it is", async () => {
  await using seat = await Seat.take();
  await replay(seat, range(301, 350));
  const place = seat.place("lobby");
  const jump = jumpTo(seat.chat, place, 2);
  const rejected = assertRejects(() => jump, Error, "gone");
  await refuse(seat, { code: "no-room", text: "gone" });
  await refuse(seat, { code: "no-room", text: "gone" });
  await rejected;
  assertEquals([seqs(place)[0], place.sought.value], [301, undefined]);
});

Deno.test("a gap after a cut is shown, and loaded page by page", async () => {
  await using seat = await Seat.take();
  await replay(seat, range(1, 50));
  const place = seat.place("lobby");
  const skipped = { from: 51, to: 230 };
  await replay(seat, range(231, 280), { skipped }, true);
  const gap = () =>
    place.live.lines.find((line): line is GapLine => line.kind === "gap");
  assertEquals([gap()?.from, gap()?.to], [51, 230]);
  assertEquals(place.live.lines.indexOf(gap()!), 50);
  void fillGap(seat.chat, place, gap()!);
  assertEquals(
    await answer(seat, page(range(51, 150), { more: true })),
    { after: 50 },
  );
  assertEquals([gap()?.from, place.live.lines.indexOf(gap()!)], [151, 150]);
  void fillGap(seat.chat, place, gap()!);
  await answer(seat, page(range(151, 250), { more: true }));
  assertEquals(gap(), undefined);
  assertEquals(seqs(place), range(1, 280).map(({ seq }) => seq));
});

Deno.test("a replay after a cut doubles nothing, and another history replaces all", async () => {
  await using seat = await Seat.take();
  await replay(seat, range(1, 50));
  const place = seat.place("lobby");
  await replay(seat, range(40, 60), {}, true);
  assertEquals(seqs(place), range(1, 60).map(({ seq }) => seq));
  await replay(seat, range(1, 3), { reset: true }, true);
  assertEquals(seqs(place), [1, 2, 3]);
  assertEquals(seat.notes().at(-1), "lobby was begun anew");
});

Deno.test("what one says waits, and stands in its place when the server has it", async () => {
  await using seat = await Seat.take();
  await replay(seat, range(1, 2));
  const place = seat.place("lobby");
  const key = place.live.wait(0, "hello", false);
  key.failed("no");
  sayAgain(seat.chat, place, key.key);
  assertEquals(place.live.pending.map(({ text }) => text), ["hello"]);
  await seat.hear(chat(3));
  await seat.answer(
    "chat",
    { type: "ack", room: "lobby", seq: 4, at: 1 } as never,
  );
  assertEquals([place.live.pending.length, seqs(place)], [0, [1, 2, 3, 4]]);
});

Deno.test("only at the end something is read, and what is new is marked", async () => {
  await using seat = await Seat.take();
  const { chat: model } = seat;
  await replay(seat, range(1, 5));
  const place = seat.place("lobby");
  model.look();
  assertEquals([place.read, place.unread.value], [5, 0]);
  place.isAtEnd.value = false;
  await seat.hear(chat(6));
  await seat.hear({ ...chat(7), txt: "ann: hello" });
  assertEquals([place.unread.value, place.mentions.value], [2, 1]);
  assertEquals([place.read, place.newAfter.value], [5, 5]);
  place.isAtEnd.value = true;
  model.look();
  assertEquals([place.read, place.unread.value, place.newAfter.value], [
    ...[7, 0, 5],
  ]);
  seat.clock.advance(60_000);
  assertEquals(place.newAfter.value, undefined);
});

Deno.test("new messages are read aloud once, replayed ones never, and many are counted", async () => {
  await using seat = await Seat.take();
  await replay(seat, range(1, 5));
  const told = () => seat.chat.aloud.utterances.value.map(({ text }) => text);
  await seat.hear(chat(6));
  await seat.hear({ ...chat(7), txt: "waves", action: true });
  assertEquals(told(), []);
  seat.clock.advance(1_000);
  assertEquals(told(), ["bob: text 6", "bob waves"]);
  for (let seq = 8; seq < 300; seq++) seat.client.hear(chat(seq));
  await seat.settle();
  seat.clock.advance(1_000);
  assertEquals(told(), ["bob: text 6", "bob waves", "292 new messages"]);
  await seat.hear({ ...chat(1), room: "elsewhere" } as Said);
  seat.clock.advance(1_000);
  assertEquals(told().length, 3);
  seat.chat.go(seat.place("elsewhere"));
  assertEquals(told(), []);
});
