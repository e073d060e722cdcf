/** What a turn says in a room, encoded once for all who get the same bytes. */
import { concat } from "@std/bytes/concat";
import type { ServerMessage } from "../wire/server.ts";
import type { SharedEncoder } from "./sink.ts";

/** Journaled, the same for all or worded for each reader; or announced, and not journaled. */
export type ItemKind = "message" | "personal" | "announcement";

/** For one encoder: the items' own bytes, and all of them up to now in one piece. */
interface Encoded {
  readonly own: Uint8Array[];
  whole: { readonly items: number; readonly bytes: Uint8Array } | undefined;
}

const NOTHING = new Uint8Array(0);

/** Items are counted on from turn to turn, so that a mark (how many one has had) stays true. */
export class TurnItems {
  /** Items of the turns before. */
  #before = 0;
  #messages: ServerMessage[] = [];
  /** The count with the last item of each kind. */
  readonly #last = { message: 0, personal: 0, announcement: 0 };
  readonly #encoded = new Map<SharedEncoder, Encoded>();

  get count(): number {
    return this.#before + this.#messages.length;
  }

  add(kind: ItemKind, message: ServerMessage): void {
    this.#messages.push(message);
    this.#last[kind] = this.count;
  }

  /** Whether there was an item of a kind since a mark, in whatever turn. */
  hasSince(mark: number, kind: ItemKind): boolean {
    return this.#last[kind] > mark;
  }

  /** The turn's items since a mark in one piece, which may be empty. */
  since(mark: number, shared: SharedEncoder): Uint8Array {
    const encoded = this.#encodedBy(shared);
    const { own, whole } = encoded;
    for (let at = own.length; at < this.#messages.length; at++) {
      own.push(shared.encodeShared(this.#messages[at]!) ?? NOTHING);
    }
    const from = mark - this.#before;
    const items = own.length;
    if (items - from === 1) return own[from]!;
    // Who also speaks gets the turn in parts of its own; whoever only listens, the whole of it.
    if (from > 0) return concat(own.slice(from));
    if (whole?.items === items) return whole.bytes;
    const bytes = concat(own);
    encoded.whole = { items, bytes };
    return bytes;
  }

  /** The turn is over. */
  clear(): void {
    this.#before = this.count;
    this.#messages = [];
    this.#encoded.clear();
  }

  #encodedBy(shared: SharedEncoder): Encoded {
    let encoded = this.#encoded.get(shared);
    if (encoded === undefined) {
      this.#encoded.set(shared, encoded = { own: [], whole: undefined });
    }
    return encoded;
  }
}
