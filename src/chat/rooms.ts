/** Rooms: who is in them, and how far their messages go. */
import { foldName, judgeRoom } from "./names.ts";
import type { Connection, Person } from "./people.ts";
import type { Records } from "./records.ts";

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
  readonly #active = new Map<string, Room>();
  /** Heads before this turn of the rooms whose head moved in it, by key. */
  readonly #before = new Map<string, number>();

  constructor(records: Records, heads: Map<string, number>) {
    this.#records = records;
    this.#heads = heads;
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

  /** A room's name as it was first written. */
  nameOf(key: string): string {
    return this.#active.get(key)?.name ??
      this.#records.get("room", key)?.name ?? key;
  }

  /**
   * The room of a name, made if there is none.
   *
   * @throws {ProtocolError} `room-invalid`.
   */
  open(name: string, creator: Person): Room {
    const key = foldName(name);
    const active = this.#active.get(key);
    if (active !== undefined) return active;
    judgeRoom(name);
    let record = this.#records.get("room", key);
    if (record === undefined) {
      record = {
        name,
        ...(creator.key === undefined || key === LOBBY
          ? {}
          : { creator: creator.key }),
      };
      this.#records.put("room", key, record);
    }
    const room = new Room(key, record.name, this.#heads.get(key) ?? 0);
    this.#active.set(key, room);
    return room;
  }

  /** The room's next seq, for an entry of this turn. */
  advance(room: Room): number {
    if (!this.#before.has(room.key)) this.#before.set(room.key, room.head);
    return ++room.head;
  }

  /** A room where nobody is vanishes; its history stays. */
  vacate(room: Room): void {
    if (room.people.size > 0) return;
    this.#active.delete(room.key);
    if (room.head === 0) this.#records.remove("room", room.key);
    else this.#heads.set(room.key, room.head);
  }

  settle(): void {
    this.#before.clear();
  }

  /** What was said in this turn was not kept, nor were the records of rooms made in it: those are written with the next. */
  revert(): void {
    for (const [key, head] of this.#before) {
      const room = this.#active.get(key);
      if (room !== undefined) room.head = head;
      if (head === 0) this.#heads.delete(key);
      else this.#heads.set(key, head);
    }
    this.#before.clear();
    for (const room of this.#active.values()) {
      if (this.#records.get("room", room.key) === undefined) {
        this.#records.put("room", room.key, { name: room.name });
      }
    }
  }
}
