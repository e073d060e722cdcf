/**
 * ChaCha20 (RFC 8439, section 2.3 and 2.4), four blocks at a time: each word of the state is a
 * vector with a lane for each block. The lanes may be four keys, or four blocks of one.
 */
import { BLOCK_BYTES, NONCE, RECIPIENT_BYTES, STATE } from "./layout";

// "expand 32-byte k", as four little-endian words.
const SIGMA_0: u32 = 0x61707865;
const SIGMA_1: u32 = 0x3320646e;
const SIGMA_2: u32 = 0x79622d32;
const SIGMA_3: u32 = 0x6b206574;

/** All lanes get the key and NONCE; block counters 0, 1, 2, 3. `nextBlocks(4)` goes on. */
export function loadOne(key: usize): void {
  storeSigma();
  for (let word: usize = 0; word < 8; word++) {
    v128.store(STATE + 64 + 16 * word, v128.load_splat<u32>(key + 4 * word));
  }
  v128.store(STATE, i32x4(0, 1, 2, 3), 192);
  v128.store(STATE, v128.load_splat<u32>(NONCE), 208);
  v128.store(STATE, v128.load_splat<u32>(NONCE, 4), 224);
  v128.store(STATE, v128.load_splat<u32>(NONCE, 8), 240);
}

/**
 * Each lane gets the key and the nonce of one of four recipients that follow each other; block
 * counters are 0. `nextBlocks(1)` goes on.
 */
export function loadFour(recipient: usize): void {
  storeSigma();
  const key0 = load<u32>(recipient);
  const key1 = load<u32>(recipient, RECIPIENT_BYTES);
  const key2 = load<u32>(recipient, 2 * RECIPIENT_BYTES);
  const key3 = load<u32>(recipient, 3 * RECIPIENT_BYTES);
  transpose(
    v128.load(key0),
    v128.load(key1),
    v128.load(key2),
    v128.load(key3),
    STATE + 64,
  );
  transpose(
    v128.load(key0, 16),
    v128.load(key1, 16),
    v128.load(key2, 16),
    v128.load(key3, 16),
    STATE + 128,
  );
  // Words 12 and 13 get what they should; the halves of the counters come to 14 and 15, where
  // Noise has them (section 12.3): 4 zero bytes, then the counter, little-endian.
  transpose(
    v128.load(recipient),
    v128.load(recipient, RECIPIENT_BYTES),
    v128.load(recipient, 2 * RECIPIENT_BYTES),
    v128.load(recipient, 3 * RECIPIENT_BYTES),
    STATE + 208,
  );
  v128.store(STATE, i32x4.splat(0), 192);
  v128.store(STATE, i32x4.splat(0), 208);
}

/** Adds to the block counter of every lane. */
@inline
export function nextBlocks(count: u32): void {
  v128.store(STATE, i32x4.add(v128.load(STATE, 192), i32x4.splat(count)), 192);
}

@inline
function storeSigma(): void {
  v128.store(STATE, i32x4.splat(SIGMA_0));
  v128.store(STATE, i32x4.splat(SIGMA_1), 16);
  v128.store(STATE, i32x4.splat(SIGMA_2), 32);
  v128.store(STATE, i32x4.splat(SIGMA_3), 48);
}

/**
 * 64 bytes of text for each lane, XORed with the lane's block. Lane l reads at
 * `text + l * textStride`, and writes at `out + l * outStride`.
 */
