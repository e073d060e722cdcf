import { assertEquals } from "@std/assert";
import { searchIn } from "../../../src/web/model/search.ts";
import type { Said, ServerMessage } from "../../../src/wire/server.ts";
import { Seat } from "./_seat.ts";

function found(seqs: number[], more: object = {}): ServerMessage {
  const messages = seqs.map((seq): Said => ({
    ...{ type: "chat", room: "lobby", from: "bob", txt: "the fox" },
    ...{ seq, at: seq },
  }));
  return { type: "found", room: "lobby", query: "fox", messages, ...more };
}

Deno.test("a search goes back from the newest, as far as one wants", async () => {
  await using seat = await Seat.take();
  const search = searchIn(seat.chat, seat.place("lobby"));
  const seqs = () => search.results.value.map(({ seq }) => seq);
  await search.look();
  assertEquals(search.isLooking.value, false);
  search.words.value = " fox ";
  void search.look();
  assertEquals(search.isLooking.value, true);
  await seat.settle();
  assertEquals(seat.lastAsked, "/search fox in lobby");
  const searched = { seq: 70, at: 70 };
  await seat.answer("search", found([70, 80, 90], { more: true, searched }));
  assertEquals([seqs(), search.isLooking.value], [[90, 80, 70], false]);
  void search.lookFurther();
  await seat.settle();
  assertEquals(seat.lastAsked, "/search before:70 fox in lobby");
  await seat.answer("search", found([], { searched: { seq: 30, at: 30 } }));
  assertEquals([seqs(), search.searched.value?.seq], [[90, 80, 70], 30]);
  void search.lookFurther();
  await seat.answer("search", found([5, 20]));
  assertEquals([seqs(), search.searched.value], [
    [90, 80, 70, 20, 5],
    undefined,
  ]);
  // The same words again begin anew.
  void search.look();
  await seat.answer("search", found([90, 95]));
  assertEquals(seqs(), [95, 90]);
});

Deno.test("a search that is refused says why; one that was typed opens the panel", async () => {
  await using seat = await Seat.take();
  const search = searchIn(seat.chat, seat.place("lobby"));
  search.words.value = "a b c d e f g h i";
  void search.look();
  await seat.settle();
  const { id } = seat.client.asked.at(-1)!;
  const text = "a search has 9 words";
  const refusal = { type: "error", code: "bad-arguments", text, id } as const;
  seat.client.answer(id, refusal);
  await seat.settle();
  assertEquals(search.fault.value, `server: ${text}`);
  await seat.hear(found([3]) as never);
  assertEquals([search.words.value, search.results.value.length], ["fox", 1]);
  assertEquals(seat.chat.searching.value, true);
});
