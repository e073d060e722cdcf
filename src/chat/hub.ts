/**
 * The chat: people, rooms and commands. It is pure: no sockets, no clock, no randomness and no storage of its own. Inputs (a connection
 * opens, says something, ends; time goes by) give effects; the server commits them, and says whether that held.
 */
import type { Clock } from "../clock.ts";
import { ConfabError, ProtocolError } from "../errors.ts";
import {
  CUT_GRACE_MS,
  HISTORY_PAGE_MESSAGES,
  JOIN_REPLAY_MESSAGES,
  ROOMS_PER_PERSON,
  USERS_LISTED,
} from "../limits.ts";
import type { Append, DirectoryRecord, Entry } from "../store/store.ts";
import type {
  ChatSend,
  ClientMessage,
  CommandSend,
  Hello,
  HistorySend,
} from "../wire/client_messages.ts";
import type {
  ByeCode,
  LeftReason,
  ServerMessage,
} from "../wire/server_messages.ts";
import { type CommandContext, findCommand, parseCommand } from "./commands.ts";
import type { ConnectionId, Effect, Start, Turn } from "./effects.ts";
import { fitting } from "./fit.ts";
import { contentDigest, RecentIds } from "./ids.ts";
import { judgeRoom } from "./names.ts";
import { Connection, type Peer, People, Person } from "./people.ts";
import { Records } from "./records.ts";
import { LOBBY, type Room, Rooms } from "./rooms.ts";

/** The hub reads the time, and waits for nothing. */
export type HubClock = Pick<Clock, "wall" | "monotonic">;

export interface HubOptions {
  /** What the server calls itself, and its version, in `welcome`. */
  readonly server: string;
  readonly version: string;
  readonly clock: HubClock;
  /** What the store has. */
  readonly records?: Iterable<DirectoryRecord>;
  readonly heads?: Map<string, number>;
}

export class Hub {
  readonly #options: HubOptions;
  readonly #clock: HubClock;
  readonly #records: Records;
  readonly #people: People;
  readonly #rooms: Rooms;
  readonly #connections = new Map<ConnectionId, Connection>();
  /** Cut, and not yet counted as left. */
  readonly #lingering = new Set<{ person: Person; room: Room }>();

  #effects: Effect[] = [];
  /** Ids that this turn's messages brought, and connections that said `hello` in it. */
  #freshIds: { person: Person; id: string }[] = [];
  #greeted: Connection[] = [];

  constructor(options: HubOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#records = new Records(options.records);
    this.#people = new People(this.#records);
    this.#rooms = new Rooms(this.#records, new Map(options.heads));
  }

  // ---- Inputs ----

  /** Whether a person is known here already, so that {@linkcode open} needs no entries. */
  knows(key: string): boolean {
    return this.#people.get(key) !== undefined;
  }

  /** A connection is there. `recent`: the person's last journaled messages with an id, newest first. */
  open(id: ConnectionId, peer: Peer, recent: readonly Entry[] = []): void {
    const personId = peer.key ?? `guest ${id}`;
    let person = this.#people.get(personId);
    if (person === undefined) {
      person = new Person(personId, peer.key, new RecentIds(recent));
      this.#people.add(person);
    }
    const connection = new Connection(id, peer, person);
    person.connections.add(connection);
    this.#connections.set(id, connection);
  }

