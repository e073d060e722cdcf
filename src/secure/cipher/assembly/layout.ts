/**
 * Where everything stands in the module's memory, in bytes. Only slots of keys are beyond the fixed
 * areas; the memory grows for them.
 *
 * | from  | what                                                                                     |
 * | ----- | ---------------------------------------------------------------------------------------- |
 * | 00000 | STATE: the state of ChaCha20 in four lanes; word w of lane l at 16 w + 4 l               |
 * | 00100 | FIRST: four blocks that are worked on before they may go to OUT: one-time keys, the like |
 * | 00200 | NONCE                                                                                    |
 * | 00210 | TAG: the tag that a text should have                                                     |
 * | 00220 | LENGTHS: the last block of what Poly1305 reads                                           |
 * | 00230 | HEAD: what stands before each ciphertext of `sealMany`                                   |
 * | 00240 | ZEROS: 64 bytes, never written                                                           |
 * | 00280 | AD: associated data                                                                      |
 * | 00800 | RECIPIENTS: slot and counter of each; three more than are asked for                      |
 * | 05000 | 64 bytes of zeros, never written: what is before the text in its key stream              |
 * | 05040 | TEXT: what is sealed, or opened with its tag                                             |
 * | 15400 | OUT: what comes of it                                                                    |
 * | 25800 | KEYS: slots of 32 bytes, to the memory's end                                             |
 *
 * TEXT and OUT have 448 bytes and more beyond the longest text: the key stream is made 256 bytes at
 * a time.
 */
export const STATE: usize = 0x00000;
export const FIRST: usize = 0x00100;
export const NONCE: usize = 0x00200;
export const TAG: usize = 0x00210;
export const LENGTHS: usize = 0x00220;
export const HEAD: usize = 0x00230;
export const ZEROS: usize = 0x00240;
export const AD: usize = 0x00280;
export const RECIPIENTS: usize = 0x00800;
export const TEXT: usize = 0x05040;
export const OUT: usize = 0x15400;
export const KEYS: usize = 0x25800;

/** STATE to TAG hold secrets during a call, and are wiped at its end. */
export const SECRETS_BYTES: usize = 0x220;

export const KEY_BYTES: u32 = 32;
export const TAG_BYTES: u32 = 16;
/** A recipient: the address of its slot and the halves of its counter, low first; 4 bytes unused. */
export const RECIPIENT_BYTES: u32 = 16;
export const BLOCK_BYTES: u32 = 64;
