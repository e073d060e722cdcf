/** What the page says of what was done: by oneself, to oneself, and to others. */
import { assertEquals } from "@std/assert";
import { enter } from "../../../src/web/model/commands.ts";
import { targetsFor } from "../../../src/web/model/switching.ts";
import type { ServerMessage } from "../../../src/wire/server.ts";
import { KEYS, Seat } from "./_seat.ts";

const ann = { name: "ann", key: KEYS.ann };
const bob = { name: "bob", key: KEYS.bob };

/** What the server acknowledges the last with. */
async function acked(seat: Seat, more: object): Promise<void> {
  await seat.settle();
  const { id } = seat.client.asked.at(-1)!;
  seat.client.answer(id, { type: "ack", id, ...more } as ServerMessage);
  await seat.settle();
}

Deno.test("a command says what it did, in the words of the server", async () => {
  await using seat = await Seat.take();
  enter(seat.chat, "/op bob");
  await acked(seat, { text: "bob is an operator of lobby now" });
  enter(seat.chat, "/topic tea");
  await acked(seat, { text: "the topic of lobby is: tea" });
  enter(seat.chat, "/mute bob");
  await acked(seat, {});
  assertEquals(seat.notes(), ["bob is an operator of lobby now"]);
});

Deno.test("whom one puts out is told of once", async () => {
  await using seat = await Seat.take();
  seat.client.rooms.push("lobby");
  await seat.users("lobby", [ann, bob]);
  const left = { type: "left", room: "lobby", at: 1, ...bob } as const;
  enter(seat.chat, "/ban bob noisy");
  await seat.settle();
  const by = {
    reason: "kicked",
    by: "ann",
    banned: true,
    why: "noisy",
  } as const;
  await seat.hear({ ...left, ...by });
  await acked(seat, { text: "bob is banned from lobby" });
  // One who is not there is not seen to go.
  enter(seat.chat, "/ban cy");
  await acked(seat, { text: "cy is banned from lobby" });
  assertEquals(seat.notes(), [
    "bob left (banned by ann: noisy)",
    "cy is banned from lobby",
  ]);
});

Deno.test("one who is put out is told so once, with why", async () => {
  await using seat = await Seat.take();
  for (const room of ["dev", "ops"]) {
    await seat.users(room, [ann, bob]);
    const by = { by: "bob", why: "too loud" };
    const left = {
      type: "left",
      room,
      reason: "kicked",
      at: 1,
      ...by,
    } as const;
    await seat.hear({ ...left, ...ann });
    await seat.hear({
      type: "notice",
      text: `bob kicked you from ${room}: too loud`,
    });
    assertEquals(seat.notes(room), [
      `you were removed from ${room} (kicked by bob: too loud)`,
    ]);
  }
  const notice = "bob kicked you from dev: too loud";
  // Another time it is news.
  await seat.hear({ type: "notice", text: notice });
  assertEquals(seat.notes(), [`server: ${notice}`]);
});

Deno.test("who does not read it now is told of once for each change", async () => {
  await using seat = await Seat.take();
  const place = seat.chat.open("@bob");
  seat.chat.go(place);
  const states = [
    { away: "lunch" },
    { away: "lunch" },
    { later: true },
    { later: true },
    {},
    { later: true },
  ];
  for (const [index, state] of states.entries()) {
    enter(seat.chat, `text ${index}`, place);
    await acked(seat, { to: "bob", seq: index + 1, at: 1, ...state });
  }
  assertEquals(seat.notes("@bob"), [
    "bob is away: lunch",
    "bob is not here: bob will read it later",
    "bob is not here: bob will read it later",
  ]);
});

Deno.test("a room may be typed with a #, and one that is empty is called so", async () => {
  await using seat = await Seat.take();
  enter(seat.chat, "/join #ops");
  await seat.settle();
  assertEquals([seat.lastAsked, seat.chat.current.peek()?.name], [
    "/join +ops",
    "ops",
  ]);
  await seat.hear({
    type: "rooms",
    rooms: [{ name: "dev", people: 2 }, { name: "den", people: 0 }],
  });
  const shown = targetsFor(seat.chat, "#de").map(({ label, detail }) =>
    `${label}: ${detail}`
  );
  assertEquals(shown, [
    "dev: room to enter, 2 there",
    "den: room to enter, empty",
    "de: enter this room",
  ]);
});
