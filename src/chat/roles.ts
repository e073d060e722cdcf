/** Who may do what in a room, and who may read it: the one check of that. Roles belong to keys. */
import { ProtocolError } from "../base/errors.ts";
import { ADMINS_APPOINTED, ROOM_OPERATORS } from "../base/limits.ts";
import { foldName } from "../wire/fold.ts";
import type { Core } from "./core.ts";
import type { RoomRecord } from "./record_kinds.ts";
import { isMarked, RoomLists } from "./room_lists.ts";
import { LOBBY } from "./rooms.ts";
import { type Connection, type Person, Room } from "./state.ts";

/** What a person is in a room, from least to most. */
export const RANKS = ["member", "operator", "creator", "admin"] as const;
export type Rank = typeof RANKS[number];

export class Roles {
  readonly #core: Core;
  /** Those who were named by whoever runs the server. */
  readonly #admins: Set<string>;
  /** Those who became one by a link, as far as they have been read. */
  readonly #appointed: { keys: Set<string> | undefined };
  readonly lists: RoomLists;

  constructor(core: Core, admins: Iterable<string> = []) {
    this.#core = core;
    this.lists = new RoomLists(
      core,
      (room, change) => this.change(room, change),
    );
    this.#admins = new Set(admins);
    this.#appointed = { keys: this.#readAppointed() };
  }

  /** Others have written, and may have changed who may do everything. */
  askAnew(): void {
    this.#core.undo.assign(this.#appointed, "keys", undefined);
  }

  /** Others may do everything, too, as long as the server runs. */
  name(keys: Iterable<string>): void {
    for (const key of keys) this.#core.undo.add(this.#admins, key);
  }

