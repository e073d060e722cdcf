/**
 * The delivery loop: a cursor for each connection and room, fed from the room's ring while it is near the head and from the journal
 * while it is not. Joining, resuming, reading slowly and hearing live are this one loop.
 */
import type { ConnectionId, Effect } from "../chat/effects.ts";
import { HISTORY_PAGE_MESSAGES } from "../base/limits.ts";
import type { Journal } from "../store/store.ts";
import { concat } from "@std/bytes/concat";
import { encodeMessage, type ServerMessage } from "../wire/server.ts";
import { Answers } from "./answers.ts";
import type { Cursor, Listener, Outlet } from "./cursor.ts";
import { Feeder } from "./feeder.ts";
import { Feed } from "./room_buffer.ts";

/** Something of a turn that those in a room get: a message (`seq` > 0) or an announcement. */
interface Item {
  readonly index: number;
  /** Has the frame, or makes it when it is wanted. */
  readonly source: { readonly frame: Uint8Array };
  readonly seq: number;
  readonly author: ConnectionId | undefined;
}

/** Something of a turn for one connection. */
interface Direct {
  readonly index: number;
  readonly effect: Exclude<Effect, { kind: "append" | "announce" | "tell" }> | {
    readonly kind: "frame";
    readonly frame: Uint8Array;
  } | {
    readonly kind: "told";
    readonly frame: Uint8Array;
    readonly type: ServerMessage["type"];
  };
}

export interface DeliveryOptions {
  readonly journal: Journal;
  /** Committed heads of all rooms. */
  readonly heads: Map<string, number>;
  /** Whether authors get their own chats, too. */
  readonly echo?: "on" | "off";
  /** The people of a room now. */
  readonly usersOf: (room: string) => ServerMessage | undefined;
  /** A read of the journal failed; the connection that needed it is ended. */
  readonly onFault: (id: ConnectionId, error: unknown) => void;
}

