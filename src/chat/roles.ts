/** Who may do what in a room, and who may read it: the one check of that. Roles belong to keys. */
import { ProtocolError } from "../base/errors.ts";
import { ADMINS_APPOINTED, ROOM_LIST_KEYS } from "../base/limits.ts";
import type { FewSet } from "./few_set.ts";
import type { Core } from "./core.ts";
import { foldName } from "../wire/names.ts";
import type { RoomRecord } from "./records.ts";
import { LOBBY } from "./rooms.ts";
import { type Connection, type Person, Room } from "./state.ts";

/** What a person is in a room, from least to most. */
export const RANKS = ["member", "operator", "creator", "admin"] as const;
export type Rank = typeof RANKS[number];

/** Lists of people that a room has. */
type RoomList = "operators" | "bans" | "muted" | "invited";
type ItemOf<L extends RoomList> = NonNullable<RoomRecord[L]>[number];

export class Roles {
  readonly #core: Core;
  readonly #admins: ReadonlySet<string>;
  /** Those who became one by a link. */
  readonly #appointed: { keys: Set<string> };

  constructor(core: Core, admins: Iterable<string> = []) {
    this.#core = core;
    this.#admins = new Set(admins);
    this.#appointed = { keys: this.#readAppointed() };
  }

  /** Others have written, and may have changed who may do everything. */
  askAnew(): void {
    this.#core.undo.assign(this.#appointed, "keys", this.#readAppointed());
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
    const { keys } = this.#appointed;
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
    const { keys } = this.#appointed;
    if (!keys.has(key)) return false;
    records.demandStoring();
    records.removeLater("admin", key);
    undo.remove(keys, key);
    return true;
  }

  /** All who may do everything. */
  get admins(): string[] {
    return [...this.#admins.union(this.#appointed.keys)];
  }

  /** Whether somebody may do everything. */
  isAdmin(key: string | undefined): boolean {
    return key !== undefined &&
      (this.#admins.has(key) || this.#appointed.keys.has(key));
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
    if (
      connection.bannedFrom.has(roomKey) ||
      isBanned(record, key, connection.peer.address)
    ) {
      return new ProtocolError("banned", `you are banned from ${record.name}`);
    }
    if (
      record.locked && !isAtLeast(rank, "operator") &&
      !(key !== undefined && record.invited?.includes(key))
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
    const isOpen = !record?.locked || record.invited?.includes(key) ||
      isAtLeast(this.rankOf(key, roomKey), "operator");
    if (isOpen) return false;
    const room = rooms.find(name) ?? new Room(roomKey, record, undefined);
    this.enlist(room, "invited", key);
    return true;
  }

  /** @throws {ProtocolError} `muted`. */
  requireUnmuted(person: Person, room: Room): void {
    const isMuted = person.key === undefined
      ? person.mutedIn.has(room.key)
      : this.#core.records.get("room", room.key)?.muted?.some(({ key }) =>
        key === person.key
      );
    if (isMuted) {
      throw new ProtocolError("muted", `you are muted in ${room.name}`);
    }
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

  /**
   * Puts people into one of a room's lists, in the place of the same ones there.
   *
   * @throws {ProtocolError} `limit-reached` when the list is full.
   */
  enlist<L extends RoomList>(
    room: Room,
    list: L,
    ...people: readonly ItemOf<L>[]
  ): void {
    const listed = this.#listOf(room, list);
    const items = new Map(listed.map((item) => [idOf(item), item]));
    for (const item of people) items.set(idOf(item), item);
    const isSame = items.size === listed.length &&
      people.every((item) => listed.includes(item));
    if (isSame) return;
    if (items.size > ROOM_LIST_KEYS) {
      throw new ProtocolError(
        "limit-reached",
        `a room's list holds at most ${ROOM_LIST_KEYS} people`,
      );
    }
    this.change(room, { [list]: [...items.values()] });
  }

  /** Takes out of one of a room's lists whomever `isMeant` says; `false` when that is nobody. */
  delist<L extends RoomList>(
    room: Room,
    list: L,
    isMeant: (item: ItemOf<L>) => boolean,
  ): boolean {
    const items = this.#listOf(room, list);
    const others = items.filter((item) => !isMeant(item));
    if (others.length === items.length) return false;
    this.change(room, { [list]: others });
    return true;
  }

  #listOf<L extends RoomList>(room: Room, list: L): readonly ItemOf<L>[] {
    return this.recordOf(room)[list] as readonly ItemOf<L>[] | undefined ?? [];
  }

  recordOf(room: Room): RoomRecord {
    return this.#core.rooms.recordOf(room.key) ?? room.made;
  }

  /** Bans a person: by key, or a guest by address (never loopback) and connection. */
  ban(
    room: Room,
    name: string,
    key: string | undefined,
    person: Person | undefined,
  ): void {
    if (key !== undefined) return this.enlist(room, "bans", { name, key });
    for (const connection of person?.connections ?? []) {
      this.#mark(connection.bannedFrom, room, "add");
      const { address, isLocal } = connection.peer;
      if (!isLocal) this.enlist(room, "bans", { name, address });
    }
  }

  /** Lifts the bans of a name or key; `false` when there is none. */
  unban(room: Room, name: string, key: string | undefined): boolean {
    const { bans = [] } = this.recordOf(room);
    const folded = foldName(name);
    // A name may have had another holder, who stays banned.
    const hasKey = key !== undefined && bans.some((ban) => ban.key === key);
    let isLifted = this.delist(
      room,
      "bans",
      (ban) => hasKey ? ban.key === key : foldName(ban.name) === folded,
    );
    const guest = this.#core.people.named(name);
    for (const connection of guest?.connections ?? []) {
      isLifted = this.#mark(connection.bannedFrom, room, "delete") || isLifted;
    }
    return isLifted;
  }

  /** Mutes a guest, who has no record, or ends that; `false` when it was so before. */
  muteGuest(
    { mutedIn }: Person,
    room: Room,
    change: "add" | "delete",
  ): boolean {
    return this.#mark(mutedIn, room, change);
  }

  /** Adds a room to those of a guest, or takes it away; `false` when it was so before. */
  #mark(
    rooms: FewSet<string>,
    { key }: Room,
    change: "add" | "delete",
  ): boolean {
    if (rooms.has(key) === (change === "add")) return false;
    if (change === "add") this.#core.undo.add(rooms, key);
    else this.#core.undo.remove(rooms, key);
    return true;
  }
}

export function isAtLeast(rank: Rank, least: Rank): boolean {
  return RANKS.indexOf(rank) >= RANKS.indexOf(least);
}

/** What tells the people of a list apart. */
function idOf(item: ItemOf<RoomList>): string | undefined {
  if (typeof item === "string") return item;
  return item.key ?? ("address" in item ? item.address : undefined);
}

function isBanned(
  record: RoomRecord,
  key: string | undefined,
  address: string,
): boolean {
  return record.bans?.some((ban) =>
    key === undefined ? ban.address === address : ban.key === key
  ) ?? false;
}
