/** How many keys stand in the cipher's memory, of all connections of this process. */
import * as memory from "../../src/secure/cipher/memory.ts";

/** Slots that are not all zero. */
export function keysInUse(): number {
  const { bytes, KEYS_AT, SLOT_BYTES } = memory;
  let count = 0;
  for (let at = KEYS_AT; at + SLOT_BYTES <= bytes.length; at += SLOT_BYTES) {
    if (bytes.subarray(at, at + SLOT_BYTES).some((byte) => byte !== 0)) count++;
  }
  return count;
}
