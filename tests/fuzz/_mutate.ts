/** Changes valid inputs at random: a bit here, a piece left out, doubled, or from elsewhere. */
import type { Dice } from "../chat/random_people.ts";
import { join, utf8 } from "../_chunks.ts";

/** Longest input that is made, but for a rare one that fills a frame and more. */
const MAX_BYTES = 4_096;
const RARE_MAX_BYTES = 80_000;
const RARE = 0.001;

const BYTES = [
  0x00,
  0x01,
  0x0a,
  0x0d,
  0x1b,
  0x20,
  0x22,
  0x7f,
  0x80,
  0xc0,
  0xff,
];
/** Where lengths and numbers begin to mean something else. */
const NUMBERS = [
  ...[0, 1, 2, 63, 64, 65, 255, 256, 1_023, 1_024, 1_025, 4_000, 4_001],
  ...[16_384, 16_385, 65_470, 65_471, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31],
  ...[2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 8_640_000_000_000_001],
];
const WORDS = [
  ...["-1", "1e400", "-0", "0.5", "null", "true", "[]", "{}", '""', "NaN"],
  ...['"__proto__":', '"constructor":', '"type":', "\\u0000", "\\ud800"],
  ...["\\", '"', "{", "}", "[", "]", ":", ",", "/", "//", "@", "#", "%00"],
  ...[" ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u0085", "\u2028", "\u3000"],
  ...["\u0301", "\u0344", "\u0316\u0301", "\u034f", "\u200d", "\ufe0f"],
  ...["\u202e", "\u2066", "\ufeff", "\ufffe", "\ufdfa", "\u1e9e", "ı", "ß"],
  ...["가", "각", "👨‍👩‍👧", "\u{e0041}", "а", "ɑ", "＠", "…", "\x1b[31m", "\x9b"],
].map(utf8);
const NUMBER_WORDS = NUMBERS.map((number) => utf8(String(number)));
/** Text after the last byte of a character, or what is none. */
const BROKEN = [[0xc3], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [
  0xc0,
  0xaf,
]]
  .map((bytes) => Uint8Array.from(bytes));

export interface Material {
  /** Valid inputs. */
  readonly seeds: readonly Uint8Array[];
  /** Words that mean something to what is tested. */
  readonly words?: readonly Uint8Array[];
}

/** A valid input with one to eight changes; now and then none, or only chance. */
export function mutant(dice: Dice, material: Material): Uint8Array {
  if (dice.chance(0.02)) return noise(dice, dice.below(100));
  let bytes = dice.pick(material.seeds);
  const changes = Math.floor(8 * dice.roll() ** 2) +
    (dice.chance(0.02) ? 0 : 1);
  for (let n = 0; n < changes; n++) bytes = mutate(dice, bytes, material);
  return bytes.subarray(0, dice.chance(RARE) ? RARE_MAX_BYTES : MAX_BYTES);
}

/** The bytes with one change; they are left as they are. */
export function mutate(
  dice: Dice,
  bytes: Uint8Array,
  material: Material = { seeds: [bytes] },
): Uint8Array {
  return dice.pick(CHANGES)(bytes, dice, material);
}

type Change = (
  bytes: Uint8Array,
  dice: Dice,
  material: Material,
) => Uint8Array;

const CHANGES: readonly Change[] = [
  flip,
  overwrite,
  (bytes, dice) => insert(bytes, dice, noise(dice, 1 + dice.below(4))),
  (bytes, dice) => insert(bytes, dice, dice.pick(WORDS)),
  (bytes, dice) => insert(bytes, dice, dice.pick(NUMBER_WORDS)),
  (bytes, dice) => insert(bytes, dice, dice.pick(BROKEN)),
  (bytes, dice, { words = WORDS }) => insert(bytes, dice, dice.pick(words)),
  (bytes, dice, { words = WORDS }) => replace(bytes, dice, dice.pick(words)),
  leaveOut,
  truncate,
  repeat,
  splice,
  swap,
  number,
  integer,
];

function noise(dice: Dice, length: number): Uint8Array {
  return new Uint8Array(length).map(() => dice.below(256));
}

