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
  assertEquals([seqs(), search.found.value?.searched?.seq], [[90, 80, 70], 30]);
  void search.lookFurther();
  await seat.answer("search", found([5, 20]));
  assertEquals([seqs(), search.found.value?.searched], [
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

Deno.test("a search in all goes on where it ended, whatever room that is", async () => {
  await using seat = await Seat.take();
  const one = (room: string, seq: number, at: number): Said => ({
    ...{ type: "chat", room, from: "bob", txt: "the fox", seq, at },
  });
  const all = { type: "found", room: "*", query: "fox", where: "all" } as const;
  const shown = () =>
    search.results.value.map((said) =>
      `${seat.chat.placeNameOf(said)} ${said.seq}`
    );
  // As it was typed, it is found where one is.
  const first = [one("dev", 900, 40), one("lobby", 3, 50)];
  const searched = { seq: 900, at: 40, room: "dev" };
  await seat.hear({ ...all, messages: first, more: true, searched } as never);
  const search = searchIn(seat.chat, seat.place("lobby"));
  assertEquals(shown(), ["lobby 3", "dev 900"]);
  assertEquals([search.isInAll.value, search.words.value], [true, "fox"]);
  // It goes on in all, whatever is chosen for the next.
  search.isInAll.value = false;
  void search.lookFurther();
  await seat.settle();
  assertEquals(seat.lastAsked, "/search in:all before:dev:900 fox");
  const talk: Said = {
    ...{
      type: "private",
      from: "bob",
      to: "ann",
      txt: "fox",
      seq: 950,
      at: 40,
    },
  };
  const older = [one("ops", 2_000, 30), talk];
  await seat.answer("search", { ...all, messages: older });
  assertEquals(shown(), ["lobby 3", "dev 900", "@bob 950", "ops 2000"]);
  assertEquals(search.found.value?.searched, undefined);
  // A conversation is named, as it is no room.
  const there = searchIn(seat.chat, seat.chat.open("@bob"));
  there.words.value = "tea";
  void there.look();
  await seat.settle();
  assertEquals(seat.lastAsked, "/search in:@bob tea");
});