export function xorBlocks(
  out: usize,
  outStride: usize,
  text: usize,
  textStride: usize,
): void {
  let x0 = v128.load(STATE), x1 = v128.load(STATE, 16);
  let x2 = v128.load(STATE, 32), x3 = v128.load(STATE, 48);
  let x4 = v128.load(STATE, 64), x5 = v128.load(STATE, 80);
  let x6 = v128.load(STATE, 96), x7 = v128.load(STATE, 112);
  let x8 = v128.load(STATE, 128), x9 = v128.load(STATE, 144);
  let xa = v128.load(STATE, 160), xb = v128.load(STATE, 176);
  let xc = v128.load(STATE, 192), xd = v128.load(STATE, 208);
  let xe = v128.load(STATE, 224), xf = v128.load(STATE, 240);

  // Each line is a step of four quarter rounds: of the columns first, then of the diagonals.
  for (let doubleRound = 0; doubleRound < 10; doubleRound++) {
    x0 = add(x0, x4); x1 = add(x1, x5); x2 = add(x2, x6); x3 = add(x3, x7);
    xc = rot16(xc, x0); xd = rot16(xd, x1); xe = rot16(xe, x2); xf = rot16(xf, x3);
    x8 = add(x8, xc); x9 = add(x9, xd); xa = add(xa, xe); xb = add(xb, xf);
    x4 = rot12(x4, x8); x5 = rot12(x5, x9); x6 = rot12(x6, xa); x7 = rot12(x7, xb);
    x0 = add(x0, x4); x1 = add(x1, x5); x2 = add(x2, x6); x3 = add(x3, x7);
    xc = rot8(xc, x0); xd = rot8(xd, x1); xe = rot8(xe, x2); xf = rot8(xf, x3);
    x8 = add(x8, xc); x9 = add(x9, xd); xa = add(xa, xe); xb = add(xb, xf);
    x4 = rot7(x4, x8); x5 = rot7(x5, x9); x6 = rot7(x6, xa); x7 = rot7(x7, xb);

    x0 = add(x0, x5); x1 = add(x1, x6); x2 = add(x2, x7); x3 = add(x3, x4);
    xf = rot16(xf, x0); xc = rot16(xc, x1); xd = rot16(xd, x2); xe = rot16(xe, x3);
    xa = add(xa, xf); xb = add(xb, xc); x8 = add(x8, xd); x9 = add(x9, xe);
    x5 = rot12(x5, xa); x6 = rot12(x6, xb); x7 = rot12(x7, x8); x4 = rot12(x4, x9);
    x0 = add(x0, x5); x1 = add(x1, x6); x2 = add(x2, x7); x3 = add(x3, x4);
    xf = rot8(xf, x0); xc = rot8(xc, x1); xd = rot8(xd, x2); xe = rot8(xe, x3);
    xa = add(xa, xf); xb = add(xb, xc); x8 = add(x8, xd); x9 = add(x9, xe);
    x5 = rot7(x5, xa); x6 = rot7(x6, xb); x7 = rot7(x7, x8); x4 = rot7(x4, x9);
  }

  x0 = add(x0, v128.load(STATE)); x1 = add(x1, v128.load(STATE, 16));
  x2 = add(x2, v128.load(STATE, 32)); x3 = add(x3, v128.load(STATE, 48));
  xorRow(x0, x1, x2, x3, out, outStride, text, textStride);
  x4 = add(x4, v128.load(STATE, 64)); x5 = add(x5, v128.load(STATE, 80));
  x6 = add(x6, v128.load(STATE, 96)); x7 = add(x7, v128.load(STATE, 112));
  xorRow(x4, x5, x6, x7, out + 16, outStride, text + 16, textStride);
  x8 = add(x8, v128.load(STATE, 128)); x9 = add(x9, v128.load(STATE, 144));
  xa = add(xa, v128.load(STATE, 160)); xb = add(xb, v128.load(STATE, 176));
  xorRow(x8, x9, xa, xb, out + 32, outStride, text + 32, textStride);
  xc = add(xc, v128.load(STATE, 192)); xd = add(xd, v128.load(STATE, 208));
  xe = add(xe, v128.load(STATE, 224)); xf = add(xf, v128.load(STATE, 240));
  xorRow(xc, xd, xe, xf, out + 48, outStride, text + 48, textStride);
}

@inline
function add(a: v128, b: v128): v128 {
  return i32x4.add(a, b);
}

@inline
function rot16(a: v128, b: v128): v128 {
  const x = v128.xor(a, b);
  return i8x16.shuffle(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
}

@inline
function rot12(a: v128, b: v128): v128 {
  const x = v128.xor(a, b);
  return v128.or(i32x4.shl(x, 12), i32x4.shr_u(x, 20));
}

@inline
function rot8(a: v128, b: v128): v128 {
  const x = v128.xor(a, b);
  return i8x16.shuffle(x, x, 3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14);
}

@inline
function rot7(a: v128, b: v128): v128 {
  const x = v128.xor(a, b);
  return v128.or(i32x4.shl(x, 7), i32x4.shr_u(x, 25));
}

/** Four words of each lane, from vectors by word to vectors by lane, with the text of the lane. */
@inline
function xorRow(
  a: v128,
  b: v128,
  c: v128,
  d: v128,
  out: usize,
  outStride: usize,
  text: usize,
  textStride: usize,
): void {
  const ab01 = lowWords(a, b), cd01 = lowWords(c, d);
  const ab23 = highWords(a, b), cd23 = highWords(c, d);
  v128.store(out, v128.xor(lowHalves(ab01, cd01), v128.load(text)));
  out += outStride, text += textStride;
  v128.store(out, v128.xor(highHalves(ab01, cd01), v128.load(text)));
  out += outStride, text += textStride;
  v128.store(out, v128.xor(lowHalves(ab23, cd23), v128.load(text)));
  out += outStride, text += textStride;
  v128.store(out, v128.xor(highHalves(ab23, cd23), v128.load(text)));
}

/** Four words of each lane, from vectors by lane to vectors by word, one after the other. */
@inline
function transpose(a: v128, b: v128, c: v128, d: v128, to: usize): void {
  const ab01 = lowWords(a, b), cd01 = lowWords(c, d);
  const ab23 = highWords(a, b), cd23 = highWords(c, d);
  v128.store(to, lowHalves(ab01, cd01));
  v128.store(to, highHalves(ab01, cd01), 16);
  v128.store(to, lowHalves(ab23, cd23), 32);
  v128.store(to, highHalves(ab23, cd23), 48);
}

/** a0 b0 a1 b1 */
@inline
function lowWords(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 0, 4, 1, 5);
}

/** a2 b2 a3 b3 */
@inline
function highWords(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 2, 6, 3, 7);
}

/** a0 a1 b0 b1 */
@inline
function lowHalves(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 0, 2);
}

/** a2 a3 b2 b3 */
@inline
function highHalves(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 1, 3);
}
