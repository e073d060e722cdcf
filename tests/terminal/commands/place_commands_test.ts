import { assertEquals } from "@std/assert";
import { NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { Session } from "../_session.ts";

const test = testsOf("places", { sys: true });

const ROOMS = "lobby dev ops ops-eu release design lunch random help infra sec"
  .split(" ");

/** A person in many rooms, in the lobby, who talks with bob. */
async function open(columns = 60): Promise<Session> {
  const session = await Session.open(columns, 30);
  const { client } = session;
  client.rooms = ROOMS;
  for (const room of ROOMS) {
    const users = [{ name: "ann" }];
    client.hear({ type: "users", room, users });
  }
  client.hear({
    type: "private",
    ...{ from: "bob", to: "ann", txt: "hi", seq: 1, at: NOON_MS },
  });
  await session.settle();
  return session;
}

const prompt = (session: Session) => session.last(1)[0];

test("/windows has a line for each: number, name, news, what it is about, the current one marked", async () => {
  await using session = await open();
  const { client } = session;
  const at = NOON_MS;
  client.hear({ type: "topic", room: "dev", text: "the plan", by: "bob", at });
  client.say("bob", "ann: look", NOON_MS, "ops");
  client.say("bob", "and this", NOON_MS, "ops");
  const users = [{ name: "bob", away: "at lunch" }];
  client.hear({ type: "users", room: "help", users });
  await session.settle();
  await session.type("/win\r");
  assertEquals(session.shown().slice(-14), [
    "* ›  1  lobby",
    "*    2  dev                        the plan",
    "*    3  ops      2 new, 1 for you",
    "*    4  ops-eu",
    "*    5  release",
    "*    6  design",
    "*    7  lunch",
    "*    8  random",
    "*    9  help",
    "*   10  infra",
    "*   11  sec",
    "*   12  @bob     1 new             away: at lunch",
    "* Alt+1…9, /go NAME or /go NUMBER goes there",
    "[12:@bob 1! 3:ops 2!] lobby ›",
  ]);
});

test("/go takes a number, a name, or any beginning that means one place", async () => {
  await using session = await open();
  const rows: [string, string][] = [
    ["/go 11", "sec ›"],
    ["/go ops", "ops ›"],
    ["/go #OPS-", "ops-eu ›"],
    ["/go rel", "release ›"],
    ["/go @b", "@bob ›"],
    ["/go dev", "dev ›"],
    ["/go b", "@bob ›"],
    // Alone it goes back, and back again.
    ["/go", "dev ›"],
    ["/go", "@bob ›"],
  ];
  for (const [line, shown] of rows) {
    await session.type(`${line}\r`);
    assertEquals(prompt(session)?.replace(/^\[.*\] /, ""), shown, line);
  }
});

test("/go says which places a beginning means, and what to do where it means none", async () => {
  await using session = await open();
  const rows: [string, string][] = [
    ["/go o", "! which one: ops (3), ops-eu (4)"],
    ["/go l", "! which one: lobby (1), lunch (7)"],
    ["/go #b", "! you have no place #b: /join b enters it"],
    ["/go @z", "! you have no place @z: /query z opens it"],
    ["/go zed", "! you have no place zed: /join zed or /query zed opens one"],
    ["/go 77", "! there is no place 77: /windows lists yours"],
    ["/77", "! there is no place 77: /windows lists yours"],
    ["/go", "! you were nowhere else: /windows lists your places"],
    ["/go lobby", "* you are in lobby"],
  ];
  for (const [line, said] of rows) {
    await session.type(`${line}\r`);
    assertEquals(session.shown().at(-2), said, line);
  }
});

test("a key goes to the tenth place, and back to the one before, each with its text", async () => {
  await using session = await open(100);
  await session.type("half a sentence\x1b0");
  assertEquals(prompt(session), "[12:@bob 1!] infra ›");
  await session.type("other\x1b/");
  assertEquals(prompt(session), "[12:@bob 1!] lobby › half a sentence");
  await session.type("\x1e");
  assertEquals(prompt(session), "[12:@bob 1!] infra › other");
});

test("Alt+G asks for a name, completes it, those with news first, and leaves the text in its place", async () => {
  await using session = await open(100);
  await session.type("half a sentence\x1bg\t\t");
  assertEquals(prompt(session), "[12:@bob 1!] lobby › /go @bob");
  await session.type("\r");
  assertEquals(prompt(session), "@bob ›");
  await session.type("\x1b1");
  assertEquals(prompt(session), "lobby › half a sentence");
  // Not gone anywhere: it is there again.
  await session.type("\x1bgzed\r");
  assertEquals(prompt(session), "lobby › half a sentence");
  await session.type("\x1bgsec\x03");
  assertEquals(prompt(session), "lobby › half a sentence");
  await session.type("\x1bgsec\x1b2");
  assertEquals(prompt(session), "dev ›");
  await session.type("\x1b1");
  assertEquals(prompt(session), "lobby › half a sentence");
});

test("Tab knows the rooms that there are, which are asked for quietly, once a minute at most", async () => {
  await using session = await Session.open(100);
  const { client, clock } = session;
  const lists = () =>
    client.asked.filter((one) => one.type === "command" && one.name === "list");
  const help = { name: "join", args: "ROOM", text: "enter a room" };
  client.answer("id-1", { type: "help", commands: [help], id: "id-1" });
  await session.settle();
  assertEquals(lists().length, 1);
  const rooms = ["ops", "opera"].map((name) => ({ name, people: 0 }));
  client.answer(lists()[0]!.id, { type: "rooms", rooms });
  await session.type("/join #op\t");
  assertEquals(session.shown().slice(1), [
    "#opera #ops",
    "lobby › /join #op",
  ]);
  assertEquals(lists().length, 1);
  clock.advance(61_000);
  await session.type("\x15/join o\t\x15/join o\t");
  assertEquals(lists().length, 2);
});

test("/users and entering mark roles, away and who is verified; one's own away is in the prompt", async () => {
  const verified = [{
    name: "bob",
    key: "SHA256:b",
    at: "2025-11-20T12:00:00Z",
  }];
  const servers = { "test:5000": { verified } };
  await using session = await Session.open(60, 20, { memory: { servers } });
  const { client } = session;
  const room = "lobby";
  const users = [
    { name: "ann", key: "SHA256:a" },
    { name: "bob", key: "SHA256:b", role: "operator" },
    { name: "cy", guest: true as const },
  ];
  client.hear({ type: "users", room, users });
  await session.type("/away at lunch\r");
  const away = client.asked.at(-1)!;
  client.answer(away.id, { type: "ack", id: away.id });
  await session.type("/users\r");
  const asked = client.asked.at(-1)!;
  const [ann, bob, cy] = users;
  client.answer(asked.id, {
    ...{ type: "users", room, id: asked.id },
    users: [cy!, { ...ann!, away: "at lunch" }, bob!],
  });
  await session.settle();
  assertEquals(session.shown().slice(1), [
    "* in lobby: bob ✓ (operator), ann, cy (guest)",
    "* in lobby: 3 people, 1 away, ✓ verified",
    "*   bob ✓ (operator)",
    "*   cy (guest)",
    "*   ann (away: at lunch)",
    "lobby (away) ›",
  ]);
  // Back, as another device of the same person has said it.
  client.hear({ type: "users", room, users });
  await session.settle();
  assertEquals(prompt(session), "lobby ›");
});

test("/help knows what the terminal does by its beginning, too", async () => {
  await using session = await Session.open();
  await session.type("/help win\r");
  const { id } = session.client.asked.at(-1)!;
  session.client.answer(id, {
    ...{ type: "error", code: "no-such-command", id },
    text: "there is no command win",
  });
  await session.settle();
  const [row] = session.shown().slice(-2);
  assertEquals(row?.startsWith("  /windows"), true, row);
});

test("/help lists everything once, under headings, what the server has of its own first", async () => {
  await using session = await Session.open(80, 100);
  await session.type("/help\r");
  const { id } = session.client.asked.at(-1)!;
  const commands = ["kick", "dance", "join", "search"].map((name) => ({
    ...{ name, args: "X", text: `to ${name}` },
  }));
  session.client.answer(id, { type: "help", commands, id });
  await session.settle();
  const rows = session.shown().slice(1, -1);
  assertEquals(rows.slice(0, 4), [
    "── more ──",
    "  /dance X              to dance",
    "── keeping a room ──",
    "  /kick X               to kick",
  ]);
  const places = rows.indexOf("── places ──");
  assertEquals(rows[places + 1], "  /join X               to join");
  const named = rows.flatMap((row) => /^ {2}\/(\w+)/.exec(row)?.[1] ?? []);
  assertEquals(named.length, new Set(named).size);
  // The terminal has its own.
  assertEquals(rows.includes("  /search X             to search"), false);
  assertEquals(named.includes("search"), true);
  assertEquals(
    rows.at(-1),
    "* /help WORD explains what begins so, /keys lists the keys",
  );
});

test("every command of the terminal has its heading", async () => {
  await using session = await Session.open(80, 100);
  await session.type("/help\r");
  const { id } = session.client.asked.at(-1)!;
  session.client.answer(id, { type: "help", commands: [], id });
  await session.settle();
  assertEquals(session.shown().includes("── more ──"), false);
});
