import { assert, assertEquals } from "@std/assert";
import { RoomState } from "../../src/client/room_state.ts";
import type {
  History,
  ServerMessage,
  Stored,
  Unknown,
  Welcome,
} from "../../src/wire/server.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("room state");

/** Beyond every head: what a room is resumed from of which nothing is here. */
const ANEW = 9_007_199_254_740_991;

function welcome(room: string, name = "ann"): Welcome {
  return { type: "welcome", name, server: "test", version: "0", room };
}

function users(room: string): ServerMessage {
  return { type: "users", room, users: [] };
}

/** Said by bob; its time tells its seq. */
function chat(seq: number, room = "lobby"): Stored & { type: "chat" } {
  return { type: "chat", room, from: "bob", txt: "x", seq, at: 1_000 + seq };
}

function whisper(from: string, to: string, seq: number): ServerMessage {
  return { type: "private", from, to, txt: "x", seq, at: 1_000 + seq };
}

function ack(seq: number, room = "lobby"): ServerMessage {
  return { type: "ack", id: "i", room, seq, at: 1_000 + seq };
}

function deleted(seq: number, room = "lobby"): Unknown {
  return { type: "unknown", room, seq };
}

function page(
  messages: Stored[],
  fields: Partial<History> = {},
): History {
  return { type: "history", room: "lobby", messages, more: false, ...fields };
}

/** In `lobby`, with everything up to this seq. */
function inLobby(seq: number): RoomState {
  const state = new RoomState();
  state.welcome(welcome("lobby"));
  state.note(users("lobby"));
  state.noteHistory(page(seq === 0 ? [] : [chat(seq)]));
  return state;
}

function resumeOf(state: RoomState) {
  return state.resume().resume;
}

function seqs(messages: readonly Stored[]): (number | undefined)[] {
  return messages.map(({ seq }) => seq);
}

test("resumes after what came live, with its time", () => {
  const state = inLobby(7);
  assert(state.note(chat(8)));
  assertEquals(resumeOf(state), { lobby: { seq: 8, at: 1_008 } });
  assert(!state.note(chat(8)), "the same again");
  assert(!state.note(chat(3)), "one before those");
});

test("resumes after a history, from 0 after an empty one", () => {
  assertEquals(resumeOf(inLobby(50)), { lobby: { seq: 50, at: 1_050 } });
  assertEquals(resumeOf(inLobby(0)), { lobby: { seq: 0 } });
});

test("resumes before a gap, and after it when the gap is filled", () => {
  const state = inLobby(7);
  state.note(chat(10));
  assertEquals(resumeOf(state), { lobby: { seq: 7, at: 1_007 } });
  const { fresh } = state.noteHistory(page([chat(8), chat(9), chat(10)]));
  assertEquals(seqs(fresh), [8, 9]);
  assertEquals(resumeOf(state), { lobby: { seq: 10, at: 1_010 } });
});

test("counts an ack as what it acknowledges, and one without a seq as nothing", () => {
  const state = inLobby(7);
  state.note(ack(8));
  state.note({ type: "ack", id: "i" });
  assertEquals(resumeOf(state), { lobby: { seq: 8, at: 1_008 } });
  assert(!state.note(chat(8)), "what was acknowledged");
});

test("keeps what is acknowledged before the first history has come", () => {
  const state = new RoomState();
  state.welcome(welcome("lobby"));
  state.note(ack(9));
  const { fresh, isReplay } = state.noteHistory(
    page([chat(7), chat(8), chat(9)]),
  );
  assertEquals([seqs(fresh), isReplay], [[7, 8], false]);
  assertEquals(resumeOf(state), { lobby: { seq: 9, at: 1_009 } });
});

test("counts the seq of an unknown type, and then resumes without a time", () => {
  const state = inLobby(7);
  state.note(deleted(8));
  assertEquals(resumeOf(state), { lobby: { seq: 8 } });
  state.note(chat(9));
  assertEquals(resumeOf(state), { lobby: { seq: 9, at: 1_009 } });
  const { fresh } = state.noteHistory(page([chat(9), deleted(10)]));
  assertEquals(seqs(fresh), [10]);
  assertEquals(resumeOf(state), { lobby: { seq: 10 } });
  state.note({ type: "unknown", room: "elsewhere", seq: 3 });
  state.note({ type: "unknown" });
  assertEquals(Object.keys(resumeOf(state)), ["lobby"]);
});

