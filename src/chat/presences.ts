/** What people learn of those whom they write to privately: whether they are here, or away. */
import { given } from "../base/given.ts";
import { PRESENCES_TOLD } from "../base/limits.ts";
import type { Core, Somebody } from "./core.ts";
import type { AckPlace } from "./effects.ts";
import type { Connection, Person } from "./state.ts";

/** Nothing of one who is here and not away. */
export type PresenceTold = Pick<AckPlace, "away" | "later">;

export class Presences {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Of one who has blocked the writer there is nothing to be told. */
  of(writer: Person, other: Somebody): PresenceTold {
    const { person } = other;
    if (person === writer || this.#core.isBlocked(writer, other)) return {};
    if (person?.isReachable) return given({ away: person.away });
    // What is said to a guest does not wait.
    return other.key === undefined ? {} : { later: true };
  }

  /**
   * A connection that gets no ack is told so, unless it was told that last; that somebody is here,
   * only where it asks for the `presence`.
   */
  tell(
    connection: Connection,
    other: Somebody,
    presence: PresenceTold,
    what: "changes" | "presence",
  ): void {
    const { undo } = this.#core;
    const { presencesTold: told } = connection;
    const key = other.key ?? other.person!.id;
    const text = textOf(other.name, presence);
    if (told.get(key) === text) return;
    undo.delete(told, key);
    const isHere = presence.away === undefined && presence.later === undefined;
    if (isHere && what === "changes") return;
    const [first] = told.keys();
    if (told.size >= PRESENCES_TOLD) undo.delete(told, first!);
    undo.set(told, key, text);
    this.#core.answer(connection, { type: "notice", text });
  }
}

function textOf(name: string, { away, later }: PresenceTold): string {
  if (later) return `${name} is not here: ${name} will read it later`;
  return away === undefined ? `${name} is here` : `${name} is away: ${away}`;
}
