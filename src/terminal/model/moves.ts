/**
 * What is under way to another room: until the server has said where a `/join` or `/leave` leads,
 * what is entered behind it waits, in order.
 */
import type { Order, View } from "./view.ts";

/** Lines that wait; more are not taken. */
const LINES = 200;

/** A line that waits; with an order where it leads on. */
export interface WaitingLine {
  readonly text: string;
  readonly order: Order | undefined;
}

export interface Move {
  readonly order: Order;
  readonly from: View | undefined;
  /** Whether the person goes along: not after going elsewhere meanwhile. */
  isFollowed: boolean;
  readonly waiting: WaitingLine[];
  /** The last order that was entered: for where that leads is meant what is typed now. */
  readonly latest: Order;
}

export class Moves {
  readonly #moves = new Set<Move>();

  /** The one that the person goes along with. */
  get followed(): Move | undefined {
    return this.#moves.values().find(({ isFollowed }) => isFollowed);
  }

  /** What waits, in the order in which it was entered. */
  get waiting(): readonly { readonly text: string; readonly order: Order }[] {
    return [...this.#moves].flatMap(({ order, waiting }) =>
      waiting.map(({ text }) => ({ text, order }))
    );
  }

  begin(from: View | undefined, order: Order, isFollowed: boolean): Move {
    const waiting: WaitingLine[] = [];
    const move: Move = {
      order,
      from,
      isFollowed,
      waiting,
      get latest() {
        return waiting.findLast(({ order }) => order !== undefined)?.order ??
          order;
      },
    };
    this.#moves.add(move);
    return move;
  }

  /** What it led to is known. */
  end(move: Move): void {
    this.#moves.delete(move);
  }

  /** The one that was begun last. */
  get last(): Move | undefined {
    return [...this.#moves].at(-1);
  }

  /** A line waits for a move; `false` when too many do. */
  wait(move: Move, line: WaitingLine): boolean {
    if (this.waiting.length >= LINES) return false;
    move.waiting.push(line);
    return true;
  }

  /** The person goes elsewhere. */
  let(): void {
    for (const move of this.#moves) move.isFollowed = false;
  }

  /** Nothing will become of them any more: gives what waited. */
  give(): string[] {
    const texts = this.waiting.map(({ text }) => text);
    this.#moves.clear();
    return texts;
  }
}
