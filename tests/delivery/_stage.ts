/** A delivery without a hub: turns made by hand on a store in memory, sinks that remember. */
import type { Effect, Start } from "../../src/chat/effects.ts";
import { type ConnectionId, connectionId } from "../../src/chat/input.ts";
import { Delivery } from "../../src/delivery/delivery.ts";
import type { SharedEncoder } from "../../src/delivery/sink.ts";
import type { Entry } from "../../src/store/store.ts";
import {
  encodeMessage,
  type History,
  type ServerMessage,
} from "../../src/wire/server.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { type Queued, type SinkOptions, TestSink } from "../server/_sink.ts";
import { TestStore } from "../server/_store.ts";

/** Somebody's connection. */
export interface Member {
  readonly id: ConnectionId;
  /** The person, whose messages carry it. */
  readonly person: string;
  readonly sink: TestSink;
}

export interface StageOptions {
  readonly store?: TestStore;
  readonly echo?: "on" | "off";
  readonly charge?: (id: ConnectionId, tokens: number) => void;
}

type SayOptions = Partial<Pick<Entry, "id" | "kind" | "to">> & {
  readonly room?: string;
};

/** The message of seq n is said n milliseconds after this. */
export const FIRST_MS = 1_700_000_000_000;

export class Stage {
  readonly store: TestStore;
  readonly delivery: Delivery;
  /** Connection and room of each that was reported to have caught up. */
  readonly caughtUp: string[] = [];
  onCaughtUp: (id: ConnectionId, room: string) => void = (id, room) =>
    void this.caughtUp.push(`${id} ${room}`);
  readonly faults: { readonly id: ConnectionId; readonly error: unknown }[] =
    [];
  readonly #heads = new Map<string, number>();
  #count = 0;

  private constructor(
    { store = new TestStore(), echo = "off", charge }: StageOptions,
  ) {
    this.store = store;
    this.delivery = new Delivery({
      journal: store,
      directory: store,
      echo,
      ...(charge ? { charge } : {}),
      onCaughtUp: (id, room) => this.onCaughtUp(id, room),
      onFault: (id, error) => this.faults.push({ id, error }),
    });
  }

  static open(options: StageOptions = {}): Promise<Stage> {
    return Promise.resolve(new Stage(options));
  }

  /** A connection that is in no room yet. */
  connect(person: string, options: SinkOptions = {}): Member {
    const id = connectionId("test", ++this.#count);
    const onDrained = () => this.delivery.drained(id);
    const sink = new TestSink({ onDrained, ...options });
    this.delivery.add(id, sink);
    return { id, person, sink };
  }

  /** A connection that is in a room, and has heard what there is. */
  async join(
    person: string,
    room = "den",
    options: SinkOptions = {},
  ): Promise<Member> {
    const member = this.connect(person, options);
    await this.turn(this.enter(member, room));
    take(member);
    return member;
  }

  // ---- Effects ----

  enter(
    { id: connection, person }: Member,
    room = "den",
    start: Start = { kind: "last", head: this.headOf(room), messages: 50 },
    first: readonly ServerMessage[] = [],
  ): Effect {
    return {
      kind: "enter",
      connection,
      person,
      room,
      name: room,
      start,
      first,
    };
  }

  exit({ id: connection }: Member, room = "den"): Effect {
    return { kind: "exit", connection, room, head: this.headOf(room) };
  }

  say(
    { id: author, person }: Member,
    body: string,
    { room = "den", ...more }: SayOptions = {},
  ): Effect {
    const [entry] = this.entries(room, [body], { from: person, ...more });
    const ack = more.id === undefined ? {} : { id: more.id, room };
    return { kind: "append", author, entry: { ...entry!, person }, ack };
  }

  announce(name: string, room = "den"): Effect {
    const message = { type: "joined", room, name, at: 1 } as const;
    return { kind: "announce", room, message };
  }

  tell(to: readonly Member[], message: ServerMessage): Effect {
    return { kind: "tell", to: to.map(({ id }) => id), message };
  }

  answer({ id: to }: Member, text: string): Effect {
    return { kind: "answer", to, message: { type: "notice", text } };
  }

  // ---- The journal ----

  headOf(room: string): number {
    return this.#heads.get(room) ?? this.store.headOf(room);
  }

  /** The next entries of a room: whoever calls this delivers them, or stores them. */
  entries(
    room: string,
    bodies: readonly string[],
    more: Partial<Entry> = {},
  ): Entry[] {
    return bodies.map((body) => {
      const seq = this.headOf(room) + 1;
      this.#heads.set(room, seq);
      const at = FIRST_MS + seq;
      return { room, seq, at, from: "old", kind: "text", body, ...more };
    });
  }

  /** Somebody else writes so many messages to a room; nobody is told. */
  async write(
    room: string,
    count: number,
    more: Partial<Entry> = {},
  ): Promise<Entry[]> {
    const bodies = Array.from({ length: count }, (_, at) => `${at + 1}`);
    const entries = this.entries(room, bodies, more);
    await this.#store(entries);
    return entries;
  }

  // ---- Turns ----

  /** Commits and delivers a turn, as data that came from elsewhere, and lets all be read. */
  async turn(...effects: readonly Effect[]): Promise<void> {
    await this.delivery.prepare(effects);
    await this.commit(effects);
    this.delivery.deliver(structuredClone(effects));
    await eventLoopTurn();
  }

  /** Commits what a turn appends. */
  async commit(effects: readonly Effect[]): Promise<void> {
    await this.#store(
      effects.flatMap((one) => one.kind === "append" ? [one.entry] : []),
    );
  }

  async #store(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      const { room, seq } = entry;
      const append = { room, expectedHead: seq - 1, entries: [entry] };
      await this.store.commit({ appends: [append], writes: [] });
    }
  }
}

/** An encoder of framed JSON that counts what it encodes; it is silent on some types. */
export class CountingEncoder implements SharedEncoder {
  readonly encoded: ServerMessage[] = [];
  readonly #silentOn: readonly string[];

  constructor(...silentOn: readonly string[]) {
    this.#silentOn = silentOn;
  }

  encodeShared(message: ServerMessage): Uint8Array | undefined {
    this.encoded.push(message);
    if (this.#silentOn.includes(message.type)) return undefined;
    return encodeMessage(message);
  }
}

const taken = new WeakMap<TestSink, number>();

/** What a connection was sent since the last call. */
export function takeQueued({ sink }: Member): readonly Queued[] {
  const fresh = sink.queued.slice(taken.get(sink) ?? 0);
  taken.set(sink, sink.queued.length);
  return fresh;
}

/** As {@linkcode takeQueued}, in short: `chat 3`, `history 1-2`, `joined ann`, `notice hi`. */
export function take(member: Member): string[] {
  return takeQueued(member).map(({ message }) => short(message));
}

function short(message: Queued["message"]): string {
  const { type } = message;
  if (type === "history") {
    const seqs = (message as History).messages.map(({ seq }) => seq);
    return seqs.length === 0 ? type : `${type} ${seqs[0]}-${seqs.at(-1)}`;
  }
  if ("seq" in message) return `${type} ${message.seq}`;
  if ("name" in message) return `${type} ${message.name}`;
  return "text" in message ? `${type} ${message.text}` : type;
}

/** The numbers from one to another. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