test("goes on behind what is skipped", () => {
  const state = inLobby(7);
  const skipped = { from: 8, to: 20 };
  state.noteHistory(page([], { skipped, more: true }));
  assertEquals(resumeOf(state), { lobby: { seq: 20 } });
  const { fresh } = state.noteHistory(page([chat(20), chat(21)]));
  assertEquals(seqs(fresh), [21]);
  assertEquals(resumeOf(state), { lobby: { seq: 21, at: 1_021 } });
});

test("begins anew after a reset, all of which is new and fills no gap", () => {
  const state = inLobby(70);
  state.welcome(welcome("lobby"));
  const first = state.noteHistory(
    page([chat(3), chat(4)], { reset: true, more: true }),
  );
  assertEquals([seqs(first.fresh), first.isReplay], [[3, 4], false]);
  const second = state.noteHistory(page([chat(5)]));
  assertEquals([seqs(second.fresh), second.isReplay], [[5], false]);
  assertEquals(resumeOf(state), { lobby: { seq: 5, at: 1_005 } });
  assertEquals(state.rooms, ["lobby"]);
});

test("tells a replay that fills a gap, on all its pages, from one that shows a room", () => {
  const state = inLobby(7);
  state.welcome(welcome("lobby"));
  const gap = page([chat(8)], { more: true });
  assert(state.noteHistory(gap).isReplay);
  assert(state.noteHistory(page([chat(9)])).isReplay);
  state.note({ type: "here", room: "dev" });
  const shown = page([chat(4, "dev")], { room: "dev", more: true });
  assert(!state.noteHistory(shown).isReplay);
  const rest = page([chat(5, "dev")], { room: "dev" });
  assert(!state.noteHistory(rest).isReplay);
});

test("is sent the last messages of a room of which nothing had come", () => {
  const state = inLobby(7);
  state.note({ type: "here", room: "dev" });
  assertEquals(resumeOf(state).dev, { seq: ANEW });
});

test("gives up what lies before 10,000 messages that are ahead of a gap", () => {
  const state = inLobby(1);
  for (let seq = 3; seq <= 10_002; seq++) state.note(chat(seq));
  assertEquals(resumeOf(state).lobby, { seq: 1, at: 1_001 });
  state.note(chat(10_003));
  assertEquals(resumeOf(state).lobby, { seq: 10_003, at: 11_003 });
});

test("remembers no more than 10,000 ahead of gaps in all rooms together", () => {
  const state = inLobby(1);
  state.note({ type: "here", room: "dev" });
  state.noteHistory(page([chat(1, "dev")], { room: "dev" }));
  for (let n = 0; n < 6_000; n++) state.note(chat(4 + 2 * n));
  for (let n = 0; n < 4_000; n++) state.note(chat(4 + 2 * n, "dev"));
  const [lobby, dev] = [{ seq: 1, at: 1_001 }, { seq: 1, at: 1_001 }];
  assertEquals(resumeOf(state), { lobby, dev });
  // The one that has too much gives up what lies before the middle of what it has.
  state.note(chat(8_004, "dev"));
  assertEquals(resumeOf(state), { lobby, dev: { seq: 4_004, at: 5_004 } });
  // What was left counts no more.
  state.leave("lobby");
  for (let n = 0; n < 6_000; n++) state.note(chat(8_006 + 2 * n, "dev"));
  assertEquals(resumeOf(state).dev, { seq: 4_004, at: 5_004 });
});

test("knows no place of an ack that names none", () => {
  const state = inLobby(1);
  assert(state.note({ type: "ack", id: "i", seq: 9, at: 1 }));
  assertEquals(Object.keys(resumeOf(state)), ["lobby"]);
});

test("is where the server says, and enters by that", () => {
  const state = inLobby(7);
  state.note({ type: "here", room: "Straße" });
  assertEquals([state.current, state.rooms], ["Straße", ["lobby", "Straße"]]);
  state.note({ type: "here", room: "lobby" });
  assertEquals([state.current, state.rooms], ["lobby", ["lobby", "Straße"]]);
  state.note({ type: "here", room: "" });
  assertEquals([state.current, state.rooms], ["", ["lobby", "Straße"]]);
});

test("is in a room whose people it is told unasked", () => {
  const state = inLobby(7);
  state.note({ type: "users", room: "dev", users: [], id: "asked" });
  assertEquals(state.rooms, ["lobby"]);
  state.note(users("dev"));
  assertEquals([state.current, state.rooms], ["lobby", ["lobby", "dev"]]);
});

