/**
 * Where a client is, and what of each room and conversation is here: nothing is shown twice, and a
 * resume asks for just what is missing.
 */
import { RESUME_MAX_ROOMS } from "../base/limits.ts";
import type { ResumePoint } from "../wire/client.ts";
import type {
  History,
  ServerMessage,
  Stored,
  Unknown,
  Welcome,
} from "../wire/server.ts";
import type { HelloFields } from "./link.ts";

/** Begins the names of conversations. */
const PRIVATE = "@";
/** More are not followed: a server that makes up rooms must not fill the memory. */
const PLACES = 1_000;
/** More are not remembered ahead of gaps, in all places: what lies before them is given up. */
const AHEAD = 10_000;
/** Beyond every head: who resumes a room from here is sent its last messages. */
const ANEW = Number.MAX_SAFE_INTEGER;

/** How many messages are remembered ahead of gaps, in all places together. */
class Ahead {
  count = 0;
}

/** How much of a room or a conversation is here. */
class Place {
  readonly #total: Ahead;
  /** The server says on this connection that one is in it. */
  isEntered = true;
  /** Something of it was here before this connection: what is replayed fills a gap. */
  wasHere = false;
  /** Every message up to this seq is here; `undefined` while it is not known where they begin. */
  seq: number | undefined;
  #at: number | undefined;
  /** Those beyond it that are here already (acks may come early), with their times. */
  readonly #ahead = new Map<number, number | undefined>();

  constructor(total: Ahead) {
    this.#total = total;
  }

  /** Where to resume: behind the last before which nothing is missing, with its time if known. */
  get point(): ResumePoint {
    const seq = this.seq ?? ANEW;
    return this.#at === undefined ? { seq } : { seq, at: this.#at };
  }

  /** Notes a message; `false` when it was here before. */
  take(seq: number, at: number | undefined): boolean {
    if (seq <= (this.seq ?? 0) || this.#ahead.has(seq)) return false;
    this.#ahead.set(seq, at);
    this.#total.count++;
    this.#advance();
    if (this.#total.count > AHEAD && this.#ahead.size > 0) {
      // Half of what this place has, so that it is not gone through for each further message.
      const seqs = [...this.#ahead.keys()].sort((one, two) => one - two);
      this.skipTo(seqs[Math.floor(seqs.length / 2)]!);
    }
    return true;
  }

  /** The server will not send what lies before `seq`, nor that one. */
  skipTo(seq: number): void {
    if (seq <= (this.seq ?? -1)) return;
    this.seq = seq;
    this.#at = this.#ahead.get(seq);
    for (const ahead of this.#ahead.keys()) {
      if (ahead <= seq) this.#forget(ahead);
    }
    this.#advance();
  }

  /** It is not followed any more. */
  close(): void {
    this.#total.count -= this.#ahead.size;
    this.#ahead.clear();
  }

  #forget(ahead: number): void {
    this.#ahead.delete(ahead);
    this.#total.count--;
  }

  #advance(): void {
    while (this.seq !== undefined && this.#ahead.has(this.seq + 1)) {
      this.#at = this.#ahead.get(++this.seq);
      this.#forget(this.seq);
    }
  }
}

/** What of a page is new, and whether it fills a gap in what was here. */
export interface Noted {
  readonly fresh: readonly Stored[];
  readonly isReplay: boolean;
}

export class RoomState {
  readonly #places = new Map<string, Place>();
  readonly #ahead = new Ahead();
  /** The room where one is, as the server said it last; empty when there is none. */
  current = "";
  /** One's own name. */
  name = "";

  /** The rooms one is in, in the order of entering. */
  get rooms(): string[] {
    return [...this.#places].flatMap(([name, { isEntered }]) =>
      isEntered && !isPrivate(name) ? [name] : []
    );
  }

  /** Rooms that the first `hello` enters: of each the last messages come. */
  expect(rooms: readonly string[]): void {
    for (const room of rooms) this.#open(room).isEntered = false;
  }

  /** A connection begins: one is in a room that was asked for when the server says so. */
  welcome({ room, name }: Welcome): void {
    this.name = name;
    for (const place of this.#places.values()) {
      place.isEntered = false;
      place.wasHere = place.seq !== undefined;
    }
    this.#go(room);
  }

