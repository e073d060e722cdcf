/** Who is here: their order, their roles, and what may be done with them. */
import { assertEquals } from "@std/assert";
import {
  groupsOf,
  ownRank,
  presenceOf,
} from "../../../src/web/model/people.ts";
import { actionsOn } from "../../../src/web/model/person_actions.ts";
import { actionsOnRoom } from "../../../src/web/model/place_actions.ts";
import { KEYS, Seat } from "./_seat.ts";

const ann = { name: "ann", key: KEYS.ann };
const bob = { name: "bob", key: KEYS.bob };
const eve = { name: "eve", key: KEYS.eve };

function texts(seat: Seat, who: { name: string; key?: string }): string[] {
  const place = seat.chat.current.peek();
  return actionsOn(seat.chat, place, who).map(({ text }) => text);
}

Deno.test("those who keep a room come first, highest rank before, and who is away last", () => {
  const people = [
    { name: "zoe" },
    { name: "Bea", away: "lunch" },
    { name: "op", role: "operator", away: "back soon" },
    { name: "adam" },
    { name: "root", role: "admin" },
    { name: "maker", role: "creator" },
    { name: "new", role: "of a time to come" },
  ];
  const names = (filter?: string) =>
    groupsOf(people, filter).map(({ title, people }) =>
      [title, ...people.map(({ name }) => name)].join(" ")
    );
  assertEquals(names(), [
    "Operators root maker op",
    "People adam new zoe",
    "Away Bea",
  ]);
  assertEquals(names(" A"), ["Operators maker", "People adam", "Away Bea"]);
  assertEquals(names("nobody"), []);
});

Deno.test("what may be done with somebody goes by the ranks of both", async () => {
  await using seat = await Seat.take();
  const everybody = ["Message", "Who is this", "Verify", "Ignore"];
  await seat.users("lobby", [ann, bob]);
  assertEquals(texts(seat, bob), everybody);

  seat.client.rooms.push("garden");
  await seat.users("garden", [
    { ...ann, role: "creator" },
    { ...bob, role: "operator" },
    eve,
    { name: "guest-1", guest: true },
  ]);
  seat.chat.go(seat.place("garden"));
  const keeping = ["Kick from garden…", "Ban from garden…"];
  assertEquals(texts(seat, bob), [
    ...everybody,
    "Unmake an operator",
    "Let speak again",
    "Mute",
    ...keeping,
  ]);
  assertEquals(texts(seat, eve)[4], "Make an operator");
  assertEquals(texts(seat, { name: "guest-1" }), [
    "Message",
    "Who is this",
    "Ignore",
    "Let speak again",
    "Mute",
    ...keeping,
  ]);
  // Now bob ranks as high.
  await seat.users("garden", [{ ...ann, role: "operator" }, {
    ...bob,
    role: "operator",
  }, eve]);
  assertEquals(texts(seat, bob), everybody);
  assertEquals(texts(seat, eve).includes("Make an operator"), false);
});

Deno.test("an administrator is one in every room, and can keep people off the server", async () => {
  await using seat = await Seat.take();
  await seat.users("lobby", [{ ...ann, role: "admin" }, bob]);
  assertEquals(seat.chat.isAdmin.peek(), true);
  await seat.users("garden", [bob], { count: 900 });
  assertEquals(ownRank(seat.chat, seat.place("garden")), 3);
  const kick = actionsOn(seat.chat, seat.place("lobby"), bob)
    .find(({ text }) => text === "Kick from the server…")!;
  kick.run();
  const dialog = seat.chat.dialog.peek();
  if (dialog?.kind !== "question") throw new Error("nothing is asked");
  assertEquals(dialog.question.title, "Kick bob from the server?");
  void dialog.question.run("too loud");
  await seat.settle();
  // Whoever has taken the name meanwhile is not meant.
  const asked = `/server kick ${KEYS.bob} too loud`;
  assertEquals(seat.lastAsked.startsWith(asked), true, seat.lastAsked);
  await seat.answer("server", { type: "ack", id: "" });
  // No longer one: `/server deadmin`.
  await seat.users("lobby", [ann, bob]);
  assertEquals(seat.chat.isAdmin.peek(), false);
});