/** A piece of the bytes: mostly a short one. */
function range(bytes: Uint8Array, dice: Dice): [number, number] {
  const from = dice.below(bytes.length + 1);
  const most = dice.chance(0.8) ? 8 : bytes.length;
  return [from, Math.min(bytes.length, from + 1 + dice.below(most + 1))];
}

function insert(bytes: Uint8Array, dice: Dice, what: Uint8Array): Uint8Array {
  const at = dice.below(bytes.length + 1);
  return join([bytes.subarray(0, at), what, bytes.subarray(at)]);
}

function replace(bytes: Uint8Array, dice: Dice, what: Uint8Array): Uint8Array {
  const [from, to] = range(bytes, dice);
  return join([bytes.subarray(0, from), what, bytes.subarray(to)]);
}

function flip(bytes: Uint8Array, dice: Dice): Uint8Array {
  const changed = bytes.slice();
  const at = dice.below(bytes.length);
  if (bytes.length > 0) changed[at]! ^= 1 << dice.below(8);
  return changed;
}

function overwrite(bytes: Uint8Array, dice: Dice): Uint8Array {
  const changed = bytes.slice();
  if (bytes.length > 0) changed[dice.below(bytes.length)] = dice.pick(BYTES);
  return changed;
}

function leaveOut(bytes: Uint8Array, dice: Dice): Uint8Array {
  return replace(bytes, dice, new Uint8Array(0));
}

function truncate(bytes: Uint8Array, dice: Dice): Uint8Array {
  const at = dice.below(bytes.length + 1);
  return dice.chance(0.5) ? bytes.slice(0, at) : bytes.slice(at);
}

function repeat(bytes: Uint8Array, dice: Dice): Uint8Array {
  const [from, to] = range(bytes, dice);
  const times = dice.chance(0.9) ? 2 + dice.below(4) : 1 << dice.below(12);
  const piece = bytes.subarray(from, to);
  const pieces = new Array<Uint8Array>(times).fill(piece);
  return join([bytes.subarray(0, from), ...pieces, bytes.subarray(to)])
    .subarray(0, RARE_MAX_BYTES);
}

function splice(bytes: Uint8Array, dice: Dice, { seeds }: Material) {
  const other = dice.pick(seeds);
  const at = dice.below(bytes.length + 1);
  return join([
    bytes.subarray(0, at),
    other.subarray(dice.below(other.length)),
  ]);
}

function swap(bytes: Uint8Array, dice: Dice): Uint8Array {
  const [a, b, c] = [0, 0, 0].map(() => dice.below(bytes.length + 1)).sort(
    (one, other) => one - other,
  ) as [number, number, number];
  return join([
    bytes.subarray(0, a),
    bytes.subarray(b, c),
    bytes.subarray(a, b),
    bytes.subarray(c),
  ]);
}

/** Another number in the place of one in digits. */
function number(bytes: Uint8Array, dice: Dice): Uint8Array {
  const isDigit = (byte: number | undefined) =>
    byte !== undefined && byte >= 0x30 && byte <= 0x39;
  const begin = dice.below(bytes.length);
  const from = bytes.findIndex((byte, at) => at >= begin && isDigit(byte));
  if (from < 0) return bytes;
  let to = from;
  while (isDigit(bytes[to])) to++;
  const other = dice.pick(NUMBER_WORDS);
  return join([bytes.subarray(0, from), other, bytes.subarray(to)]);
}

/** Another integer of two or four bytes, the highest first. */
function integer(bytes: Uint8Array, dice: Dice): Uint8Array {
  const size = dice.pick([2, 4]);
  if (bytes.length < size) return bytes;
  const changed = bytes.slice();
  const at = dice.chance(0.5) ? 0 : dice.below(bytes.length - size + 1);
  const number = dice.pick(NUMBERS) + dice.pick([-1, 0, 0, 1]);
  const view = new DataView(changed.buffer);
  if (size === 2) view.setUint16(at, number);
  else view.setUint32(at, number);
  return changed;
}