  /**
   * What `hello` says to go on where the last connection ended. An object does not keep the order
   * of keys that are numbers, so `room` tells which room is current.
   */
  resume(): Required<Pick<HelloFields, "resume" | "room">> {
    // Rooms come first: of conversations the server knows how far they were read.
    const points = Array.from(this.#places)
      .sort(([one], [two]) => Number(isPrivate(one)) - Number(isPrivate(two)))
      .slice(0, RESUME_MAX_ROOMS).map(([name, { point }]) => [name, point]);
    return { resume: Object.fromEntries(points), room: this.current };
  }

  /** Notes what a message tells of where one is and what is here; `false` when it was here. */
  note(message: ServerMessage | Unknown): boolean {
    switch (message.type) {
      case "chat":
      case "deleted":
      case "gone":
        return this.#take(message.room, message.seq, message.at);
      case "private": {
        const { from, to, seq, at } = message;
        return this.#take(PRIVATE + (from === this.name ? to : from), seq, at);
      }
      case "ack": {
        const { room, to, seq, at } = message;
        const place = to === undefined ? room : PRIVATE + to;
        return this.#take(place, seq, at);
      }
      case "unknown":
        // A type to come: its seq counts, so that nothing seems to be missing.
        return this.#take(message.room, message.seq, undefined);
      case "here":
        this.#go(message.room);
        break;
      case "users":
        // A list that was asked for says nothing of where one is.
        if (message.id === undefined) this.#enter(message.room);
        break;
      case "error":
        // A room that could not be entered again.
        if (message.id === undefined && message.room !== undefined) {
          this.leave(message.room);
        }
        break;
      case "left":
        if (message.name === this.name) this.leave(message.room);
        break;
      case "renamed":
        this.#rename(message.from, message.name);
    }
    return true;
  }

  /** Notes a page of a replay. */
  noteHistory({ room, messages, skipped, reset }: History): Noted {
    let place = this.#places.get(room);
    if (reset && place?.seq !== undefined) place = undefined;
    else if (place === undefined && !isPrivate(room)) {
      // It was left meanwhile.
      return { fresh: messages, isReplay: false };
    }
    place ??= this.#open(room);
    const first = messages.find(({ seq }) => seq !== undefined)?.seq ?? 1;
    if (place.seq === undefined) place.skipTo(first - 1);
    if (skipped !== undefined) place.skipTo(skipped.to);
    const fresh = messages.filter((message) =>
      message.seq !== undefined &&
      place.take(message.seq, "at" in message ? message.at : undefined)
    );
    return { fresh, isReplay: place.wasHere };
  }

  /** One is not in a room any more. */
  leave(room: string): void {
    this.#places.get(room)?.close();
    this.#places.delete(room);
  }

  #go(room: string): void {
    this.current = room;
    if (room !== "") this.#enter(room);
  }

  #enter(room: string): void {
    (this.#places.get(room) ?? this.#open(room)).isEntered = true;
  }

  /** A conversation goes by the name of the other person. */
  #rename(from: string, name: string): void {
    if (from === this.name) this.name = name;
    const place = this.#places.get(PRIVATE + from);
    if (place === undefined) return;
    this.#places.delete(PRIVATE + from);
    this.leave(PRIVATE + name);
    this.#places.set(PRIVATE + name, place);
  }

  /** A conversation begins with its first message; a room is followed while one is in it. */
  #take(
    name: string | undefined,
    seq: number | undefined,
    at: number | undefined,
  ): boolean {
    // Without a seq it is not stored, and comes once.
    if (name === undefined || !seq) return true;
    let place = this.#places.get(name);
    if (place === undefined) {
      if (!isPrivate(name)) return true;
      place = this.#open(name);
      place.skipTo(seq - 1);
    }
    return place.take(seq, at);
  }

  /** Begins a place anew; over the limit the oldest conversation makes way, or else a room. */
  #open(name: string): Place {
    const before = this.#places.get(name);
    before?.close();
    if (before === undefined && this.#places.size >= PLACES) {
      const names = [...this.#places.keys()];
      this.leave(names.find(isPrivate) ?? names[0]!);
    }
    const place = new Place(this.#ahead);
    this.#places.set(name, place);
    return place;
  }
}

function isPrivate(name: string): boolean {
  return name.startsWith(PRIVATE);
}
