/**
 * ChaCha20-Poly1305 (RFC 8439, section 2.8): of one text under one key, and of one text under many.
 * Nobody here looks at lengths and addresses: that is done before a call (`../../cipher.ts`).
 */
import { loadFour, loadOne, nextBlocks, xorBlocks } from "./chacha20";
import {
  BLOCK_BYTES,
  FIRST,
  HEAD,
  KEY_BYTES,
  NONCE,
  OUT,
  RECIPIENT_BYTES,
  RECIPIENTS,
  SECRETS_BYTES,
  STATE,
  TAG,
  TAG_BYTES,
  TEXT,
  ZEROS,
} from "./layout";
import { authenticate } from "./poly1305";

export { AD, HEAD, KEYS, NONCE, OUT, RECIPIENTS, TEXT } from "./layout";

/** Bytes of a text that fit into FIRST, behind the block of the one-time key. */
const FIRST_TEXT_BYTES: u32 = 3 * BLOCK_BYTES;

/** Seals TEXT under a key, NONCE and AD. OUT gets the ciphertext and its tag; TEXT is wiped. */
export function seal(key: usize, adBytes: u32, textBytes: u32): void {
  sealOne(key, adBytes, textBytes, OUT);
  memory.fill(TEXT, 0, textBytes);
  wipeSecrets();
}

/**
 * Opens TEXT, `textBytes` of ciphertext and their tag, under a key, NONCE and AD. If the tag holds,
 * OUT gets the plaintext, which the caller wipes; if not, nothing.
 */
export function open(key: usize, adBytes: u32, textBytes: u32): bool {
  beginStream(key);
  authenticate(FIRST, adBytes, TEXT, textBytes, TAG);
  const difference = v128.xor(v128.load(TAG), v128.load(TEXT + textBytes));
  const holds = !v128.any_true(difference);
  if (holds) endStream(OUT, textBytes);
  wipeSecrets();
  return holds;
}

/**
 * Seals TEXT for the first `count` of RECIPIENTS. OUT gets HEAD, ciphertext and tag of each, each
 * `stride` bytes after the one before; the caller wipes TEXT.
 */
export function sealMany(
  count: u32,
  headBytes: u32,
  textBytes: u32,
  stride: u32,
): void {
  let recipient = RECIPIENTS, out = OUT;
  for (; count >= 4; count -= 4) {
    sealFour(recipient, 4, headBytes, textBytes, out, stride);
    recipient += 4 * RECIPIENT_BYTES;
    out += 4 * stride;
  }
  // Up to three are left. Together they take a round for the one-time keys and one for each block of
  // the text; one alone takes a round for four of these blocks.
  const blocks = (textBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
  if (count * ((blocks + 4) / 4) > blocks + 1) {
    sealFour(recipient, count, headBytes, textBytes, out, stride);
    count = 0;
  }
  for (; count > 0; count--) {
    store<u32>(NONCE, 0);
    store<u64>(NONCE, load<u64>(recipient, 4), 4);
    v128.store(out, v128.load(HEAD));
    sealOne(load<u32>(recipient), 0, textBytes, out + headBytes);
    clearGap(out, headBytes + textBytes + TAG_BYTES, stride);
    recipient += RECIPIENT_BYTES;
    out += stride;
  }
  wipeSecrets();
}

/** REKEY of Noise (section 4.2): block 1 of the key stream under NONCE, its first half. */
export function rekey(key: usize): void {
  loadOne(key);
  xorBlocks(FIRST, BLOCK_BYTES, ZEROS, 0);
  memory.copy(key, FIRST + BLOCK_BYTES, KEY_BYTES);
  wipeSecrets();
}

function sealOne(key: usize, adBytes: u32, textBytes: u32, out: usize): void {
  beginStream(key);
  endStream(out, textBytes);
  authenticate(FIRST, adBytes, out, textBytes, out + textBytes);
}

/** FIRST gets block 0, the one-time key of Poly1305 (section 2.6), and the first 192 bytes. */
@inline
function beginStream(key: usize): void {
  loadOne(key);
  xorBlocks(FIRST, BLOCK_BYTES, TEXT - BLOCK_BYTES, BLOCK_BYTES);
}

/** Writes those bytes, and goes on from there. Up to 255 bytes behind the text are overwritten. */
@inline
function endStream(out: usize, textBytes: u32): void {
  for (let at: usize = 0; at < FIRST_TEXT_BYTES; at += 16) {
    v128.store(out + at, v128.load(FIRST + BLOCK_BYTES + at));
  }
  for (let at = FIRST_TEXT_BYTES; at < textBytes; at += 4 * BLOCK_BYTES) {
    nextBlocks(4);
    xorBlocks(out + at, BLOCK_BYTES, TEXT + at, BLOCK_BYTES);
  }
}

/** Seals for up to four. Places of the missing are written to, too: in RECIPIENTS and in OUT. */
function sealFour(
  recipient: usize,
  count: u32,
  headBytes: u32,
  textBytes: u32,
  out: usize,
  stride: u32,
): void {
  for (let lane = count; lane < 4; lane++) {
    const place = recipient + lane * RECIPIENT_BYTES;
    v128.store(place, v128.load(recipient));
  }
  loadFour(recipient);
  xorBlocks(FIRST, BLOCK_BYTES, ZEROS, 0);
  for (let lane: u32 = 0; lane < count; lane++) {
    v128.store(out + lane * stride, v128.load(HEAD));
  }
  for (let at: u32 = 0; at < textBytes; at += BLOCK_BYTES) {
    nextBlocks(1);
    xorBlocks(out + headBytes + at, stride, TEXT + at, 0);
  }
  for (let lane: u32 = 0; lane < count; lane++) {
    const text = out + headBytes;
    authenticate(FIRST + lane * BLOCK_BYTES, 0, text, textBytes, text + textBytes);
    clearGap(out, headBytes + textBytes + TAG_BYTES, stride);
    out += stride;
  }
}

/** What is between the end of a result and the next one is key stream that nothing was sealed with. */
@inline
function clearGap(out: usize, bytes: u32, stride: u32): void {
  if (bytes < stride) memory.fill(out + bytes, 0, stride - bytes);
}

function wipeSecrets(): void {
  for (let at: usize = 0; at < SECRETS_BYTES; at += 16) {
    v128.store(STATE + at, i32x4.splat(0));
  }
}
