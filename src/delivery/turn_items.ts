/** What a turn says in a room, encoded once for all who get the same bytes. */
import { concat } from "@std/bytes/concat";
import type { ServerMessage } from "../wire/server.ts";
import type { SharedEncoder } from "./sink.ts";

/** Journaled, the same for all or worded for each reader; or announced, and not journaled. */
export type ItemKind = "message" | "personal" | "announcement";

/** For one encoder: the items' own bytes, and pieces from an item on up to the last. */
interface Encoded {
  readonly own: Uint8Array[];
  readonly pieces: Map<number, Uint8Array>;
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
    const { own, pieces } = this.#encodedBy(shared);
    if (own.length < this.#messages.length) pieces.clear();
    for (let at = own.length; at < this.#messages.length; at++) {
      own.push(shared.encodeShared(this.#messages[at]!) ?? NOTHING);
    }
    const from = mark - this.#before;
    if (own.length - from === 1) return own[from]!;
    let piece = pieces.get(from);
    if (piece === undefined) {
      pieces.set(from, piece = concat(own.slice(from)));
    }
    return piece;
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
      this.#encoded.set(shared, encoded = { own: [], pieces: new Map() });
    }
    return encoded;
  }
}
