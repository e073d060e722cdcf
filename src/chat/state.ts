/** Who and what there is in the chat: people, their connections, and rooms with people in them. */
import { FewSet } from "./few_set.ts";
import type { RecentIds } from "./ids.ts";
import type { ConnectionId, Peer } from "./input.ts";
import type { RoomRecord } from "./record_kinds.ts";

export class Connection {
  readonly id: ConnectionId;
  readonly peer: Peer;
  readonly person: Person;
  /** In the order they were entered. */
  readonly rooms = new FewSet<Room>();
  current: Room | undefined;
  /** Keys of the private conversations that it hears. */
  readonly conversations = new FewSet<string>();
  /** Those of them where it began with what was said then; the first of many make way. */
  readonly liveConversations = new FewSet<string>();
  /** What it was told of whether people are here to whom it writes, by their keys or ids. */
  readonly presencesTold = new Map<string, string>();
  /** Keys of the rooms that a guest at it is banned from. */
  readonly bannedFrom = new FewSet<string>();
  /** Has shown the server's password. */
  hasPassword = false;
  /** Has said `hello` and had its `welcome`. */
  isReady = false;

  constructor(id: ConnectionId, peer: Peer, person: Person) {
    this.id = id;
    this.peer = peer;
    this.person = person;
  }
}

/** Somebody: a static key, or one keyless connection. */
export class Person {
  /** The fingerprint, or of a guest something that is no fingerprint. */
  readonly id: string;
  readonly key: string | undefined;
  /** The ids of its last messages. */
  readonly ids: RecentIds;
  /** Those that are open; only the ready ones are in rooms. */
  readonly connections = new FewSet<Connection>();
  /** Rooms where the person counts as present. */
  readonly rooms = new FewSet<Room>();
  /** `undefined` until a first `hello`. */
  name: string | undefined;
  /** Why, or just that, the person is not at the keys. */
  away: string | undefined;
  /** When the person came, and last did something: milliseconds UTC. */
  since = 0;
  activeAt = 0;
  /** Ids of those who were told that its name was another's before. */
  readonly warned = new FewSet<string>();
  /** Keys of the rooms where a guest is muted. */
  readonly mutedIn = new FewSet<string>();

  constructor(id: string, key: string | undefined, ids: RecentIds) {
    this.id = id;
    this.key = key;
    this.ids = ids;
  }

  /** Whether the person hears now what is said to it. */
  get isReachable(): boolean {
    return this.connections.values().some((one) => one.isReady);
  }

  /** How the person is told from others. */
  get identity(): { name: string; key?: string; guest?: true } {
    return this.key === undefined
      ? { name: this.name!, guest: true }
      : { name: this.name!, key: this.key };
  }
}

/** How a person is in a room. */
export interface Presence {
  readonly connections: FewSet<Connection>;
  /** When the person counts as left, after its last connection was cut (monotonic milliseconds). */
  leavesAt: number | undefined;
}

export class Room {
  /** The folded name. */
  readonly key: string;
  /** The name as it was first written. */
  readonly name: string;
  /** What holds in it until it is kept. */
  readonly made: RoomRecord;
  /** The address from which it was made, where that counts. */
  readonly origin: string | undefined;
  /** In the order they came. */
  readonly people = new Map<Person, Presence>();
  /** So many were there that somebody's coming was not told. */
  isLarge = false;

  constructor(key: string, made: RoomRecord, origin: string | undefined) {
    this.key = key;
    this.name = made.name;
    this.made = made;
    this.origin = origin;
  }

  isHeardBy(connection: Connection): boolean {
    return connection.rooms.has(this);
  }
}
