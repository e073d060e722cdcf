/** What a turn says in a room, encoded once for all who get the same bytes. */
import { concat } from "@std/bytes/concat";
import type { ServerMessage } from "../wire/server.ts";
import type { SharedEncoder, Sink } from "./sink.ts";

/** Journaled, the same for all or worded for each reader; or announced, and not journaled. */
export type ItemKind = "message" | "personal" | "announcement";

/** For one encoder. */
interface Encoded {
  readonly own: Uint8Array[];
  /** Bytes of the items up to each, with it. */
  readonly ends: number[];
  /** All in one piece, once there will be no more. */
  whole: Uint8Array | undefined;
}

const NOTHING = new Uint8Array(0);

/** Items are counted on from turn to turn, so that a mark (how many one has had) stays true. */
export class TurnItems {
  /** Items of the turns before. */
  #before = 0;
  #messages: ServerMessage[] = [];
  #isWhole = false;
  /** The count with the last item of each kind. */
  readonly #last = { message: 0, personal: 0, announcement: 0 };
  readonly #encoded = new Map<SharedEncoder, Encoded>();
  /** The encoder that was asked for last: most who listen have the same. */
  #latest:
    | { readonly shared: SharedEncoder; readonly encoded: Encoded }
    | undefined;

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

  /** Bytes of the turn's items since a mark. */
  bytesSince(mark: number, shared: SharedEncoder): number {
    const { ends } = this.#encodedBy(shared);
    const from = mark - this.#before;
    const total = ends[ends.length - 1] ?? 0;
    return from === 0 ? total : total - ends[from - 1]!;
  }

  /** Pushes the items since a mark: the whole turn in one piece, made once, else each as it is. */
  push(mark: number, sink: Pick<Sink, "shared" | "push">): void {
    const encoded = this.#encodedBy(sink.shared);
    const { own } = encoded;
    const from = mark - this.#before;
    if (from === 0 && this.#isWhole && own.length > 1) {
      const whole = encoded.whole ??= concat(own);
      if (whole.length > 0) sink.push(whole);
      return;
    }
    for (let at = from; at < own.length; at++) {
      if (own[at]!.length > 0) sink.push(own[at]!);
    }
  }

  /** The turn has said all. */
  complete(): void {
    this.#isWhole = true;
  }

  /** The turn is over. */
  clear(): void {
    this.#before = this.count;
    this.#messages = [];
    this.#isWhole = false;
    this.#encoded.clear();
    this.#latest = undefined;
  }

  #encodedBy(shared: SharedEncoder): Encoded {
    if (this.#latest?.shared !== shared) {
      const encoded = this.#encoded.get(shared) ??
        { own: [], ends: [], whole: undefined };
      this.#encoded.set(shared, encoded);
      this.#latest = { shared, encoded };
    }
    const { encoded } = this.#latest;
    const { own, ends } = encoded;
    for (let at = own.length; at < this.#messages.length; at++) {
      const bytes = shared.encodeShared(this.#messages[at]!) ?? NOTHING;
      own.push(bytes);
      ends.push((ends[at - 1] ?? 0) + bytes.length);
    }
    return encoded;
  }
}
