/** Read marks and `typing`: what is passed on, how often, and to whom. */
import { ProtocolError } from "../base/errors.ts";
import {
  READ_INTERVAL_MS,
  TYPING_INTERVAL_MS,
  TYPING_ROOM_MAX_PEOPLE,
} from "../base/limits.ts";
import type { Conversations } from "./conversations.ts";
import type { Core } from "./core.ts";
import type { Connection, Person } from "./people.ts";

interface Mark {
  readonly connection: Connection;
  readonly room: string;
  /** As the reader calls it. */
  readonly name: string;
  /** In a private conversation: the other person. */
  readonly other: Person | undefined;
  seq: number;
}

export class Marks {
  readonly #core: Core;
  readonly #conversations: Conversations;
  /** When a person's mark of a room was passed on last (monotonic), and those that wait for their second to be over. */
  readonly #passedAt = new Map<string, number>();
  readonly #waiting = new Map<string, Mark>();
  /** When a person's typing in a place was passed on last (monotonic). */
  readonly #typedAt = new Map<string, number>();

  constructor(core: Core, conversations: Conversations) {
    this.#core = core;
    this.#conversations = conversations;
  }

  /** A person has read a room up to a seq. */
  read(connection: Connection, name: string, seq: number): void {
    const talk = this.#conversations.keyOf(connection.person, name);
    const room = talk === undefined ? this.#core.rooms.find(name) : undefined;
    if (
      talk === undefined && (room === undefined || !room.isHeardBy(connection))
    ) {
      throw new ProtocolError("no-room", `you are not in ${name}`);
    }
    const key = talk?.key ?? room!.key;
    const mark: Mark = {
      connection,
      room: key,
      name: talk?.name ?? room!.name,
      other: talk?.other,
      seq: Math.min(seq, this.#core.rooms.headOf(key)),
    };
    const id = `${connection.person.id} ${key}`;
    const now = this.#core.clock.monotonic();
    const isEarly =
      now < (this.#passedAt.get(id) ?? -Infinity) + READ_INTERVAL_MS;
    mark.seq = Math.max(mark.seq, this.#waiting.get(id)?.seq ?? 0);
    if (isEarly) this.#waiting.set(id, mark);
    else this.#pass(id, mark, now);
  }

  /** A person is typing. */
  typing(connection: Connection, where: { room?: string; to?: string }): void {
    const { person } = connection;
    const name = person.name!;
    if (where.to !== undefined) {
      const other = this.#core.findPerson(where.to)?.person;
      if (
        other === undefined || other === person ||
        this.#hasJustTyped(person, `@${other.id}`)
      ) return;
      this.#core.tell(other.connections, { type: "typing", from: name, name });
      return;
    }
    const room = this.#core.rooms.find(where.room!);
    if (
      room === undefined || !room.isHeardBy(connection) ||
      room.people.size > TYPING_ROOM_MAX_PEOPLE ||
      this.#hasJustTyped(person, room.key)
    ) return;
    const others = this.#core.hearers(room).filter((one) =>
      one.person !== person
    );
    this.#core.tell(others, { type: "typing", room: room.name, name });
  }

  /** Whether a person's typing in a place was passed on not long ago; if not, it is now. */
  #hasJustTyped(person: Person, place: string): boolean {
    const id = `${person.id} ${place}`;
    const now = this.#core.clock.monotonic();
    if (now < (this.#typedAt.get(id) ?? -Infinity) + TYPING_INTERVAL_MS) {
      return true;
    }
    this.#typedAt.set(id, now);
    return false;
  }

  tick(): void {
    const now = this.#core.clock.monotonic();
    for (const [id, mark] of this.#waiting) {
      if (now < (this.#passedAt.get(id) ?? -Infinity) + READ_INTERVAL_MS) {
        continue;
      }
      this.#waiting.delete(id);
      this.#pass(id, mark, now);
    }
    for (const [id, at] of this.#passedAt) {
      if (at + READ_INTERVAL_MS <= now) this.#passedAt.delete(id);
    }
    for (const [id, at] of this.#typedAt) {
      if (at + TYPING_INTERVAL_MS <= now) this.#typedAt.delete(id);
    }
  }

  #pass(
    id: string,
    { connection, room, name, other, seq }: Mark,
    now: number,
  ): void {
    const { person } = connection;
    if (person.key !== undefined) {
      if (seq <= this.#conversations.markOf(person.key, room)) return;
      this.#core.records.put("read", `${person.key} ${room}`, { seq });
    }
    this.#passedAt.set(id, now);
    const own = [...person.connections].filter((one) => one !== connection);
    this.#core.tell(own, { type: "read", room: name, seq });
    if (other !== undefined && other !== person) {
      this.#core.tell(other.connections, {
        type: "read",
        room: `@${person.name}`,
        seq,
      });
    }
  }
}