Deno.test("when somebody is made an operator the list is asked for once, and is right then", async () => {
  await using seat = await Seat.take();
  await seat.users("lobby", [ann, bob]);
  const before = seat.client.asked.length;
  for (const name of ["bob", "eve"]) {
    await seat.hear({
      type: "notice",
      text: `ann made ${name} an operator of lobby`,
    });
  }
  seat.clock.advance(1_000);
  await seat.settle();
  assertEquals(seat.client.asked.length, before + 1);
  await seat.answer("users", {
    type: "users",
    room: "lobby",
    users: [ann, { ...bob, role: "operator" }],
    locked: true,
  });
  const place = seat.place("lobby");
  assertEquals(place.byName.peek().get("bob")?.role, "operator");
  assertEquals(place.isLocked.peek(), true);
});

Deno.test("who comes is listed with the role", async () => {
  await using seat = await Seat.take();
  await seat.users("lobby", [ann]);
  await seat.hear({
    type: "joined",
    room: "lobby",
    ...bob,
    role: "admin",
    at: 1,
  });
  assertEquals(seat.place("lobby").people.peek(), [ann, {
    ...bob,
    role: "admin",
  }]);
});

Deno.test("of a large room more are known when the server has named more, and no fewer", async () => {
  await using seat = await Seat.take();
  const named = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ name: `n${at}` }));
  const place = seat.place("lobby");
  const known = () => [place.people.peek().length, place.count.peek()];
  await seat.users("lobby", named(200), { count: 900 });
  assertEquals(known(), [200, 900]);
  await seat.users("lobby", named(600), { count: 901, id: "x" });
  assertEquals(known(), [600, 901]);
  await seat.users("lobby", named(500), { count: 902, id: "y" });
  assertEquals(known(), [600, 902]);
  await seat.hear({ type: "presence", room: "lobby", count: 850 });
  assertEquals(known(), [600, 850]);
  // Now all are named.
  await seat.users("lobby", named(150), { id: "z" });
  assertEquals(known(), [150, undefined]);
});

Deno.test("only those who keep a room are offered to lock it, and a locked one to invite", async () => {
  await using seat = await Seat.take();
  const items = () =>
    actionsOnRoom(seat.chat, seat.place("lobby")).map(({ text }) => text);
  await seat.users("lobby", [ann]);
  assertEquals(items(), ["Mark as read", "Leave"]);
  await seat.users("lobby", [{ ...ann, role: "creator" }], { locked: true });
  assertEquals(items(), [
    "Mark as read",
    "Set the topic…",
    "Unlock",
    "Invite somebody to…",
    "Lift a ban in…",
    "Leave",
  ]);
});

Deno.test("of somebody in a conversation it is known what the rooms show", async () => {
  await using seat = await Seat.take();
  const presence = () => presenceOf(seat.chat, "bob");
  assertEquals(presence(), "unknown");
  await seat.users("lobby", [ann, bob]);
  assertEquals(presence(), "here");
  await seat.users("lobby", [ann, { ...bob, away: "lunch" }]);
  assertEquals(presence(), "away");
  await seat.hear({
    type: "left",
    room: "lobby",
    ...bob,
    at: 1,
    reason: "closed",
  });
  assertEquals(presence(), "unknown");
});

Deno.test("who ignores somebody hears nothing of them until they are heard again", async () => {
  await using seat = await Seat.take();
  await seat.users("lobby", [ann, bob]);
  const act = (text: string) =>
    actionsOn(seat.chat, seat.place("lobby"), bob)
      .find((one) => one.text === text)!.run();
  act("Ignore");
  assertEquals(seat.memory.memory.ignored, [`${KEYS.bob} bob`]);
  seat.client.say("bob", "psst", 1);
  await seat.settle();
  const said = () =>
    seat.place("lobby").live.lines.filter(({ kind }) => kind === "said").length;
  assertEquals(said(), 0);
  act("Hear again");
  assertEquals(seat.memory.memory.ignored, []);
  seat.client.say("bob", "hello", 2);
  await seat.settle();
  assertEquals(said(), 1);
});

Deno.test("one's own away is what one has said, and what the server lists", async () => {
  await using seat = await Seat.take();
  await seat.users("lobby", [{ ...ann, away: "lunch" }]);
  assertEquals(seat.chat.away.peek(), "lunch");
  await seat.users("lobby", [ann]);
  assertEquals(seat.chat.away.peek(), undefined);
});