export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #heads: Map<string, number>;
  readonly #feeder: Feeder;
  readonly #answers: Answers;
  readonly #feeds = new Map<string, Feed>();
  readonly #listeners = new Map<ConnectionId, Listener>();
  readonly #emptied = new Set<Feed>();
  #turn = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#heads = new Map(options.heads);
    this.#feeder = new Feeder({
      ...options,
      drop: (cursor) => this.#drop(cursor),
      isOfThisTurn: (cursor) => cursor.turn === this.#turn,
    });
    this.#answers = new Answers({
      ...options,
      isHere: (listener) => this.#listeners.get(listener.id) === listener,
    });
  }

  add(id: ConnectionId, outlet: Outlet): void {
    this.#listeners.set(id, {
      id,
      outlet,
      person: "",
      cursors: new Map(),
      waiting: [],
      isFeeding: false,
      isWalking: false,
      answering: new Set(),
    });
  }

  remove(id: ConnectionId): void {
    const listener = this.#listeners.get(id);
    if (listener === undefined) return;
    this.#listeners.delete(id);
    for (const cursor of [...listener.cursors.values()]) this.#drop(cursor);
    this.#sweep();
  }

  /** Resolves when all that a connection asked is answered. */
  async answered(id: ConnectionId): Promise<void> {
    await Promise.all(this.#listeners.get(id)?.answering ?? []);
  }

  /** The connection's outlet has space again. */
  drained(id: ConnectionId): void {
    const listener = this.#listeners.get(id);
    if (listener !== undefined && listener.waiting.length > 0) {
      this.#feeder.feed(listener);
    }
  }

  /** Reads what the turn's newcomers will be shown first, so that {@linkcode deliver} has it at hand. Called before the turn is delivered. */
  async prepare(effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) {
      if (effect.kind !== "enter" || this.#feeds.has(effect.room)) continue;
      const head = this.#heads.get(effect.room) ?? 0;
      const feed = this.#feedOf(effect.room, effect.name);
      if (head > 0) {
        feed.prime(
          await this.#options.journal.read(
            effect.room,
            Math.max(1, head - HISTORY_PAGE_MESSAGES + 1),
            HISTORY_PAGE_MESSAGES,
          ),
        );
      }
    }
  }

  /** Whether {@linkcode prepare} has anything to do. */
  needsPreparation(effects: readonly Effect[]): boolean {
    return effects.some((effect) =>
      effect.kind === "enter" && !this.#feeds.has(effect.room)
    );
  }

  /** Delivers a committed turn: each connection gets what is for it in the order of the effects, in one flush. */
  deliver(effects: readonly Effect[]): void {
    this.#turn++;
    const items = new Map<Feed, Item[]>();
    const directs = new Map<Listener, Direct[]>();
    effects.forEach((effect, index) =>
      this.#sort(effect, index, items, directs)
    );
    const touched = new Set<Listener>(directs.keys());
    for (const [feed, list] of items) {
      this.#broadcast(feed, list, directs, touched);
    }
    for (const [listener, list] of directs) {
      try {
        this.#deliverTo(listener, list, items);
      } catch (error) {
        // A fault of this program must not take everyone with it.
        this.#options.onFault(listener.id, error);
      }
    }
    for (const listener of touched) listener.outlet.flush();
    this.#sweep();
  }

  // ---- A turn ----

  #sort(
    effect: Effect,
    index: number,
    items: Map<Feed, Item[]>,
    directs: Map<Listener, Direct[]>,
  ): void {
    switch (effect.kind) {
      case "append": {
        const { entry, author, ack } = effect;
        this.#heads.set(entry.room, entry.seq);
        const kept = this.#feeds.get(entry.room)?.append(entry);
        const answers = this.#directsOf(author, directs);
        if (kept !== undefined) {
          listIn(items, this.#feeds.get(entry.room)!).push({
            index,
            source: kept,
            seq: entry.seq,
            author,
          });
        }
        if (ack.id === undefined) return;
        const { seq, at } = entry;
        answers?.push({
          index,
          effect: {
            kind: "frame",
            frame: encodeMessage({ type: "ack", ...ack, seq, at }),
          },
        });
        return;
      }
      case "announce": {
        // A feed without cursors may be one that somebody enters in this turn.
        const feed = this.#feeds.get(effect.room);
        if (feed === undefined) return;
        listIn(items, feed).push({
          index,
          source: { frame: encodeMessage(effect.message) },
          seq: 0,
          author: undefined,
        });
        return;
      }
      case "tell": {
        const frame = encodeMessage(effect.message);
        const { type } = effect.message;
        for (const id of effect.to) {
          this.#directsOf(id, directs)?.push({
            index,
            effect: { kind: "told", frame, type },
          });
        }
        return;
      }
      case "enter":
        this.#feedOf(effect.room, effect.name);
        this.#directsOf(effect.connection, directs)?.push({ index, effect });
        return;
      case "answer":
      case "page":
      case "search":
        this.#directsOf(effect.to, directs)?.push({ index, effect });
        return;
      default:
        this.#directsOf(effect.connection, directs)?.push({ index, effect });
    }
  }

  #directsOf(
    id: ConnectionId,
    directs: Map<Listener, Direct[]>,
  ): Direct[] | undefined {
    const listener = this.#listeners.get(id);
    return listener === undefined ? undefined : listIn(directs, listener);
  }

  /** Those who only listened get the room's part of the turn as one piece, made once. */
  #broadcast(
    feed: Feed,
    items: readonly Item[],
    directs: Map<Listener, Direct[]>,
    touched: Set<Listener>,
  ): void {
    const hasAnnouncement = items.some((item) => item.seq === 0);
    let piece: Uint8Array | undefined;
    for (const cursor of feed.cursors) {
      const { listener } = cursor;
      if (directs.has(listener)) continue;
      touched.add(listener);
      if (cursor.state !== "live") {
        cursor.hasMissed ||= hasAnnouncement;
        continue;
      }
      piece ??= items.length === 1
        ? items[0]!.source.frame
        : concat(items.map((item) => item.source.frame));
      if (piece.length <= listener.outlet.spaceBytes) {
        listener.outlet.push(piece);
        cursor.next = feed.head + 1;
      } else {
        this.#feeder.fallBehind(cursor);
        this.#feeder.feed(listener);
      }
    }
  }

  /** One that also said or asked something gets its answers and the rooms' messages in the order that they happened. */
  #deliverTo(
    listener: Listener,
    directs: readonly Direct[],
    items: Map<Feed, Item[]>,
  ): void {
    const all: (Direct | {
      readonly index: number;
      readonly feed: Feed;
      readonly item: Item;
    })[] = [...directs];
    const rooms = new Set<Feed>(
      Array.from(listener.cursors.values(), (cursor) => cursor.feed),
    );
    for (const { effect } of directs) {
      if (effect.kind === "enter") rooms.add(this.#feeds.get(effect.room)!);
    }
    for (const feed of rooms) {
      for (const item of items.get(feed) ?? []) {
        all.push({ index: item.index, feed, item });
      }
    }
    // The ack of a message stands where the message does; both have its index, and the sort is stable.
    all.sort((a, b) => a.index - b.index);
    listener.isWalking = true;
    for (const one of all) {
      if ("item" in one) this.#deliverItem(listener, one.feed, one.item);
      else this.#deliverDirect(listener, one.effect);
    }
    listener.isWalking = false;
    this.#feeder.feed(listener);
  }

  #deliverItem(listener: Listener, feed: Feed, item: Item): void {
    const cursor = listener.cursors.get(feed.room);
    if (cursor === undefined) return;
    if (cursor.state !== "live") {
      cursor.hasMissed ||= item.seq === 0;
    } else if (item.seq > 0 && item.seq < cursor.next) {
      // Sent already: the cursor caught up within this turn.
    } else if (
      item.author === listener.id && item.seq > 0 &&
      this.#options.echo !== "on"
    ) {
      cursor.next = item.seq + 1; // Split horizon: the ack is enough.
    } else if (item.source.frame.length <= listener.outlet.spaceBytes) {
      listener.outlet.push(item.source.frame);
      if (item.seq > 0) cursor.next = item.seq + 1;
    } else {
      this.#feeder.fallBehind(cursor);
    }
  }

  #deliverDirect(listener: Listener, effect: Direct["effect"]): void {
    const { outlet } = listener;
    if (effect.kind === "frame") outlet.push(effect.frame);
    else if (effect.kind === "answer") {
      outlet.push(encodeMessage(effect.message));
      if (effect.message.type === "renamed") this.#noteNaming(listener);
    } else if (effect.kind === "told") {
      this.#tell(listener, effect.frame, effect.type);
    } else if (effect.kind === "ready") outlet.ready();
    else if (effect.kind === "enter") this.#enter(listener, effect);
    else if (effect.kind === "exit") {
      this.#exit(listener, effect.room, effect.head);
    } else if (effect.kind === "page") {
      const head = this.#heads.get(effect.page.room) ?? 0;
      this.#answers.page(listener, effect.person, effect.page, head);
    } else if (effect.kind === "search") {
      this.#answers.search(listener, effect.person, effect.search);
    } else if (effect.kind === "end") this.#answers.end(listener, effect.bye);
  }

  /** One that is behind may miss a sign of life, but not that somebody has another name: at the head it is told who is there. */
  #tell(
    listener: Listener,
    frame: Uint8Array,
    type: ServerMessage["type"],
  ): void {
    const { outlet, waiting, cursors } = listener;
    const fits = frame.length <= outlet.spaceBytes;
    if (fits && (waiting.length === 0 || type !== "typing")) outlet.push(frame);
    if (type !== "renamed") return;
    this.#noteNaming(listener);
    if (fits) return;
    for (const cursor of cursors.values()) {
      if (cursor.state === "live") this.#feeder.fallBehind(cursor);
    }
  }

  /** Who is there, as it waits to be said to one that enters, was listed before somebody got another name. */
  #noteNaming({ waiting }: Listener): void {
    for (const cursor of waiting) cursor.hasMissed = true;
  }

  #feedOf(room: string, name: string): Feed {
    let feed = this.#feeds.get(room);
    if (feed === undefined) {
      feed = new Feed(room, name, this.#heads.get(room) ?? 0);
      this.#feeds.set(room, feed);
      // Who is about to enter may be gone already: then it goes with the turn.
      this.#emptied.add(feed);
    }
    return feed;
  }

  // ---- Cursors ----

  #enter(listener: Listener, effect: Extract<Effect, { kind: "enter" }>): void {
    const former = listener.cursors.get(effect.room);
    if (former !== undefined) this.#drop(former);
    const feed = this.#feedOf(effect.room, effect.name);
    listener.person = effect.person;
    const until = Math.min(effect.start.head, feed.head);
    const cursor: Cursor = {
      listener,
      feed,
      name: effect.name,
      next: until + 1,
      last: Infinity,
      state: "opening",
      hasMissed: false,
      opening: {
        start: effect.start,
        first: effect.first,
        until,
        hasBegun: false,
        flags: {},
      },
      turn: this.#turn,
    };
    listener.cursors.set(feed.room, cursor);
    feed.cursors.add(cursor);
    listener.waiting.push(cursor);
    this.#feeder.feed(listener);
  }

  #exit(listener: Listener, room: string, head: number): void {
    const cursor = listener.cursors.get(room);
    if (cursor === undefined) return;
    cursor.last = Math.min(head, cursor.feed.head);
    // What was said while it was there is sent all the same; a replay that would only show what was said before is not.
    const end = cursor.opening?.until ?? cursor.next - 1;
    if (cursor.state === "live" || cursor.last <= end) this.#drop(cursor);
  }

  #drop(cursor: Cursor): void {
    const { listener, feed } = cursor;
    if (listener.cursors.get(feed.room) === cursor) {
      listener.cursors.delete(feed.room);
    }
    listener.waiting = listener.waiting.filter((other) => other !== cursor);
    feed.cursors.delete(cursor);
    if (feed.cursors.size === 0) this.#emptied.add(feed);
  }

  /** Feeds that nobody hears go, but not within a turn: somebody may enter again in it. */
  #sweep(): void {
    for (const feed of this.#emptied) {
      if (feed.cursors.size === 0) this.#feeds.delete(feed.room);
    }
    this.#emptied.clear();
  }
}

function listIn<K, T>(map: Map<K, T[]>, key: K): T[] {
  let list = map.get(key);
  if (list === undefined) map.set(key, list = []);
  return list;
}
