/**
 * The chat: people, rooms and commands. It is pure: no sockets, no clock, no randomness and no storage of its own. Inputs (a connection
 * opens, says something, ends; time goes by) give effects; the server commits them, and says whether that held.
 */
import { ProtocolError } from "../base/errors.ts";
import { HISTORY_PAGE_MESSAGES } from "../base/limits.ts";
import type { Append, Entry } from "../store/store.ts";
import type {
  ChatSend,
  ClientMessage,
  Hello,
  HistorySend,
} from "../wire/client.ts";
import type {
  ByeCode,
  LeftReason,
  ServerMessage,
  Users,
} from "../wire/server.ts";
import type { CommandContext } from "./commands/command.ts";
import { findCommand } from "./commands/table.ts";
import { Conversations } from "./conversations.ts";
import { Core, type HubOptions, NOT_STORED, notStored } from "./core.ts";
import type { ConnectionId, Effect, Start, Turn } from "./effects.ts";
import { RecentIds } from "./ids.ts";
import { Marks } from "./read_marks.ts";
import { lastMessages, Membership } from "./membership.ts";
import { foldName, judgeRoom } from "../wire/names.ts";
import { parseSlash, unslash } from "../wire/slash.ts";
import { Connection, type Peer, Person } from "./people.ts";
import { Roles } from "./roles.ts";
import { LOBBY, type Room } from "./rooms.ts";

export type { HubClock, HubOptions } from "./core.ts";

export class Hub {
  readonly #options: HubOptions;
  readonly #core: Core;
  readonly #roles: Roles;
  readonly #membership: Membership;
  readonly #conversations: Conversations;
  readonly #marks: Marks;
  /** Connections that said `hello` in this turn. */
  #greeted: Connection[] = [];

  constructor(options: HubOptions) {
    this.#options = options;
    this.#core = new Core(options);
    this.#roles = new Roles(this.#core, options.admins);
    this.#membership = new Membership(this.#core, this.#roles);
    this.#conversations = new Conversations(this.#core, this.#roles);
    this.#marks = new Marks(this.#core, this.#conversations);
  }

  // ---- Inputs ----

  /** Whether a person is known here already, so that {@linkcode open} needs no entries. */
  knows(key: string): boolean {
    return this.#core.people.get(key) !== undefined;
  }

  /** A connection is there. `recent`: the person's last journaled messages with an id, newest first. */
  open(id: ConnectionId, peer: Peer, recent: readonly Entry[] = []): void {
    const { people, connections } = this.#core;
    const personId = peer.key ?? `guest ${id}`;
    let person = people.get(personId);
    if (person === undefined) {
      person = new Person(personId, peer.key, new RecentIds(recent));
      people.add(person);
    }
    const connection = new Connection(id, peer, person);
    person.connections.add(connection);
    connections.set(id, connection);
  }

  /** A connection said something; faults are answered, nothing is thrown. */
  message(id: ConnectionId, message: ClientMessage): void {
    const connection = this.#core.connections.get(id);
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
    this.#core.refuse(id, error, requestId);
  }

  /** A connection is gone: `cut` without a goodbye, which gives a person with a key some time to come back. */
  close(id: ConnectionId, reason: Extract<LeftReason, "closed" | "cut">): void {
    const connection = this.#core.connections.get(id);
    if (connection === undefined) return;
    this.#core.connections.delete(id);
    const { person } = connection;
    person.connections.delete(connection);
    connection.current = undefined;
    const mayReturn = reason === "cut" && person.key !== undefined
      ? "may-return"
      : undefined;
    for (const room of [...connection.rooms.values()]) {
      this.#membership.exit(connection, room, reason, mayReturn);
    }
    this.#membership.forgetIfGone(person);
  }

  /** Time goes by; called about once a second. */
  tick(): void {
    this.#membership.tick();
    this.#marks.tick();
  }

  /** The people of a room, as `users` lists them. */
  usersOf(key: string): Users | undefined {
    const room = this.#core.rooms.find(key);
    return room === undefined ? undefined : this.#membership.users(room);
  }

  // ---- Turns ----

  /** Effects that wait for the end of the turn. */
  get pendingEffects(): number {
    return this.#core.effects.length;
  }

  /** What the inputs since the last turn want. {@linkcode settle} or {@linkcode revert} must follow before the next input. */
  takeTurn(): Turn {
    const { effects } = this.#core;
    this.#core.effects = [];
    return {
      commit: {
        appends: appendsOf(effects),
        writes: this.#core.records.writes(),
      },
      effects,
    };
  }

