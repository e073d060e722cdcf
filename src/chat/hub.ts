/**
 * The chat: people, rooms and commands. It is pure: no sockets, no clock, no randomness and no
 * storage of its own. Inputs go in one by one, as data; what they want done is taken turn by turn,
 * as data. Whether a turn was committed is an input like any other.
 */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { HISTORY_PAGE_MESSAGES } from "../base/limits.ts";
import { EMPTY_DIRECTORY } from "../store/directory.ts";
import type { Append, Conflict, Entry, Place } from "../store/store.ts";
import type { ChatSend, Hello, HistorySend } from "../wire/client.ts";
import { foldName } from "../wire/names.ts";
import { parseSlash, unslash } from "../wire/slash.ts";
import type { ByeCode, ServerMessage } from "../wire/server.ts";
import {
  type Command,
  type CommandContext,
  firstWord,
} from "./commands/command.ts";
import { findCommand } from "./commands/table.ts";
import { Conversations } from "./conversations.ts";
import { Core, type HubOptions } from "./core.ts";
import { Deletions } from "./deletions.ts";
import type { Audit, Effect, Start, Turn } from "./effects.ts";
import { Gate, NOT_LET_IN } from "./gate.ts";
import { RecentIds } from "./ids.ts";
import type { ConnectionEnd, ConnectionId, Input, Peer } from "./input.ts";
import { lastMessages, Membership } from "./membership.ts";
import { ReadMarks } from "./read_marks.ts";
import { NOT_STORED } from "./records.ts";
import { Roles } from "./roles.ts";
import { LOBBY } from "./rooms.ts";
import { ServerBans } from "./server_bans.ts";
import { Connection, Person, type Room } from "./state.ts";
import { Typing } from "./typing.ts";

export type { HubOptions } from "./core.ts";

type MessageInput = Extract<Input, { kind: "message" }>;

/** What a command is asked with, whether it came as one or as a text. */
interface CommandCall {
  readonly name: string;
  readonly args?: string;
  readonly id?: string | undefined;
  readonly room?: string | undefined;
}

/** To somebody whom a link has just made that. */
const NOW_ADMIN =
  "you are an administrator of this server now: /server lists what you may do";

