/** The ids that a person gave to messages: a message that is sent again is told from one that is new. */
import { IDS_REMEMBERED } from "../base/limits.ts";
import type { Entry } from "../store/store.ts";

/** What is remembered of a message by its id. */
export interface Remembered {
  readonly room: string;
  readonly seq: number;
  readonly at: number;
  /** Digest of what was said, and where. */
  readonly digest: number;
}

/** 53 bits of what a message says. A person could only fool itself with two messages of the same digest under one id. */
export function contentDigest(
  room: string,
  kind: string,
  body: string,
): number {
  const content = `${room}\n${kind}\n${body}`;
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < content.length; at++) {
    const unit = content.charCodeAt(at);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^
    Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^
    Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 2 ** 32 * (low & 0x1fffff) + (high >>> 0);
}

/** The last ids of one person, at most {@linkcode IDS_REMEMBERED}. */
export class RecentIds {
  readonly #ids = new Map<string, Remembered>();

  /** `entries` are the person's journaled messages with an id, newest first. */
  constructor(entries: readonly Entry[] = []) {
    for (const entry of entries.toReversed()) {
      if (entry.id !== undefined) {
        this.add(entry.id, {
          ...entry,
          digest: contentDigest(entry.room, entry.kind, entry.body),
        });
      }
    }
  }

  get(id: string): Remembered | undefined {
    return this.#ids.get(id);
  }

  add(id: string, { room, seq, at, digest }: Remembered): void {
    this.#ids.set(id, { room, seq, at, digest });
    if (this.#ids.size > IDS_REMEMBERED) {
      this.#ids.delete(this.#ids.keys().next().value!);
    }
  }

  /** Forgets an id whose message was not kept. */
  remove(id: string): void {
    this.#ids.delete(id);
  }
}
