/**
 * Poly1305 (RFC 8439, section 2.5) as the AEAD uses it: of whole blocks, since all that is read is
 * filled up with zeros to 16 bytes (section 2.8).
 *
 * The accumulator h and the multiplier r are four limbs of 32 bits, in 64; h's last has 34, so that
 * 2^130 = 5 (modulo 2^130 - 5) is 2^34 of it. Clamping leaves 28 bits of each limb of r, and those
 * after the first are multiples of 4: 2^128 r = 5/4 r, without a remainder.
 */
import { AD, LENGTHS } from "./layout";

const LOW_32: u64 = 0xffff_ffff;
const LOW_34: u64 = 0x3_ffff_ffff;
/** 2^128, the bit above every block, in the last limb. */
const BLOCK_BIT: u64 = 1 << 32;

let r0: u64, r1: u64, r2: u64, r3: u64;
let h0: u64, h1: u64, h2: u64, h3: u64;

/**
 * The tag of associated data (in AD) and a ciphertext, under a one-time key. Up to 15 bytes behind
 * the ciphertext are read, and count for nothing.
 */
export function authenticate(
  oneTimeKey: usize,
  adBytes: u32,
  text: usize,
  textBytes: u32,
  tag: usize,
): void {
  start(oneTimeKey);
  if (adBytes > 0) absorb(AD, adBytes);
  absorb(text, textBytes);
  store<u64>(LENGTHS, adBytes);
  store<u64>(LENGTHS, textBytes, 8);
  absorb(LENGTHS, 16);
  finish(oneTimeKey + 16, tag);
}

/** Section 2.5.1: r is the key's first half, with some bits cleared. */
function start(key: usize): void {
  r0 = load<u32>(key) & 0x0fff_ffff;
  r1 = load<u32>(key, 4) & 0x0fff_fffc;
  r2 = load<u32>(key, 8) & 0x0fff_fffc;
  r3 = load<u32>(key, 12) & 0x0fff_fffc;
  h0 = h1 = h2 = h3 = 0;
}

/**
 * h = (h + block) r for each block.
 *
 * Nothing here exceeds 64 bits. With u = 2^32: before a block h0 < 2.1 u, h1 and h2 < u, h3 < 4 u;
 * with the block h0 < 3.1 u, h1 and h2 < 2 u, h3 < 6 u. Limbs of r are below 2^28, those of s below
 * 1.25 * 2^28. So d0 < (3.1 + 1.25 * (2 + 2 + 6)) * 2^60 = 15.6 * 2^60, d1 and d2 are less, and
 * d3 < 13.2 * 2^60. What comes back to h0 is below 5 * 13.2 * 2^26 < 1.1 u.
 */
function absorb(at: usize, bytes: u32): void {
  const a0 = r0, a1 = r1, a2 = r2, a3 = r3;
  const s1 = a1 + (a1 >> 2), s2 = a2 + (a2 >> 2), s3 = a3 + (a3 >> 2);
  let b0 = h0, b1 = h1, b2 = h2, b3 = h3;
  const end = at + bytes;
  for (; at < end; at += 16) {
    let low = load<u64>(at), high = load<u64>(at, 8);
    if (end - at < 16) {
      const rest: u64 = end - at;
      low &= rest < 8 ? (1 << 8 * rest) - 1 : ~0;
      high &= rest < 8 ? 0 : (1 << 8 * (rest - 8)) - 1;
    }
    b0 += low & LOW_32;
    b1 += low >> 32;
    b2 += high & LOW_32;
    b3 += (high >> 32) + BLOCK_BIT;
    const d0 = b0 * a0 + b1 * s3 + b2 * s2 + b3 * s1;
    const d1 = b0 * a1 + b1 * a0 + b2 * s3 + b3 * s2 + (d0 >> 32);
    const d2 = b0 * a2 + b1 * a1 + b2 * a0 + b3 * s3 + (d1 >> 32);
    const d3 = b0 * a3 + b1 * a2 + b2 * a1 + b3 * a0 + (d2 >> 32);
    b0 = (d0 & LOW_32) + 5 * (d3 >> 34);
    b1 = d1 & LOW_32;
    b2 = d2 & LOW_32;
    b3 = d3 & LOW_34;
  }
  h0 = b0, h1 = b1, h2 = b2, h3 = b3;
}

/** The tag: h modulo 2^130 - 5, plus the second half of the key, modulo 2^128. */
function finish(key: usize, tag: usize): void {
  h1 += h0 >> 32;
  h0 &= LOW_32;
  h2 += h1 >> 32;
  h1 &= LOW_32;
  h3 += h2 >> 32;
  h2 &= LOW_32;
  // h is below 2^130 + 2^33, so less than twice the modulus. If h + 5 reaches 2^130, h is not below
  // the modulus, and h + 5 without that bit is h less the modulus.
  const g0 = h0 + 5;
  const g1 = h1 + (g0 >> 32);
  const g2 = h2 + (g1 >> 32);
  const g3 = h3 + (g2 >> 32);
  const isBeyond: u64 = 0 - (g3 >> 34);
  let sum = choose(g0, h0, isBeyond) + load<u32>(key);
  store<u32>(tag, <u32> sum);
  sum = choose(g1, h1, isBeyond) + load<u32>(key, 4) + (sum >> 32);
  store<u32>(tag, <u32> sum, 4);
  sum = choose(g2, h2, isBeyond) + load<u32>(key, 8) + (sum >> 32);
  store<u32>(tag, <u32> sum, 8);
  sum = choose(g3, h3, isBeyond) + load<u32>(key, 12) + (sum >> 32);
  store<u32>(tag, <u32> sum, 12);
  r0 = r1 = r2 = r3 = 0;
  h0 = h1 = h2 = h3 = 0;
}

/** The low 32 bits of `a` where the mask is all ones, of `b` where it is zero. */
@inline
function choose(a: u64, b: u64, mask: u64): u64 {
  return (b ^ ((a ^ b) & mask)) & LOW_32;
}
