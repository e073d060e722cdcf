/** Rooms that one is removed from, and conversations that wait. */
import { assertEquals } from "@std/assert";
import { comeBack } from "../../../src/web/model/coming_back.ts";
import { enter } from "../../../src/web/model/commands.ts";
import {
  talkTo,
  waitingCallers,
} from "../../../src/web/model/conversations.ts";
import { leaveWithCare } from "../../../src/web/model/place_actions.ts";
import type { Private } from "../../../src/wire/server.ts";
import { KEYS, Seat } from "./_seat.ts";

const ann = { name: "ann", key: KEYS.ann };

Deno.test("a room that one is removed from stays before one, with its text and draft", async () => {
  await using seat = await Seat.take();
  const { chat, client } = seat;
  client.rooms.push("garden");
  await seat.users("lobby", [ann]);
  await seat.users("garden", [ann, { name: "bob" }]);
  const garden = seat.place("garden");
  chat.go(garden);
  client.say("bob", "be quiet", 1, "garden");
  chat.setDraft(garden, "but I");
  // The server says first where one is now.
  client.rooms.pop();
  client.hear({ type: "here", room: "lobby" });
  client.hear({
    type: "left",
    room: "garden",
    ...ann,
    at: 2,
    reason: "kicked",
  });
  await seat.settle();
  assertEquals(chat.current.peek(), garden);
  assertEquals(garden.isEntered.peek(), false);
  assertEquals(garden.draft.peek(), "but I");
  assertEquals(garden.people.peek(), []);
  assertEquals(seat.notes("garden"), ["you were removed from garden"]);
  assertEquals(garden.live.lines.length, 2);
  // Nothing that is written there by a command of the room goes to another one.
  enter(chat, "/join garden");
  await seat.settle();
  assertEquals(seat.lastAsked.startsWith("/join +garden"), true);
  await seat.users("garden", [ann]);
  assertEquals(garden.isEntered.peek(), true);
});

Deno.test("a room that one leaves is closed", async () => {
  await using seat = await Seat.take();
  await seat.users("garden", [ann]);
  await seat.hear({
    type: "left",
    room: "garden",
    ...ann,
    at: 1,
    reason: "left",
  });
  assertEquals(seat.chat.find("garden"), undefined);
});

Deno.test("before a room is left with something unsent, it is asked", async () => {
  await using seat = await Seat.take();
  await seat.users("lobby", [ann]);
  enter(seat.chat, "hello");
  const asked = seat.client.asked.length;
  leaveWithCare(seat.chat, seat.place("lobby"));
  assertEquals(seat.client.asked.length, asked);
  assertEquals(seat.chat.dialog.peek()?.kind, "question");
});

Deno.test("a conversation that waits on the server is read when it is opened, and is no news then", async () => {
  await using seat = await Seat.take();
  const { chat } = seat;
  const bob = { name: "bob", key: KEYS.bob, seq: 7, read: 5 };
  await seat.hear({ type: "conversations", list: [bob], more: false });
  assertEquals(
    waitingCallers(chat).map(({ name, unread }) => [name, unread]),
    [["bob", 2]],
  );
  talkTo(chat, "bob");
  await seat.settle();
  const said = (seq: number): Private => ({
    type: "private",
    from: "bob",
    to: "ann",
    txt: `number ${seq}`,
    ...{ seq, at: seq, key: KEYS.bob },
  });
  await seat.answer("history", {
    type: "history",
    room: "@bob",
    messages: [said(4), said(5), said(6), said(7)],
    more: false,
    older: true,
  });
  const place = seat.place("@bob");
  assertEquals(place.live.lastSeq, 7);
  assertEquals(place.live.hasOlder.peek(), true);
  assertEquals(place.newAfter.peek(), 5);
  assertEquals(place.unread.peek(), 0);
  assertEquals(seat.heard, []);
  assertEquals(place.read, 7);
  assertEquals(waitingCallers(chat), []);
  // It is asked for once.
  const asked = seat.client.asked.length;
  talkTo(chat, "bob");
  await seat.settle();
  assertEquals(seat.client.asked.length, asked);
});

Deno.test("strangers who write do not drive out where something is being typed", async () => {
  await using seat = await Seat.take();
  const { chat } = seat;
  const from = (from: string): Private => ({
    ...{ type: "private", from, to: "ann", txt: "hello", seq: 1, at: 1 },
  });
  await seat.hear(from("bob"));
  chat.setDraft(chat.find("@bob")!, "half a");
  for (let count = 0; count < 300; count++) {
    seat.client.hear(from(`stranger-${count}`));
  }
  await seat.settle();
  assertEquals(chat.places.value.length, 200);
  assertEquals(chat.find("@bob")?.draft.value, "half a");
  assertEquals(chat.find("@stranger-0"), undefined);
});

Deno.test("a page that is older than the server is told to be loaded again", async () => {
  await using seat = await Seat.take();
  const connected = (version: string) => {
    const names = { name: "ann", server: "test", room: "lobby" };
    const welcome = { type: "welcome", ...names, version } as const;
    seat.client.push({ kind: "connected", welcome, isFirst: false });
    return seat.settle();
  };
  await connected("0");
  assertEquals(seat.notes(), []);
  await connected("1");
  assertEquals(seat.notes(), ["the server is 1 now, and the page 0: reload"]);
  await connected("1");
  assertEquals(seat.notes().length, 1);
});

Deno.test("what waits in a conversation that was open before is counted there, once", async () => {
  await using seat = await Seat.take();
  const { chat } = seat;
  const bob = { name: "bob", key: KEYS.bob, seq: 7, read: 5 };
  await seat.hear({ type: "conversations", list: [bob], more: false });
  await comeBack(chat, { rooms: [], talks: ["@bob", "@eve"] });
  const [place, other] = [seat.place("@bob"), seat.place("@eve")];
  assertEquals([place.unread.peek(), other.unread.peek()], [2, 0]);
  assertEquals(waitingCallers(chat), []);
  // The server says it again after a cut; part of it was read elsewhere meanwhile.
  place.read = 6;
  await seat.hear({ type: "conversations", list: [bob], more: false });
  assertEquals(place.unread.peek(), 1);
});
