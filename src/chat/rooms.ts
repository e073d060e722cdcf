/** Rooms: which there are, and how far their messages go. */
import { ProtocolError } from "../base/errors.ts";
import { foldName, judgeRoom } from "../wire/names.ts";
import { DailyCounts } from "./daily.ts";
import type { Records } from "./records.ts";
import { type Connection, Room } from "./state.ts";
import type { UndoLog } from "./undo.ts";

/** The room where everyone starts. */
export const LOBBY = "lobby";

export class Rooms {
  readonly #records: Records;
  readonly #undo: UndoLog;
  /** Seq of the last message of every room and conversation that has one. */
  readonly #heads: Map<string, number>;
  readonly #perDay: number;
  readonly #active = new Map<string, Room>();
  /** Rooms made today from each address. */
  readonly #created: DailyCounts;

  /** `perDay`: rooms that may be made a day from one address, 0 for no limit. */
  constructor(
    records: Records,
    undo: UndoLog,
    heads: Map<string, number>,
    perDay: number,
  ) {
    this.#records = records;
    this.#undo = undo;
    this.#heads = heads;
    this.#perDay = perDay;
    this.#created = new DailyCounts(perDay, undo);
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

  /** Seq of the last message of a room or a conversation. */
  headOf(key: string): number {
    return this.#heads.get(key) ?? 0;
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
   * @throws {ProtocolError} `room-invalid`, `limit-reached` or `not-stored`.
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
    }
    const room = new Room(key, record.name);
    this.#undo.set(this.#active, key, room);
    return room;
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

  /** Others wrote to the journal: this is the head of a room. */
  follow(key: string, head: number): void {
    this.#undo.set(this.#heads, key, head);
  }

  /** A room where nobody is vanishes; its history stays. */
  vacate(room: Room): void {
    if (room.people.size > 0) return;
    this.#undo.delete(this.#active, room.key);
    this.#forgetIfVain(room.key);
  }

  /** A room where nobody is and nothing was said is none. */
  #forgetIfVain(key: string): void {
    if (this.headOf(key) === 0) this.#records.removeLater("room", key);
  }

  #countCreation(address: string, now: number): void {
    if (this.#created.take(address, now)) return;
    throw new ProtocolError(
      "limit-reached",
      `${this.#perDay} rooms a day can be made from one address: join one that is there`,
    );
  }
}
