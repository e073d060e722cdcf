import { assertEquals } from "@std/assert";
import {
  nextWithNews,
  placesInOrder,
  stepFrom,
} from "../../../src/web/model/moves.ts";
import { targetsFor } from "../../../src/web/model/switching.ts";
import { Seat } from "./_seat.ts";

async function seated(): Promise<Seat> {
  const seat = await Seat.take();
  const { chat } = seat;
  chat.open("@bob");
  chat.open("ops");
  chat.open("garden");
  chat.rooms.value = [{ name: "ops", people: 2 }, { name: "oboe", people: 7 }];
  await seat.users("lobby", [{ name: "ann" }, { name: "olga" }]);
  return seat;
}

Deno.test("the keys go through the places as they are listed: rooms, then conversations", async () => {
  await using seat = await seated();
  const { chat } = seat;
  const order = placesInOrder(chat).map(({ name }) => name);
  assertEquals(order, ["lobby", "ops", "garden", "@bob"]);
  assertEquals(stepFrom(chat, 1, "any")?.name, "ops");
  assertEquals(stepFrom(chat, -1, "any")?.name, "@bob");
  assertEquals(stepFrom(chat, 1, "unread"), undefined);
  seat.place("garden").unread.value = 1;
  assertEquals(stepFrom(chat, 1, "unread")?.name, "garden");
  assertEquals(nextWithNews(chat)?.name, "garden");
  seat.place("@bob").unread.value = 1;
  assertEquals(stepFrom(chat, -1, "unread")?.name, "@bob");
  // What calls for the person comes first.
  assertEquals(nextWithNews(chat)?.name, "@bob");
});

Deno.test("the switcher has unread places first, then people, then rooms to enter", async () => {
  await using seat = await seated();
  const { chat } = seat;
  const labels = (words: string) =>
    targetsFor(chat, words).map(({ label }) => label);
  seat.place("garden").unread.value = 2;
  assertEquals(labels(""), ["garden", "ops", "@bob", "@olga", "oboe"]);
  // What begins so comes before what has it inside; what is not there yet can be made.
  assertEquals(labels("o"), ["ops", "@olga", "oboe", "@bob", "o"]);
  assertEquals(labels("@o"), ["ops", "@olga", "oboe", "@bob", "@o"]);
  assertEquals(labels("OPS"), ["ops"]);
  targetsFor(chat, "olga")[0]!.go();
  assertEquals(chat.current.peek()?.name, "@olga");
});
