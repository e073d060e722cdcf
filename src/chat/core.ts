/** What all parts of the hub stand on: who and what there is, and the effects of the present turn. */
import type { Clock } from "../base/clock.ts";
import { ProtocolError } from "../base/errors.ts";
import {
  NAMES_CLAIMED_PER_DAY,
  ROOMS_CREATED_PER_DAY,
} from "../base/limits.ts";
import type { DirectoryRecord } from "../store/store.ts";
import type { ServerMessage } from "../wire/server.ts";
import type { ConnectionId, Effect } from "./effects.ts";
import { type Connection, People, type Person } from "./people.ts";
import { Records } from "./records.ts";
import { type Room, Rooms } from "./rooms.ts";

/** The hub reads the time, and waits for nothing. */
export type HubClock = Pick<Clock, "wall" | "monotonic">;

export interface HubOptions {
  /** What the server calls itself, and its version, in `welcome`. */
  readonly server: string;
  readonly version: string;
  readonly clock: HubClock;
  /** What the store has. */
  readonly records?: Iterable<DirectoryRecord>;
  readonly heads?: Map<string, number>;
  /** Fingerprints of those who may do everything. */
  readonly admins?: Iterable<string>;
  /** Rooms and names of new people that may be made a day from one address; 0 for no limit. */
  readonly roomsPerDay?: number;
  readonly claimsPerDay?: number;
}

/** Somebody who was called by name: `person` when here, `key` unless a guest. */
export interface Somebody {
  readonly key: string | undefined;
  readonly name: string;
  readonly person: Person | undefined;
}

export class Core {
  readonly clock: HubClock;
  readonly records: Records;
  readonly people: People;
  readonly rooms: Rooms;
  readonly connections = new Map<ConnectionId, Connection>();
  effects: Effect[] = [];
  /** What takes back, should the turn fail, what it did to things that are in no record. */
  #undo: (() => void)[] = [];

  constructor(options: HubOptions) {
    this.clock = options.clock;
    this.records = new Records(options.records);
    this.people = new People(
      this.records,
      options.claimsPerDay ?? NAMES_CLAIMED_PER_DAY,
    );
    this.rooms = new Rooms(
      this.records,
      new Map(options.heads),
      options.roomsPerDay ?? ROOMS_CREATED_PER_DAY,
    );
  }

  /** Something was done that is in no record: `undo` takes it back should the turn fail. */
  ifLost(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** The turn is committed. */
  settle(): void {
    this.#undo = [];
    this.records.settle();
    this.rooms.settle();
    this.people.settle();
  }

  /** The turn was not committed. */
  revert(): void {
    for (const undo of this.#undo.reverse()) undo();
    this.#undo = [];
    this.records.revert();
    this.rooms.revert();
    this.people.revert();
  }

  /** One connection gets a message; `ifFailed` in its place when the turn is not stored. */
  answer(
    to: Connection,
    message: ServerMessage,
    ifFailed?: ServerMessage | null,
  ): void {
    this.effects.push({
      kind: "answer",
      to: to.id,
      message,
      ...(ifFailed === undefined ? {} : { ifFailed }),
    });
  }

  /** Those who hear a room get a message. */
  announce(
    room: Room,
    message: ServerMessage,
    options: { ifStored?: true } = {},
  ): void {
    this.effects.push({
      kind: "announce",
      room: room.key,
      message,
      ...(options.ifStored ? { ifFailed: null } : {}),
    });
  }

  /** Some connections get a message that they can do without. */
  tell(
    to: Iterable<Connection>,
    message: ServerMessage,
    options: { ifStored?: true } = {},
  ): void {
    const ids = Array.from(to).filter((one) => one.isReady).map((one) =>
      one.id
    );
    if (ids.length === 0) return;
    this.effects.push({
      kind: "tell",
      to: ids,
      message,
      ...(options.ifStored ? { ifFailed: null } : {}),
    });
  }

  /** Answers a fault. */
  refuse(
    to: ConnectionId,
    error: ProtocolError,
    requestId: string | undefined = error.id,
  ): void {
    this.effects.push({
      kind: "answer",
      to,
      message: {
        type: "error",
        code: error.code,
        text: error.message,
        ...(requestId === undefined ? {} : { id: requestId }),
        ...(error.retryAfterMs === undefined
          ? {}
          : { retryAfterMs: error.retryAfterMs }),
      },
    });
  }

  /** Another room is where a connection is; it is told so. */
  goTo(connection: Connection, room: Room | undefined): void {
    if (connection.current === room) return;
    connection.current = room;
    this.answer(connection, { type: "here", room: room?.name ?? "" });
  }

  /** Connections that hear a room. */
  *hearers(room: Room): Generator<Connection> {
    for (const { connections } of room.people.values()) yield* connections;
  }

  /** Somebody by name: here, or who holds the name. */
  findPerson(name: string): Somebody | undefined {
    const person = this.people.named(name);
    if (person !== undefined) {
      return { key: person.key, name: person.name!, person };
    }
    const holder = this.people.holderOf(name);
    if (holder === undefined) return undefined;
    // One whose name was a guest's when it came has another while it is here.
    const here = this.people.get(holder.key);
    return { key: holder.key, name: here?.name ?? holder.name, person: here };
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

export const NOT_STORED =
  "the server cannot store anything now: try again later";

/** What an author gets in place of an `ack` when the turn was not stored. */
export function notStored(id: string | undefined): ServerMessage {
  return {
    type: "error",
    code: "not-stored",
    text: NOT_STORED,
    ...(id === undefined ? {} : { id }),
  };
}
