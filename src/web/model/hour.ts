/** The last hour of the server in numbers: kept from the first status on, a step at a time. */
import { signal } from "@preact/signals-core";
import { MONITOR_STEP_MS, MONITOR_STEPS } from "../../base/limits.ts";
import { SERIES, type SeriesName, type Status } from "../../wire/watched.ts";

export class Hour {
  /** Changes whenever there is another step. */
  readonly version = signal(0);
  #series: ReadonlyMap<SeriesName, readonly number[]> = new Map();
  #stepMs = MONITOR_STEP_MS;
  /** When the last step ended, milliseconds UTC. */
  #until = 0;

  get stepMs(): number {
    return this.#stepMs;
  }

  /** How far back it reaches when it is full, in milliseconds. */
  get lengthMs(): number {
    return this.#stepMs * MONITOR_STEPS;
  }

  /** Oldest first, at most {@linkcode MONITOR_STEPS}; `NaN` for a step of which nothing is known. */
  valuesOf(name: SeriesName): readonly number[] {
    this.version.value;
    return this.#series.get(name) ?? [];
  }

  /** When a step ended, milliseconds UTC; the last is that at `length - 1`. */
  endOf(step: number, length: number): number {
    return this.#until - (length - 1 - step) * this.#stepMs;
  }

  take({ history, step }: Status): void {
    if (history !== undefined) {
      const { series, stepMs, until } = history;
      this.#stepMs = stepMs;
      this.#until = until;
      this.#set((name) => series[name] ?? []);
    }
    // What came with the history, or twice, is in it already.
    if (step === undefined || step.until <= this.#until) return;
    const steps = Math.round((step.until - this.#until) / this.#stepMs);
    const missed = Math.min(Math.max(steps - 1, 0), MONITOR_STEPS);
    const gap = Array<number>(missed).fill(NaN);
    this.#until = step.until;
    this.#set((name, before) => [...before, ...gap, step.values[name] ?? NaN]);
  }

  clear(): void {
    this.#set(() => []);
  }

  #set(
    valuesOf: (
      name: SeriesName,
      before: readonly number[],
    ) => readonly number[],
  ): void {
    this.#series = new Map(SERIES.map((name) => {
      const values = valuesOf(name, this.#series.get(name) ?? []);
      return [name, values.slice(-MONITOR_STEPS)];
    }));
    this.version.value++;
  }
}

/** What stands out in a series. */
export interface Extremes {
  readonly most: number;
  /** Where it is; of several the last. */
  readonly mostAt: number;
  readonly mean: number;
}

/** `undefined` of a series without a number. */
export function extremesOf(values: readonly number[]): Extremes | undefined {
  let most = -Infinity;
  let mostAt = 0;
  let sum = 0;
  let count = 0;
  values.forEach((value, at) => {
    if (!Number.isFinite(value)) return;
    if (value >= most) [most, mostAt] = [value, at];
    sum += value;
    count++;
  });
  return count === 0 ? undefined : { most, mostAt, mean: sum / count };
}
