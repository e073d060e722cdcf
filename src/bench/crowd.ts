/** The simulated people of one thread: they come, talk, and go, and what they hear is checked. */
import { delay, SYSTEM_CLOCK } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import { decodeUtf8 } from "../wire/text.ts";
import { readServerMessage } from "../wire/server.ts";
import type { ServerMessage, Unknown } from "../wire/server.ts";
import { type Fault, RoomChecker } from "./checker.ts";
import { Latencies, type LatencyCounts } from "../base/latencies.ts";
import { type Hearing, Person } from "./person.ts";
import { shareOf } from "./plan.ts";
import { textOf } from "./texts.ts";

/** People who are on their way in at the same time; servers hold back more of one address. */
const ENTERING = 32;
/** The room that is filled with talk. */
const HALL = "hall";
/** Messages that are remembered by their bytes. */
const REMEMBERED = 512;
/** Faults that are named. */
const FAULTS_NAMED = 100;
/** When nothing has come for this long, nothing more will. */
const STALL_MS = 5_000;
/** What was said has this long to arrive; a server that is slower holds too many people. */
const FINISH_MS = 10_000;
/** How often it is looked whether all is there. */
const LOOK_MS = 10;
/** Whoever waits looks this often whether it should still. */
const HALT_MS = 100;

export interface CrowdOptions {
  readonly port: number;
  readonly isSealed: boolean;
  /** Which thread this is, of how many: each has rooms of its own. */
  readonly thread: number;
  readonly threads: number;
  /** Rooms in all; 0 for as many as make rooms of the usual size. */
  readonly rooms: number;
  /** Default {@linkcode STALL_MS}. */
  readonly stallMs?: number;
}

/** What came of a time of talking, once it has arrived. */
export interface Heard {
  readonly latencies: LatencyCounts;
  /** Whether everything was there before the time for that was over. */
  readonly isComplete: boolean;
}

/** A time of talking. */
export interface Talked {
  readonly seconds: number;
  readonly messages: number;
  /** Messages that came to somebody meanwhile, each counted where it came. */
  readonly deliveries: number;
  /** How much later than meant messages were said: this side's own delay. */
  readonly lateness: LatencyCounts;
}

interface Room {
  readonly checker: RoomChecker;
  /** In the order of coming. */
  readonly members: Person[];
}

export class Crowd implements Hearing {
  readonly #options: CrowdOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #people: Person[] = [];
  readonly #read = new Map<string, ServerMessage | Unknown>();
  readonly #faults: Fault[] = [];
  #faultCount = 0;
  /** Messages said by everybody here, ever: texts and ids are made of it. */
  #said = 0;
  /** People who ever came here: names are made of it. */
  #came = 0;
  #messages = 0;
  #deliveries = 0;
  #lastHeardMs = 0;
  #latencies = new Latencies();
  #isHalted = false;
  /** Called at each acknowledgement. */
  #onAck: (person: Person) => void = () => {};

  constructor(options: CrowdOptions) {
    this.#options = options;
  }

  /** How many are here. */
  get size(): number {
    return this.#people.length;
  }

