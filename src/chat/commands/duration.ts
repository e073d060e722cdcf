/** Lengths of time as people write them in commands. */
import { ProtocolError } from "../../base/errors.ts";
import { DAY_MS, HOUR_MS } from "../../base/time.ts";

const UNITS_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/**
 * A length of time in milliseconds: `30m`, `12h`, `7d`, `2w`, from 1 to 9,999 of a unit;
 * `undefined` for a word that is none.
 *
 * @throws {ProtocolError} `bad-arguments` for none of a unit, or too many.
 */
export function readDuration(word: string, usage: string): number | undefined {
  const [, count, unit] = /^(\d+)([mhdw])$/.exec(word.slice(0, 64)) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  if (/^0*$|^0*[^0]\d{4}/.test(count)) {
    throw new ProtocolError("bad-arguments", `usage: ${usage}`);
  }
  return Number(count) * UNITS_MS[unit]!;
}
