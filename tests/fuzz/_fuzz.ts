/** Runs a target with many inputs, and makes the one that breaks it as short as it can. */
import { describeError } from "../../src/base/errors.ts";
import { Dice } from "../chat/random_people.ts";
import { type Material, mutant } from "./_mutate.ts";

/** Something that parses, and what it must never do. */
export interface Target extends Material {
  readonly name: string;
  /** Throws when the program breaks its word. The same bytes are judged in the same way. */
  check(input: Uint8Array, dice: Dice): void | Promise<void>;
  /** Throws when something was left behind by all the inputs together. */
  finish?(): void | Promise<void>;
  /** Inputs in the suite. */
  readonly inputs: number;
}

export interface Limits {
  readonly seed: number;
  readonly inputs: number;
  /** Milliseconds of `performance.now()`; default never. */
  readonly until?: number;
}

/** What a run came to. */
export interface Ran {
  readonly inputs: number;
  /** The one that took longest, by the clock: for people to look at, not for tests. */
  readonly slowestMs: number;
  readonly slowest: Uint8Array;
}

/** Inputs between two looks at the clock, and at everybody else. */
const BATCH = 64;
/** Tries to make an input shorter. */
const SHRINK_TRIES = 2_000;

/**
 * Runs a target. Input `n` of a seed is always the same, whatever came before it.
 *
 * @throws {Error} with the target, the seed, the number and the shrunk input in hex.
 */
export async function fuzz(target: Target, limits: Limits): Promise<Ran> {
  const { seed, inputs, until = Infinity } = limits;
  let [slowestMs, slowest] = [0, new Uint8Array(0) as Uint8Array];
  let n = 0;
  for (; n < inputs; n++) {
    if (n % BATCH === 0 && performance.now() > until) break;
    const input = inputOf(target, seed, n);
    const begun = performance.now();
    const fault = await faultOf(target, input);
    const tookMs = performance.now() - begun;
    if (tookMs > slowestMs) [slowestMs, slowest] = [tookMs, input];
    if (fault === undefined) continue;
    throw await report(target, input, fault, `${seed}/${n}`);
  }
  await target.finish?.();
  return { inputs: n, slowestMs, slowest };
}

/** Judges one input; resolves with what it throws. */
export async function faultOf(
  target: Target,
  input: Uint8Array,
): Promise<unknown> {
  try {
    const done = target.check(input, new Dice(hashOf(input)));
    if (done !== undefined) await done;
  } catch (error) {
    return error ?? new Error("nothing was thrown");
  }
}

function inputOf(target: Target, seed: number, n: number): Uint8Array {
  return mutant(new Dice(Math.imul(seed, 0x9e3779b1) + n * 0x85ebca6b), target);
}

/** What a check rolls depends on its input alone (FNV-1a). */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

async function report(
  target: Target,
  input: Uint8Array,
  first: unknown,
  which: string,
) {
  const short = await shrink(target, input);
  // One that does not come again depends on what came before, or on the time.
  const fault = await faultOf(target, short) ?? first;
  const name = fault instanceof Error ? fault.name : typeof fault;
  return new Error(
    `${target.name}, input ${which}: ${name}: ${describeError(fault)}\n` +
      `input: ${short.toHex()}\nas text: ${
        JSON.stringify(new TextDecoder().decode(short.subarray(0, 400)))
      }`,
    { cause: fault },
  );
}

/** Leaves out pieces, large ones first, as long as something is wrong with the rest. */
async function shrink(
  target: Target,
  input: Uint8Array,
): Promise<Uint8Array> {
  let tries = 0;
  for (let size = input.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < input.length && tries < SHRINK_TRIES; tries++) {
      const rest = Uint8Array.from([
        ...input.subarray(0, at),
        ...input.subarray(at + size),
      ]);
      if (await faultOf(target, rest) === undefined) at += size;
      else input = rest;
    }
  }
  return input;
}