test("is out of a room that it was thrown out of", () => {
  const state = inLobby(7);
  const left = { room: "lobby", at: 1, reason: "kicked" };
  state.note({ type: "left", name: "bob", ...left });
  assertEquals(state.rooms, ["lobby"]);
  state.note({ type: "renamed", from: "ann", name: "anna", at: 1 });
  state.note({ type: "here", room: "" });
  state.note({ type: "left", name: "anna", ...left });
  assertEquals([state.name, state.rooms], ["anna", []]);
  assertEquals(state.resume(), { resume: {}, room: "" });
});

test("shows what still comes of a room that was left, and does not follow it", () => {
  const state = inLobby(7);
  state.leave("lobby");
  assert(state.note(chat(8)));
  const { fresh, isReplay } = state.noteHistory(page([chat(9)]));
  assertEquals([seqs(fresh), isReplay], [[9], false]);
  assertEquals([state.rooms, resumeOf(state)], [[], {}]);
});

test("asks again for the rooms that it was in, and is in them when the server says so", () => {
  const state = inLobby(7);
  state.note({ type: "here", room: "dev" });
  state.note(users("dev"));
  state.welcome(welcome("dev"));
  assertEquals([state.current, state.rooms], ["dev", ["dev"]]);
  assertEquals(Object.keys(resumeOf(state)), ["lobby", "dev"]);
  state.note(users("lobby"));
  assertEquals(state.rooms, ["lobby", "dev"]);
});

test("is not in a room that could not be entered again, whatever other errors there are", () => {
  const state = new RoomState();
  state.welcome(welcome("lobby"));
  state.note(users("den"));
  state.welcome(welcome("lobby"));
  const error = { type: "error", code: "banned", text: "no" } as const;
  state.note({ ...error, id: "i", room: "lobby" });
  state.note(error);
  assertEquals(Object.keys(state.resume().resume), ["lobby", "den"]);
  state.note({ ...error, room: "den" });
  assertEquals(Object.keys(state.resume().resume), ["lobby"]);
});

test("follows conversations under the name of the other", () => {
  const state = inLobby(7);
  assert(state.note(whisper("bob", "ann", 5)));
  assert(!state.note(whisper("bob", "ann", 5)));
  assert(state.note(whisper("ann", "bob", 6)));
  assertEquals(resumeOf(state)["@bob"], { seq: 6, at: 1_006 });
  state.note({ type: "renamed", from: "bob", name: "bert", at: 1 });
  state.note({ type: "ack", id: "i", to: "bert", seq: 7, at: 1_007 });
  assertEquals(Object.keys(resumeOf(state)), ["lobby", "@bert"]);
  assertEquals(resumeOf(state)["@bert"], { seq: 7, at: 1_007 });
  assertEquals(state.rooms, ["lobby"]);
});

test("takes every message that is not stored for new", () => {
  const state = inLobby(7);
  assert(state.note(whisper("guest-1", "ann", 0)));
  assert(state.note(whisper("guest-1", "ann", 0)));
  assertEquals(Object.keys(resumeOf(state)), ["lobby"]);
});

test("resumes 128 places, rooms before conversations, and says which is current", () => {
  const state = new RoomState();
  state.welcome(welcome("7"));
  for (let n = 0; n < 100; n++) state.note(whisper(`p${n}`, "ann", 1));
  for (let n = 0; n < 63; n++) state.note(users(`room-${n}`));
  const { resume, room } = state.resume();
  const names = Object.keys(resume);
  assertEquals([names.length, room], [128, "7"]);
  assertEquals(names.filter((name) => !name.startsWith("@")).length, 64);
  assertEquals(names.at(-1), "@p63");
});

test("resumes a room whose name is one of JavaScript's own", () => {
  const state = new RoomState();
  state.welcome(welcome("__proto__"));
  const { resume } = state.resume();
  assertEquals(JSON.stringify(resume), `{"__proto__":{"seq":${ANEW}}}`);
});

test("follows 1,000 places, and gives up the oldest conversation for another", () => {
  const state = inLobby(7);
  for (let n = 1; n <= 999; n++) state.note(whisper(`p${n}`, "ann", 1));
  assert(!state.note(whisper("p1", "ann", 1)));
  state.note(whisper("p1000", "ann", 1));
  assert(!state.note(whisper("p2", "ann", 1)));
  assert(state.note(whisper("p1", "ann", 1)), "it was given up");
  assertEquals(state.rooms, ["lobby"]);
});
