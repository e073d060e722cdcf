/** The compiled cipher, running: its functions, its memory, and the slots of keys there. */
import { decodeBase64 } from "../../base/base64.ts";
import { CIPHER_MODULE } from "./module.ts";

/** What `assembly/aead.ts` exports. Addresses and lengths are in bytes. */
interface CipherExports {
  readonly memory: WebAssembly.Memory;
  readonly seal: (key: number, adBytes: number, textBytes: number) => void;
  readonly open: (key: number, adBytes: number, textBytes: number) => number;
  readonly sealMany: (
    count: number,
    headBytes: number,
    textBytes: number,
    stride: number,
  ) => void;
  readonly rekey: (key: number) => void;
  readonly NONCE: WebAssembly.Global;
  readonly HEAD: WebAssembly.Global;
  readonly AD: WebAssembly.Global;
  readonly RECIPIENTS: WebAssembly.Global;
  readonly TEXT: WebAssembly.Global;
  readonly OUT: WebAssembly.Global;
  readonly KEYS: WebAssembly.Global;
}

// At once: it has some kilobytes, and a thread of an executable made with Deno 2.6 may wait forever
// for a compilation beside it. Browsers take up to 8 MB in this way.
const compiled = new WebAssembly.Module(decodeBase64(CIPHER_MODULE));
const { exports: exported } = new WebAssembly.Instance(compiled);
const exports = exported as unknown as CipherExports;

export const { seal, open, sealMany, rekey } = exports;

/** Addresses of the areas (`assembly/layout.ts`). */
export const NONCE_AT: number = exports.NONCE.value;
export const HEAD_AT: number = exports.HEAD.value;
export const AD_AT: number = exports.AD.value;
export const RECIPIENTS_AT: number = exports.RECIPIENTS.value;
export const TEXT_AT: number = exports.TEXT.value;
export const OUT_AT: number = exports.OUT.value;
export const KEYS_AT: number = exports.KEYS.value;

/** What a slot has, in bytes; the addresses of slots are multiples of it. */
export const SLOT_BYTES = 32;

/** The whole memory, as bytes and as words: others after it has grown. */
export let bytes = new Uint8Array(exports.memory.buffer);
export let words = new Uint32Array(exports.memory.buffer);

/** Slots that were given back, and the first of those never taken. */
const free: number[] = [];
let next = KEYS_AT;

/**
 * The address of a slot for 32 bytes. The memory grows by a page of 2,048 slots if there is none.
 *
 * @throws {RangeError} when it cannot grow.
 */
export function takeSlot(): number {
  const given = free.pop();
  if (given !== undefined) return given;
  if (next + SLOT_BYTES > bytes.length) {
    exports.memory.grow(1);
    bytes = new Uint8Array(exports.memory.buffer);
    words = new Uint32Array(exports.memory.buffer);
  }
  const slot = next;
  next += SLOT_BYTES;
  return slot;
}

/** Zeroes a slot and gives it back. */
export function giveSlot(slot: number): void {
  bytes.fill(0, slot, slot + SLOT_BYTES);
  free.push(slot);
}
