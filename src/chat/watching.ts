/** Which administrators watch the server: for as long as they are that, and here. */
import { ProtocolError } from "../base/errors.ts";
import { WATCHERS } from "../base/limits.ts";
import type { WatchSend } from "../wire/client.ts";
import type { Core } from "./core.ts";
import type { Roles } from "./roles.ts";
import type { Connection } from "./state.ts";

export class Watching {
  readonly #core: Core;
  readonly #roles: Roles;
  readonly #watchers = new Set<Connection>();

  constructor(core: Core, roles: Roles) {
    this.#core = core;
    this.#roles = roles;
  }

  /**
   * A connection watches something, in place of what it did before, or nothing any more.
   *
   * @throws {ProtocolError} `not-allowed` or `limit-reached`.
   */
  watch(connection: Connection, { what, id }: WatchSend): void {
    if (!this.#roles.isAdmin(connection.person.key)) {
      throw new ProtocolError(
        "not-allowed",
        "only an administrator may watch the server",
      );
    }
    const isNew = !this.#watchers.has(connection);
    if (what.length > 0 && isNew && this.#watchers.size >= WATCHERS) {
      throw new ProtocolError(
        "limit-reached",
        `at most ${WATCHERS} connections can watch the server`,
      );
    }
    if (id !== undefined) this.#core.answer(connection, { type: "ack", id });
    this.#change(connection, what);
  }

  /** A connection is over. */
  closed(connection: Connection): void {
    this.#core.undo.remove(this.#watchers, connection);
  }

  /** Some may be no administrators any more. */
  review(): void {
    for (const connection of [...this.#watchers]) {
      if (this.#roles.isAdmin(connection.person.key)) continue;
      this.#change(connection, []);
    }
  }

  #change(connection: Connection, what: WatchSend["what"]): void {
    const { undo, effects } = this.#core;
    if (what.length > 0) undo.add(this.#watchers, connection);
    else undo.remove(this.#watchers, connection);
    effects.push({ kind: "watch", connection: connection.id, what });
  }
}
