/** What all parts of the hub share: who and what there is, the time, the effects of the turn. */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import {
  LISTED_PER_DAY,
  NAMES_CLAIMED_PER_DAY,
  ROOMS_CREATED_PER_DAY,
} from "../base/limits.ts";
import { EMPTY_DIRECTORY } from "../store/directory.ts";
import type { Directory } from "../store/store.ts";
import type { ServerMessage } from "../wire/server.ts";
import type { Audit, Effect } from "./effects.ts";
import type { GateOptions } from "./gate_options.ts";
import type { ConnectionId, Moment, Refusal } from "./input.ts";
import { DailyCounts } from "./daily.ts";
import { LastSeen } from "./last_seen.ts";
import { People } from "./people.ts";
import { Records } from "./records.ts";
import { Rooms } from "./rooms.ts";
import type { Connection, Person, Room } from "./state.ts";
import { UndoLog } from "./undo.ts";

export interface HubOptions {
  /** What the server calls itself, and its version, in `welcome`. */
  readonly server: string;
  readonly version: string;
  /** What is committed; nothing by default. */
  readonly directory?: Directory;
  /** Who is let in, and with what. */
  readonly gate?: GateOptions;
  /** Fingerprints of those who may do everything. */
  readonly admins?: Iterable<string>;
  /**
   * Rooms, names of new people, and entries of rooms' lists that may be made a day from one address;
   * 0 for no limit.
   */
  readonly roomsPerDay?: number;
  readonly claimsPerDay?: number;
  readonly listedPerDay?: number;
}

export type RoomsListed = Extract<ServerMessage, { type: "rooms" }>["rooms"];

/** Somebody who was called by name: `person` when here, `key` unless a guest. */
export interface Somebody {
  readonly key: string | undefined;
  readonly name: string;
  readonly person: Person | undefined;
}

export class Core {
  readonly undo = new UndoLog();
  readonly records: Records;
  readonly people: People;
  readonly rooms: Rooms;
  readonly connections = new Map<ConnectionId, Connection>();
  readonly lastSeen: LastSeen;
  /** Entries of rooms' lists that each address has made today. */
  readonly listed: DailyCounts;
  /** When the present input happened. */
  now: Moment = { wall: 0, monotonic: 0 };
  effects: Effect[] = [];
  /** The rooms as they were listed last, and when (monotonic milliseconds). */
  readonly roomList: { last: { at: number; rooms: RoomsListed } | undefined } =
    {
      last: undefined,
    };

  constructor(options: HubOptions) {
    const { undo } = this;
    const { directory = EMPTY_DIRECTORY } = options;
    this.records = new Records(undo, directory);
    this.lastSeen = new LastSeen(undo);
    this.listed = new DailyCounts(options.listedPerDay ?? LISTED_PER_DAY, undo);
    this.people = new People(
      this.records,
      undo,
      options.claimsPerDay ?? NAMES_CLAIMED_PER_DAY,
    );
    this.rooms = new Rooms(
      this.records,
      undo,
      directory,
      options.roomsPerDay ?? ROOMS_CREATED_PER_DAY,
    );
  }

  /** One connection gets a message. */
  answer(to: Connection, message: ServerMessage): void {
    this.effects.push({ kind: "answer", to: to.id, message });
  }

  /** Those who hear a room get a message. */
  announce(room: Room, message: ServerMessage): void {
    this.effects.push({ kind: "announce", room: room.key, message });
  }

  /** Some connections get a message that they can do without. */
  tell(to: Iterable<Connection>, message: ServerMessage): void {
    const ids = Array.from(to).filter((one) => one.isReady).map(({ id }) => id);
    if (ids.length > 0) this.effects.push({ kind: "tell", to: ids, message });
  }

  /** Answers a fault. */
  refuse(
    to: ConnectionId,
    { code, message: text, id, retryAfterMs, room }: Refusal,
  ) {
    this.effects.push({
      kind: "answer",
      to,
      message: {
        type: "error",
        code,
        text,
        ...given({ id, retryAfterMs, room }),
      },
    });
  }

  /** Notes for the operator of the server what somebody who may has done. */
  audit(audit: Audit): void {
    this.effects.push({ kind: "audit", audit });
  }

  /** Another room is where a connection is; it is told so. */
  goTo(connection: Connection, room: Room | undefined): void {
    if (connection.current === room) return;
    this.undo.assign(connection, "current", room);
    this.answer(connection, { type: "here", room: room?.name ?? "" });
  }

  /** Connections that hear a room. */
  *hearers(room: Room): Generator<Connection> {
    for (const { connections } of room.people.values()) yield* connections;
  }

  /** Whether somebody does not want what another says privately. */
  isBlocked(
    other: Pick<Person, "key">,
    owner: Pick<Somebody, "key">,
  ): boolean {
    if (owner.key === undefined || other.key === undefined) return false;
    const key = `${owner.key} ${other.key}`;
    return this.records.get("block", key) !== undefined;
  }

  /**
   * @throws {ProtocolError} `not-allowed` when somebody does not want what another says privately.
   */
  demandNotBlocked(other: Person, owner: Somebody): void {
    if (!this.isBlocked(other, owner)) return;
    const text = `${owner.name} takes no private messages from you`;
    throw new ProtocolError("not-allowed", text);
  }

  /** Somebody by name: here, or who holds the name. */
  findPerson(name: string): Somebody | undefined {
    const person = this.people.named(name);
    if (person !== undefined) {
      return { key: person.key, name: person.name!, person };
    }
    const holder = this.people.claims.holderOf(name);
    if (holder === undefined) return undefined;
    // One whose name was a guest's when it came has another while it is here.
    const here = this.people.get(holder.key);
    return { key: holder.key, name: here?.name ?? holder.name, person: here };
  }

  /** When somebody who is not here was here last, in milliseconds UTC, as precisely as is known. */
  seenAt(key: string): number {
    const { usedAt = 0 } = this.records.get("person", key) ?? {};
    return Math.max(usedAt, this.lastSeen.at(key) ?? 0);
  }

  /**
   * As {@linkcode findPerson}.
   *
   * @throws {ProtocolError} `no-such-person`.
   */
  needPerson(name: string): Somebody {
    const found = this.findPerson(name);
    if (found === undefined) {
      throw new ProtocolError("no-such-person", `nobody is called ${name}`);
    }
    return found;
  }
}
