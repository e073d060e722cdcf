/** What is kept of the last hour: a number a step for each of some names, in arrays that stay. */
import { MONITOR_STEP_MS, MONITOR_STEPS } from "../../base/limits.ts";
import {
  SERIES,
  type SeriesHistory,
  type SeriesName,
  type SeriesStep,
} from "../../wire/watched.ts";
import { rounded } from "./sampler.ts";

export type StepValues = { readonly [name in SeriesName]: number };

export class Series {
  readonly #values = SERIES.map((name) =>
    [name, new Float64Array(MONITOR_STEPS)] as const
  );
  /** Steps that have ended since the beginning. */
  #count = 0;

  /** Steps that are kept. */
  get length(): number {
    return Math.min(this.#count, MONITOR_STEPS);
  }

  /** A step has ended; the oldest makes way. */
  push(values: StepValues): void {
    const at = this.#count++ % MONITOR_STEPS;
    for (const [name, kept] of this.#values) kept[at] = rounded(values[name]);
  }

  /** All that is kept, the oldest first; `until`: when the last step ended. */
  history(until: number): SeriesHistory {
    const series: Record<string, number[]> = {};
    for (const [name, kept] of this.#values) {
      series[name] = Array.from(
        { length: this.length },
        (_, at) => kept[(this.#count - this.length + at) % MONITOR_STEPS]!,
      );
    }
    return { stepMs: MONITOR_STEP_MS, until, series };
  }

  /** The step that ended last, at `until`. */
  last(until: number): SeriesStep {
    const at = (this.#count - 1) % MONITOR_STEPS;
    const values: Record<string, number> = {};
    for (const [name, kept] of this.#values) values[name] = kept[at]!;
    return { until, values };
  }
}
