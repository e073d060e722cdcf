/** Measures how many people this machine holds: a server, people in other threads, step by step. */
import { delay, SYSTEM_CLOCK } from "../base/clock.ts";
import type { Fault } from "./checker.ts";
import type { Talked } from "./crowd.ts";
import { isHeld, type Measurement, measurementOf } from "./measurement.ts";
import type { CrowdNews, PeopleHandlers } from "./people_thread.ts";
import { nextStep, roomsOf } from "./plan.ts";
import type { ServerHandlers } from "./server_thread.ts";
import { Thread } from "./thread.ts";
import type { Usage } from "./usage.ts";

/** People in the one room that is filled with talk, and messages that are under way there. */
const HALL = { people: 100, window: 64 } as const;
/** A part of all time that one measurement takes, within bounds. */
const TALK_SHARE = 1 / 15;
const TALK_SECONDS = [1, 3] as const;
/** What a step takes besides, until everything is there. */
const SPARE_SECONDS = 1.5;
/** How many come a second, as long as that is not known. */
const FIRST_RATE = 200;
/** The end of the server has this long. */
const STOP_MS = 5_000;

export interface MeasureOptions {
  /** Most people to try. */
  readonly people: number;
  /** Rooms in all; 0 for rooms of the usual size. */
  readonly rooms: number;
  /** Messages that each person says a minute. */
  readonly perMinute: number;
  /** Time for everything. */
  readonly seconds: number;
  readonly isSealed: boolean;
  /** Threads of simulated people. */
  readonly threads: number;
  /** An empty directory for the server's database. */
  readonly data: string;
  /** Hears what goes on, in a few words. */
  readonly onProgress: (text: string) => void;
}

/** Why no more people were tried. */
export type Stop = "slow" | "people" | "time" | "refused" | "halted" | "faults";

export interface Measured {
  /** In the order of being measured. */
  readonly steps: readonly Measurement[];
  /** The one room that was filled with talk. */
  readonly hall?: Measurement;
  readonly stop: Stop;
  /** What the machine or the server said when it took nobody more. */
  readonly refused?: string;
  readonly faults: { readonly count: number; readonly first: readonly Fault[] };
  readonly seconds: number;
}

type ServerThread = Thread<ServerHandlers>;
type PeopleThread = Thread<PeopleHandlers, CrowdNews>;

export class Measuring {
  readonly #options: MeasureOptions;
  readonly #server: ServerThread;
  readonly #crowds: PeopleThread[];
  readonly #began = performance.now();
  readonly #sizes: number[];
  readonly #steps: Measurement[] = [];
  #hall: Measurement | undefined;
  /** The server's heap before anybody came. */
  #emptyHeapBytes: number | undefined;
  /** How many come a second. */
  #rate = FIRST_RATE;
  #refused: string | undefined;
  #isHalted = false;
  #onProgress: (news: CrowdNews) => void = () => {};