  /** A connection said something; faults are answered, nothing is thrown. */
  message(id: ConnectionId, message: ClientMessage): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    try {
      this.#handle(connection, message);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.refuse(id, error, "id" in message ? message.id : undefined);
    }
  }

  /** Answers a fault. */
  refuse(
    id: ConnectionId,
    error: ProtocolError,
    requestId: string | undefined = error.id,
  ): void {
    this.#answer(id, {
      type: "error",
      code: error.code,
      text: error.message,
      ...(requestId === undefined ? {} : { id: requestId }),
      ...(error.retryAfterMs === undefined
        ? {}
        : { retryAfterMs: error.retryAfterMs }),
    });
  }

  /** A connection is gone: `cut` without a goodbye, which gives a person with a key some time to come back. */
  close(id: ConnectionId, reason: Extract<LeftReason, "closed" | "cut">): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    this.#connections.delete(id);
    const { person } = connection;
    person.connections.delete(connection);
    const mayReturn = reason === "cut" && person.key !== undefined;
    for (const room of [...connection.rooms.values()]) {
      this.#exit(connection, room, reason, mayReturn);
    }
    this.#forgetIfGone(person);
  }

  /** Time goes by: those who were cut and did not come back have left. */
  tick(): void {
    const now = this.#clock.monotonic();
    for (const entry of this.#lingering) {
      const { person, room } = entry;
      const presence = room.people.get(person);
      if (presence?.leavesAt === undefined) {
        this.#lingering.delete(entry);
      } else if (presence.leavesAt <= now) {
        this.#lingering.delete(entry);
        this.#depart(person, room, "cut");
        this.#forgetIfGone(person);
      }
    }
  }

  // ---- Turns ----

  get hasTurn(): boolean {
    return this.#effects.length > 0;
  }

  /** What the inputs since the last turn want. {@linkcode settle} or {@linkcode revert} must follow before the next input. */
  takeTurn(): Turn {
    const effects = this.#effects;
    this.#effects = [];
    return {
      commit: { appends: appendsOf(effects), writes: this.#records.writes() },
      effects,
    };
  }

  /** The turn is committed. */
  settle(): void {
    this.#freshIds = [];
    this.#greeted = [];
    this.#records.settle();
    this.#rooms.settle();
  }

  /**
   * The turn was not committed. What of it stands all the same is in the turn that this returns, and has nothing to commit: answers, and
   * errors to those whose messages were not stored.
   */
  revert(turn: Turn): Turn {
    for (const { person, id } of this.#freshIds) person.ids.remove(id);
    this.#freshIds = [];
    this.#records.revert();
    this.#rooms.revert();
    this.#people.revert();
    const effects = turn.effects.flatMap(afterFailure);
    for (const connection of this.#greeted) {
      effects.push(...this.#unwelcome(connection));
    }
    this.#greeted = [];
    effects.push(...this.#effects);
    this.#effects = [];
    return { commit: { appends: [], writes: [] }, effects };
  }

  // ---- Handling ----

  #handle(connection: Connection, message: ClientMessage): void {
    if (message.type === "bye") {
      return this.#end(connection, "closed", "goodbye");
    }
    if (message.type === "hello") return this.#hello(connection, message);
    if (!connection.isReady) {
      throw new ProtocolError("bad-message", "say hello first");
    }
    if (message.type === "chat") this.#chat(connection, message);
    else if (message.type === "command") this.#command(connection, message);
    else if (message.type === "history") this.#history(connection, message);
  }

  #hello(connection: Connection, hello: Hello): void {
    if (connection.isReady) {
      throw new ProtocolError("bad-message", "hello was said already");
    }
    const { person } = connection;
    const resume = hello.resume ?? new Map();
    const asked = hello.room ?? (resume.size > 0 ? undefined : LOBBY);
    if (asked !== undefined && asked !== "") judgeRoom(asked);
    this.#people.welcome(person, hello, this.#clock.wall());
    connection.isReady = true;
    this.#greeted.push(connection);
    const names = [
      ...(asked === undefined || asked === "" ? [] : [asked]),
      ...resume.keys(),
    ];
    const current = names.find((name) => !name.startsWith("@"));
    this.#answer(connection.id, {
      type: "welcome",
      name: person.name!,
      server: this.#options.server,
      version: this.#options.version,
      room: current === undefined
        ? ""
        : this.#rooms.find(current)?.name ?? current,
      ...(person.key === undefined ? {} : { key: person.key }),
    });
    this.#effects.push({ kind: "ready", connection: connection.id });
    for (const name of names) {
      this.#enterAtHello(connection, name, resume.get(name));
    }
  }

  /** A room that cannot be entered is an error of its own; the others are entered. */
  #enterAtHello(
    connection: Connection,
    name: string,
    point: { seq: number; at?: number } | undefined,
  ): void {
    try {
      this.#enter(
        connection,
        name,
        (head) =>
          point === undefined
            ? lastMessages(head)
            : { kind: "after", head, ...point },
      );
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.refuse(connection.id, error);
    }
  }

  #chat(connection: Connection, message: ChatSend): void {
    const command = parseCommand(message.txt);
    if (command !== undefined) {
      return this.#run(connection, command.name, command.args, message.id);
    }
    const txt = message.txt.startsWith("//")
      ? message.txt.slice(1)
      : message.txt;
    if (message.to !== undefined) {
      throw new ProtocolError(
        "no-such-person",
        `nobody here is called ${message.to}`,
      );
    }
    this.#say(
      connection,
      this.#roomOf(connection, message.room),
      txt,
      message.id,
    );
  }

  #roomOf(connection: Connection, name: string | undefined): Room {
    if (name === undefined) {
      if (connection.current === undefined) {
        throw new ProtocolError(
          "no-room",
          "you are in no room: /join ROOM enters one",
        );
      }
      return connection.current;
    }
    const room = this.#rooms.find(name);
    if (room === undefined || !room.isHeardBy(connection)) {
      throw new ProtocolError(
        "no-room",
        `you are not in ${name}: /join ${name} enters it`,
      );
    }
    return room;
  }

  #say(
    connection: Connection,
    room: Room,
    txt: string,
    id: string | undefined,
  ): void {
    const { person } = connection;
    const digest = id === undefined ? 0 : contentDigest(room.key, txt, false);
    const before = id === undefined ? undefined : person.ids.get(id);
    if (before !== undefined) {
      if (before.digest !== digest) {
        throw new ProtocolError(
          "id-reused",
          "this id belongs to another message of yours: choose a new one",
        );
      }
      const ack: ServerMessage = {
        type: "ack",
        id: id!,
        room: room.name,
        seq: before.seq,
        at: before.at,
      };
      this.#effects.push({
        kind: "answer",
        to: connection.id,
        message: ack,
        ifFailed: notStored(id),
      });
      return;
    }
    const entry: Entry = {
      room: room.key,
      seq: this.#rooms.advance(room),
      at: this.#clock.wall(),
      from: person.name!,
      txt,
      ...(person.key === undefined ? {} : { person: person.key }),
      ...(id === undefined ? {} : { id }),
    };
    if (id !== undefined) {
      person.ids.add(id, { ...entry, digest });
      this.#freshIds.push({ person, id });
    }
    this.#effects.push({
      kind: "append",
      author: connection.id,
      entry,
      ack: id === undefined ? {} : { id, room: room.name },
    });
  }

  #command(connection: Connection, message: CommandSend): void {
    this.#run(connection, message.name, message.args ?? "", message.id);
  }

  #run(
    connection: Connection,
    name: string,
    args: string,
    id: string | undefined,
  ): void {
    findCommand(name).run(this.#contextOf(connection, id), args.trim());
  }

  #history(
    connection: Connection,
    { room: name, before, after, limit, id }: HistorySend,
  ): void {
    const room = this.#rooms.find(name);
    if (room === undefined || !room.isHeardBy(connection)) {
      const code = this.#rooms.exists(name) ? "no-room" : "no-such-room";
      throw new ProtocolError(
        code,
        `you are not in ${name}: /join ${name} enters it`,
      );
    }
    this.#effects.push({
      kind: "page",
      to: connection.id,
      person: connection.person.id,
      page: {
        room: room.key,
        name: room.name,
        limit: limit ?? HISTORY_PAGE_MESSAGES,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
        ...(id === undefined ? {} : { id }),
      },
    });
  }

  // ---- Rooms ----

  /**
   * A connection enters a room and hears it from now on, after what `startOf` says.
   *
   * @throws {ProtocolError} `room-invalid` or `limit-reached`.
   */
  #enter(
    connection: Connection,
    name: string,
    startOf: (head: number) => Start = lastMessages,
  ): Room {
    const { person } = connection;
    const known = this.#rooms.find(name);
    if (known?.isHeardBy(connection)) {
      connection.current = known;
      return known;
    }
    if (
      person.rooms.size >= ROOMS_PER_PERSON &&
      !(known !== undefined && person.rooms.has(known))
    ) {
      throw new ProtocolError(
        "limit-reached",
        `one can be in ${ROOMS_PER_PERSON} rooms at once: /leave one first`,
      );
    }
    const room = this.#rooms.open(name, person);
    const presence = room.people.get(person);
    if (presence === undefined) {
      this.#announce(room, {
        type: "joined",
        room: room.name,
        ...person.user(),
        at: this.#clock.wall(),
      });
      room.people.set(person, { connections: new Set([connection]) });
      person.rooms.add(room);
    } else {
      delete presence.leavesAt;
      presence.connections.add(connection);
    }
    connection.rooms.set(room.key, room);
    connection.current ??= room;
    this.#effects.push({
      kind: "enter",
      connection: connection.id,
      person: person.id,
      room: room.key,
      name: room.name,
      start: startOf(room.head),
      first: [this.usersOf(room.key)!],
    });
    return room;
  }

  /** A connection stops hearing a room. With `mayReturn` the person counts as there for a while. */
  #exit(
    connection: Connection,
    room: Room,
    reason: LeftReason,
    mayReturn = false,
  ): void {
    const { person } = connection;
    connection.rooms.delete(room.key);
    if (connection.current === room) {
      connection.current = [...connection.rooms.values()].at(-1);
    }
    this.#effects.push({
      kind: "exit",
      connection: connection.id,
      room: room.key,
      head: room.head,
    });
    const presence = room.people.get(person)!;
    presence.connections.delete(connection);
    if (presence.connections.size > 0) return;
    if (mayReturn) {
      presence.leavesAt = this.#clock.monotonic() + CUT_GRACE_MS;
      this.#lingering.add({ person, room });
    } else {
      this.#depart(person, room, reason);
    }
  }

  /** A person is not in a room any more. */
  #depart(person: Person, room: Room, reason: LeftReason): void {
    room.people.delete(person);
    person.rooms.delete(room);
    this.#announce(room, {
      type: "left",
      room: room.name,
      ...person.user(),
      at: this.#clock.wall(),
      reason,
    });
    this.#rooms.vacate(room);
  }

  #forgetIfGone(person: Person): void {
    if (person.connections.size === 0 && person.rooms.size === 0) {
      this.#people.remove(person);
    }
  }

  /** The people of a room, as `users` lists them: the first of a large room, and how many there are. */
  usersOf(
    key: string,
    listed: number = USERS_LISTED,
  ): Extract<ServerMessage, { type: "users" }> | undefined {
    const room = this.#rooms.find(key);
    if (room === undefined) return undefined;
    const users = fitting(
      room.people.keys().take(listed).map((person) => person.user()),
    );
    return {
      type: "users",
      room: room.name,
      users,
      ...(room.people.size > users.length ? { count: room.people.size } : {}),
    };
  }

  #contextOf(connection: Connection, id: string | undefined): CommandContext {
    const { person } = connection;
    const withId = id === undefined ? {} : { id };
    return {
      connection,
      person,
      id,
      answer: (message) =>
        this.#answer(connection.id, { ...message, ...withId }),
      done: (text) => {
        const message: ServerMessage = id === undefined
          ? { type: "notice", text }
          : { type: "ack", id };
        this.#effects.push({
          kind: "answer",
          to: connection.id,
          message,
          ifFailed: notStored(id),
        });
      },
      enter: (name) => connection.current = this.#enter(connection, name),
      join: (name) => {
        const left = connection.current;
        const room = connection.current = this.#enter(connection, name);
        if (left !== undefined && left !== room) {
          this.#exit(connection, left, "left");
        }
        connection.current = room;
        return room;
      },
      leave: (room) => this.#exit(connection, room, "left"),
      rename: (name) => this.#rename(person, name),
      usersOf: (room) => this.usersOf(room.key, Infinity)!,
      rooms: () => ({ type: "rooms", rooms: this.#activeRooms() }),
      close: () => {
        if (id !== undefined) this.#answer(connection.id, { type: "ack", id });
        this.#end(connection, "closed", "goodbye");
      },
    };
  }

  /** The fullest first, as many as a frame holds. */
  #activeRooms(): { name: string; people: number }[] {
    const rooms = Array.from(
      this.#rooms.active(),
      (room) => ({ name: room.name, people: room.people.size }),
    );
    return fitting(rooms.sort((a, b) => b.people - a.people));
  }

  #rename(person: Person, name: string): void {
    const from = person.name!;
    if (from === name) return;
    this.#people.rename(person, name, this.#clock.wall());
    const hearers = new Set<ConnectionId>(
      [...person.connections].filter((one) => one.isReady).map((one) => one.id),
    );
    for (const room of person.rooms) {
      for (const { connections } of room.people.values()) {
        for (const one of connections) {
          hearers.add(one.id);
        }
      }
    }
    const message: ServerMessage = {
      type: "renamed",
      from,
      name: person.name!,
      at: this.#clock.wall(),
    };
    this.#effects.push({
      kind: "tell",
      to: [...hearers],
      message,
      ifFailed: null,
    });
  }

  // ---- Effects ----

  #answer(to: ConnectionId, message: ServerMessage): void {
    this.#effects.push({ kind: "answer", to, message });
  }

  #announce(room: Room, message: ServerMessage): void {
    this.#effects.push({ kind: "announce", room: room.key, message });
  }

  #end(connection: Connection, code: ByeCode, text: string): void {
    this.close(connection.id, "closed");
    this.#effects.push({
      kind: "end",
      connection: connection.id,
      bye: { type: "bye", code, text },
    });
  }

  /** A `hello` whose turn was not kept: the name that it claimed is not the person's. */
  #unwelcome(connection: Connection): Effect[] {
    if (!this.#connections.has(connection.id)) return [];
    this.refuse(connection.id, new ProtocolError("not-stored", NOT_STORED));
    this.#end(connection, "refused", NOT_STORED);
    return [];
  }
}

