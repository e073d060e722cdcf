/** Quantities in few characters, for tables that a person reads: `12.3 MiB`, `3d 4h`, `0.42 ms`. */

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;
const SPANS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;
/** From here on digits would not tell anything. */
const HUGE = 1e15;

/** A number with three digits where it has a fraction, whole and grouped from 100 on. */
export function numberText(number: number): string {
  const size = Math.abs(number);
  if (!(size < HUGE)) return number.toExponential(1);
  if (size >= 100) return Math.round(number).toLocaleString("en");
  return String(Number(number.toFixed(size >= 10 ? 1 : 2)));
}

export function bytesText(bytes: number): string {
  let unit = 0;
  let size = bytes;
  // What would be rounded to 1,024 is one of the next.
  while (Math.round(size) >= 1_024 && unit < BYTE_UNITS.length - 1) {
    size /= 1_024;
    unit++;
  }
  return `${numberText(size)} ${BYTE_UNITS[unit]}`;
}

/** A length of time in its two largest units; what is less than a second is `0s`. */
export function spanText(ms: number): string {
  let rest = Math.max(0, ms);
  const parts: string[] = [];
  for (const [unit, unitMs] of SPANS) {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    if (count > 0) parts.push(`${numberText(count)}${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ") || "0s";
}
