/** Rooms: which there are, and how far their messages go. */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { HEADS_KNOWN } from "../base/limits.ts";
import { Recent } from "../base/recent.ts";
import type { Directory } from "../store/store.ts";
import { foldName, judgeRoom } from "../wire/names.ts";
import { DailyCounts } from "./daily.ts";
import type { Records, RoomRecord } from "./records.ts";
import { type Connection, Room } from "./state.ts";
import type { UndoLog } from "./undo.ts";

/** The room where everyone starts. */
export const LOBBY = "lobby";

export class Rooms {
  readonly #records: Records;
  readonly #undo: UndoLog;
  readonly #directory: Directory;
  /** Seq of the last message of rooms and conversations: as committed, and as it will be. */
  readonly #known = new Recent<string, number>(HEADS_KNOWN);
  readonly #heads = new Map<string, number>();
  readonly #perDay: number;
  readonly #active = new Map<string, Room>();
  /** Rooms made today from each address. */
  readonly #created: DailyCounts;

  /** `perDay`: rooms that may be made a day from one address, 0 for no limit. */
  constructor(
    records: Records,
    undo: UndoLog,
    directory: Directory,
    perDay: number,
  ) {
    this.#records = records;
    this.#undo = undo;
    this.#directory = directory;
    this.#perDay = perDay;
    this.#created = new DailyCounts(perDay, undo);
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
    return this.#active.has(key) || this.headOf(key) > 0;
  }

  /** Seq of the last message of a room or a conversation. */
  headOf(key: string): number {
    const known = this.#heads.get(key) ?? this.#known.get(key);
    if (known !== undefined) return known;
    const head = this.#directory.headOf(key);
    this.#known.set(key, head);
    return head;
  }

  /** A room's name as it was first written, or as it is given when there is no such room yet. */
  writtenName(name: string): string {
    const key = foldName(name);
    return this.#active.get(key)?.name ??
      this.#records.get("room", key)?.name ??
      name;
  }

  /** What holds in a room. One where nothing was said or set yet is its creator's all the same. */
  recordOf(key: string): RoomRecord | undefined {
    return this.#records.get("room", key) ?? this.#active.get(key)?.made;
  }

  /**
   * The room of a name, made if there is none.
   *
   * @throws {ProtocolError} `room-invalid`.
   */
  open(name: string, { peer, person }: Connection): Room {
    const key = foldName(name);
    const active = this.#active.get(key);
    if (active !== undefined) return active;
    judgeRoom(name);
    const creator = key === LOBBY ? undefined : person.key;
    const made = this.#records.get("room", key) ?? {
      name: key === LOBBY ? LOBBY : name,
      ...given({ creator }),
    };
    const origin = peer.isLocal ? undefined : peer.address;
    const room = new Room(key, made, origin);
    this.#undo.set(this.#active, key, room);
    return room;
  }

  /**
   * Something is said or set in a room: from now on it is one, whoever is there.
   *
   * @param now milliseconds UTC.
   * @throws {ProtocolError} `limit-reached` or `not-stored`.
   */
  keep(room: Room, now: number): void {
    if (this.#records.get("room", room.key) !== undefined) return;
    if (room.key !== LOBBY && room.origin !== undefined) {
      this.#countCreation(room.origin, now);
    }
    this.#records.put("room", room.key, room.made);
  }

  /**
   * The next seq of a room or a conversation, for an entry of this turn.
   *
   * @throws {ProtocolError} `not-stored`.
   */
  advance(key: string): number {
    this.#records.demandStoring();
    const seq = this.headOf(key) + 1;
    this.#undo.set(this.#heads, key, seq);
    return seq;
  }

  /** The turn is committed. */
  committed(): void {
    for (const [key, head] of this.#heads) this.#known.set(key, head);
    this.#heads.clear();
  }

  /** Others wrote to the journal: this is the head of a room. */
  follow(key: string, head: number): void {
    this.#known.set(key, head);
  }

  /** A room where nobody is vanishes; its history stays, and what was set there. */
  vacate(room: Room): void {
    if (room.people.size === 0) this.#undo.delete(this.#active, room.key);
  }

  #countCreation(address: string, now: number): void {
    if (this.#created.take(address, now)) return;
    throw new ProtocolError(
      "limit-reached",
      `${this.#perDay} rooms a day can be made from one address: join one that is there`,
    );
  }
}