  /** @throws what asking the directory throws. */
  get #appointedKeys(): Set<string> {
    return this.#appointed.keys ??= this.#readAppointed();
  }

  #readAppointed(): Set<string> {
    const records = this.#core.records.list("admin", "", ADMINS_APPOINTED);
    return new Set(records.map(({ key }) => key));
  }

  /**
   * Somebody may do everything from now on.
   *
   * @throws {ProtocolError} `limit-reached` or `not-stored`.
   */
  appoint(key: string): void {
    const { records, undo, now: { wall: at } } = this.#core;
    const keys = this.#appointedKeys;
    if (keys.size >= ADMINS_APPOINTED) {
      throw new ProtocolError(
        "limit-reached",
        `at most ${ADMINS_APPOINTED} administrators can be made by links`,
      );
    }
    records.put("admin", key, { at });
    undo.add(keys, key);
  }

  /**
   * Somebody whom a link made an administrator is none any more; `false` for anybody else.
   *
   * @throws {ProtocolError} `not-stored`.
   */
  depose(key: string): boolean {
    const { records, undo } = this.#core;
    const keys = this.#appointedKeys;
    if (!keys.has(key)) return false;
    records.demandStoring();
    records.removeLater("admin", key);
    undo.remove(keys, key);
    return true;
  }

  /** All who may do everything. */
  get admins(): string[] {
    return [...this.#admins.union(this.#appointedKeys)];
  }

  /** Whether somebody may do everything. */
  isAdmin(key: string | undefined): boolean {
    return key !== undefined &&
      (this.#admins.has(key) || this.#appointedKeys.has(key));
  }

  rankOf(key: string | undefined, roomKey: string): Rank {
    if (key === undefined) return "member";
    if (this.isAdmin(key)) return "admin";
    const record = this.#core.rooms.recordOf(roomKey);
    if (record === undefined || roomKey === LOBBY) return "member";
    if (record.creator === key) return "creator";
    return record.operators?.includes(key) ? "operator" : "member";
  }

  /** How `users` shows it. */
  roleOf(person: Person, room: Room): string | undefined {
    const rank = this.rankOf(person.key, room.key);
    return rank === "member" ? undefined : rank;
  }

  /**
   * Asks for a rank.
   *
   * @throws {ProtocolError} `not-allowed`.
   */
  demand(person: Person, room: Room, least: Rank): void {
    if (isAtLeast(this.rankOf(person.key, room.key), least)) return;
    const who = room.key === LOBBY
      ? "an administrator"
      : least === "operator"
      ? "an operator"
      : "the room's creator";
    throw new ProtocolError(
      "not-allowed",
      `only ${who} may do this in ${room.name}`,
    );
  }

  /**
   * Asks that one stands above another.
   *
   * @throws {ProtocolError} `not-allowed`.
   */
  demandOver(person: Person, target: string | undefined, room: Room): void {
    const own = RANKS.indexOf(this.rankOf(person.key, room.key));
    if (own > RANKS.indexOf(this.rankOf(target, room.key))) return;
    throw new ProtocolError(
      "not-allowed",
      `you cannot do this to somebody of your own rank or above in ${room.name}`,
    );
  }

  /**
   * Whether a connection may read a room: to join it, resume it, search it, or ask for its history.
   *
   * @returns why not, or `undefined` when it may.
   */
  readRefusal(
    connection: Connection,
    roomKey: string,
  ): ProtocolError | undefined {
    const { key } = connection.person;
    const record = this.#core.rooms.recordOf(roomKey);
    const rank = this.rankOf(key, roomKey);
    if (record === undefined || rank === "admin") return undefined;
    if (this.#isOn("ban", connection, roomKey)) {
      return new ProtocolError("banned", `you are banned from ${record.name}`);
    }
    if (
      record.locked && !isAtLeast(rank, "operator") &&
      !(key !== undefined && this.lists.isInvited(key, roomKey))
    ) {
      return new ProtocolError(
        "room-locked",
        `${record.name} is locked: ask an operator of it for an invitation`,
      );
    }
    return undefined;
  }

  mayRead(connection: Connection, roomKey: string): boolean {
    return this.readRefusal(connection, roomKey) === undefined;
  }

  /**
   * Invites a key into a room that is locked to it, whoever is there.
   *
   * @returns `false` when it may read the room anyway.
   * @throws {ProtocolError} `limit-reached` or `not-stored`.
   */
  inviteInto(name: string, key: string): boolean {
    const { rooms } = this.#core;
    const roomKey = foldName(name);
    const record = rooms.recordOf(roomKey);
    const isOpen = !record?.locked || this.lists.isInvited(key, roomKey) ||
      isAtLeast(this.rankOf(key, roomKey), "operator");
    if (isOpen) return false;
    const room = rooms.find(name) ?? new Room(roomKey, record, undefined);
    this.lists.invite(key, room);
    return true;
  }

  isMuted(connection: Connection, roomKey: string): boolean {
    return this.#isOn("mute", connection, roomKey);
  }

  /** @throws {ProtocolError} `muted`. */
  requireUnmuted(connection: Connection, room: Room): void {
    if (!this.isMuted(connection, room.key)) return;
    throw new ProtocolError("muted", `you are muted in ${room.name}`);
  }

  /**
   * What would be said in all of one's rooms by another way than saying it.
   *
   * @throws {ProtocolError} `muted` when one is in any of them.
   */
  requireUnmutedEverywhere(connection: Connection): void {
    for (const room of connection.person.rooms) {
      this.requireUnmuted(connection, room);
    }
  }

  /**
   * One who is muted comes back under the name of then, or without one: another would be said to
   * everybody there.
   *
   * @throws {ProtocolError} `muted`.
   */
  requireSameName(
    { person: { key, name } }: Connection,
    roomKey: string,
  ): void {
    const { claims } = this.#core.people;
    if (key === undefined || claims.heldBy(key) === undefined) return;
    const mute = this.lists.of("mute", roomKey).find(key);
    const then = mute?.name;
    if (then === undefined || foldName(then) === foldName(name!)) return;
    const room = this.#core.rooms.writtenName(roomKey);
    throw new ProtocolError(
      "muted",
      `you are muted in ${room}, as ${then}: come back under that name`,
    );
  }

  /** Whoever has a rank is known, and on a list by key or not at all. */
  #isOn(
    kind: "ban" | "mute",
    connection: Connection,
    roomKey: string,
  ): boolean {
    if (isMarked(kind, connection, roomKey)) return true;
    // Most lists never had anybody on them.
    if (this.#core.rooms.recordOf(roomKey)?.lists?.[kind] === undefined) {
      return false;
    }
    const { peer, person: { key } } = connection;
    const list = this.lists.of(kind, roomKey);
    return key !== undefined && this.rankOf(key, roomKey) !== "member"
      ? list.find(key) !== undefined
      : list.has(key, peer);
  }

  isLocked(room: Room): boolean {
    return this.#core.records.get("room", room.key)?.locked === true;
  }

  topicOf(room: Room): RoomRecord["topic"] {
    return this.#core.records.get("room", room.key)?.topic;
  }

  /** Changes a room's record. */
  change(room: Room, change: Partial<RoomRecord>): void {
    const { records, rooms, now } = this.#core;
    rooms.keep(room, now.wall);
    records.put("room", room.key, { ...this.recordOf(room), ...change });
  }

  /** @throws {ProtocolError} `limit-reached` or `not-stored`. */
  addOperator(room: Room, key: string): void {
    const { operators = [] } = this.recordOf(room);
    if (operators.includes(key)) return;
    if (operators.length >= ROOM_OPERATORS) {
      throw new ProtocolError(
        "limit-reached",
        `a room has at most ${ROOM_OPERATORS} operators`,
      );
    }
    this.change(room, { operators: [...operators, key] });
  }

  /** `false` when it was none. */
  removeOperator(room: Room, key: string): boolean {
    const { operators = [] } = this.recordOf(room);
    if (!operators.includes(key)) return false;
    this.change(room, { operators: operators.filter((one) => one !== key) });
    return true;
  }

  recordOf(room: Room): RoomRecord {
    return this.#core.rooms.recordOf(room.key) ?? room.made;
  }
}

export function isAtLeast(rank: Rank, least: Rank): boolean {
  return RANKS.indexOf(rank) >= RANKS.indexOf(least);
}
