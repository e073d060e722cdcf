/** What somebody says becomes an entry: once, however often it is sent under its id. */
import { ProtocolError } from "../base/errors.ts";
import type { Entry, EntryKind } from "../store/store.ts";
import type { Core } from "./core.ts";
import type { AckPlace } from "./effects.ts";
import { contentDigest } from "./ids.ts";
import type { Connection, Person } from "./state.ts";

/** What somebody wants to say. */
export interface Draft {
  readonly kind: EntryKind;
  readonly body: string;
  readonly id?: string | undefined;
}

export class Entries {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** What somebody says now, but for its place. */
  entry(
    person: Person,
    { kind, body, id }: Draft,
  ): Omit<Entry, "room" | "seq"> {
    return {
      at: this.#core.now.wall,
      from: person.name!,
      kind,
      body,
      ...(person.key === undefined ? {} : { person: person.key }),
      ...(id === undefined ? {} : { id }),
    };
  }

  /**
   * An entry is journaled; in a room that `isLarge` they may not know its author; `erases` is the seq
   * of one of the same place that goes with it.
   */
  append(
    connection: Connection,
    entry: Entry,
    place: AckPlace,
    more: { isLarge?: true; erases?: number } = {},
  ): void {
    const { id } = entry;
    connection.person.ids.add(entry, this.#core.undo);
    this.#core.effects.push({
      kind: "append",
      author: connection.id,
      entry,
      ack: id === undefined ? {} : { id, ...place },
      ...more,
    });
  }

  /** Whether this was said before under its id; then it gets the same ack. */
  isSaid(
    connection: Connection,
    room: string,
    { kind, body, id }: Draft,
    place: AckPlace,
  ): boolean {
    const before = id === undefined ? undefined : connection.person.ids.get(id);
    if (id === undefined || before === undefined) return false;
    // Of one that was deleted it is not known any more what it said.
    const { digest = contentDigest(room, kind, body) } = before;
    if (digest !== contentDigest(room, kind, body)) {
      throw new ProtocolError(
        "id-reused",
        "this id belongs to another message of yours: choose a new one",
      );
    }
    this.#core.answer(connection, {
      type: "ack",
      id,
      ...place,
      seq: before.seq,
      at: before.at,
    });
    return true;
  }
}
