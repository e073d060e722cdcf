/** One connection as the delivery sees it: its places in rooms, fed in turns, and its answers. */
import type { ConnectionId } from "../chat/input.ts";
import type { Journal } from "../store/store.ts";
import type { Bye, ServerMessage } from "../wire/server.ts";
import { Answers, type Question } from "./answers.ts";
import { Cursor, type Enter, type Owner } from "./cursor.ts";
import type { Rooms } from "./rooms.ts";
import type { Sink, Why } from "./sink.ts";
import type { TurnItems } from "./turn_items.ts";

export interface SubscriberOptions {
  readonly journal: Pick<Journal, "read" | "search" | "searchAll">;
  /** A connection is at a room's head again and has missed announcements. */
  readonly onCaughtUp: (id: ConnectionId, room: string) => void;
  /** What a connection asked took so much more than its price, in messages. */
  readonly charge?: (id: ConnectionId, tokens: number) => void;
  /** Something failed for a connection, as a read of the journal; it is to be ended. */
  readonly onFault: (id: ConnectionId, error: unknown) => void;
}

export class Subscriber implements Owner {
  readonly #id: ConnectionId;
  readonly sink: Sink;
  readonly #rooms: Rooms;
  readonly #options: SubscriberOptions;
  /** By room. Those that are not at the head are fed in this order. */
  readonly #cursors = new Map<string, Cursor>();
  /** The journal is being read for one of them. */
  #isFeeding = false;
  #isGone = false;
  /** The turn that was sent last. */
  #flushed = 0;
  /** What the journal is asked for, if it ever was. */
  #answers: Answers | undefined;

  constructor(
    id: ConnectionId,
    sink: Sink,
    rooms: Rooms,
    options: SubscriberOptions,
  ) {
    this.#id = id;
    this.sink = sink;
    this.#rooms = rooms;
    this.#options = options;
  }

  get journal(): Pick<Journal, "read"> {
    return this.#options.journal;
  }

  /** For the monitor. Whose conversations it hears is nobody's business. */
  describe(): { rooms: string[]; isBehind: boolean } {
    const names = Array.from(this.#cursors.values(), ({ name }) => name);
    return {
      rooms: names.filter((name) => !name.startsWith("@")),
      isBehind: this.isBehind,
    };
  }

  get isBehind(): boolean {
    return this.#waiting() !== undefined;
  }

  fail(error: unknown): void {
    this.#options.onFault(this.#id, error);
  }

  /** Sends what the turn had for it, once. */
  flush(turn: number): void {
    if (this.#flushed === turn) return;
    this.#flushed = turn;
    this.sink.flush();
  }

  remove(): void {
    this.#isGone = true;
    this.#answers?.close();
    for (const cursor of this.#cursors.values()) cursor.close();
  }

  // ---- What is for this connection ----

  /** Gets what its rooms have said so far. */
  hear(): void {
    for (const cursor of this.#cursors.values()) cursor.hear();
  }

  /** Gets a message that it asked for, or that is about itself: also over its limit. */
  send(message: ServerMessage, why: Why): void {
    this.sink.send(message, why);
    if (message.type === "renamed") this.#noteNaming();
  }

  /** Gets a message that it can do without; `items` has nothing else, where many are told. */
  tell(message: ServerMessage, items: TurnItems | undefined): void {
    const { type } = message;
    const { sink } = this;
    const isSign = type === "typing" || type === "read";
    if (isSign && this.isBehind) return;
    const bytes = items?.bytesSince(0, sink.shared) ?? 1;
    if (bytes > Math.max(0, sink.spaceBytes)) {
      if (type !== "renamed") return;
      for (const cursor of this.#cursors.values()) cursor.fallBehind();
    } else if (items === undefined) sink.send(message, "unasked");
    else items.push(0, sink);
    if (type === "renamed") this.#noteNaming();
  }

  /** Who is there, as it waits to be said, was listed before: at the head it is said anew. */
  #noteNaming(): void {
    for (const cursor of this.#cursors.values()) cursor.miss();
  }

  /** Is answered when the journal has given what it takes. */
  ask(question: Question): void {
    const onFault = (error: unknown) => this.fail(error);
    this.#answers ??= new Answers(this.sink, onFault);
    this.#answers.ask(question);
  }

  /** The work of answering cost so many tokens more than was paid for. */
  charge(tokens: number): void {
    this.#options.charge?.(this.#id, tokens);
  }

  /** Resolves when all that it asked is answered. */
  async answered(): Promise<void> {
    await this.#answers?.given();
  }

  /** A goodbye comes behind every answer. */
  end(bye: Bye): void {
    const end = () => {
      this.sink.send(bye, "asked");
      this.sink.end();
    };
    if (this.#answers?.areAllGiven ?? true) end();
    else this.answered().then(end);
  }

  // ---- Rooms ----

  enter(enter: Enter): void {
    const { room, name, start } = enter;
    this.#rooms.reach(room, start.head);
    const before = this.#cursors.get(room);
    // What was said before it left may wait to be sent: it goes on from there.
    const continues = start.kind === "live" && start.continues;
    if (continues && before !== undefined) return before.stay();
    before?.close();
    const buffer = this.#rooms.open(room, name);
    const cursor = new Cursor(buffer, this, enter);
    this.#cursors.set(room, cursor);
    buffer.hearers.add(cursor);
    this.feed();
  }

  exit(room: string, head: number): void {
    this.#rooms.reach(room, head);
    this.#cursors.get(room)?.leave(head);
  }

  /** It has said something in a room itself; gives the room's name there if it is at the head. */
  skip(room: string): string | undefined {
    const cursor = this.#cursors.get(room);
    return cursor?.skip() ? cursor.name : undefined;
  }

  caughtUp({ buffer }: Cursor): void {
    this.#options.onCaughtUp(this.#id, buffer.room);
  }

  drop(cursor: Cursor): void {
    this.#cursors.delete(cursor.buffer.room);
    this.#rooms.leave(cursor.buffer, cursor);
  }

  // ---- Catch-up ----

  /** The next cursor to feed now. What is replayed may have to wait, what was said since not. */
  #next(): Cursor | undefined {
    const next = this.#waiting();
    if (next?.state !== "replaying" || this.sink.mayReplay?.() !== false) {
      return next;
    }
    return this.#cursors.values().find(({ state }) => state === "behind");
  }

  /** The first that is not at the head. */
  #waiting(): Cursor | undefined {
    return this.#cursors.values().find(({ state }) => state !== "live");
  }

  /**
   * Feeds while there is space: what the ring has at once, the rest as the journal gives it. After
   * a fault it does not go on: the connection is to be ended.
   */
  feed(): void {
    this.#answers?.drained();
    if (this.#isFeeding) return;
    this.#isFeeding = true;
    try {
      const reading = this.#feedNow();
      this.#isFeeding = reading !== undefined;
      reading?.then(() => {
        this.#isFeeding = false;
        this.feed();
        this.sink.flush();
      }).catch((error) => this.fail(error));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Feeds until nothing is left or there is no space, or until the journal must be read first. */
  #feedNow(): Promise<void> | undefined {
    while (this.sink.spaceBytes > 0) {
      const cursor = this.#next();
      if (cursor === undefined) return undefined;
      if (cursor.state === "behind") {
        // One page of this room, then the next; those who enter come in their order.
        this.#cursors.delete(cursor.buffer.room);
        this.#cursors.set(cursor.buffer.room, cursor);
      }
      const reading = cursor.feed();
      if (reading !== undefined) return reading;
    }
    return undefined;
  }
}
