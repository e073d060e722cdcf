/**
 * Of the random run: who may do what, and who may read which room, told from acknowledged commands
 * and from the contract.
 */
import type { ConnectionId } from "../../src/chat/input.ts";
import { fold, violated } from "./random_names.ts";

export interface Ban {
  readonly name: string;
  readonly key?: string;
  readonly address?: string;
}

/** What holds in a room. */
export interface RoomRules {
  readonly creator: string | undefined;
  readonly operators: ReadonlySet<string>;
  readonly bans: readonly Ban[];
  readonly muted: ReadonlySet<string>;
  /** Where those who were banned were, and when, by address. */
  readonly near: ReadonlyMap<
    string,
    { readonly of: string; readonly at: number }
  >;
  readonly locked: boolean;
  readonly invited: ReadonlySet<string>;
}

/** Who asks to read or to do something. */
export interface Asker {
  readonly line: ConnectionId;
  readonly address: string;
  readonly key: string | undefined;
}

const RANKS = ["member", "operator", "creator", "admin"];

/** What a command asks for: a rank, a rank above the other person's, a key of the other person. */
const DEMANDS: Readonly<
  Record<string, { rank: number; over?: true; keyed?: true; lobby?: false }>
> = {
  kick: { rank: 1, over: true },
  ban: { rank: 1, over: true },
  unban: { rank: 1 },
  bans: { rank: 1 },
  mutes: { rank: 1 },
  mute: { rank: 1, over: true },
  unmute: { rank: 1, over: true },
  op: { rank: 2, over: true, keyed: true, lobby: false },
  deop: { rank: 2, over: true, keyed: true, lobby: false },
  lock: { rank: 1 },
  unlock: { rank: 1 },
  invite: { rank: 1, keyed: true },
  topic: { rank: 1 },
};

/** Whether a command is not everyone's; to see the topic is. */
export function isModeration(
  { name, args }: { readonly name: string; readonly args: string },
): boolean {
  return Object.hasOwn(DEMANDS, name) && (name !== "topic" || args !== "");
}

const NEAR_MS = 24 * 3_600_000;

/** Times are milliseconds UTC. */
interface RulesOptions {
  readonly admins: Iterable<string>;
  readonly now: () => number;
  /** Whether a key held a name at a time. */
  readonly heldAt: (key: string, at: number) => boolean;
}

export class Rules {
  readonly #options: RulesOptions;
  readonly #admins: ReadonlySet<string>;
  readonly #rooms = new Map<string, RoomRules>();
  /** Rooms that guests at a connection are banned from. */
  readonly #guestBans = new Map<ConnectionId, Set<string>>();
  /** Rooms where something was set. */
  readonly #kept = new Set<string>();
  /** Rooms that vanished with all that held in them, but for what guests' connections remember. */
  readonly #vanished = new Set<string>();

  constructor(options: RulesOptions) {
    this.#options = options;
    this.#admins = new Set(options.admins);
  }

  has(room: string): boolean {
    return this.#rooms.has(room);
  }

  rooms(): Iterable<string> {
    return this.#rooms.keys();
  }

  get(room: string): RoomRules {
    return this.#rooms.get(room) ?? violated(`there is no room ${room}`);
  }

