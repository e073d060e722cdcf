/** What is said: in rooms, and privately between two people. */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import {
  CONVERSATIONS_HEARD,
  CONVERSATIONS_NAMED,
  CONVERSATIONS_REPLAYED,
  WARNED_PEOPLE,
} from "../base/limits.ts";
import type { Entry } from "../store/store.ts";
import type { ResumePoint } from "../wire/client.ts";
import { fitFrame } from "../wire/frame_list.ts";
import type { ServerMessage } from "../wire/server.ts";
import type { Core, Somebody } from "./core.ts";
import type { AckPlace, Start } from "./effects.ts";
import {
  conversationKey,
  guestConversationKey,
  isConversation,
  otherOf,
} from "./conversation_key.ts";
import type { Draft, Entries } from "./entries.ts";
import { Presences } from "./presences.ts";
import type { Roles } from "./roles.ts";
import type { Connection, Person, Room } from "./state.ts";
import { Unread } from "./unread.ts";

/** A conversation as a person calls it: `@name`; `other` is there if the other person is. */
export interface PrivatePlace {
  readonly key: string;
  readonly name: string;
  readonly other: Person | undefined;
}

export class Conversations {
  readonly #core: Core;
  readonly #roles: Roles;
  readonly #entries: Entries;
  readonly #unread: Unread;
  readonly #presences: Presences;

  constructor(core: Core, roles: Roles, entries: Entries) {
    this.#core = core;
    this.#roles = roles;
    this.#entries = entries;
    this.#unread = new Unread(core);
    this.#presences = new Presences(core);
  }

