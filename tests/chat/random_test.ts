/**
 * A thousand people do a hundred thousand things at random. What the hub must never do is told from
 * its effects and from the contract
 * alone. `CONFAB_SEED` runs another run, or one that failed again.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { describeError } from "../../src/base/errors.ts";
import type { Turn } from "../../src/chat/effects.ts";
import { Hub } from "../../src/chat/hub.ts";
import type { ConnectionId, Input, Moment } from "../../src/chat/input.ts";
import {
  type Commit,
  CommitConflict,
  type Conflict,
  type Directory,
} from "../../src/store/store.ts";
import type { Users } from "../../src/wire/server.ts";
import { MemoryStore } from "../_memory_store.ts";
import { FakeClock } from "../_fake_clock.ts";
import { SEED, testsOf } from "../_testing.ts";
import { Checker } from "./random_check.ts";
import { Inputs } from "./random_inputs.ts";
import { checkAll, checkPeople } from "./random_lists.ts";
import { Model, type Place } from "./random_model.ts";
import { violated } from "./random_names.ts";
import { ADMINS, Dice } from "./random_people.ts";
import type { Act } from "./random_turns.ts";

const test = testsOf("random");

const INPUTS = 100_000;
/** Turns between two looks at everything. */
const CHECK_ALL_TURNS = 100;
/** Turns between two deaths of the server. */
const RESTART_TURNS = 1_201;
const DAY_MS = 24 * 3_600_000;
/** Inputs that are shown when the run breaks. */
const SHOWN = 25;

/** A run in which these do not happen proves nothing of them. */
const MUST_HAPPEN = [
  ...["kept", "lost", "healed"].map((outcome) => `turn ${outcome}`),
  ...["append", "exit", "page", "search", "search in all", "watch", "end"],
  ...["joined", "left", "presence", "topic", "notice"].map((type) =>
    `announce ${type}`
  ),
  ...["private", "typing", "read", "renamed"].map((type) => `tell ${type}`),
  ...["enter room", "enter conversation"],
  "answer whois of absent",
  ...["bans", "mutes"].flatMap((name) => [
    `${name} notice`,
    `${name} not-allowed`,
  ]),
  ...["welcome", "ack", "users", "rooms", "whois", "help"].map((type) =>
    `answer ${type}`
  ),
  ...["kick", "ban", "unban", "mute", "unmute", "op", "deop"].flatMap((
    name,
  ) => [
    `${name} ack`,
    `${name} not-allowed`,
  ]),
  ...["lock", "unlock", "invite", "topic"].flatMap((name) => [
    `${name} ack`,
    `${name} not-allowed`,
  ]),
  ...["banned", "muted", "room-locked", "name-taken", "id-reused"].map((code) =>
    `error ${code}`
  ),
];

/** An input of the present turn, what it was put in for, and where its effects begin. */
interface Put {
  readonly input: Input;
  readonly act: Act | undefined;
  from: number;
}

const NOTHING_CHANGED: Conflict = { heads: [], records: [] };

class Run {
  readonly #acts: number;
  readonly #dice = new Dice(SEED);
  readonly #clock = new FakeClock();
  readonly #store = new MemoryStore();
  readonly #model = new Model(this.#clock, ADMINS);
  readonly checker = new Checker(this.#model);
  readonly #inputs = new Inputs(this.#dice, this.checker);
  #hub = newHub(this.#store);
  /** All that was done so far. */
  readonly #done: Act[] = [];
  #turn: Put[] = [];
  #turns = 0;
  /** The act that was checked last. */
  #at = 0;
  /** What was put into the hub, what its turns were, and what else was committed. */
  readonly record: (Input | Turn | Commit)[] = [];
  readonly #isRecording: boolean;

  constructor(options: { acts: number; record?: true }) {
    this.#acts = options.acts;
    this.#isRecording = options.record === true;
  }

  async toTheEnd(): Promise<void> {
    try {
      while (this.#done.length < this.#acts) {
        const size = 1 + this.#dice.below(40);
        while (this.#turn.length < size) await this.#putSome();
        await this.#endTurn();
        if (this.#turns % RESTART_TURNS === 0) this.#restart();
        this.#goOn();
      }
      this.#checkAll();
    } catch (error) {
      throw new Error(this.#report(error), { cause: error });
    }
  }

  async #putSome(): Promise<void> {
    const acts = this.#dice.chance(0.12)
      ? this.#inputs.moderation()
      : this.#inputs.next();
    for (const act of acts) {
      const recalls = act.kind === "open" && act.peer.key !== undefined;
      // What a person said before is read when all of it is committed.
      if (recalls) await this.#endTurn();
      this.#done.push(act);
      this.#put(inputOf(act, this.#now), act);
      if (!recalls) continue;
      await this.#endTurn();
      const entries = await this.#store.recentOf(act.peer.key!, 1_024);
      this.#put({
        kind: "recalled",
        at: this.#now,
        connection: act.id,
        entries,
      });
    }
  }

  #put(input: Input, act?: Act): void {
    this.#turn.push({ input, act, from: this.#hub.pendingEffects });
    this.#handle(input);
  }

