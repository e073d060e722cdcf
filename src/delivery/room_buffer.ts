/** A room as the delivery sees it: its last messages, what the turn says in it, who hears it. */
import type { Entry } from "../store/store.ts";
import { entryMessage, isPersonal, type KeyShown } from "./pages.ts";
import { Ring } from "./ring.ts";
import { TurnItems } from "./turn_items.ts";

/** The place of a connection in the room. */
export interface Hearer {
  /** It gets what the turn has said so far. */
  hear(): void;
  /** What comes next is only in the journal. */
  fallBehind(): void;
  /** Its connection, which feeds those that are behind, and is flushed when the turn is over. */
  readonly owner: { feed(): void; flush(turn: number): void };
}

export class RoomBuffer {
  readonly room: string;
  readonly name: string;
  readonly hearers = new Set<Hearer>();
  readonly items = new TurnItems();
  readonly ring = new Ring();
  /** Seq of the last committed message. */
  head: number;

  constructor(room: string, name: string, head: number) {
    this.room = room;
    this.name = name;
    this.head = head;
  }

  /** Takes what the journal has of the room's last messages, if they still are the last. */
  prime(entries: readonly Entry[]): void {
    if (this.ring.length > 0 || entries.at(-1)?.seq !== this.head) return;
    this.ring.fill(entries);
  }

  /** Takes the next committed message. */
  append(entry: Entry, shown?: KeyShown): void {
    this.head = entry.seq;
    this.ring.push(entry);
    if (entry.kind === "deleted") {
      this.ring.erase(this.head - Number(entry.body));
    }
    const message = entryMessage(entry, this.name, undefined, shown);
    this.items.add(isPersonal(entry) ? "personal" : "message", message);
  }

  /** The room is committed up to `head`; what is new is only in the journal. */
  skipTo(head: number): void {
    for (const hearer of this.hearers) hearer.hear();
    this.head = head;
    this.ring.clear();
    for (const hearer of this.hearers) {
      hearer.fallBehind();
      hearer.owner.feed();
    }
  }

  /** Kept messages from a seq on, or `undefined` when the ring does not reach back to it. */
  kept(fromSeq: number, limit: number): readonly Entry[] | undefined {
    if (fromSeq > this.head) return [];
    return this.ring.last(this.head - fromSeq + 1, limit);
  }
}
