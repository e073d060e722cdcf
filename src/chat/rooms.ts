/** Rooms: who is in them, and how far their messages go. */
import { ProtocolError } from "../base/errors.ts";
import { DailyCounts } from "./daily.ts";
import { foldName, judgeRoom } from "../wire/names.ts";
import type { Connection, Person } from "./people.ts";
import type { Records, RoomRecord } from "./records.ts";

/** How a person is in a room. */
export interface Presence {
  readonly connections: Set<Connection>;
  /** When the person counts as left, after its last connection was cut (monotonic milliseconds). */
  leavesAt?: number;
}

export class Room {
  /** The folded name. */
  readonly key: string;
  /** The name as it was first written. */
  readonly name: string;
  /** In the order they came. */
  readonly people = new Map<Person, Presence>();
  /** Seq of the last message. */
  head: number;

  constructor(key: string, name: string, head: number) {
    this.key = key;
    this.name = name;
    this.head = head;
  }

  isHeardBy(connection: Connection): boolean {
    return connection.rooms.has(this.key);
  }
}

/** The room where everyone starts. */
export const LOBBY = "lobby";

export class Rooms {
  readonly #records: Records;
  readonly #heads: Map<string, number>;
  readonly #perDay: number;
  readonly #active = new Map<string, Room>();
  /** Heads before this turn of the rooms whose head moved in it, by key. */
  readonly #before = new Map<string, number>();
  /** Records of the rooms made in this turn, and keys of those that were left by all; should the turn fail, they hold all the same. */
  readonly #made = new Map<string, RoomRecord>();
  readonly #vacated = new Set<string>();
  /** Rooms made today from each address. */
  readonly #created: DailyCounts;

  /** `perDay`: rooms that may be made a day from one address, 0 for no limit. */
  constructor(records: Records, heads: Map<string, number>, perDay: number) {
    this.#records = records;
    this.#heads = heads;
    this.#perDay = perDay;
    this.#created = new DailyCounts(perDay);
    // Those that had people and no messages when the server died.
    for (const key of [...records.keys("room")]) this.#forgetIfVain(key);
  }

  /** Rooms with people in them. */
  active(): Iterable<Room> {
    return this.#active.values();
  }

  /** A room with people in it, by name. */
  find(name: string): Room | undefined {
    return this.#active.get(foldName(name));
  }

  /** Whether a room has people or a history. */
  exists(name: string): boolean {
    const key = foldName(name);
    return this.#active.has(key) || this.#heads.has(key);
  }

  /** Seq of a room's last message, also of one where nobody is. */
  headOf(key: string): number {
    return this.#active.get(key)?.head ?? this.#heads.get(key) ?? 0;
  }

  /** A room's name as it was first written, or as it is given when there is no such room yet. */
  writtenName(name: string): string {
    const key = foldName(name);
    return this.#active.get(key)?.name ??
      this.#records.get("room", key)?.name ??
      name;
  }

  /**
   * The room of a name, made if there is none.
   *
   * @throws {ProtocolError} `room-invalid` or `limit-reached`.
   */
  open(name: string, { peer, person }: Connection, now: number): Room {
    const key = foldName(name);
    const active = this.#active.get(key);
    if (active !== undefined) return active;
    judgeRoom(name);
    let record = this.#records.get("room", key);
    if (record === undefined) {
      if (key !== LOBBY) this.#countCreation(peer.address, now);
      record = {
        name: key === LOBBY ? LOBBY : name,
        ...(person.key === undefined || key === LOBBY
          ? {}
          : { creator: person.key }),
      };
      this.#records.put("room", key, record);
      this.#made.set(key, record);
    }
    const room = new Room(key, record.name, this.headOf(key));
    this.#active.set(key, room);
    return room;
  }

  /** The next seq of a room or a conversation, for an entry of this turn. */
  advance(key: string): number {
    const head = this.headOf(key);
    if (!this.#before.has(key)) this.#before.set(key, head);
    this.#setHead(key, head + 1);
    return head + 1;
  }

  /** A room where nobody is vanishes; its history stays. */
  vacate(room: Room): void {
    if (room.people.size > 0) return;
    this.#active.delete(room.key);
    this.#forgetIfVain(room.key);
  }

  settle(): void {
    this.#before.clear();
    this.#made.clear();
    this.#vacated.clear();
  }

  /**
   * What was said in this turn was not kept, but people are where they went: the records of rooms that were made are written with the next
   * turn, and those of rooms that were left by all, and have no messages, are removed with it.
   */
  revert(): void {
    for (const [key, head] of this.#before) this.#setHead(key, head);
    this.#before.clear();
    for (const [key, record] of this.#made) {
      if (this.#active.has(key)) this.#records.put("room", key, record);
      else this.#made.delete(key);
    }
    const vacated = [...this.#vacated];
    this.#vacated.clear();
    for (const key of vacated) {
      if (!this.#active.has(key)) this.#forgetIfVain(key);
    }
  }

  /** A room where nobody is and nothing was said is none; should the turn fail, it is looked at again. */
  #forgetIfVain(key: string): void {
    this.#vacated.add(key);
    if (this.headOf(key) > 0) return;
    this.#records.remove("room", key);
    this.#made.delete(key);
  }

  #setHead(key: string, head: number): void {
    const room = this.#active.get(key);
    if (room !== undefined) room.head = head;
    if (head === 0) this.#heads.delete(key);
    else this.#heads.set(key, head);
  }

  #countCreation(address: string, now: number): void {
    if (this.#created.take(address, now)) return;
    throw new ProtocolError(
      "limit-reached",
      `${this.#perDay} rooms a day can be made from one address: join one that is there`,
    );
  }
}