  #handle(input: Input): void {
    if (this.#isRecording) this.record.push(structuredClone(input));
    this.#hub.handle(input);
  }

  #take(): Turn {
    const turn = this.#hub.takeTurn();
    if (this.#isRecording) this.record.push(structuredClone(turn));
    return turn;
  }

  get #now(): Moment {
    return { wall: this.#clock.wall(), monotonic: this.#clock.monotonic() };
  }

  /**
   * Ends the turn: it is kept, perhaps after it met what others wrote; or nothing can be stored.
   */
  async #endTurn(): Promise<void> {
    if (this.#turn.length === 0) return;
    let turn = this.#take();
    const isLost = this.#dice.chance(0.04);
    if (isLost) {
      this.#handle({ kind: "failed" });
      turn = this.#again();
    } else if (this.#dice.chance(0.03)) turn = await this.#conflict(turn);
    this.#check(turn);
    if (isLost) this.checker.lost(turn);
    else {
      await this.#store.commit(turn.commit);
      this.checker.kept(turn);
    }
    this.#handle({ kind: "committed" });
    this.#turn = [];
    if (isLost) await this.#storeOwed();
    this.#checkTouched();
    if (++this.#turns % CHECK_ALL_TURNS === 0) this.#checkAll();
  }

  /** What could not be stored and was not refused for that is stored with the next turn. */
  async #storeOwed(): Promise<void> {
    const { commit, effects } = this.#take();
    assertEquals([commit.appends, effects], [[], []]);
    await this.#store.commit(commit);
    this.#handle({ kind: "committed" });
  }

  /**
   * The turn is taken back; then it comes to the same again, or goes on from what somebody else
   * wrote.
   */
  async #conflict(turn: Turn): Promise<Turn> {
    this.#handle({ kind: "failed", conflict: NOTHING_CHANGED });
    const again = this.#again();
    assertEquals(
      comparable(again),
      comparable(turn),
      "a turn that was taken back left something",
    );
    const [append] = turn.commit.appends;
    if (append === undefined) return again;
    const { room, expectedHead } = append;
    const seq = expectedHead + 1;
    const entry = { room, seq, at: 7, from: "x", kind: "note", body: "{}" };
    const foreign = {
      appends: [{ room, expectedHead, entries: [entry] }],
      writes: [],
    };
    await this.#store.commit(foreign);
    if (this.#isRecording) this.record.push(structuredClone(foreign));
    const { conflict } = await assertRejects(
      () => this.#store.commit(turn.commit),
      CommitConflict,
    );
    assertEquals(conflict, { heads: [{ room, head: seq }], records: [] });
    this.checker.foreign(room, seq);
    this.#handle({ kind: "failed", conflict });
    return this.#again();
  }

  /** Puts the turn's inputs in again. */
  #again(): Turn {
    for (const put of this.#turn) {
      put.from = this.#hub.pendingEffects;
      this.#handle(put.input);
    }
    return this.#take();
  }

