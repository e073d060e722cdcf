/** Who is in which room, and what the others hear of it. */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import {
  CUT_GRACE_MS,
  JOIN_REPLAY_MESSAGES,
  PRESENCE_INTERVAL_MS,
  PRESENCE_ROOM_MAX_PEOPLE,
  ROOMS_PER_PERSON,
  TYPING_ROOM_MAX_PEOPLE,
  USERS_LISTED,
} from "../base/limits.ts";
import type {
  Left,
  LeftReason,
  ServerMessage,
  User,
  Users,
} from "../wire/server.ts";
import type { Core } from "./core.ts";
import type { Start } from "./effects.ts";
import { fitFrame } from "../wire/frame_list.ts";
import { foldName } from "../wire/fold.ts";
import type { Roles } from "./roles.ts";
import { FewSet } from "./few_set.ts";
import type { Connection, Person, Room } from "./state.ts";

/** No frame holds more, however short their names. */
const USERS_IN_FRAME = 3_000;

export interface EnterOptions {
  /** Where it begins to hear the room, whose head is given; by default with the last messages. */
  readonly startOf?: (head: number) => Start;
  /** The room is where it is from now on, in the place of the one that it leaves. */
  readonly goes?: { readonly from: Room | undefined };
}

/** Somebody is put out of a room: by whom, why, and whether it is for good. */
export type Removal =
  & Required<Pick<Left, "by">>
  & Pick<Left, "why" | "banned">;

export class Membership {
  readonly #core: Core;
  readonly #roles: Roles;
  /** Cut, and not yet counted as left. */
  readonly #graceful = new Set<
    { readonly person: Person; readonly room: Room }
  >();
  /** Large rooms where people came or went since their last `presence`. */
  readonly #largeRooms = new Set<Room>();
  #countedAt = -Infinity;

  constructor(core: Core, roles: Roles) {
    this.#core = core;
    this.#roles = roles;
  }

  /**
   * The room that a connection means: the one that it names, else where it is.
   *
   * @throws {ProtocolError} `no-room` when it is in none, or not in that one.
   */
  meant(connection: Connection, name: string | undefined): Room {
    if (name === undefined) {
      if (connection.current === undefined) {
        throw inNoRoom();
      }
      return connection.current;
    }
    const room = this.#core.rooms.find(name);
    if (room === undefined || !room.isHeardBy(connection)) {
      throw new ProtocolError(
        "no-room",
        `you are not in ${name}: /join ${name} enters it`,
      );
    }
    return room;
  }

