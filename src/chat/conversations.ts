/** What is said: in rooms, and privately between two people. */
import { ProtocolError } from "../base/errors.ts";
import { WAITING_PRIVATE_MESSAGES, WAITING_SENDERS } from "../base/limits.ts";
import type { Entry, EntryKind } from "../store/store.ts";
import type { ResumePoint } from "../wire/client.ts";
import type { ServerMessage } from "../wire/server.ts";
import { type Core, notStored, type Somebody } from "./core.ts";
import type { AckPlace } from "./effects.ts";
import { contentDigest } from "./ids.ts";
import type { Connection, Person } from "./people.ts";
import type { Roles } from "./roles.ts";
import type { Room } from "./rooms.ts";

/** What somebody wants to say. */
export interface Draft {
  readonly kind: EntryKind;
  readonly body: string;
  readonly id?: string | undefined;
}

/** Begins the keys of conversations, which no room's name does. */
const PRIVATE = "@";

export class Conversations {
  readonly #core: Core;
  readonly #roles: Roles;
  /** Conversations of each person with a key. */
  readonly #of = new Map<string, Set<string>>();

  constructor(core: Core, roles: Roles) {
    this.#core = core;
    this.#roles = roles;
    for (const key of core.records.keys("talk")) this.#index(key);
  }