  /** What was wrong so far; of many the first are named. */
  get faults(): { readonly count: number; readonly first: readonly Fault[] } {
    return { count: this.#faultCount, first: this.#faults };
  }

  /** Ends what is under way as soon as that can be. */
  halt(): void {
    this.#isHalted = true;
  }

  /**
   * Lets people come or go until this thread's share of `people` is here.
   *
   * @returns why no more could come, where that is so.
   */
  async gather(
    { people, seconds }: { people: number; seconds: number },
  ): Promise<string | undefined> {
    const rooms = shareOf(people, this.#options);
    await this.#dismiss(rooms.length);
    return await this.#bring(rooms.map((room) => `room${room}`), seconds);
  }

  /** People come into one room; as {@linkcode gather}. */
  async fill(
    { people, seconds }: { people: number; seconds: number },
  ): Promise<string | undefined> {
    return await this.#bring(Array(people).fill(HALL), seconds);
  }

  /** Everybody talks for some seconds, each at this rate, and all hear it. */
  async talk(
    { seconds, perMinute }: { seconds: number; perMinute: number },
  ): Promise<Talked> {
    const speakers = shuffled(this.#people);
    // One who has nobody here waits for ever.
    const meanGapMs = 60_000 / (perMinute * speakers.length);
    const lateness = new Latencies();
    const begin = this.#begin();
    const end = begin + 1_000 * seconds;
    let due = speakers.length === 0 ? Infinity : begin;
    for (let turn = 0, now = begin; now < end && !this.#isHalted;) {
      for (; due <= now && due < end; due += gapOf(meanGapMs)) {
        lateness.add(now - due);
        this.#say(speakers[turn++ % speakers.length]!, now);
      }
      await sleep(Math.min(Math.min(due, end) - performance.now(), HALT_MS));
      now = performance.now();
    }
    return this.#talked(begin, lateness);
  }

  /** Those in the filled room talk as fast as it is taken, `window` messages at a time. */
  async flood(
    { window, seconds }: { window: number; seconds: number },
  ): Promise<Talked> {
    const speakers = [...this.#rooms.get(HALL)!.members];
    const begin = this.#begin();
    const end = begin + 1_000 * seconds;
    let turn = 0;
    const sayNext = () => {
      const now = performance.now();
      if (now >= end || this.#isHalted) return;
      this.#say(speakers[turn++ % speakers.length]!, now);
    };
    this.#onAck = sayNext;
    for (let count = 0; count < window; count++) sayNext();
    while (performance.now() < end && !this.#isHalted) await sleep(LOOK_MS);
    this.#onAck = () => {};
    return this.#talked(begin, new Latencies());
  }

  /** Waits for what is under way; when nothing comes any more, what is missing is a fault. */
  async finish(): Promise<Heard> {
    const { stallMs = STALL_MS } = this.#options;
    const open = new Set(this.#rooms.values());
    this.#lastHeardMs = performance.now();
    const until = this.#lastHeardMs + FINISH_MS;
    for (;;) {
      for (const room of open) if (room.checker.isComplete) open.delete(room);
      const now = performance.now();
      const isStalled = now - this.#lastHeardMs > stallMs;
      if (isStalled) { for (const { checker } of open) checker.endWaiting(); }
      if (open.size === 0 || isStalled || now > until) break;
      await sleep(LOOK_MS);
    }
    const latencies = this.#latencies.snapshot;
    return { latencies, isComplete: open.size === 0 };
  }

  /** Everybody goes. */
  async close(): Promise<void> {
    for (const person of this.#people) person.abort();
    this.#people.length = 0;
    this.#rooms.clear();
    await sleep(0);
  }

  // ---- What people hear ----

  read(payload: Uint8Array): ServerMessage | Unknown | undefined {
    const json = decodeUtf8(payload);
    const known = this.#read.get(json);
    if (known !== undefined) return known;
    const message = readServerMessage(payload);
    if (message?.type !== "chat") return message;
    if (this.#read.size >= REMEMBERED) this.#read.clear();
    this.#read.set(json, message);
    return message;
  }

  chat(person: Person, seq: number, text: string): void {
    const checker = this.#rooms.get(person.room)?.checker;
    const saidAt = checker?.heard(person.name, seq, text);
    this.#lastHeardMs = performance.now();
    if (saidAt === undefined) return;
    this.#deliveries++;
    this.#latencies.add(this.#lastHeardMs - saidAt);
  }

  ack(person: Person, id: string, seq: number): void {
    this.#rooms.get(person.room)?.checker.acked(person.name, id, seq);
    this.#lastHeardMs = performance.now();
    this.#onAck(person);
  }

  ended({ name: member, room }: Person, text: string): void {
    this.#note({ kind: "ended", member, room, text });
  }

  // ---- Steps ----

  /** Lets those who are not here yet come, each into its room, until one is refused. */
  async #bring(
    rooms: readonly string[],
    seconds: number,
  ): Promise<string | undefined> {
    const until = performance.now() + 1_000 * seconds;
    const others = new AbortController();
    let refused: string | undefined;
    let next = this.size;
    const enterSome = async () => {
      while (next < rooms.length && !others.signal.aborted) {
        if (performance.now() >= until || this.#isHalted) return;
        try {
          await this.#enter(rooms[next++]!, others.signal);
        } catch (error) {
          refused ??= describeError(error);
          others.abort();
        }
      }
    };
    await Promise.all(Array.from({ length: ENTERING }, enterSome));
    return refused;
  }

  async #enter(room: string, signal: AbortSignal): Promise<void> {
    const { port, isSealed, thread } = this.#options;
    const name = `p${thread}-${++this.#came}`;
    const options = { port, isSealed, name, room, hearing: this, signal };
    const person = await Person.enter(options);
    const known = this.#rooms.get(room) ?? {
      checker: new RoomChecker(room, (fault) => this.#note(fault)),
      members: [],
    };
    this.#rooms.set(room, known);
    known.members.push(person);
    known.checker.enter(name, person.head);
    this.#people.push(person);
  }

  /** Those who came last go, until `count` are left. */
  async #dismiss(count: number): Promise<void> {
    const leaving = this.#people.splice(count);
    for (const person of leaving) {
      const { checker, members } = this.#rooms.get(person.room)!;
      checker.leave(person.name);
      members.splice(members.indexOf(person), 1);
    }
    const limit = AbortSignal.timeout(STALL_MS);
    limit.onabort = () => leaving.forEach((person) => person.abort());
    await Promise.all(leaving.map((person) => person.leave()));
    limit.onabort = null;
  }

  #begin(): number {
    this.#messages = 0;
    this.#deliveries = 0;
    this.#latencies = new Latencies();
    return this.#lastHeardMs = performance.now();
  }

  #say(person: Person, now: number): void {
    const number = ++this.#said;
    const text = textOf(person.name, number);
    const id = String(number);
    this.#messages++;
    this.#rooms.get(person.room)!.checker.said(person.name, id, text, now);
    person.say(text, id);
  }

  #talked(begin: number, lateness: Latencies): Talked {
    return {
      seconds: (performance.now() - begin) / 1_000,
      messages: this.#messages,
      deliveries: this.#deliveries,
      lateness: lateness.snapshot,
    };
  }

  #note(fault: Fault): void {
    this.#faultCount++;
    if (this.#faults.length < FAULTS_NAMED) this.#faults.push(fault);
  }
}

/** People talk when they like: the gaps between messages of many are exponential. */
function gapOf(meanMs: number): number {
  return -meanMs * Math.log(1 - Math.random());
}

function shuffled<T>(items: readonly T[]): T[] {
  const all = [...items];
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [all[at], all[other]] = [all[other]!, all[at]!];
  }
  return all;
}

function sleep(ms: number): Promise<void> {
  return delay(SYSTEM_CLOCK, Math.max(0, ms));
}
