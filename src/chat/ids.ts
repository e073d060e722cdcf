/**
 * The ids that a person gave to messages: by them one that is sent again is told from a new one.
 */
import { IDS_REMEMBERED } from "../base/limits.ts";
import type { Entry } from "../store/store.ts";
import type { UndoLog } from "./undo.ts";

/** What is remembered of a message by its id. */
export interface Remembered {
  readonly room: string;
  readonly seq: number;
  readonly at: number;
  /** Digest of what was said, and where; of what was deleted it is not known after a restart. */
  readonly digest?: number;
}

/** 53 bits of what a message says. With two messages of one digest a person fools only itself. */
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
  /** From the first on: most people who are here say nothing. */
  #ids: Map<string, Remembered> | undefined;
  /** Their order as a ring: what comes next takes the place of the oldest. */
  readonly #ring: string[] = [];
  #next = 0;
  /** Whether those of before the person came are known, too. */
  isComplete = false;

  get(id: string): Remembered | undefined {
    return this.#ids?.get(id);
  }

  /** Takes the ids of former messages, newest first, as older than those that are here. */
  recall(entries: readonly Entry[]): void {
    const later = [...this.#ids ?? []];
    this.#ids?.clear();
    this.#ring.length = this.#next = 0;
    for (const entry of entries.toReversed()) {
      if (entry.id !== undefined) this.#put(entry.id, rememberedOf(entry));
    }
    for (const [id, remembered] of later) this.#put(id, remembered);
    this.isComplete = true;
  }

  /** Remembers a message if it has an id. */
  add(entry: Entry, undo: UndoLog): void {
    const { id } = entry;
    if (id === undefined || this.#ids?.has(id)) return;
    const at = this.#next;
    const oldest = this.#ring[at];
    const before = oldest === undefined ? undefined : this.#ids?.get(oldest);
    this.#put(id, rememberedOf(entry));
    undo.push(() => {
      this.#ids?.delete(id);
      this.#next = at;
      if (before === undefined) this.#ring.length = at;
      else {
        this.#ring[at] = oldest!;
        this.#ids?.set(oldest!, before);
      }
    });
  }

  #put(id: string, remembered: Remembered): void {
    const ids = this.#ids ??= new Map();
    const oldest = this.#ring[this.#next];
    if (oldest !== undefined) ids.delete(oldest);
    ids.set(id, remembered);
    this.#ring[this.#next] = id;
    this.#next = (this.#next + 1) % IDS_REMEMBERED;
  }
}

function rememberedOf({ room, kind, body, seq, at }: Entry): Remembered {
  if (kind === "gone") return { room, seq, at };
  return { room, seq, at, digest: contentDigest(room, kind, body) };
}
