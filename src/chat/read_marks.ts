/** How far people have read: kept, and passed on to those whom it concerns. */
import { ProtocolError } from "../base/errors.ts";
import {
  READ_INTERVAL_MS,
  ROOM_MARKS,
  ROOM_MARKS_KEPT_MS,
} from "../base/limits.ts";
import { isConversation } from "./conversation_key.ts";
import type { Conversations } from "./conversations.ts";
import type { Core } from "./core.ts";
import type { Connection, Person } from "./state.ts";

interface ReadMark {
  readonly connection: Connection;
  readonly room: string;
  /** As the reader calls it. */
  readonly name: string;
  /** In a private conversation: the other person. */
  readonly other: Person | undefined;
  readonly seq: number;
}

export class ReadMarks {
  readonly #core: Core;
  readonly #conversations: Conversations;
  /** When a person's mark of a room was passed on last (monotonic), and those that wait. */
  readonly #passedAt = new Map<string, number>();
  readonly #waiting = new Map<string, ReadMark>();

  constructor(core: Core, conversations: Conversations) {
    this.#core = core;
    this.#conversations = conversations;
  }

  /**
   * A person has read a room up to a seq.
   *
   * @throws {ProtocolError} `no-room`.
   */
  read(connection: Connection, name: string, seq: number): void {
    const { rooms, undo } = this.#core;
    const conversation = this.#conversations.keyOf(connection.person, name);
    const room = conversation === undefined ? rooms.find(name) : undefined;
    if (conversation === undefined && !room?.isHeardBy(connection)) {
      throw new ProtocolError("no-room", `you are not in ${name}`);
    }
    const key = conversation?.key ?? room!.key;
    const id = `${connection.person.id} ${key}`;
    const mark: ReadMark = {
      connection,
      room: key,
      name: conversation?.name ?? room!.name,
      other: conversation?.other,
      seq: Math.max(
        Math.min(seq, rooms.headOf(key)),
        this.#waiting.get(id)?.seq ?? 0,
      ),
    };
    if (this.#isEarly(id)) undo.set(this.#waiting, id, mark);
    else this.#pass(id, mark);
  }

  /** Time goes by: what waited long enough is passed on. */
  tick(): void {
    const { undo } = this.#core;
    for (const [id, mark] of this.#waiting) {
      if (this.#isEarly(id)) continue;
      undo.delete(this.#waiting, id);
      this.#pass(id, mark);
    }
    for (const id of this.#passedAt.keys()) {
      if (!this.#isEarly(id)) undo.delete(this.#passedAt, id);
    }
  }

  /** Whether a mark was passed on not long ago. */
  #isEarly(id: string): boolean {
    const passedAt = this.#passedAt.get(id) ?? -Infinity;
    return this.#core.now.monotonic < passedAt + READ_INTERVAL_MS;
  }

  #pass(id: string, { connection, room, name, other, seq }: ReadMark): void {
    const { undo, now } = this.#core;
    const { person } = connection;
    if (person.key !== undefined && !this.#keep(person.key, room, seq)) return;
    undo.set(this.#passedAt, id, now.monotonic);
    const own = [...person.connections].filter((one) => one !== connection);
    this.#core.tell(own, { type: "read", room: name, seq });
    if (other === undefined || other === person) return;
    if (this.#core.isBlocked(person, other)) return;
    const message = { type: "read", room: `@${person.name}`, seq } as const;
    this.#core.tell(other.connections, message);
  }

  /** Keeps a mark; `false` when it is no news. */
  #keep(key: string, room: string, seq: number): boolean {
    if (isConversation(room)) {
      if (seq <= this.#conversations.markOf(key, room)) return false;
      this.#conversations.mark(key, room, seq);
      return true;
    }
    const { records, people, now } = this.#core;
    const { rooms = {} } = records.get("read", key) ?? {};
    const before = rooms[room];
    if (seq <= (before?.seq ?? 0)) return false;
    // Keys are made without effort: those that hold no name are not remembered.
    if (people.claims.heldBy(key) === undefined) return true;
    const { [room]: _, ...others } = rooms;
    const marks = Object.entries(others).filter(([, { at }]) =>
      at + ROOM_MARKS_KEPT_MS > now.wall
    ).slice(1 - ROOM_MARKS);
    // The newest is the last.
    const mark = [room, { seq, at: now.wall }] as const;
    const value = { rooms: Object.fromEntries([...marks, mark]) };
    const until = now.wall + ROOM_MARKS_KEPT_MS;
    records.putLater("read", key, value, { until });
    return true;
  }
}