  /**
   * Says something in a room.
   *
   * @throws {ProtocolError} `muted` or `id-reused`.
   */
  say(connection: Connection, room: Room, draft: Draft): void {
    const { person } = connection;
    if (this.#isSaid(connection, room.key, draft, { room: room.name })) return;
    this.#roles.demandVoice(person, room);
    const seq = this.#core.rooms.advance(room.key);
    this.#append(connection, {
      ...this.#entry(person, draft),
      room: room.key,
      seq,
    }, { room: room.name });
  }

  /**
   * Says something to one person. Between people with keys it is journaled and waits for one who is absent; with guests it is not.
   *
   * @throws {ProtocolError} `no-such-person`, `id-reused` or `limit-reached`.
   */
  sayTo(connection: Connection, to: string, draft: Draft): void {
    const { person } = connection;
    const other = this.#core.needPerson(to);
    if (person.key === undefined || other.key === undefined) {
      return this.#sayUnstored(connection, other, draft);
    }
    const key = talkKey(person.key, other.key);
    if (this.#isSaid(connection, key, draft, { to: other.name })) return;
    this.#count(key, person.key, other);
    const seq = this.#core.rooms.advance(key);
    for (
      const one of [...person.connections, ...(other.person?.connections ?? [])]
    ) this.#hear(one, key, seq - 1);
    this.#append(connection, {
      ...this.#entry(person, draft),
      room: key,
      seq,
      to: other.name,
    }, { to: other.name });
  }

  /**
   * A person is here: it hears its conversations, those that it resumes from where it was, the others from where it has read.
   */
  resume(
    connection: Connection,
    points: ReadonlyMap<string, ResumePoint>,
  ): void {
    const { key } = connection.person;
    if (key === undefined) return;
    const resumed = new Map<string, ResumePoint>();
    for (const [name, point] of points) {
      const talk = this.keyOf(connection.person, name);
      if (talk !== undefined) resumed.set(talk.key, point);
    }
    for (const talk of this.#of.get(key) ?? []) {
      const head = this.#core.rooms.headOf(talk);
      const point = resumed.get(talk) ?? { seq: this.markOf(key, talk) };
      if (point.seq === head && !resumed.has(talk)) continue;
      this.#enter(connection, talk, { kind: "after", head, ...point });
      this.#clearWaiting(talk, key);
    }
  }

  /** The key of a conversation by the name that a person calls it (`@name`, also a former one that is kept), if there is one. */
  keyOf(
    person: Person,
    name: string,
  ): { key: string; name: string; other: Person | undefined } | undefined {
    if (!name.startsWith(PRIVATE) || person.key === undefined) return undefined;
    const { people, clock } = this.#core;
    const found = this.#core.findPerson(name.slice(1));
    const key = found === undefined
      ? people.formerHolderOf(name.slice(1), clock.wall())
      : found.key;
    if (key === undefined) return undefined;
    const talk = talkKey(person.key, key);
    return {
      key: talk,
      name: `@${this.#otherName(talk, person.key)}`,
      other: people.get(key),
    };
  }

  /** How far a person has read. */
  markOf(person: string, room: string): number {
    return this.#core.records.get("read", `${person} ${room}`)?.seq ?? 0;
  }

  #entry(
    person: Person,
    { kind, body, id }: Draft,
  ): Omit<Entry, "room" | "seq"> {
    return {
      at: this.#core.clock.wall(),
      from: person.name!,
      kind,
      body,
      ...(person.key === undefined ? {} : { person: person.key }),
      ...(id === undefined ? {} : { id }),
    };
  }

  #append(connection: Connection, entry: Entry, place: AckPlace): void {
    const { person } = connection;
    const { id } = entry;
    const ack = id === undefined ? {} : { id, ...place };
    this.#remember(person, entry);
    if (id !== undefined) this.#core.ifLost(() => person.ids.remove(id));
    this.#core.effects.push({
      kind: "append",
      author: connection.id,
      entry,
      ack,
    });
  }

  #remember(person: Person, entry: Entry): void {
    if (entry.id === undefined) return;
    person.ids.add(entry.id, {
      ...entry,
      digest: contentDigest(entry.room, entry.kind, entry.body),
    });
  }

  /** Whether this was said before under its id; then it gets the same ack. */
  #isSaid(
    connection: Connection,
    room: string,
    { kind, body, id }: Draft,
    place: AckPlace,
  ): boolean {
    const before = id === undefined ? undefined : connection.person.ids.get(id);
    if (id === undefined || before === undefined) return false;
    if (before.digest !== contentDigest(room, kind, body)) {
      throw new ProtocolError(
        "id-reused",
        "this id belongs to another message of yours: choose a new one",
      );
    }
    this.#core.answer(connection, {
      type: "ack",
      id,
      ...place,
      seq: before.seq,
      at: before.at,
    }, notStored(id));
    return true;
  }

  #sayUnstored(
    connection: Connection,
    { key, name: to, person: other }: Somebody,
    draft: Draft,
  ): void {
    const { person } = connection;
    const room = `${PRIVATE}${key ?? other!.id}`;
    if (this.#isSaid(connection, room, draft, { to })) return;
    if (other === undefined || !isHere(other)) {
      throw new ProtocolError(
        "no-such-person",
        `${to} is not here, and what a guest says privately does not wait`,
      );
    }
    const entry: Entry = {
      ...this.#entry(person, draft),
      room,
      seq: 0,
      to,
    };
    this.#remember(person, entry);
    const { from, body, at, kind } = entry;
    const message: ServerMessage = {
      type: "private",
      from,
      to,
      txt: body,
      seq: 0,
      at,
      ...(kind === "action" ? { action: true } : {}),
    };
    const hearers = new Set([...other.connections, ...person.connections]);
    hearers.delete(connection);
    this.#core.tell(hearers, message);
    if (draft.id !== undefined) {
      this.#core.answer(connection, {
        type: "ack",
        id: draft.id,
        to,
        seq: 0,
        at,
      });
    }
  }

  /** A connection hears a conversation from now on, if it does not yet. */
  #hear(connection: Connection, talk: string, head: number): void {
    if (!connection.isReady || connection.talks.has(talk)) return;
    this.#enter(connection, talk, { kind: "live", head });
  }

  #enter(
    connection: Connection,
    talk: string,
    start: { kind: "live"; head: number } | {
      kind: "after";
      head: number;
      seq: number;
    },
  ): void {
    connection.talks.add(talk);
    this.#core.effects.push({
      kind: "enter",
      connection: connection.id,
      person: connection.person.id,
      room: talk,
      name: `@${this.#otherName(talk, connection.person.key!)}`,
      start,
      first: [],
    });
  }

  #otherName(talk: string, key: string): string {
    const [, one, two] = talk.split(" ");
    const other = one === key ? two! : one!;
    return this.#core.people.get(other)?.name ??
      this.#core.records.get("person", other)?.name ?? other;
  }

  /** Notes that there is such a conversation, and how many messages wait for one who is absent. */
  #count(
    talk: string,
    sender: string,
    receiver: Somebody,
  ): void {
    const record = this.#core.records.get("talk", talk);
    const hears = receiver.person !== undefined && isHere(receiver.person);
    const waiting = hears || sender === receiver.key
      ? 0
      : (record?.waiting?.[sender] ?? 0) + 1;
    if (waiting > WAITING_PRIVATE_MESSAGES) {
      const text =
        `${WAITING_PRIVATE_MESSAGES} messages of yours are waiting for ${receiver.name}: more can be said when they were read`;
      throw new ProtocolError("limit-reached", text);
    }
    if (
      waiting === 1 && this.#sendersWaitingFor(receiver.key!) >= WAITING_SENDERS
    ) {
      throw new ProtocolError(
        "limit-reached",
        `messages of ${WAITING_SENDERS} people are waiting for ${receiver.name}: say it when ${receiver.name} is here`,
      );
    }
    if (record === undefined || waiting > 0) {
      this.#core.records.put("talk", talk, {
        waiting: {
          ...record?.waiting,
          ...(waiting > 0 ? { [sender]: waiting } : {}),
        },
      });
    }
    this.#index(talk);
  }

  #sendersWaitingFor(receiver: string): number {
    let senders = 0;
    for (const talk of this.#of.get(receiver) ?? []) {
      const { waiting = {} } = this.#core.records.get("talk", talk) ?? {};
      if (Object.keys(waiting).some((sender) => sender !== receiver)) senders++;
    }
    return senders;
  }

  #clearWaiting(talk: string, receiver: string): void {
    const record = this.#core.records.get("talk", talk);
    const rest = Object.entries(record?.waiting ?? {}).filter(([sender]) =>
      sender === receiver
    );
    if (rest.length !== Object.keys(record?.waiting ?? {}).length) {
      this.#core.records.put("talk", talk, {
        waiting: Object.fromEntries(rest),
      });
    }
  }

  #index(talk: string): void {
    for (const key of talk.split(" ").slice(1)) {
      const talks = this.#of.get(key);
      if (talks === undefined) this.#of.set(key, new Set([talk]));
      else talks.add(talk);
    }
  }
}

/** Whether a person hears now what is said to it. */
function isHere(person: Person): boolean {
  return person.connections.values().some((one) => one.isReady);
}

/** The key of the conversation of two people: the same from either side. */
function talkKey(one: string, two: string): string {
  return [PRIVATE, ...[one, two].sort()].join(" ");
}