  /** The turn is committed. */
  settle(): void {
    this.#greeted = [];
    this.#core.settle();
  }

  /**
   * The turn was not committed. What of it stands all the same is in the turn that this returns, and has nothing to commit: answers, and
   * errors to those whose messages were not stored.
   */
  revert(turn: Turn): Turn {
    this.#core.revert();
    const unwelcome = new Set(this.#greeted.map(({ id }) => id));
    const effects = turn.effects.flatMap(afterFailure)
      .filter((effect) => !isFor(effect, unwelcome));
    for (const connection of this.#greeted) this.#unwelcome(connection);
    this.#greeted = [];
    for (const effect of turn.effects) {
      if (effect.kind === "enter") {
        this.#sendBack(effect.connection, effect.room);
      }
    }
    effects.push(...this.#core.effects);
    this.#core.effects = [];
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
    if (
      message.type !== "read" && message.type !== "ping" &&
      message.type !== "pong"
    ) {
      connection.person.activeAt = this.#core.clock.wall();
    }
    if (message.type === "chat") this.#chat(connection, message);
    else if (message.type === "command") {
      this.#run(connection, message);
    } else if (message.type === "history") this.#history(connection, message);
    else if (message.type === "typing") this.#marks.typing(connection, message);
    else if (message.type === "read") {
      this.#marks.read(connection, message.room, message.seq);
    }
  }

  #hello(connection: Connection, hello: Hello): void {
    if (connection.isReady) {
      throw new ProtocolError("bad-message", "hello was said already");
    }
    const { person } = connection;
    const resume = hello.resume ?? new Map();
    const resumed = [...resume.keys()].filter((name) => !name.startsWith("@"));
    const asked = hello.room ?? (resumed.length > 0 ? undefined : LOBBY);
    const names = new Map<string, string>();
    for (
      const name of [
        ...(asked === undefined || asked === "" ? [] : [asked]),
        ...resumed,
      ]
    ) names.set(foldName(name), name);
    if (asked !== undefined && asked !== "") judgeRoom(asked);
    this.#core.people.welcome(person, hello, this.#core.clock.wall());
    connection.isReady = true;
    this.#greeted.push(connection);
    const points = new Map(
      Array.from(resume, ([name, point]) => [foldName(name), point]),
    );
    // The welcome comes first, and says which room was entered.
    const { effects } = this.#core;
    const entering = effects.length;
    for (const [key, name] of names) {
      this.#enterAtHello(connection, name, points.get(key));
    }
    const entered = effects.splice(entering);
    [connection.current] = connection.rooms.values();
    const room = connection.current?.name ?? "";
    this.#core.answer(connection, {
      type: "welcome",
      name: person.name!,
      server: this.#options.server,
      version: this.#options.version,
      room,
      ...(person.key === undefined ? {} : { key: person.key }),
    });
    this.#core.answer(connection, { type: "here", room });
    effects.push({ kind: "ready", connection: connection.id }, ...entered);
    this.#conversations.resume(connection, resume);
  }

