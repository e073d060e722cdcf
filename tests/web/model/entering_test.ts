import { assert, assertEquals } from "@std/assert";
import { ConfabError } from "../../../src/base/errors.ts";
import { recall, submit } from "../../../src/web/model/commands.ts";
import { peopleAt } from "../../../src/web/model/known.ts";
import { draftOf } from "../../../src/web/model/page_memory.ts";
import type { Place } from "../../../src/web/model/place.ts";
import { isLong, partsOf } from "../../../src/web/model/sending.ts";
import { Seat } from "./_seat.ts";

/** Types a text in the current place and enters it; the place. */
async function type(seat: Seat, text: string): Promise<Place> {
  const { chat } = seat;
  const place = chat.current.peek() ?? chat.nowhere;
  chat.setDraft(place, text);
  submit(chat, place);
  await seat.settle();
  return place;
}

async function refuse(seat: Seat, error: ConfabError): Promise<void> {
  await seat.settle();
  seat.client.refuse(seat.client.asked.at(-1)!.id, error);
  await seat.settle();
}

Deno.test("a command that is refused stands in the field again, with the reason", async () => {
  await using seat = await Seat.take();
  const lobby = await type(seat, "/kick bob");
  assertEquals([lobby.draft.value, lobby.fault.value], ["", ""]);
  await refuse(seat, new ConfabError("not-allowed", "you are no operator"));
  assertEquals(lobby.draft.value, "/kick bob");
  assert(lobby.fault.value.includes("you are no operator"));
  assert(seat.spoken.at(-1)!.includes("you are no operator"));
});

Deno.test("what is typed while a command is under way stays as it is", async () => {
  await using seat = await Seat.take();
  const lobby = await type(seat, "/kick bob");
  seat.chat.setDraft(lobby, "mean");
  await refuse(seat, new ConfabError("not-allowed", "you are no operator"));
  assertEquals(lobby.draft.value, "mean");
  assert(lobby.fault.value.includes("you are no operator"));
});

Deno.test("an unknown command that is near one of the page's own is told so", async () => {
  await using seat = await Seat.take();
  const lobby = await type(seat, "/verfy bob");
  const text = "there is no command /verfy: /help lists the commands";
  await refuse(seat, new ConfabError("unknown-command", text));
  assertEquals(
    lobby.fault.value,
    "there is no command /verfy: did you mean /verify?",
  );
});

Deno.test("what is typed while a room is entered belongs to that room", async () => {
  await using seat = await Seat.take();
  const { chat } = seat;
  const lobby = await type(seat, "/join ops");
  const ops = chat.current.peek()!;
  assertEquals([ops.name, lobby.draft.value], ["ops", ""]);
  chat.setDraft(ops, "good morn");
  seat.client.rooms = ["lobby", "Ops"];
  await seat.answer("join", { type: "ack" } as never);
  assertEquals(chat.current.peek(), ops);
  // As the room spells itself.
  assertEquals([ops.name, ops.draft.value], ["Ops", "good morn"]);
  assertEquals(lobby.draft.value, "");
});

Deno.test("a room that one may not enter leads back, unless something was typed for it", async () => {
  await using seat = await Seat.take();
  const { chat } = seat;
  const locked = new ConfabError("room-locked", "ops is locked");
  const lobby = await type(seat, "/join ops");
  await refuse(seat, locked);
  assertEquals(chat.places.peek(), [lobby]);
  assertEquals(chat.current.peek(), lobby);
  assertEquals(lobby.draft.value, "/join ops");
  assert(lobby.fault.value.includes("ops is locked"));

  await type(seat, "/join ops");
  const ops = chat.current.peek()!;
  chat.setDraft(ops, "let me in");
  await refuse(seat, locked);
  assertEquals(chat.current.peek(), ops);
  assertEquals(ops.draft.value, "let me in");
});

Deno.test("a kick leaves the text where it was", async () => {
  await using seat = await Seat.take();
  const lobby = seat.place("lobby");
  seat.chat.setDraft(lobby, "but I only");
  const kicked = {
    type: "left",
    name: "ann",
    reason: "kicked",
    at: 1,
  } as const;
  await seat.hear({ ...kicked, room: "lobby" });
  assertEquals(seat.chat.places.peek().includes(lobby), true);
  assertEquals(lobby.draft.value, "but I only");
});

