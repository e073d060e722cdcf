/** How connections come and go: what the hub knows of them before and behind what they say. */
import { given } from "../base/given.ts";
import type { Entry } from "../store/store.ts";
import type { ByeCode } from "../wire/server.ts";
import { setAway } from "./away.ts";
import type { Core } from "./core.ts";
import { type Gate, NOT_LET_IN } from "./gate.ts";
import { RecentIds } from "./ids.ts";
import type { ConnectionEnd, ConnectionId, Peer } from "./input.ts";
import type { Membership, Removal } from "./membership.ts";
import type { Parts } from "./parts.ts";
import type { ServerBans } from "./server_bans.ts";
import { Connection, Person } from "./state.ts";
import type { Watching } from "./watching.ts";

export class Lifecycle {
  readonly #core: Core;
  readonly #gate: Gate;
  readonly #serverBans: ServerBans;
  readonly #membership: Membership;
  readonly #watching: Watching;

  constructor({ core, gate, serverBans, membership, watching }: Parts) {
    this.#core = core;
    this.#gate = gate;
    this.#serverBans = serverBans;
    this.#membership = membership;
    this.#watching = watching;
  }

  open(id: ConnectionId, peer: Peer): void {
    const { people, connections, undo, effects } = this.#core;
    const refusal = this.#serverBans.refusalOf(peer);
    if (refusal !== undefined) return this.#turnAway(id, refusal);
    const personId = peer.key ?? `guest ${id}`;
    let person = people.get(personId);
    if (person === undefined) {
      person = new Person(personId, peer.key, new RecentIds());
      people.add(person);
    }
    const connection = new Connection(id, peer, person);
    undo.add(person.connections, connection);
    undo.set(connections, id, connection);
    const recall = person.ids.isComplete ? undefined : peer.key;
    effects.push({
      kind: "opened",
      connection: id,
      ...given({ recall }),
    });
  }

  /** Somebody who is banned has come: nothing that it says is looked at. */
  #turnAway(id: ConnectionId, text: string): void {
    this.#core.effects.push({ kind: "opened", connection: id });
    this.#core.refuse(id, { code: "banned", message: text });
    this.#core.effects.push({
      kind: "end",
      connection: id,
      bye: { type: "bye", code: "banned", text },
    });
  }

  recalled(id: ConnectionId, entries: readonly Entry[]): void {
    const ids = this.#core.connections.get(id)?.person.ids;
    if (ids?.isComplete === false) ids.recall(entries);
  }

  /** A connection has the server's password. */
  shown(id: ConnectionId): void {
    const { connections, undo } = this.#core;
    const connection = connections.get(id);
    if (connection !== undefined) undo.assign(connection, "hasPassword", true);
  }

  /** Others are listed to be let in; who is let in by nothing else must go. */
  allowed(keys: readonly string[]): void {
    for (const connection of this.#gate.list(keys)) {
      this.end(connection, "refused", NOT_LET_IN);
    }
  }

  close(id: ConnectionId, how: ConnectionEnd | Removal): void {
    const { connections, undo, lastSeen, now } = this.#core;
    const connection = connections.get(id);
    if (connection === undefined) return;
    undo.delete(connections, id);
    const { person, peer, isReady } = connection;
    undo.remove(person.connections, connection);
    this.#watching.closed(connection);
    const isNoted = person.connections.size === 0 && isReady;
    if (isNoted && person.key !== undefined) {
      const address = peer.isLocal ? undefined : peer.address;
      lastSeen.note(person.key, address, now.wall);
    }
    undo.assign(connection, "current", undefined);
    const mayReturn = how === "cut" && person.key !== undefined
      ? "may-return"
      : undefined;
    for (const room of [...connection.rooms]) {
      this.#membership.exit(connection, room, how, mayReturn);
    }
    this.#membership.forgetIfGone(person);
  }

  /** Somebody says goodbye: who leaves with the last connection is not away any more. */
  leave(connection: Connection): void {
    const { person, isReady } = connection;
    if (isReady && person.connections.size === 1) {
      setAway(this.#core, person, undefined);
    }
    this.end(connection, "closed", "goodbye");
  }

  end(
    connection: Connection,
    code: ByeCode,
    text: string,
    how: "closed" | Removal = "closed",
  ): void {
    this.close(connection.id, how);
    this.#core.effects.push({
      kind: "end",
      connection: connection.id,
      bye: { type: "bye", code, text },
    });
  }

  caughtUp(id: ConnectionId, key: string): void {
    const room = this.#core.connections.get(id)?.rooms.values()
      .find((room) => room.key === key);
    if (room === undefined) return;
    const message = this.#membership.users(room);
    this.#core.effects.push({ kind: "refresh", to: id, message });
  }
}