  #check({ effects }: Turn): void {
    this.#turn.forEach(({ act, from }, at) => {
      if (act === undefined) return;
      this.#at = this.#done.lastIndexOf(act);
      this.checker.after(act, effects.slice(from, this.#turn[at + 1]?.from));
    });
  }

  /** Time goes by, mostly little of it. */
  #goOn(): void {
    const dice = this.#dice;
    const ms = dice.chance(0.004)
      ? 100 * DAY_MS
      : dice.chance(0.004)
      ? 8 * DAY_MS
      : dice.chance(0.01)
      ? 16_000
      : dice.below(400);
    this.#clock.advance(ms);
  }

  /** The server dies and starts again with what is committed. */
  #restart(): void {
    this.#hub = newHub(this.#store);
    this.checker.restart();
  }

  #checkTouched(): void {
    for (const room of this.#model.touched) {
      const place = this.#model.places.get(room);
      const users = place === undefined ? undefined : this.#usersOf(place);
      if (users !== undefined) checkPeople(this.#model, place!, users);
    }
    this.#model.touched.clear();
  }

  #checkAll(): void {
    checkAll(this.#model, (place) => this.#usersOf(place));
  }

  /** The people of a room, as the hub lists them to somebody there. */
  #usersOf({ key, people }: Place): Users | undefined {
    const [line] = people.values().flatMap(({ lines }) => lines);
    if (line === undefined) return undefined;
    this.#handle({
      kind: "caught-up",
      at: this.#now,
      connection: line.id,
      room: key,
    });
    const [effect] = this.#take().effects;
    this.#handle({ kind: "committed" });
    return effect?.kind === "refresh" && effect.message.type === "users"
      ? effect.message
      : violated(`${key} is gone`);
  }

  /** What a hub says when everybody who is there asks who and what there is. */
  ask(hub: Hub = this.#hub): Turn {
    const ask = (connection: ConnectionId, name: string, args = "") =>
      hub.handle({
        kind: "message",
        at: this.#now,
        connection,
        message: { type: "command", name, args, id: `${name} ${args}` },
      });
    const [asker] = this.#model.lines.values().filter(({ isReady }) => isReady);
    ask(asker!.id, "list");
    for (const { name } of this.#model.humans.values()) {
      if (name !== undefined) ask(asker!.id, "whois", name);
    }
    for (const { id, isReady } of this.#model.lines.values()) {
      if (isReady) ask(id, "users");
    }
    return hub.takeTurn();
  }

  #report(error: unknown): string {
    const last = this.#done.slice(Math.max(0, this.#at - SHOWN), this.#at + 1);
    const first = this.#at - last.length + 1;
    return [
      `input ${this.#at} of CONFAB_SEED=${SEED}: ${describeError(error)}`,
      ...last.map((input, at) => `${first + at} ${show(input)}`),
    ].join("\n");
  }
}

/** A turn without the order of long lists, which taking back does not bring back. */
function comparable(turn: Turn): unknown {
  return JSON.parse(JSON.stringify(turn, (key, value) => {
    if (key === "to" && Array.isArray(value)) return value.toSorted();
    const isLong = Array.isArray(value) && value.length > 120;
    return isLong && (key === "users" || key === "rooms") ? "many" : value;
  }));
}

function newHub(directory: Directory): Hub {
  return new Hub({ server: "test", version: "1", directory, admins: ADMINS });
}

function inputOf(act: Act, at: Moment): Input {
  if (act.kind === "tick") return { kind: "tick", at };
  const { id: connection, ...rest } = act;
  return { ...rest, at, connection };
}

function show(input: Act): string {
  return JSON.stringify(
    input,
    (_, value) => value instanceof Map ? Object.fromEntries(value) : value,
  );
}

test("a thousand people cannot make the hub break its word", async () => {
  const run = new Run({ acts: INPUTS });
  await run.toTheEnd();
  const { seen } = run.checker;
  const missing = MUST_HAPPEN.filter((what) => !seen.has(what));
  assertEquals(missing, [], `in the run of CONFAB_SEED=${SEED}`);
});

test("the same inputs lead to the same effects, and to the same chat", async () => {
  const run = new Run({ acts: 5_000, record: true });
  await run.toTheEnd();
  const store = new MemoryStore();
  const replayed = newHub(store);
  let taken: Turn | undefined;
  for (const one of run.record) {
    if ("appends" in one) await store.commit(one);
    else if ("effects" in one) {
      taken = replayed.takeTurn();
      assertEquals(structuredClone(taken), one);
    } else {
      if (one.kind === "committed") await store.commit(taken!.commit);
      replayed.handle(structuredClone(one));
    }
  }
  // What both say to whoever asks for everything: people, rooms, roles, and who is where.
  assertEquals(run.ask(replayed), run.ask());
});
