/** Rooms: which there are, and how far their messages go. */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { HEADS_KNOWN } from "../base/limits.ts";
import { Recent } from "../base/recent.ts";
import type { Directory } from "../store/store.ts";
import { foldName } from "../wire/fold.ts";
import {
  judgeNewRoom,
  judgeRoom,
  nameLooks,
  wordLooks,
} from "../wire/names.ts";
import { DailyCounts } from "./daily.ts";
import { Looks } from "./looks.ts";
import type { RoomRecord } from "./record_kinds.ts";
import type { Records } from "./records.ts";
import { type Connection, Room } from "./state.ts";
import type { UndoLog } from "./undo.ts";

/** The room where everyone starts. */
export const LOBBY = "lobby";
const LOBBY_LOOKS: ReadonlySet<string> = new Set(wordLooks(LOBBY));

export class Rooms {
  readonly #records: Records;
  readonly #undo: UndoLog;
  readonly #directory: Directory;
  /** Seq of the last message of rooms and conversations: as committed, and as it will be. */
  readonly #known = new Recent<string, number>(HEADS_KNOWN);
  readonly #heads = new Map<string, number>();
  readonly #perDay: number;
  readonly #space: { refusal: string | undefined } = { refusal: undefined };
  readonly #active = new Map<string, Room>();
  /** Those with people in them by what their names look like; and those where something was said. */
  readonly #byLook = new Map<string, Room>();
  readonly #looks: Looks;
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
    this.#looks = new Looks(
      records,
      "room-look",
      (folded) => this.#isKept(folded),
    );
  }

  /** How many rooms have people in them. */
  get size(): number {
    return this.#active.size;
  }

  /** Rooms with people in them, the fullest first. */
  *fullest(): Generator<Room> {
    const bySize = new Map<number, Room[]>();
    for (const room of this.#active.values()) {
      const { size } = room.people;
      const alike = bySize.get(size);
      if (alike === undefined) bySize.set(size, [room]);
      else alike.push(room);
    }
    const sizes = [...bySize.keys()].sort((a, b) => b - a);
    for (const size of sizes) yield* bySize.get(size)!;
  }

  /** Keys of rooms where something was said, most recently said first. */
  recentKeys(looked: number): string[] {
    return this.#directory.recentRooms(looked);
  }

  /** Those of them where nobody is. */
  *emptyKeys(looked: number): Generator<string> {
    for (const key of this.recentKeys(looked)) {
      if (!this.#active.has(key)) yield key;
    }
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
   * Judges a name by which somebody wants to enter a room: of one that there is not yet, it must not
   * look like that of another.
   *
   * @throws {ProtocolError} `room-invalid`.
   */
  judge(name: string): void {
    if (
      foldName(name) === LOBBY || this.recordOf(foldName(name)) ||
      this.exists(name)
    ) {
      return judgeRoom(name);
    }
    judgeNewRoom(name);
    const looks = nameLooks(name);
    const isTaken =
      looks.some((look) => LOBBY_LOOKS.has(look) || this.#byLook.has(look)) ||
      this.#looks.alike(looks).values().some((other) => this.#isKept(other));
    if (!isTaken) return;
    throw new ProtocolError(
      "room-invalid",
      `a room cannot be called ${name}: that looks like a room that there is`,
    );
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
    this.judge(name);
    const creator = key === LOBBY ? undefined : person.key;
    const made = this.#records.get("room", key) ?? {
      name: key === LOBBY ? LOBBY : name,
      ...given({ creator }),
    };
    const origin = peer.isLocal ? undefined : peer.address;
    const room = new Room(key, made, origin);
    this.#undo.set(this.#active, key, room);
    for (const look of nameLooks(room.name)) {
      this.#undo.set(this.#byLook, look, room);
    }
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
    const isLobby = room.key === LOBBY;
    if (!isLobby && room.origin !== undefined) {
      this.#countCreation(room.origin, now);
    }
    this.#records.put("room", room.key, room.made);
    if (isLobby) return;
    const { name: written, key: folded } = room;
    this.#looks.note({ written, folded }, undefined, now);
  }

  /** Why nothing new is taken, while that is so. */
  limit(refusal: string | undefined): void {
    this.#undo.assign(this.#space, "refusal", refusal);
  }

  /** @throws {ProtocolError} `not-stored` while nothing new is taken. */
  demandSpace(): void {
    const { refusal } = this.#space;
    if (refusal !== undefined) throw new ProtocolError("not-stored", refusal);
  }

  /**
   * The next seq of a room or a conversation, for an entry of this turn. With a deletion there is
   * less to keep than before.
   *
   * @throws {ProtocolError} `not-stored`.
   */
  advance(key: string, what: "message" | "deletion" = "message"): number {
    this.#records.demandStoring();
    if (what === "message") this.demandSpace();
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
    if (room.people.size > 0) return;
    this.#undo.delete(this.#active, room.key);
    for (const look of nameLooks(room.name)) {
      if (this.#byLook.get(look) !== room) continue;
      this.#undo.delete(this.#byLook, look);
    }
  }

  /** Whether a room, by its folded name, is one whoever is there; one that is forgotten is not. */
  #isKept(folded: string): boolean {
    return this.#records.get("room", folded) !== undefined;
  }

  #countCreation(address: string, now: number): void {
    if (this.#created.take(address, now)) return;
    throw new ProtocolError(
      "limit-reached",
      `${this.#perDay} rooms a day can be made from one address: join one that is there`,
    );
  }
}
