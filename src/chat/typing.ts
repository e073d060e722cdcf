/** Who is typing: passed on to those who would read it, at most once in a while. */
import { TYPING_INTERVAL_MS, TYPING_ROOM_MAX_PEOPLE } from "../base/limits.ts";
import type { Core } from "./core.ts";
import type { Roles } from "./roles.ts";
import type { Connection, Person } from "./state.ts";

export class Typing {
  readonly #core: Core;
  readonly #roles: Roles;
  /** When a person's typing in a place was passed on last (monotonic). */
  readonly #passedAt = new Map<string, number>();

  constructor(core: Core, roles: Roles) {
    this.#core = core;
    this.#roles = roles;
  }

  /** A person is typing in a room, or to somebody. */
  typing(connection: Connection, where: { room?: string; to?: string }): void {
    const { person } = connection;
    const name = person.name!;
    if (where.to !== undefined) {
      const other = this.#core.findPerson(where.to)?.person;
      if (other === undefined || other === person) return;
      if (this.#core.isBlocked(person, other)) return;
      if (this.#isEarly(person, `@${other.id}`)) return;
      this.#core.tell(other.connections, { type: "typing", from: name, name });
      return;
    }
    const room = this.#core.rooms.find(where.room!);
    if (!room?.isHeardBy(connection)) return;
    if (this.#roles.isMuted(connection, room.key)) return;
    if (room.people.size > TYPING_ROOM_MAX_PEOPLE) return;
    if (this.#isEarly(person, room.key)) return;
    const others = this.#core.hearers(room).filter((one) =>
      one.person !== person
    );
    this.#core.tell(others, { type: "typing", room: room.name, name });
  }

  tick(): void {
    const { undo, now } = this.#core;
    for (const [id, at] of this.#passedAt) {
      if (at + TYPING_INTERVAL_MS <= now.monotonic) {
        undo.delete(this.#passedAt, id);
      }
    }
  }

  /** Whether a person's typing in a place was passed on not long ago; if not, it is now. */
  #isEarly(person: Person, place: string): boolean {
    const { undo, now: { monotonic } } = this.#core;
    const id = `${person.id} ${place}`;
    const passedAt = this.#passedAt.get(id) ?? -Infinity;
    if (monotonic < passedAt + TYPING_INTERVAL_MS) return true;
    undo.set(this.#passedAt, id, monotonic);
    return false;
  }
}