Deno.test("in no room commands are taken, and words stay", async () => {
  await using seat = await Seat.take();
  const { chat } = seat;
  chat.close(seat.place("lobby"));
  assertEquals(chat.current.peek(), undefined);
  const nowhere = await type(seat, "hello");
  assertEquals(nowhere.draft.value, "hello");
  assertEquals(
    nowhere.fault.value,
    "you are in no room: /join ROOM enters one",
  );
  await type(seat, "/help keys");
  assertEquals([nowhere.draft.value, nowhere.fault.value], ["", ""]);
  assertEquals(nowhere.live.lines.length, 1);
});

Deno.test("what was sent comes back, place by place", async () => {
  await using seat = await Seat.take();
  const { chat } = seat;
  const lobby = await type(seat, "one");
  await type(seat, "two");
  const bob = chat.open("@bob");
  const up = () => [recall(chat, lobby, "older"), lobby.draft.value];
  const down = () => [recall(chat, lobby, "newer"), lobby.draft.value];
  assertEquals([recall(chat, bob, "older"), bob.draft.value], [false, ""]);
  assertEquals(up(), [true, "two"]);
  assertEquals(up(), [true, "one"]);
  assertEquals(up(), [false, "one"]);
  assertEquals(down(), [true, "two"]);
  assertEquals(down(), [true, ""]);
  // Not over what is being typed.
  chat.setDraft(lobby, "three");
  assertEquals(up(), [false, "three"]);
});

Deno.test("drafts of two places are remembered, however soon one goes from one to the other", async () => {
  await using seat = await Seat.take();
  const { chat, clock, memory } = seat;
  chat.setDraft(seat.place("lobby"), "first");
  chat.setDraft(chat.open("@bob"), "second");
  assertEquals(draftOf(memory.memory, "lobby"), "first");
  clock.advance(250);
  assertEquals(draftOf(memory.memory, "@bob"), "second");
});

Deno.test("another tab's draft is taken where nothing else is being typed", async () => {
  await using seat = await Seat.take({ drafts: { "@bob": "from before" } });
  const { chat, clock, memory } = seat;
  const [lobby, bob] = [seat.place("lobby"), chat.open("@bob")];
  assertEquals(bob.draft.value, "from before");
  chat.setDraft(lobby, "typed here");
  const elsewhere = { lobby: "typed there", "@bob": "went on there" };
  memory.memory = { ...memory.memory, drafts: elsewhere };
  // What the memory has changed to is read with any change.
  chat.set("sound", "off");
  assertEquals(bob.draft.value, "went on there");
  assertEquals(lobby.draft.value, "typed here");
  clock.advance(250);
  assertEquals(draftOf(memory.memory, "lobby"), "typed here");
});

Deno.test("people are offered first who spoke last, then who is here, then the others", async () => {
  await using seat = await Seat.take();
  const users = ["ann", "bob", "cem", "dora"].map((name) => ({ name }));
  await seat.users("lobby", users);
  await seat.users("ops", [{ name: "eve" }, { name: "bob" }]);
  for (const [at, from] of ["dora", "bob", "gone"].entries()) {
    seat.client.say(from, "hi", at);
  }
  await seat.settle();
  assertEquals(peopleAt(seat.chat, seat.place("lobby")), [
    "bob",
    "dora",
    "cem",
    "eve",
  ]);
});

Deno.test("a long text goes in parts of at most four thousand characters", () => {
  // One is kept free for the slash that says a slash.
  assertEquals(partsOf("x".repeat(3_999)).length, 1);
  assertEquals(partsOf("x".repeat(4_000)).map(({ length }) => length), [
    3_999,
    1,
  ]);
  assertEquals(partsOf("//slash"), ["/slash"]);
  assertEquals(isLong("line\n".repeat(9)), false);
  assertEquals(isLong("line\n".repeat(10)), true);
  assertEquals(isLong("x".repeat(4_001)), true);
});