const NOT_STORED = "the server cannot store anything now: try again later";

function notStored(id: string | undefined): ServerMessage {
  return {
    type: "error",
    code: "not-stored",
    text: NOT_STORED,
    ...(id === undefined ? {} : { id }),
  };
}

function lastMessages(head: number): Start {
  return { kind: "last", head, messages: JOIN_REPLAY_MESSAGES };
}

/** What remains of an effect when its turn was not kept. */
function afterFailure(effect: Effect): Effect[] {
  if (effect.kind === "append") {
    return [{
      kind: "answer",
      to: effect.author,
      message: notStored(effect.ack.id),
    }];
  }
  if (effect.kind === "enter" || effect.kind === "exit") return [effect];
  if (!("ifFailed" in effect) || effect.ifFailed === undefined) return [effect];
  if (effect.ifFailed === null || effect.kind !== "answer") return [];
  return [{ kind: "answer", to: effect.to, message: effect.ifFailed }];
}

/** The entries of a turn by room, in their order. */
function appendsOf(effects: readonly Effect[]): Append[] {
  const rooms = new Map<string, Entry[]>();
  for (const effect of effects) {
    if (effect.kind !== "append") continue;
    const entries = rooms.get(effect.entry.room);
    if (entries === undefined) rooms.set(effect.entry.room, [effect.entry]);
    else entries.push(effect.entry);
  }
  return Array.from(rooms, ([room, entries]) => {
    const [first] = entries;
    if (first === undefined) {
      throw new ConfabError("store", "a room without entries");
    }
    return { room, expectedHead: first.seq - 1, entries };
  });
}