  /** A room that cannot be entered is an error of its own; the others are entered. */
  #enterAtHello(
    connection: Connection,
    name: string,
    point: { seq: number; at?: number } | undefined,
  ): void {
    try {
      const startOf = (head: number): Start =>
        point === undefined
          ? lastMessages(head)
          : { kind: "after", head, ...point };
      this.#membership.enter(connection, name, { startOf });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.refuse(connection.id, error);
    }
  }

  #chat(connection: Connection, message: ChatSend): void {
    const { id } = message;
    const command = parseSlash(message.txt);
    if (command !== undefined) {
      return this.#run(connection, { ...command, id, room: message.room });
    }
    const txt = unslash(message.txt);
    if (message.to !== undefined) {
      return this.#conversations.sayTo(
        connection,
        message.to.replace(/^@/, ""),
        { kind: "text", body: txt, id },
      );
    }
    this.#conversations.say(
      connection,
      this.#roomOf(connection, message.room),
      { kind: "text", body: txt, id },
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
    const room = this.#core.rooms.find(name);
    if (room === undefined || !room.isHeardBy(connection)) {
      throw new ProtocolError(
        "no-room",
        `you are not in ${name}: /join ${name} enters it`,
      );
    }
    return room;
  }

  #run(
    connection: Connection,
    { name, args = "", id, room }: {
      readonly name: string;
      readonly args?: string;
      readonly id?: string | undefined;
      readonly room?: string | undefined;
    },
  ): void {
    const command = findCommand(name);
    const meant = room === undefined
      ? connection.current
      : this.#roomOf(connection, room);
    command.run(this.#contextOf(connection, meant, id), args.trim());
  }

  #history(
    connection: Connection,
    { room: asked, before, after, limit, id }: HistorySend,
  ): void {
    const { person } = connection;
    const place = this.#conversations.keyOf(person, asked) ??
      this.#readable(connection, asked);
    this.#core.effects.push({
      kind: "page",
      to: connection.id,
      person: person.id,
      page: {
        room: place.key,
        name: place.name,
        limit: limit ?? HISTORY_PAGE_MESSAGES,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
        ...(id === undefined ? {} : { id }),
      },
    });
  }

  /** A room that a connection may read, whether it is in it or not. */
  #readable(
    connection: Connection,
    name: string,
  ): { key: string; name: string } {
    const key = foldName(name);
    // Conversations have heads, too: their keys are no rooms.
    if (name.startsWith("@")) {
      throw new ProtocolError(
        "no-such-person",
        `there is no conversation with ${name.slice(1)}`,
      );
    }
    if (!this.#core.rooms.exists(name)) {
      throw new ProtocolError(
        "no-such-room",
        `there is no room ${name}: /list shows those that there are`,
      );
    }
    const refusal = this.#roles.whyNotRead(connection, key);
    if (refusal !== undefined) throw refusal;
    return { key, name: this.#core.rooms.writtenName(name) };
  }

  #contextOf(
    connection: Connection,
    room: Room | undefined,
    id: string | undefined,
  ): CommandContext {
    const withId = id === undefined ? {} : { id };
    return {
      connection,
      person: connection.person,
      room,
      id,
      core: this.#core,
      roles: this.#roles,
      membership: this.#membership,
      conversations: this.#conversations,
      answer: (message) =>
        this.#core.answer(connection, { ...message, ...withId }),
      done: (text, kind = "stored") => {
        const message: ServerMessage = id === undefined
          ? { type: "notice", text }
          : { type: "ack", id };
        const ifFailed = kind === "stored" ? notStored(id) : undefined;
        this.#core.answer(connection, message, ifFailed);
      },
      close: () => {
        if (id !== undefined) {
          this.#core.answer(connection, { type: "ack", id });
        }
        this.#end(connection, "closed", "goodbye");
      },
    };
  }

  #end(connection: Connection, code: ByeCode, text: string): void {
    this.close(connection.id, "closed");
    this.#core.effects.push({
      kind: "end",
      connection: connection.id,
      bye: { type: "bye", code, text },
    });
  }

  /** A `hello` whose turn was not kept: the name that it claimed is not the person's. */
  #unwelcome(connection: Connection): void {
    if (!this.#core.connections.has(connection.id)) return;
    this.refuse(connection.id, new ProtocolError("not-stored", NOT_STORED));
    this.#end(connection, "refused", NOT_STORED);
    const { person } = connection;
    const isGone = person.rooms.size === 0 &&
      person.connections.values().every((one) => !one.isReady);
    // It may have another connection, which is yet to say hello.
    if (isGone) this.#core.people.unname(person);
  }

  /** Who entered a room in a turn that was not kept leaves it again, if it was that turn that let it in. */
  #sendBack(id: ConnectionId, roomKey: string): void {
    const connection = this.#core.connections.get(id);
    const room = connection?.rooms.get(roomKey);
    if (connection === undefined || room === undefined) return;
    const refusal = this.#roles.whyNotRead(connection, roomKey);
    if (refusal === undefined) return;
    this.#membership.remove(connection.person, room, refusal.message);
  }
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
  if (!("ifFailed" in effect) || effect.ifFailed === undefined) return [effect];
  if (effect.ifFailed === null || effect.kind !== "answer") return [];
  return [{ kind: "answer", to: effect.to, message: effect.ifFailed }];
}

/** Whether an effect gives something to one of these connections. */
function isFor(effect: Effect, ids: ReadonlySet<ConnectionId>): boolean {
  switch (effect.kind) {
    case "answer":
    case "page":
    case "search":
      return ids.has(effect.to);
    case "enter":
    case "ready":
      return ids.has(effect.connection);
    default:
      return false;
  }
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
  return Array.from(
    rooms,
    ([room, entries]) => ({ room, expectedHead: entries[0]!.seq - 1, entries }),
  );
}