  /**
   * A connection enters a room and hears it from now on, after what the options say.
   *
   * @throws {ProtocolError} `room-invalid`, `banned`, `room-locked` or `limit-reached`.
   */
  enter(
    connection: Connection,
    name: string,
    { startOf = lastMessages, goes }: EnterOptions = {},
  ): Room {
    const { person } = connection;
    const key = foldName(name);
    const known = this.#core.rooms.find(name);
    if (known?.isHeardBy(connection)) {
      if (goes !== undefined) this.#core.goTo(connection, known);
      return known;
    }
    const refusal = this.#roles.readRefusal(connection, key);
    if (refusal !== undefined) throw refusal;
    const isThere = known !== undefined && person.rooms.has(known);
    if (!isThere) this.#roles.requireSameName(connection, key);
    const left = goes?.from?.people.get(person)?.connections.size === 1 ? 1 : 0;
    if (!isThere && person.rooms.size - left >= ROOMS_PER_PERSON) {
      throw new ProtocolError(
        "limit-reached",
        `one can be in ${ROOMS_PER_PERSON} rooms at once: /leave one first`,
      );
    }
    const { undo } = this.#core;
    const room = this.#core.rooms.open(name, connection);
    let presence = room.people.get(person);
    if (presence === undefined) {
      presence = { connections: new FewSet(), leavesAt: undefined };
      undo.set(room.people, person, presence);
      undo.add(person.rooms, room);
      this.#tellComing(room, person);
      if (person.away !== undefined) this.tellUsers(room);
    }
    undo.assign(presence, "leavesAt", undefined);
    undo.add(presence.connections, connection);
    undo.add(connection.rooms, room);
    if (goes !== undefined) this.#core.goTo(connection, room);
    this.#core.effects.push({
      kind: "enter",
      connection: connection.id,
      person: person.id,
      room: room.key,
      name: room.name,
      start: startOf(this.#core.rooms.headOf(room.key)),
      first: this.#firstOf(room),
    });
    return room;
  }

  /** A connection stops hearing a room. With `mayReturn` the person counts as there for a while. */
  exit(
    connection: Connection,
    room: Room,
    how: LeftReason | Removal,
    mayReturn?: "may-return",
  ): void {
    const { person } = connection;
    const { undo, now } = this.#core;
    undo.remove(connection.rooms, room);
    if (connection.current === room) {
      this.#core.goTo(connection, [...connection.rooms].at(-1));
    }
    this.#core.effects.push({
      kind: "exit",
      connection: connection.id,
      room: room.key,
      head: this.#core.rooms.headOf(room.key),
    });
    const presence = room.people.get(person)!;
    undo.remove(presence.connections, connection);
    if (presence.connections.size > 0) return;
    if (mayReturn === undefined) return this.#depart(person, room, how);
    undo.assign(presence, "leavesAt", now.monotonic + CUT_GRACE_MS);
    undo.add(this.#graceful, { person, room });
  }

  /** Whether so many are in a room that nobody there is told who comes and goes. */
  isCrowded(room: Room): boolean {
    return room.people.size > PRESENCE_ROOM_MAX_PEOPLE;
  }

  /** All of a person leaves a room, because somebody made it; what is there gets a notice. */
  remove(person: Person, room: Room, removal: Removal, text: string): void {
    const presence = room.people.get(person);
    if (presence === undefined) return;
    const connections = [...presence.connections];
    for (const connection of connections) this.exit(connection, room, removal);
    if (connections.length === 0) this.#depart(person, room, removal);
    const left = this.#left(person, room, removal);
    for (const connection of connections) {
      this.#core.answer(connection, left);
      this.#core.answer(connection, { type: "notice", text });
    }
    this.forgetIfGone(person);
  }

  /** Those who were cut and did not come back have left; large rooms hear how many they are. */
  tick(): void {
    const { undo, now: { monotonic } } = this.#core;
    for (const entry of this.#graceful) {
      const leavesAt = entry.room.people.get(entry.person)?.leavesAt;
      if (leavesAt !== undefined && leavesAt > monotonic) continue;
      undo.remove(this.#graceful, entry);
      if (leavesAt === undefined) continue;
      this.#depart(entry.person, entry.room, "cut");
      this.forgetIfGone(entry.person);
    }
    const countedAt = this.#countedAt;
    if (monotonic < countedAt + PRESENCE_INTERVAL_MS) return;
    undo.push(() => this.#countedAt = countedAt);
    this.#countedAt = monotonic;
    for (const room of this.#largeRooms) {
      this.#core.announce(room, {
        type: "presence",
        room: room.name,
        count: room.people.size,
      });
      undo.remove(this.#largeRooms, room);
    }
  }

  /** A person without connections and rooms is not here any more. */
  forgetIfGone(person: Person): void {
    if (person.connections.size === 0 && person.rooms.size === 0) {
      this.#core.people.remove(person, this.#core.now.wall);
    }
  }

  /** The people of a room: the first of a large one, and how many there are. */
  users(room: Room, listed: number = USERS_LISTED): Users {
    const first = room.people.keys().take(Math.min(listed, USERS_IN_FRAME));
    const users = fitFrame(
      Array.from(first, (person) => this.#user(person, room)),
    );
    return {
      type: "users",
      room: room.name,
      users,
      ...(room.people.size > users.length ? { count: room.people.size } : {}),
      ...(this.#roles.isLocked(room) ? { locked: true as const } : {}),
    };
  }

  /** Those in a room that is not large hear anew who is there, but for one who knows. */
  tellUsers(room: Room, but?: Connection): void {
    if (room.people.size > TYPING_ROOM_MAX_PEOPLE) return;
    const hearers = this.#core.hearers(room).filter((one) => one !== but);
    this.#core.tell(hearers, this.users(room));
  }

  #user(person: Person, room: Room): User {
    const role = this.#roles.roleOf(person, room);
    return {
      ...person.identity,
      ...(role === undefined ? {} : { role }),
      ...given({ away: this.#awayIn(room, person) }),
    };
  }

  /** What one says of oneself is not shown where one is muted. */
  #awayIn(room: Room, { away, connections }: Person): string | undefined {
    if (away === undefined) return undefined;
    const isMuted = connections.values().some((connection) =>
      this.#roles.isMuted(connection, room.key)
    );
    return isMuted ? undefined : away;
  }

  /** What one that enters is sent before the history. */
  #firstOf(room: Room): ServerMessage[] {
    const topic = this.#roles.topicOf(room);
    const users = this.users(room);
    return topic === undefined
      ? [users]
      : [users, { type: "topic", room: room.name, ...topic }];
  }

  #tellComing(room: Room, person: Person): void {
    if (this.isCrowded(room)) {
      this.#core.undo.assign(room, "isLarge", true);
      return this.#core.undo.add(this.#largeRooms, room);
    }
    this.#core.announce(room, {
      type: "joined",
      room: room.name,
      ...person.identity,
      ...given({ role: this.#roles.roleOf(person, room) }),
      at: this.#core.now.wall,
    });
    const text = this.#core.people.strangerNotice(
      person,
      this.#core.now.wall,
    );
    if (text !== undefined) this.#core.announce(room, { type: "notice", text });
  }

  /** A person is not in a room any more. */
  #depart(person: Person, room: Room, how: LeftReason | Removal): void {
    const { undo } = this.#core;
    undo.delete(room.people, person);
    undo.remove(person.rooms, room);
    if (room.people.size >= PRESENCE_ROOM_MAX_PEOPLE) {
      undo.add(this.#largeRooms, room);
    } else {
      this.#core.announce(room, this.#left(person, room, how));
    }
    if (room.people.size === 0) undo.remove(this.#largeRooms, room);
    this.#core.rooms.vacate(room);
  }

  #left(person: Person, room: Room, how: LeftReason | Removal): Left {
    return {
      type: "left",
      room: room.name,
      ...person.identity,
      at: this.#core.now.wall,
      ...typeof how === "string"
        ? { reason: how }
        : { reason: "kicked" satisfies LeftReason, ...how },
    };
  }
}

/** The beginning of a room for one that enters it without having been there. */
export function lastMessages(head: number): Start {
  return { kind: "last", head, messages: JOIN_REPLAY_MESSAGES };
}

/** Something needs a room, and one is in none. */
export function inNoRoom(): ProtocolError {
  const text = "you are in no room: /join ROOM enters one";
  return new ProtocolError("no-room", text);
}
