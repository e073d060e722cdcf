/** The rates and quantiles of the last seconds: differences of two looks at the tap's counters. */
import type { LatencyCounts } from "../../base/latencies.ts";
import { RATE_LOOKS } from "../../base/limits.ts";
import type { Numbers } from "../../wire/watched.ts";
import type { Tap } from "../tap.ts";

export type Counters = Tap["counters"];
export type Rates = Pick<
  Numbers,
  | "messagesPerSecond"
  | "deliveriesPerSecond"
  | "connectedPerSecond"
  | "refusedPerSecond"
  | "turnP50Ms"
  | "turnP99Ms"
  | "commitP50Ms"
  | "commitP99Ms"
>;

/** The counters as they were. */
interface Look {
  readonly at: number;
  readonly messages: number;
  readonly deliveries: number;
  readonly connected: number;
  readonly refused: number;
  readonly turns: LatencyCounts;
  readonly commits: LatencyCounts;
}

/** How many connections were refused, for whatever reason. */
export function refusedOf({ refused }: Counters): number {
  let sum = 0;
  for (const count of refused.values()) sum += count;
  return sum;
}

/** Numbers of four digits say enough, and are short. */
export function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : 0;
}

export class Sampler {
  readonly #counters: Counters;
  /** The oldest first; at most {@linkcode RATE_LOOKS}. */
  readonly #looks: Look[];

  /** `now`, here and below: monotonic milliseconds. */
  constructor(counters: Counters, now: number) {
    this.#counters = counters;
    this.#looks = [this.#look(now)];
  }

  /** A second has gone by. */
  tick(now: number): void {
    this.#looks.push(this.#look(now));
    if (this.#looks.length > RATE_LOOKS) this.#looks.shift();
  }

  /** From so many ticks ago until now, or from the beginning; 0 where no time has gone by. */
  rates(now: number): Rates {
    const counters = this.#counters;
    const { deliveries, connected, entries } = counters;
    const from = this.#looks[0]!;
    const seconds = (now - from.at) / 1_000;
    const rate = (count: number, before: number) =>
      rounded((count - before) / seconds);
    const turns = counters.turnTimes.since(from.turns);
    const commits = counters.commitTimes.since(from.commits);
    return {
      messagesPerSecond: rate(entries, from.messages),
      deliveriesPerSecond: rate(deliveries, from.deliveries),
      connectedPerSecond: rate(connected, from.connected),
      refusedPerSecond: rate(refusedOf(counters), from.refused),
      turnP50Ms: rounded(turns.quantileMs(0.5)),
      turnP99Ms: rounded(turns.quantileMs(0.99)),
      commitP50Ms: rounded(commits.quantileMs(0.5)),
      commitP99Ms: rounded(commits.quantileMs(0.99)),
    };
  }

  #look(at: number): Look {
    const { entries, deliveries, connected, turnTimes, commitTimes } =
      this.#counters;
    return {
      at,
      messages: entries,
      deliveries,
      connected,
      refused: refusedOf(this.#counters),
      turns: turnTimes.copy(),
      commits: commitTimes.copy(),
    };
  }
}
