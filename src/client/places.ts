/** Where a client is: its rooms and conversations, how much of each it has, and the one where its words go. */
import { RESUME_MAX_ROOMS } from "../base/limits.ts";
import type {
  History,
  Private,
  ServerMessage,
  Stored,
  Unknown,
  Welcome,
} from "../wire/server.ts";
import type { HelloFields } from "./link.ts";
import { RoomTracker } from "./room_tracker.ts";

/** Begins the names of conversations, which no room's name does. */
const PRIVATE = "@";
/** More are not followed: a server that makes up rooms must not fill the memory. */
const PLACES = 1_000;

export class Places {
  readonly #trackers = new Map<string, RoomTracker>();
  #current = "";
  #name = "";
  /** The room that was entered last, as its `users` named it. */
  #entered = "";

  /** The room where one's words go; empty when there is none. */
  get current(): string {
    return this.#current;
  }

  /** One's own name. */
  get name(): string {
    return this.#name;
  }

  /** The rooms one is in, in the order of entering. */
  get rooms(): string[] {
    return [...this.#trackers.keys()].filter((room) => !isPrivate(room));
  }

  /** A connection begins. */
  welcome({ room, name }: Welcome): void {
    this.#current = room;
    this.#name = name;
  }

  /** What `hello` says to go on where the last connection ended. */
  resume(): HelloFields {
    if (this.#trackers.size === 0) return {};
    // Rooms count for more than conversations, of which the server knows how far they were read.
    const places = [...this.#trackers].sort(([one], [two]) =>
      Number(isPrivate(one)) - Number(isPrivate(two))
    ).slice(0, RESUME_MAX_ROOMS);
    const resume = Object.fromEntries(
      places.map(([room, tracker]) => [room, tracker.point]),
    );
    return { resume, room: this.#current };
  }

  /** Whether a message is new; keeps the place in each room. */
  note(message: ServerMessage | Unknown): boolean {
    switch (message.type) {
      case "chat":
        return this.#take(message.room, message.seq, message.at);
      case "private":
        return this.#notePrivate(message);
      case "ack": {
        const { seq = 0, at = 0, to } = message;
        const room = message.room ??
          (to === undefined ? undefined : PRIVATE + to);
        // Without a seq it is not stored.
        if (room !== undefined && seq > 0) this.#take(room, seq, at);
        return true;
      }
      case "renamed":
        this.#rename(message.from, message.name);
        return true;
      case "left":
        if (message.name === this.#name) this.leave(message.room);
        return true;
      case "users":
        if (message.id === undefined) this.#entered = message.room;
        return true;
      case "unknown":
        // A type to come: its seq counts, so that nothing seems to be missing.
        if (message.room !== undefined && message.seq !== undefined) {
          this.#trackers.get(message.room)?.take(message.seq, 0);
        }
        return true;
      default:
        return true;
    }
  }

  /** Those of a page's messages that are new, and whether the page fills a gap in what was here before. */
  noteHistory(
    { room, messages, skipped, reset }: History,
  ): { fresh: Stored[]; isReplay: boolean } {
    const first = messages.find(({ seq }) => seq !== undefined);
    const isReplay = this.#trackers.has(room) && !reset;
    if (reset) this.#trackers.delete(room);
    const tracker = this.#tracker(room, (first?.seq ?? 1) - 1);
    if (skipped !== undefined) tracker.skipTo(skipped.to);
    const fresh = messages.filter((message) =>
      message.type === "unknown"
        ? message.seq !== undefined && tracker.take(message.seq, 0)
        : tracker.take(message.seq, message.at)
    );
    return { fresh, isReplay };
  }

  /** One is where `/join` with these arguments has led. */
  join(args: string): void {
    const left = this.#current;
    const stays = args.trim().startsWith("+");
    const asked = args.trim().replace(/^\+/, "").toLowerCase();
    const known = this.rooms.find((room) => room.toLowerCase() === asked);
    this.#current = known ?? this.#entered;
    if (!stays && left !== this.#current) this.#trackers.delete(left);
  }

  /** One is not in a room any more. */
  leave(room: string): void {
    this.#trackers.delete(room);
    if (this.#current === room) this.#current = this.rooms.at(-1) ?? "";
  }

  #notePrivate({ from, to, seq, at }: Private): boolean {
    // Without a seq it is not stored, and comes once.
    if (seq === 0) return true;
    return this.#take(PRIVATE + (from === this.#name ? to : from), seq, at);
  }

  /** A conversation goes by the name of the other person. */
  #rename(from: string, name: string): void {
    if (from === this.#name) this.#name = name;
    const tracker = this.#trackers.get(PRIVATE + from);
    if (tracker === undefined) return;
    this.#trackers.delete(PRIVATE + from);
    this.#trackers.set(PRIVATE + name, tracker);
  }

  #take(room: string, seq: number, at: number): boolean {
    return this.#tracker(room, seq - 1).take(seq, at);
  }

  #tracker(room: string, seq: number): RoomTracker {
    let tracker = this.#trackers.get(room);
    if (tracker === undefined) {
      this.#trackers.set(room, tracker = new RoomTracker(seq));
      if (this.#trackers.size > PLACES) this.#dropOne();
    }
    return tracker;
  }

  /** Gives up the oldest conversation, or else the oldest room. */
  #dropOne(): void {
    const names = [...this.#trackers.keys()];
    this.#trackers.delete(names.find(isPrivate) ?? names[0]!);
  }
}

function isPrivate(room: string): boolean {
  return room.startsWith(PRIVATE);
}
