/** What targets ask of an outcome, as fast as it can be asked millions of times. */
import { ConfabError, type ErrorCode } from "../../src/base/errors.ts";
import type { Dice } from "../chat/random_people.ts";

/** Throws with what is the matter. */
export function broken(what: string): never {
  throw new Error(what);
}

export function ensure(isSo: boolean, what: string): void {
  if (!isSo) broken(what);
}

/** Whether two values are alike, as JSON has them; maps are objects. */
export function ensureSame(actual: unknown, expected: unknown, what: string) {
  const [one, other] = [jsonOf(actual), jsonOf(expected)];
  if (one !== other) broken(`${what}: ${one} is not ${other}`);
}

export function jsonOf(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part) => {
    if (part instanceof Map) return Object.fromEntries(part);
    return part instanceof Uint8Array ? part.toHex() : part;
  });
}

/** The value, or `undefined` for an error of confab's of one of the codes; others go on. */
export function valueOf<T>(
  read: () => T,
  ...codes: readonly ErrorCode[]
): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfabError && codes.includes(error.code))) {
      throw error;
    }
  }
}

/** As {@linkcode valueOf}, of a promise. */
export async function settled<T>(
  promise: Promise<T>,
  ...codes: readonly ErrorCode[]
): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    valueOf(() => {
      throw error;
    }, ...codes);
  }
}

/** Cuts into chunks of 1 to 8 bytes mostly; each is a copy. */
export function cutAnyhow(bytes: Uint8Array, dice: Dice): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const most = dice.chance(0.8) ? 8 : bytes.length;
    chunks.push(bytes.slice(at, at += 1 + dice.below(most)));
  }
  return chunks;
}

/** The text of bytes, whatever they are. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Text that may be written to a terminal: nothing but line feeds and tabs moves its cursor. */
const HARMFUL =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

export function ensureHarmless(text: string): void {
  ensure(text.isWellFormed(), "a text is not well-formed");
  ensure(!HARMFUL.test(text), `harmful: ${JSON.stringify(text)}`);
}
