/** Of the random run: who may see what is said, in rooms and privately. */
import type { Effect } from "../../src/chat/effects.ts";
import type { ConnectionId } from "../../src/chat/input.ts";
import type { ClientMessage } from "../../src/wire/client.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { commandOf } from "./random_commands.ts";
import type { Line, Model } from "./random_model.ts";
import { violated } from "./random_names.ts";

type Of<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;
type Renamed = Extract<ServerMessage, { type: "renamed" }>;

/** In larger rooms nobody is told who types. */
const TYPING_CROWD = 50;
const TYPING_MS = 3_000;

export class Talks {
  readonly #model: Model;
  /** Who talks, and which connections hear it, by the key of the conversation. */
  readonly #people = new Map<string, ReadonlySet<string>>();
  readonly #hearers = new Map<string, Set<Line>>();
  readonly #typedAt = new Map<string, number>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** A connection hears a conversation. */
  enter(line: Line, { room, start }: Of<"enter">, head: number): void {
    if (line.human.key === undefined) violated("a guest hears a conversation");
    if (start.head !== head) violated(`${room} begins at ${start.head}`);
    if (line.talks.has(room)) violated(`${line.id} enters ${room} again`);
    line.talks.add(room);
    this.#hearersOf(room).add(line);
    this.#judge(room);
  }

  /** The connection ended. */
  leave(line: Line): void {
    for (const talk of line.talks) this.#hearersOf(talk).delete(line);
  }

  /** The server starts again: nobody hears anything. */
  clear(): void {
    this.#hearers.clear();
  }

  /** A message is journaled. */
  check(
    line: Line,
    { entry, ack }: Of<"append">,
    cause: { readonly kind: string; readonly message?: ClientMessage },
  ): void {
    const { human } = line;
    if (
      entry.from !== human.name || entry.person !== human.key ||
      entry.at !== this.#model.clock.wall()
    ) violated(`a message of ${human.name} is said to be ${entry.from}'s`);
    if (cause.message?.type === "chat") {
      const { message } = cause;
      const txt = message.txt.replace(/^\/\//, "/");
      if (commandOf(message) === undefined && entry.body !== txt) {
        violated("a message was changed");
      }
    }
    if (entry.to !== undefined) {
      return this.#private(line, entry.room, entry.to);
    }
    const place = this.#model.places.get(entry.room);
    if (place === undefined || !line.places.has(place)) {
      violated(`${human.name} speaks in ${entry.room} and is not there`);
    }
    if (this.#model.rules.get(entry.room).muted.has(human.id)) {
      violated(`${human.name} is muted and speaks`);
    }
    if (ack.id !== undefined && ack.room !== place.name) violated("ack room");
  }

  #private(line: Line, talk: string, to: string): void {
    const { names, humans } = this.#model;
    const sender = line.human.key;
    const receiver = names.keyOf(to);
    if (sender === undefined || receiver === undefined) {
      violated("what a guest says privately is stored");
    }
    this.#people.set(talk, new Set([sender, receiver]));
    this.#judge(talk);
    for (const key of [sender, receiver]) {
      for (const one of humans.get(key)?.lines ?? []) {
        if (one.isReady && !one.talks.has(talk)) {
          violated(`connection ${one.id} of ${key} does not hear ${talk}`);
        }
      }
    }
  }

  /** A conversation has just the two. */
  #judge(talk: string): void {
    const people = this.#people.get(talk);
    if (people === undefined) return;
    for (const { human } of this.#hearersOf(talk)) {
      if (!people.has(human.id)) violated(`${human.name} hears ${talk}`);
    }
  }

  /** A connection gets what was said in a room or a conversation. */
  reads(line: Line, room: string): void {
    const people = this.#people.get(room);
    if (people !== undefined) {
      if (!people.has(line.human.id)) violated(`${line.id} reads ${room}`);
      return;
    }
    const { rules } = this.#model;
    const asker = this.#model.asker(line);
    if (rules.isUnsure(line.id, room)) return;
    const refusal = rules.refusalOf(asker, room);
    if (refusal !== undefined) violated(`${line.id} reads ${room}: ${refusal}`);
  }

  /** A person's new name is told, to itself and to others. */
  renamed({ human }: Line, { from, name }: Renamed): void {
    if (human.name === name) return;
    if (human.name !== from) violated(`${human.name} is renamed from ${from}`);
    this.#model.names.give(human, name);
  }

  /** Something is told to some connections. */
  told({ to, message }: Of<"tell">, line: Line | undefined): void {
    const model = this.#model;
    const people = new Set(to.map((id) => model.lines.get(id)!.human));
    if (message.type === "renamed") {
      if (line === undefined) violated("nobody is renamed");
      this.renamed(line, message);
    } else if (message.type === "private") {
      const other = model.names.find(message.to);
      if (line === undefined || other === undefined) violated("to nobody");
      if (message.from !== line.human.name) violated("private of another");
      if (line.human.key !== undefined && other.key !== undefined) {
        violated("what is said between people with keys is not stored");
      }
      if (message.seq !== 0) violated("what is not stored has a seq");
      people.delete(line.human);
      people.delete(other);
      if (people.size > 0) violated("a third person hears a private message");
    } else if (message.type === "typing") {
      this.#typing(line, to, message.room);
    } else if (message.type === "read") {
      if (people.size > 1) violated("a read mark is told to several people");
    }
  }

  #typing(
    line: Line | undefined,
    to: readonly ConnectionId[],
    room: string | undefined,
  ): void {
    const { lines, clock } = this.#model;
    if (line === undefined) violated("nobody types");
    for (const id of to) {
      const place = [...lines.get(id)!.places].find(({ name }) =>
        name === room
      );
      if (lines.get(id)!.human === line.human) {
        violated("one sees oneself type");
      }
      if (room === undefined) continue;
      if (place === undefined) violated(`${id} is not in ${room}`);
      if (place.people.size > TYPING_CROWD) violated(`typing in a large room`);
    }
    if (room === undefined) return;
    const id = `${line.human.id} ${room}`;
    if (clock.monotonic() < (this.#typedAt.get(id) ?? -Infinity) + TYPING_MS) {
      violated(`${line.human.name} types in ${room} twice in 3 s`);
    }
    this.#typedAt.set(id, clock.monotonic());
  }

  #hearersOf(talk: string): Set<Line> {
    let hearers = this.#hearers.get(talk);
    if (hearers === undefined) this.#hearers.set(talk, hearers = new Set());
    return hearers;
  }
}