  /**
   * Says something in a room.
   *
   * @throws {ProtocolError} `muted`, `id-reused`, `limit-reached` or `not-stored`.
   */
  say(connection: Connection, room: Room, draft: Draft): void {
    const { person } = connection;
    if (
      this.#entries.isSaid(connection, room.key, draft, { room: room.name })
    ) return;
    this.#roles.requireUnmuted(connection, room);
    this.#core.rooms.keep(room, this.#core.now.wall);
    const seq = this.#core.rooms.advance(room.key);
    this.#entries.append(
      connection,
      {
        ...this.#entries.entry(person, draft),
        room: room.key,
        seq,
      },
      { room: room.name },
      room.isLarge ? { isLarge: true } : {},
    );
  }

  /**
   * Says something to one person. Between people with keys it is journaled and waits for one who is
   * absent; with guests it is not. Whether the other is here stands in the ack; who wants none is
   * told when that changes, or also at first (`presence`).
   *
   * @throws {ProtocolError} `no-such-person`, `id-reused`, `not-allowed`, `limit-reached` or
   * `not-stored`.
   */
  sayTo(
    connection: Connection,
    to: string,
    draft: Draft,
    told: "changes" | "presence" = "changes",
  ): void {
    const { person } = connection;
    const other = this.#core.needPerson(to);
    const presence = this.#presences.of(person, other);
    const place = { to: other.name, ...presence };
    if (person.key === undefined || other.key === undefined) {
      this.#sayUnstored(connection, other, draft, place);
    } else this.#sayStored(connection, other, draft, place);
    if (draft.id !== undefined || other.person === person) return;
    this.#presences.tell(connection, other, presence, told);
  }

  #sayStored(
    connection: Connection,
    other: Somebody,
    draft: Draft,
    place: AckPlace,
  ): void {
    const { person } = connection;
    // Who has none says it by another way.
    const key = conversationKey(person.key!, other.key!);
    if (this.#entries.isSaid(connection, key, draft, place)) return;
    this.#core.demandNotBlocked(person, other);
    this.#unread.note(key, person.key!, other);
    this.#warn(person, other.person);
    const seq = this.#core.rooms.advance(key);
    for (
      const one of [...person.connections, ...(other.person?.connections ?? [])]
    ) this.hear(one, key, seq - 1);
    this.#entries.append(connection, {
      ...this.#entries.entry(person, draft),
      room: key,
      seq,
      to: other.name,
    }, place);
  }

  /**
   * A person is here and hears its conversations: from where it resumes, and those that it has not
   * read, from where it read. Of many the newest; the others are named.
   */
  resume(
    connection: Connection,
    points: ReadonlyMap<string, ResumePoint>,
  ): void {
    const { key } = connection.person;
    if (key === undefined) return;
    const resumed = new Set<string>();
    for (const [name, point] of points) {
      const conversation = this.keyOf(connection.person, name)?.key;
      if (conversation === undefined || resumed.has(conversation)) continue;
      // A person that it never talked to is no conversation.
      if (this.#core.records.get("talk", conversation) === undefined) continue;
      resumed.add(conversation);
      this.#replay(connection, conversation, point);
    }
    const unread = this.#unread.of(key).filter((one) => !resumed.has(one));
    for (const conversation of unread.splice(0, CONVERSATIONS_REPLAYED)) {
      const seq = this.#unread.markOf(key, conversation);
      this.#replay(connection, conversation, { seq });
    }
    if (unread.length > 0) this.#name(connection, key, unread);
  }

  #replay(
    connection: Connection,
    conversation: string,
    point: ResumePoint,
  ): void {
    const head = this.#core.rooms.headOf(conversation);
    this.#enter(connection, conversation, { kind: "after", head, ...point });
    this.#unread.delivered(conversation, connection.person.key!);
  }

  /** Names conversations that are not replayed. */
  #name(
    connection: Connection,
    key: string,
    conversations: readonly string[],
  ): void {
    const first = conversations.slice(0, CONVERSATIONS_NAMED);
    const list = fitFrame(first.map((conversation) => ({
      name: this.#otherName(conversation, key),
      key: otherOf(conversation, key),
      seq: this.#core.rooms.headOf(conversation),
      read: this.#unread.markOf(key, conversation),
    })));
    const more = list.length < conversations.length;
    this.#core.answer(connection, { type: "conversations", list, more });
  }

  /** The conversation that a person calls `@name`, also by a former name that is kept, if any. */
  keyOf(person: Person, name: string): PrivatePlace | undefined {
    if (!isConversation(name) || person.key === undefined) return undefined;
    const { people, now } = this.#core;
    const who = name.slice(1);
    const found = this.#core.findPerson(who);
    const key = found === undefined
      ? people.claims.formerHolderOf(who, now.wall) ??
        this.#nameless(person.key, who)
      : found.key;
    if (key === undefined) return undefined;
    const conversation = conversationKey(person.key, key);
    return {
      key: conversation,
      name: this.nameOf(conversation, person.key),
      other: people.get(key),
    };
  }

  /** Who has no name any more is called by its key, where the two have ever talked. */
  #nameless(own: string, key: string): string | undefined {
    const record = this.#core.records.get("talk", conversationKey(own, key));
    return record === undefined ? undefined : key;
  }

  /** How far a person has read a conversation. */
  markOf(person: string, conversation: string): number {
    return this.#unread.markOf(person, conversation);
  }

  /** A person has read a conversation up to a seq. */
  mark(person: string, conversation: string, seq: number): void {
    this.#unread.mark(person, conversation, seq);
  }

  /** Who is told something privately by one whose name was another's is told so first. */
  #warn(person: Person, other: Person | undefined): void {
    if (other === undefined || other === person) return;
    if (person.warned.has(other.id)) return;
    const text = this.#core.people.strangerNotice(person, this.#core.now.wall);
    if (text === undefined) return;
    if (person.warned.size < WARNED_PEOPLE) {
      this.#core.undo.add(person.warned, other.id);
    }
    this.#core.tell(other.connections, { type: "notice", text });
  }

  #sayUnstored(
    connection: Connection,
    { key, name: to, person: other }: Somebody,
    draft: Draft,
    place: AckPlace,
  ): void {
    const { person } = connection;
    this.#core.demandNotBlocked(person, { key, name: to, person: other });
    const room = guestConversationKey(key ?? other!.id);
    if (this.#entries.isSaid(connection, room, draft, place)) return;
    if (!other?.isReachable) {
      throw new ProtocolError(
        "no-such-person",
        `${to} is not here, and what a guest says privately does not wait`,
      );
    }
    this.#warn(person, other);
    const entry: Entry = {
      ...this.#entries.entry(person, draft),
      room,
      seq: 0,
      to,
    };
    person.ids.add(entry, this.#core.undo);
    const { from, body, at, kind } = entry;
    const message: ServerMessage = {
      type: "private",
      from,
      to,
      txt: body,
      seq: 0,
      at,
      ...(kind === "action" ? { action: true } : {}),
      ...given({ key: person.key }),
    };
    const hearers = new Set([...other.connections, ...person.connections]);
    hearers.delete(connection);
    this.#core.tell(hearers, message);
    if (draft.id !== undefined) {
      this.#core.answer(connection, {
        type: "ack",
        id: draft.id,
        ...place,
        seq: 0,
        at,
      });
    }
  }

  /** A connection hears a conversation from now on, if it does not yet. */
  hear(connection: Connection, conversation: string, head: number): void {
    if (!connection.isReady || connection.conversations.has(conversation)) {
      return;
    }
    const start = { kind: "live", head, continues: true } as const;
    this.#enter(connection, conversation, start);
    const { undo } = this.#core;
    const { liveConversations: live } = connection;
    undo.add(live, conversation);
    if (live.size > CONVERSATIONS_HEARD) this.#leaveFirst(connection);
  }

  /** Somebody may write to very many; a conversation that goes on is heard again. */
  #leaveFirst({ id, conversations, liveConversations }: Connection): void {
    const { undo, rooms, effects } = this.#core;
    const [first] = liveConversations;
    undo.remove(liveConversations, first!);
    undo.remove(conversations, first!);
    const head = rooms.headOf(first!);
    effects.push({ kind: "exit", connection: id, room: first!, head });
  }

  #enter(
    connection: Connection,
    conversation: string,
    start: Start,
  ): void {
    this.#core.undo.add(connection.conversations, conversation);
    this.#core.effects.push({
      kind: "enter",
      connection: connection.id,
      person: connection.person.id,
      room: conversation,
      name: this.nameOf(conversation, connection.person.key!),
      start,
      first: [],
    });
  }

  /** What a person calls a conversation of its own. */
  nameOf(conversation: string, key: string): string {
    return `@${this.#otherName(conversation, key)}`;
  }

  /** What a person calls another, in a conversation of theirs. */
  #otherName(conversation: string, key: string): string {
    const other = otherOf(conversation, key);
    return this.#core.people.get(other)?.name ??
      this.#core.records.get("person", other)?.name ?? other;
  }
}
