/**
 * Seals in one go what many channels are given to write in one go: those with the same bytes, as
 * the members of a room, share one call of the cipher.
 */
import { type RecordSealer, sealRecords } from "./record.ts";

/** The sending half of a channel that has something to seal. */
export interface Sealing {
  readonly sealer: RecordSealer;
  /** The records are sealed; they must be sent, in this order. Never throws. */
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
  for (const [bytes, group] of groups) {
    const sealings: Sealing[] = [];
    const sealers: RecordSealer[] = [];
    for (const sealing of group) {
      const { sealer } = sealing;
      if (!sealer.canSeal) sealing.refuse();
      else {
        sealings.push(sealing);
        sealers.push(sealer);
      }
    }
    sealGroup(sealings, sealers, bytes);
  }
}

function sealGroup(
  sealings: readonly Sealing[],
  sealers: readonly RecordSealer[],
  bytes: Uint8Array,
): void {
  let frames: readonly Uint8Array[];
  try {
    frames = sealRecords(sealers, bytes);
  } catch {
    // No memory is left, as the case may be: their counters cannot be told any more.
    for (const sealing of sealings) sealing.refuse();
    return;
  }
  for (let i = 0; i < frames.length; i++) sealings[i]!.send(frames[i]!);
}