  /** Somebody made a room. */
  make(room: string, creator: string | undefined): void {
    this.#rooms.set(room, {
      creator: room === "lobby" ? undefined : creator,
      operators: new Set(),
      bans: [],
      near: new Map(),
      muted: new Set(),
      locked: false,
      invited: new Set(),
    });
  }

  /** Something was set in a room: it holds also when nobody is there. */
  keep(room: string): void {
    this.#kept.add(room);
  }

  /** Nobody is in a room, and nothing was ever said there. */
  drop(room: string): void {
    if (this.#kept.has(room)) return;
    this.#rooms.delete(room);
    this.#vanished.add(room);
  }

  change(room: string, change: Partial<RoomRules>): void {
    this.#rooms.set(room, { ...this.get(room), ...change });
  }

  /** From 0, who is nothing special, to 3, who may everything. */
  rankOf(key: string | undefined, room: string): number {
    if (key === undefined) return 0;
    if (this.#admins.has(key)) return 3;
    const rules = this.#rooms.get(room);
    if (rules === undefined || room === "lobby") return 0;
    return rules.creator === key ? 2 : rules.operators.has(key) ? 1 : 0;
  }

  /** As `users` shows it. */
  roleOf(key: string | undefined, room: string): string | undefined {
    const rank = this.rankOf(key, room);
    return rank === 0 ? undefined : RANKS[rank];
  }

  /** Why one may not read a room. */
  refusalOf(asker: Asker, room: string): "banned" | "room-locked" | undefined {
    const rules = this.#rooms.get(room);
    const { key, address, line } = asker;
    const rank = this.rankOf(key, room);
    if (rules === undefined || rank === 3) return undefined;
    const isBanned = rules.bans.some((ban) =>
      key === undefined ? ban.address === address : ban.key === key
    );
    if (isBanned || this.#guestBans.get(line)?.has(room)) return "banned";
    if (rank === 0 && this.isNew(asker, rules)) return "banned";
    if (!rules.locked || rank > 0) return undefined;
    return key !== undefined && rules.invited.has(key)
      ? undefined
      : "room-locked";
  }

  /** Whether a guest's ban may be of a room of the same name that is no more. */
  isUnsure(line: ConnectionId, room: string): boolean {
    return this.#vanished.has(room) &&
      this.#guestBans.get(line)?.has(room) === true;
  }

  /** Whether one comes from where somebody was banned not long ago, and is not known from before. */
  isNew({ key, address }: Asker, { near }: RoomRules): boolean {
    const { now, heldAt } = this.#options;
    const ban = near.get(address);
    return ban !== undefined && ban.at + NEAR_MS > now() &&
      !(key !== undefined && heldAt(key, ban.at));
  }

  /**
   * Whether a command is for somebody of this rank; `target` is the other person's key, or `null`
   * for a guest.
   */
  allows(
    command: string,
    by: string | undefined,
    room: string,
    target: string | null | undefined,
  ): boolean {
    const demand = DEMANDS[command]!;
    const own = this.rankOf(by, room);
    if (own < demand.rank) return false;
    if (demand.lobby === false && room === "lobby") return false;
    if (target === undefined) return true;
    if (demand.keyed && target === null) return false;
    return !demand.over || own > this.rankOf(target ?? undefined, room);
  }

  banGuest(line: ConnectionId, room: string): void {
    const rooms = this.#guestBans.get(line) ?? new Set();
    this.#guestBans.set(line, rooms);
    rooms.add(room);
  }

  /** Addresses that are everybody's on the machine do not count. */
  ban(room: string, ban: Ban, addresses: readonly string[]): void {
    const at = this.#options.now();
    const near = new Map(this.get(room).near);
    for (const address of addresses) {
      if (!isLocal(address)) near.set(address, { of: targetOf(ban), at });
    }
    this.change(room, { near });
    if (ban.address !== undefined && isLocal(ban.address)) return;
    const { bans } = this.get(room);
    this.keep(room);
    const others = bans.filter((other) =>
      other.key !== ban.key || other.address !== ban.address
    );
    this.change(room, { bans: [...others, ban] });
  }

  unban(
    room: string,
    name: string,
    key: string | undefined,
    lines: Iterable<ConnectionId>,
  ): void {
    const { bans, near } = this.get(room);
    // A name may have had another holder, who stays banned.
    const isKeyed = key !== undefined && bans.some((ban) => ban.key === key);
    const isLifted = (ban: Ban) =>
      isKeyed ? ban.key === key : fold(ban.name) === fold(name);
    const lifted = new Set(bans.filter(isLifted).map(targetOf));
    this.change(room, {
      bans: bans.filter((ban) => !isLifted(ban)),
      near: new Map([...near].filter(([, { of }]) => !lifted.has(of))),
    });
    for (const line of lines) {
      this.#guestBans.get(line)?.delete(room);
    }
  }
}

function targetOf({ key, address }: Ban): string {
  return key ?? address!;
}

function isLocal(address: string): boolean {
  return address.startsWith("127.");
}
