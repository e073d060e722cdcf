/** Series of numbers as paths of a drawing, on a scale that ends with a round number. Pure. */
import { MONITOR_STEPS } from "../../base/limits.ts";

/** The ground that a curve is drawn on: a unit for each step, and as many upwards. */
export const GROUND = { width: MONITOR_STEPS, height: 100 } as const;

const DECIMAL = [1, 2, 5, 10];
const BINARY = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** The next round number: 1, 2, 5, 10, …; of bytes a power of two. At least `least`. */
export function topOf(
  most: number,
  unit: "decimal" | "binary",
  least: number,
): number {
  // A server may say anything.
  const wanted = Math.min(Math.max(most || 0, least), Number.MAX_VALUE / 2048);
  const base = unit === "decimal" ? 10 : 1024;
  const digits = Math.floor(Math.log(wanted) / Math.log(base));
  const power = base ** digits;
  const steps = unit === "decimal" ? DECIMAL : BINARY;
  const step = steps.find((one) => one * power >= wanted) ?? base;
  return step * power;
}

/** Where a step stands from the left: the last at the right edge, whatever there is before it. */
export function xOf(step: number, length: number): number {
  return GROUND.width - (length - 1 - step);
}

/**
 * The path of a line through all that is known, and of the area under it. A step alone between gaps
 * is drawn as wide as a step.
 */
export function curveOf(
  values: readonly number[],
  top: number,
): { line: string; area: string } {
  let line = "";
  let area = "";
  for (const [first, end] of runsOf(values)) {
    const points = [];
    for (let step = first; step < end; step++) {
      points.push(`${xOf(step, values.length)} ${yOf(values[step]!, top)}`);
    }
    if (points.length === 1) {
      const from = xOf(first, values.length) - 1;
      points.unshift(`${from} ${yOf(values[first]!, top)}`);
    }
    const left = points[0]!.split(" ")[0];
    const right = points.at(-1)!.split(" ")[0];
    line += `M${points.join("L")}`;
    area += `M${left} ${GROUND.height}L${
      points.join("L")
    }L${right} ${GROUND.height}Z`;
  }
  return { line, area };
}

/** Where numbers follow each other without a gap: from, and behind the last. */
function runsOf(values: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  values.forEach((value, step) => {
    if (!Number.isFinite(value)) return;
    const last = runs.at(-1);
    if (last?.[1] === step) last[1] = step + 1;
    else runs.push([step, step + 1]);
  });
  return runs;
}

/** From above, to a tenth. */
function yOf(value: number, top: number): number {
  const share = Math.min(Math.max(value / top, 0), 1);
  return Math.round((1 - share) * GROUND.height * 10) / 10;
}