export class Hub {
  readonly #options: HubOptions;
  readonly #core: Core;
  readonly #roles: Roles;
  readonly #gate: Gate;
  readonly #serverBans: ServerBans;
  readonly #membership: Membership;
  readonly #conversations: Conversations;
  readonly #deletions: Deletions;
  readonly #readMarks: ReadMarks;
  readonly #typing: Typing;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#core = new Core(options);
    this.#roles = new Roles(this.#core, options.admins);
    this.#gate = new Gate(this.#core, this.#roles, options.gate);
    this.#serverBans = new ServerBans(
      this.#core,
      (key) => this.#roles.isAdmin(key),
    );
    this.#membership = new Membership(this.#core, this.#roles);
    this.#conversations = new Conversations(this.#core, this.#roles);
    this.#deletions = new Deletions(
      this.#core,
      this.#roles,
      this.#conversations,
      options.directory ?? EMPTY_DIRECTORY,
    );
    this.#readMarks = new ReadMarks(this.#core, this.#conversations);
    this.#typing = new Typing(this.#core, this.#roles);
    this.#core.undo.clear();
  }

  /** Effects that wait to be taken. */
  get pendingEffects(): number {
    return this.#core.effects.length;
  }

  /** What the inputs since the last turn want. The input `committed` or `failed` must come next. */
  takeTurn(): Turn {
    const { effects } = this.#core;
    this.#core.effects = [];
    this.#deletions.endTurn();
    const appends = appendsOf(effects);
    const writes = this.#core.records.writes();
    const erasures = erasuresOf(effects);
    const commit = { appends, writes };
    return {
      commit: erasures.length > 0 ? { ...commit, erasures } : commit,
      effects,
    };
  }

  /**
   * Takes what has happened. A fault of a peer is answered, nothing is thrown for it.
   *
   * After `failed` everything is as it was before the turn, whose inputs are to be put in again.
   * After a conflict they meet what others have written; else all that wants something stored is
   * refused, until the next `committed`.
   *
   * @throws what asking the directory throws: then the input has not happened.
   */
  handle(input: Input): void {
    if ("at" in input) this.#core.now = input.at;
    else return this.#take(input);
    const { undo, effects } = this.#core;
    const mark = undo.mark;
    const { length } = effects;
    try {
      this.#take(input);
    } catch (error) {
      undo.rollback(mark);
      effects.length = length;
      throw error;
    }
  }

  #take(input: Input): void {
    switch (input.kind) {
      case "open":
        return this.#open(input.connection, input.peer);
      case "recalled":
        return this.#recalled(input.connection, input.entries);
      case "message":
        return this.#message(input);
      case "password":
        return this.#shown(input.connection);
      case "refuse":
        if (!this.#core.connections.has(input.connection)) return;
        return this.#core.refuse(input.connection, input.refusal);
      case "caught-up":
        return this.#caughtUp(input.connection, input.room);
      case "close":
        return this.#close(input.connection, input.how);
      case "followed":
        return this.#followed(input.entries);
      case "allowed":
        return this.#allowed(input.keys);
      case "tick":
        this.#membership.tick();
        this.#readMarks.tick();
        this.#roles.lists.tick();
        return this.#typing.tick();
      case "space":
        return this.#core.rooms.limit(input.refusal);
      case "committed":
        this.#core.undo.clear();
        this.#core.rooms.committed();
        return this.#core.records.committed();
      case "failed":
        return this.#failed(input.conflict);
    }
  }

  // ---- Turns ----

  #failed(conflict: Conflict | undefined): void {
    const { undo, records, rooms } = this.#core;
    this.#core.effects = [];
    undo.rollback();
    if (conflict === undefined) return records.stopStoring();
    for (const { room, head } of conflict.heads) rooms.follow(room, head);
    records.askAnew();
    for (const record of conflict.records) records.adopt(record);
    this.#roles.askAnew();
    undo.clear();
  }

  /** Others wrote to the journal. */
  #followed(entries: readonly Entry[]): void {
    const { records, rooms, people, undo } = this.#core;
    records.askAnew();
    this.#roles.askAnew();
    for (const entry of entries) {
      if (entry.seq > rooms.headOf(entry.room)) {
        rooms.follow(entry.room, entry.seq);
      }
      if (entry.person !== undefined) {
        people.get(entry.person)?.ids.add(entry, undo);
      }
    }
  }

  // ---- Connections ----

  #open(id: ConnectionId, peer: Peer): void {
    const { people, connections, undo, effects } = this.#core;
    const refusal = this.#serverBans.refusalOf(peer);
    if (refusal !== undefined) return this.#turnAway(id, refusal);
    const personId = peer.key ?? `guest ${id}`;
    let person = people.get(personId);
    if (person === undefined) {
      person = new Person(personId, peer.key, new RecentIds());
      people.add(person);
    }
    const connection = new Connection(id, peer, person);
    undo.add(person.connections, connection);
    undo.set(connections, id, connection);
    const recall = person.ids.isComplete ? undefined : peer.key;
    effects.push({
      kind: "opened",
      connection: id,
      ...given({ recall }),
    });
  }

  /** Somebody who is banned has come: nothing that it says is looked at. */
  #turnAway(id: ConnectionId, text: string): void {
    this.#core.effects.push({ kind: "opened", connection: id });
    this.#core.refuse(id, { code: "banned", message: text });
    this.#core.effects.push({
      kind: "end",
      connection: id,
      bye: { type: "bye", code: "banned", text },
    });
  }

  #recalled(id: ConnectionId, entries: readonly Entry[]): void {
    const ids = this.#core.connections.get(id)?.person.ids;
    if (ids?.isComplete === false) ids.recall(entries);
  }

  /** A connection has the server's password. */
  #shown(id: ConnectionId): void {
    const { connections, undo } = this.#core;
    const connection = connections.get(id);
    if (connection !== undefined) undo.assign(connection, "hasPassword", true);
  }

  /** Others are listed to be let in; who is let in by nothing else must go. */
  #allowed(keys: readonly string[]): void {
    for (const connection of this.#gate.list(keys)) {
      this.#end(connection, "refused", NOT_LET_IN);
    }
  }

  #close(id: ConnectionId, how: ConnectionEnd | "kicked"): void {
    const { connections, undo, lastSeen, now } = this.#core;
    const connection = connections.get(id);
    if (connection === undefined) return;
    undo.delete(connections, id);
    const { person, peer, isReady } = connection;
    undo.remove(person.connections, connection);
    const isNoted = person.connections.size === 0 && isReady && !peer.isLocal;
    if (isNoted && person.key !== undefined) {
      lastSeen.note(person.key, peer.address, now.wall);
    }
    undo.assign(connection, "current", undefined);
    const mayReturn = how === "cut" && person.key !== undefined
      ? "may-return"
      : undefined;
    for (const room of [...connection.rooms]) {
      this.#membership.exit(connection, room, how, mayReturn);
    }
    this.#membership.forgetIfGone(person);
  }

  #end(
    connection: Connection,
    code: ByeCode,
    text: string,
    how: "closed" | "kicked" = "closed",
  ): void {
    this.#close(connection.id, how);
    this.#core.effects.push({
      kind: "end",
      connection: connection.id,
      bye: { type: "bye", code, text },
    });
  }

  #caughtUp(id: ConnectionId, key: string): void {
    const room = this.#core.connections.get(id)?.rooms.values()
      .find((room) => room.key === key);
    if (room === undefined) return;
    const message = this.#membership.users(room);
    this.#core.effects.push({ kind: "refresh", to: id, message });
  }

  // ---- Messages ----

  /** All of a message happens, or nothing but the answer that says why not. */
  #message(input: MessageInput): void {
    const { connections, undo, effects } = this.#core;
    const connection = connections.get(input.connection);
    if (connection === undefined) return;
    const { message } = input;
    const mark = undo.mark;
    const { length } = effects;
    try {
      this.#handle(connection, message);
    } catch (error) {
      undo.rollback(mark);
      effects.length = length;
      if (!(error instanceof ProtocolError)) throw error;
      const id = error.id ?? ("id" in message ? message.id : undefined);
      const { code, message: text, retryAfterMs } = error;
      this.#core.refuse(connection.id, {
        code,
        message: text,
        id,
        retryAfterMs,
      });
      if (code === "not-stored" && message.type === "hello") {
        this.#end(connection, "refused", NOT_STORED);
      }
    }
  }

  #handle(
    connection: Connection,
    message: MessageInput["message"],
  ): void {
    if (message.type === "bye") {
      return this.#end(connection, "closed", "goodbye");
    }
    if (message.type === "hello") return this.#hello(connection, message);
    if (!connection.isReady) {
      throw new ProtocolError("bad-message", "say hello first");
    }
    switch (message.type) {
      case "ping":
      case "pong":
        return;
      case "read":
        return this.#readMarks.read(connection, message.room, message.seq);
    }
    const { undo, now } = this.#core;
    undo.assign(connection.person, "activeAt", now.wall);
    switch (message.type) {
      case "chat":
        return this.#chat(connection, message);
      case "command":
        return this.#run(connection, message);
      case "history":
        return this.#history(connection, message);
      case "typing":
        return this.#typing.typing(connection, message);
    }
  }

  #hello(connection: Connection, hello: Hello): void {
    if (connection.isReady) {
      throw new ProtocolError("bad-message", "hello was said already");
    }
    const link = this.#gate.admit(connection, hello.invite);
    const { person } = connection;
    const resume = hello.resume ?? new Map();
    const resumed = [...resume.keys()].filter((name) => !name.startsWith("@"));
    const asked = hello.room ??
      (resumed.length > 0 ? "" : link?.room ?? LOBBY);
    if (asked !== "") this.#core.rooms.judge(asked);
    const names = new Map(
      [...(asked === "" ? [] : [asked]), ...resumed].map((
        name,
      ) => [foldName(name), name]),
    );
    const { undo, people, now, effects } = this.#core;
    people.welcome(person, hello, now.wall);
    if (link?.gave !== undefined) {
      const by = person.name!;
      const { address } = connection.peer;
      this.#core.audit({ action: link.gave, by, address });
    }
    undo.assign(connection, "isReady", true);
    const points = new Map(
      Array.from(resume, ([name, point]) => [foldName(name), point]),
    );
    // The welcome comes first, and says which room was entered.
    const before = effects.length;
    for (const [key, name] of names) {
      this.#enterAtHello(connection, name, points.get(key));
    }
    const entered = effects.splice(before);
    const [current] = connection.rooms;
    undo.assign(connection, "current", current);
    const room = current?.name ?? "";
    this.#core.answer(connection, {
      type: "welcome",
      name: person.name!,
      server: this.#options.server,
      version: this.#options.version,
      room,
      ...given({ key: person.key }),
    });
    effects.push({
      kind: "ready",
      connection: connection.id,
      name: person.name!,
    });
    this.#core.answer(connection, { type: "here", room });
    effects.push(...entered);
    this.#conversations.resume(connection, resume);
    if (link?.gave === "made admin") {
      this.#core.answer(connection, { type: "notice", text: NOW_ADMIN });
    }
  }

  /** A room that cannot be entered is an error of its own; the others are entered. */
  #enterAtHello(
    connection: Connection,
    name: string,
    point: { seq: number; at?: number } | undefined,
  ): void {
    const startOf = (head: number): Start =>
      point === undefined
        ? lastMessages(head)
        : { kind: "after", head, ...point };
    try {
      this.#membership.enter(connection, name, { startOf });
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code === "not-stored") {
        throw error;
      }
      this.#core.refuse(connection.id, error);
    }
  }

  #chat(connection: Connection, { txt, id, room, to }: ChatSend): void {
    const command = parseSlash(txt);
    if (command !== undefined) {
      return this.#run(connection, { ...command, id, room });
    }
    const draft = { kind: "text", body: unslash(txt), id };
    if (to !== undefined) {
      const name = to.replace(/^@/, "");
      return this.#conversations.sayTo(connection, name, draft);
    }
    this.#conversations.say(connection, this.#roomOf(connection, room), draft);
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

  #run(connection: Connection, { name, args = "", id, room }: CommandCall) {
    const command = findCommand(name);
    const conversation = room !== undefined && command.isForConversations
      ? this.#conversations.keyOf(connection.person, room)
      : undefined;
    const meant = room === undefined
      ? connection.current
      : conversation === undefined
      ? this.#roomOf(connection, room)
      : undefined;
    const audit = isOfKeepers(command)
      ? this.#auditOf(connection, command.name, args, meant)
      : undefined;
    const place = { room: meant, conversation };
    command.run(this.#contextOf(connection, place, id), args.trim());
    if (audit !== undefined) this.#core.audit(audit);
  }

  /** What is noted of a command, as its target is before it runs. */
  #auditOf(
    { person }: Connection,
    action: string,
    args: string,
    room: Room | undefined,
  ): Audit {
    const [word] = firstWord(args.trim());
    const found = word === "" ? undefined : this.#core.findPerson(word);
    const [connection] = found?.person?.connections ?? [];
    const target = found?.name ?? (word === "" ? undefined : word);
    return {
      action,
      by: person.name!,
      ...given({
        target,
        address: connection?.peer.ip,
        room: room?.name,
      }),
    };
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
        ...given({ before, after, id }),
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
    const refusal = this.#roles.readRefusal(connection, key);
    if (refusal !== undefined) throw refusal;
    return { key, name: this.#core.rooms.writtenName(name) };
  }

  #contextOf(
    connection: Connection,
    place: Pick<CommandContext, "room" | "conversation">,
    id: string | undefined,
  ): CommandContext {
    const core = this.#core;
    const withId = given({ id });
    return {
      connection,
      person: connection.person,
      ...place,
      id,
      core,
      roles: this.#roles,
      gate: this.#gate,
      membership: this.#membership,
      conversations: this.#conversations,
      serverBans: this.#serverBans,
      deletions: this.#deletions,
      answer: (message) => core.answer(connection, { ...message, ...withId }),
      done: (text, kind = "stored") => {
        if (kind === "stored") core.records.demandStoring();
        const message: ServerMessage = id === undefined
          ? { type: "notice", text }
          : { type: "ack", id };
        core.answer(connection, message);
      },
      close: () => {
        if (id !== undefined) core.answer(connection, { type: "ack", id });
        this.#end(connection, "closed", "goodbye");
      },
      end: (other, code, text) => {
        const isOut = code === "kicked" || code === "banned";
        this.#end(other, code, text, isOut ? "kicked" : "closed");
      },
    };
  }
}

/** Whether a command is of those who keep a room: what they do to others is noted. */
function isOfKeepers({ who }: Command): boolean {
  return who === "operators" || who === "the creator";
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

/** The entries that are gone with a turn. */
function erasuresOf(effects: readonly Effect[]): Place[] {
  return effects.flatMap((effect) =>
    effect.kind === "append" && effect.erases !== undefined
      ? [{ room: effect.entry.room, seq: effect.erases }]
      : []
  );
}
