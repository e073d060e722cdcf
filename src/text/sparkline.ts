/** A series of numbers as a row of bars. */

const BARS = "▁▂▃▄▅▆▇█";

/**
 * The latest `steps` of a series, oldest first, in so many cells; what the series does not have yet
 * is blank. A cell shows the largest number of its steps, since what stands out must be seen.
 */
export function sparkline(
  series: readonly number[],
  steps: number,
  cells: number,
): string {
  const shown = series.slice(-steps);
  const most = Math.max(0, ...shown);
  const blank = steps - shown.length;
  let line = "";
  for (let cell = 0; cell < cells; cell++) {
    const from = Math.floor(cell * steps / cells);
    const to = Math.max(from + 1, Math.floor((cell + 1) * steps / cells));
    const inside = shown.slice(Math.max(0, from - blank), to - blank);
    line += to <= blank ? " " : barOf(Math.max(0, ...inside), most);
  }
  return line;
}

function barOf(value: number, most: number): string {
  if (most === 0) return BARS[0]!;
  // A server may say that the most is infinite.
  if (value >= most) return BARS[BARS.length - 1]!;
  return BARS[Math.max(0, Math.ceil(value / most * BARS.length) - 1)]!;
}
