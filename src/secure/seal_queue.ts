/**
 * Seals in one go what many channels are given to write in one go: those with the same bytes, as
 * the members of a room, share one call of the cipher.
 */
import { type RecordSealer, sealRecords } from "./record.ts";

/** The sending half of a channel that has something to seal. */
export interface Sealing {
  readonly sealer: RecordSealer;
  /** The records are sealed; they must be sent, in this order. */
  send(frames: Uint8Array): void;
  /** Nothing can be sealed for it any more. */
  refuse(): void;
}

/** By the bytes, told apart as objects: equal ones of another origin are sealed for themselves. */
const waiting = new Map<Uint8Array, Sealing[]>();

/**
 * Seals `bytes`, which must stay as they are, for one that has nothing else waiting here: in a
 * microtask, so when all who write now have said so.
 */
export function sealSoon(bytes: Uint8Array, sealing: Sealing): void {
  if (waiting.size === 0) queueMicrotask(sealWaiting);
  const same = waiting.get(bytes);
  if (same === undefined) waiting.set(bytes, [sealing]);
  else same.push(sealing);
}

function sealWaiting(): void {
  const groups = [...waiting];
  waiting.clear();
  for (const [bytes, all] of groups) {
    const able = all.filter(({ sealer }) => sealer.canSeal);
    const frames = sealRecords(able.map(({ sealer }) => sealer), bytes);
    for (const [i, sealing] of able.entries()) sealing.send(frames[i]!);
    if (able.length === all.length) continue;
    for (const sealing of all) if (!able.includes(sealing)) sealing.refuse();
  }
}