  private constructor(options: MeasureOptions) {
    this.#options = options;
    // A compiled program finds these by the addresses as they stand here.
    this.#server = new Thread(
      new Worker(new URL("./server_thread.ts", import.meta.url), {
        type: "module",
      }),
    );
    this.#crowds = Array.from({ length: options.threads }, () =>
      new Thread(
        new Worker(new URL("./people_thread.ts", import.meta.url), {
          type: "module",
        }),
        (news: CrowdNews) => this.#onProgress(news),
      ));
    this.#sizes = this.#crowds.map(() => 0);
  }

  /**
   * Measures, until enough is known, the time is over, or the signal aborts.
   *
   * @throws {Error} when a thread fails.
   */
  static async run(
    options: MeasureOptions,
    signal: AbortSignal,
  ): Promise<Measured> {
    const measuring = new Measuring(options);
    const halt = () => measuring.#halt();
    signal.addEventListener("abort", halt);
    try {
      if (signal.aborted) halt();
      return await measuring.#run();
    } finally {
      signal.removeEventListener("abort", halt);
      await measuring.#end();
    }
  }

  async #run(): Promise<Measured> {
    const { rooms, isSealed, threads, data } = this.#options;
    const { port } = await this.#server.call("start", { data });
    await this.#each((crowd, thread) =>
      crowd.call("begin", { port, isSealed, thread, threads, rooms })
    );
    const stop = await this.#fillHall() ?? await this.#climb();
    const seconds = (performance.now() - this.#began) / 1_000;
    return {
      steps: this.#steps,
      ...this.#hall && { hall: this.#hall },
      stop,
      ...this.#refused !== undefined && { refused: this.#refused },
      faults: await this.#faults(),
      seconds,
    };
  }

  /** One room, as full of talk as it can be. It warms both sides up as well. */
  async #fillHall(): Promise<Stop | undefined> {
    const { people: most, onProgress } = this.#options;
    const wanted = Math.min(HALL.people, most);
    const [crowd] = this.#crowds;
    if (wanted < 2 || this.#isHalted) return this.#stopped();
    onProgress(`one room of ${wanted} is filled with talk`);
    const seconds = this.#talkSeconds;
    const came = { people: wanted, seconds: this.#leftSeconds };
    const { size: people } = await crowd!.call("fill", came);
    if (people >= 2) {
      const { window } = HALL;
      this.#hall = await this.#measured(people, 1, async () => [
        await crowd!.call("flood", { window, seconds }),
      ]);
    }
    await crowd!.call("gather", { people: 0, seconds: 0 });
    return await this.#stopped();
  }

  /** More and more people, and, when they were too many, some in between. */
  async #climb(): Promise<Stop> {
    const { people: most, rooms: given } = this.#options;
    this.#emptyHeapBytes = (await this.#server.call("usage", null)).heapBytes;
    let held = 0;
    let notHeld: number | undefined;
    for (;;) {
      const here = this.#here;
      const leftSeconds = this.#leftSeconds - this.#talkSeconds - SPARE_SECONDS;
      const affordable = leftSeconds < 0
        ? 0
        : notHeld === undefined
        ? Math.floor(here + this.#rate * leftSeconds)
        : Infinity;
      const people = nextStep({
        ...{ held, most, affordable },
        ...notHeld !== undefined && { notHeld },
      });
      if (people === undefined) {
        if (notHeld !== undefined) return "slow";
        return held >= most ? "people" : "time";
      }
      await this.#gather(people, leftSeconds);
      const stop = await this.#stopped();
      if (stop !== undefined) return stop;
      const there = this.#here;
      if (there <= held) {
        return this.#refused === undefined ? "time" : "refused";
      }
      const step = await this.#talkTwice(there, roomsOf(there, given));
      this.#steps.push(step);
      if (isHeld(step)) held = there;
      else notHeld = there;
      const after = await this.#stopped();
      if (after !== undefined) return after;
      if (this.#refused !== undefined) return "refused";
    }
  }

  async #gather(people: number, seconds: number): Promise<void> {
    const { onProgress } = this.#options;
    const before = this.#here;
    const began = performance.now();
    this.#onProgress = ({ thread, size }) => {
      this.#sizes[thread] = size;
      onProgress(`${words(this.#here)} of ${words(people)} people are in`);
    };
    const results = await this.#each((crowd) =>
      crowd.call("gather", { people, seconds })
    );
    this.#onProgress = () => {};
    for (const [thread, { size, refused }] of results.entries()) {
      this.#sizes[thread] = size;
      this.#refused ??= refused;
    }
    if (this.#refused !== undefined) {
      const { why } = await this.#server.call("notAccepted", null);
      this.#refused = why ?? this.#refused;
    }
    const came = this.#here - before;
    const tookSeconds = (performance.now() - began) / 1_000;
    if (came > HALL.people) this.#rate = came / tookSeconds;
  }

  /** Once more if that was too slow: it may have been something else that the machine did. */
  async #talkTwice(people: number, rooms: number): Promise<Measurement> {
    const step = await this.#talk(people, rooms);
    if (isHeld(step) || !step.isComplete) return step;
    if (this.#isHalted || this.#leftSeconds < this.#talkSeconds) return step;
    return await this.#talk(people, rooms);
  }

  #talk(people: number, rooms: number): Promise<Measurement> {
    const { perMinute, onProgress } = this.#options;
    onProgress(`${words(people)} people talk`);
    return this.#measured(people, rooms, () => {
      const options = { seconds: this.#talkSeconds, perMinute };
      return this.#each((crowd) => crowd.call("talk", options));
    });
  }

  async #measured(
    people: number,
    rooms: number,
    talk: () => Promise<Talked[]>,
  ): Promise<Measurement> {
    const before = await this.#usages();
    const talked = await talk();
    const after = await this.#usages();
    const heard = await this.#each((crowd) => crowd.call("finish", null));
    const emptyHeapBytes = this.#emptyHeapBytes;
    const watched = { talked, heard, before, after, emptyHeapBytes };
    return measurementOf(people, rooms, watched);
  }

  /** The server's, then those of the people's threads. */
  #usages(): Promise<Usage[]> {
    return Promise.all([
      this.#server.call("usage", null),
      ...this.#crowds.map((crowd) => crowd.call("usage", null)),
    ]);
  }

  /** Why to stop at once, where there is a reason. */
  async #stopped(): Promise<Stop | undefined> {
    if ((await this.#faults()).count > 0) return "faults";
    return this.#isHalted ? "halted" : undefined;
  }

  async #faults(): Promise<Measured["faults"]> {
    const all = await this.#each((crowd) => crowd.call("faults", null));
    return {
      count: all.reduce((sum, { count }) => sum + count, 0),
      first: all.flatMap(({ first }) => first),
    };
  }

  #each<T>(
    work: (crowd: PeopleThread, thread: number) => Promise<T>,
  ): Promise<T[]> {
    return Promise.all(this.#crowds.map(work));
  }

  get #here(): number {
    return this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  get #leftSeconds(): number {
    return this.#options.seconds - (performance.now() - this.#began) / 1_000;
  }

  get #talkSeconds(): number {
    const [least, most] = TALK_SECONDS;
    const share = this.#options.seconds * TALK_SHARE;
    return Math.min(Math.max(share, least), most);
  }

  #halt(): void {
    this.#isHalted = true;
    for (const crowd of this.#crowds) crowd.call("halt", null).catch(() => {});
  }

  /** Everybody goes, the server stops if it still can, and the threads end. */
  async #end(): Promise<void> {
    const done = new AbortController();
    const stopped = this.#each((crowd) => crowd.call("close", null))
      .then(() => this.#server.call("stop", null))
      .catch(() => {}).finally(() => done.abort());
    await Promise.race([stopped, delay(SYSTEM_CLOCK, STOP_MS, done.signal)]);
    for (const thread of [this.#server, ...this.#crowds]) {
      thread[Symbol.dispose]();
    }
  }
}

function words(count: number): string {
  return count.toLocaleString("en");
}
