/** The lists that rooms have and that may be long: who is banned, muted, invited. */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import {
  ROOM_LIST_RECORDS,
  SANCTION_ADDRESS_MS,
  SANCTIONS_SHOWN,
  UNINVITED_PER_TICK,
  UNLOCKS_PER_TICK,
} from "../base/limits.ts";
import type { Core, Somebody } from "./core.ts";
import { FINGERPRINT_PREFIX } from "../wire/fingerprint_text.ts";
import type { FewSet } from "./few_set.ts";
import type { RoomRecord } from "./record_kinds.ts";
import {
  addressesOf,
  counted,
  type Sanction,
  SanctionList,
} from "./sanctions.ts";
import type { Connection, Person, Room } from "./state.ts";

/** Lists of those whom an operator keeps out or silent. */
type Kind = "ban" | "mute";
/** Whose doing it is, and why. */
type Because = Pick<Sanction, "by" | "why">;

/** Somebody on a list, by the name of now or of then, without the address. */
export interface ShownSanction extends Because {
  readonly name: string;
  readonly isGuest: boolean;
  readonly at?: number;
  readonly until?: number;
}

export class RoomLists {
  readonly #core: Core;
  readonly #change: (room: Room, change: Partial<RoomRecord>) => void;

  /** `change` changes a room's record. */
  constructor(
    core: Core,
    change: (room: Room, change: Partial<RoomRecord>) => void,
  ) {
    this.#core = core;
    this.#change = change;
  }

  // ---- Those who are kept out or silent ----

  /** One of the lists of a room, which may be one without anybody in it if it is only read. */
  of(kind: Kind, roomKey: string): SanctionList {
    const recordOf = () => this.#core.rooms.recordOf(roomKey);
    return new SanctionList(this.#core, {
      kind,
      prefix: `${roomKey} `,
      get summary() {
        return recordOf()?.lists?.[kind];
      },
      count: (_target, by, until) => {
        const lists = recordOf()?.lists;
        const summary = counted(lists?.[kind], by, until);
        refuseBeyond(summary.count);
        const room = this.#core.rooms.find(roomKey)!;
        this.#change(room, { lists: { ...lists, [kind]: summary } });
      },
    });
  }

  /**
   * Bans or mutes a person: by key, or a guest by address and connection. Either way new ones from
   * the same address (never loopback) are kept out or silent, too, for a time.
   *
   * @throws {ProtocolError} `limit-reached` or `not-stored`.
   */
  put(kind: Kind, room: Room, target: Somebody, because: Because): void {
    const { name, key, person } = target;
    const list = this.of(kind, room.key);
    const addresses = addressesOf(this.#core, target);
    if (key !== undefined) {
      return list.put(key, { name, addresses, ...because });
    }
    for (const marks of marksOf(kind, person)) this.#mark(marks, room, "add");
    // A ban lasts, and keeps the guests of an address out; a mute need not last so long.
    const until = kind === "ban"
      ? {}
      : { until: this.#core.now.wall + SANCTION_ADDRESS_MS };
    for (const address of addresses) {
      list.put(address, { name, addresses: [address], ...until, ...because });
    }
  }

  /**
   * Who is on a list of a room, the last first: those of them that are looked at, and how many there
   * are. Of guests on the server's machine it is just the name that is known.
   */
  shown(kind: Kind, room: Room): { rows: ShownSanction[]; count: number } {
    const { records, connections } = this.#core;
    const list = this.of(kind, room.key);
    const rows = list.entries(SANCTIONS_SHOWN).map(
      ({ key, value: { at, by, until, why, name: then } }): ShownSanction => {
        const isGuest = !key.startsWith(FINGERPRINT_PREFIX);
        const name = isGuest
          ? then ?? "somebody"
          : records.get("person", key)?.name ?? then ?? key;
        return { name, isGuest, at, ...given({ by, until, why }) };
      },
    ).sort((one, other) => other.at! - one.at!);
    const guests = connections.values().filter(({ peer, person }) =>
      person.key === undefined && peer.isLocal
    ).filter((one) => isMarked(kind, one, room.key)).take(SANCTIONS_SHOWN)
      .map(({ person: { name } }) => ({ name: name!, isGuest: true }));
    rows.push(...guests);
    return { rows, count: Math.max(rows.length, list.count) };
  }

  /** Ends that for a name or a key; `false` when there was nothing to end. */
  lift(kind: Kind, room: Room, name: string, key: string | undefined): boolean {
    let isLifted = this.of(kind, room.key).removeNamed(name, key);
    const guest = this.#core.people.named(name);
    for (const marks of marksOf(kind, guest)) {
      isLifted = this.#mark(marks, room, "delete") || isLifted;
    }
    return isLifted;
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

  // ---- Those who are invited ----

  isInvited(key: string, roomKey: string): boolean {
    const record = this.#core.rooms.recordOf(roomKey);
    const id = `${roomKey} ${record?.unlocks ?? 0} ${key}`;
    return this.#core.records.get("invited", id) !== undefined;
  }

  /** @throws {ProtocolError} `limit-reached` or `not-stored`. */
  invite(key: string, room: Room): void {
    if (this.isInvited(key, room.key)) return;
    const { rooms, records } = this.#core;
    const { unlocks = 0, invited = 0 } = rooms.recordOf(room.key) ?? {};
    refuseBeyond(invited + 1);
    this.#change(room, { invited: invited + 1 });
    records.put("invited", `${room.key} ${unlocks} ${key}`, {});
  }

  uninvite(key: string, room: Room): void {
    if (!this.isInvited(key, room.key)) return;
    const { rooms, records } = this.#core;
    const { unlocks = 0, invited = 0 } = rooms.recordOf(room.key) ?? {};
    this.#change(room, { invited: invited - 1 });
    records.removeLater("invited", `${room.key} ${unlocks} ${key}`);
  }

  /** Invitations count for one lock: those of before count for nothing, and go bit by bit. */
  uninviteAll(room: Room): void {
    const { rooms, records } = this.#core;
    const { unlocks = 0, invited = 0 } = rooms.recordOf(room.key) ?? {};
    if (invited === 0) return;
    records.put("uninvited", `${room.key} ${unlocks}`, {});
    this.#change(room, { unlocks: unlocks + 1, invited: 0 });
  }

  /** Time goes by: some of the invitations that count for nothing go. */
  tick(): void {
    const { records } = this.#core;
    let left = UNINVITED_PER_TICK;
    for (const over of records.list("uninvited", "", UNLOCKS_PER_TICK)) {
      const rest = records.list("invited", `${over.key} `, left);
      for (const { key } of rest) records.removeLater("invited", key);
      left -= rest.length;
      if (left === 0) return;
      records.removeLater("uninvited", over.key);
    }
  }
}

/** Where it is noted of a guest, who has no key. */
function marksOf(kind: Kind, person: Person | undefined): FewSet<string>[] {
  if (person === undefined || person.key !== undefined) return [];
  return kind === "mute"
    ? [person.mutedIn]
    : Array.from(person.connections, ({ bannedFrom }) => bannedFrom);
}

/** Whether it is noted at a connection, which may be a guest's. */
export function isMarked(
  kind: Kind,
  { bannedFrom, person }: Connection,
  roomKey: string,
): boolean {
  return (kind === "ban" ? bannedFrom : person.mutedIn).has(roomKey);
}

function refuseBeyond(count: number): void {
  if (count <= ROOM_LIST_RECORDS) return;
  throw new ProtocolError(
    "limit-reached",
    `a room's list holds at most ${ROOM_LIST_RECORDS} people`,
  );
}
