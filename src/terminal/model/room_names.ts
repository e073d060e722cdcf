/** The names of the rooms that there are, for Tab: asked for quietly, and not often. */
import type { Clock } from "../../base/clock.ts";
import type { Request } from "../../client/client.ts";
import type { MessageOf, ServerMessage } from "../../wire/server.ts";

/** What is older is asked for again when somebody wants it. */
const FRESH_MS = 60_000;
/** More are not kept; the server lists no more than a frame holds. */
const NAMES = 5_000;

/** What it needs of the chat. */
interface Needed {
  readonly clock: Clock;
  readonly connection: "online" | "offline";
  askUnwaited(request: Request): Promise<ServerMessage>;
}

export class RoomNames {
  readonly #model: Needed;
  #names: readonly string[] = [];
  #askedAt = -Infinity;

  constructor(model: Needed) {
    this.#model = model;
  }

  /** As the server listed them last; it is asked again when that was a while ago. */
  get(): readonly string[] {
    this.ask();
    return this.#names;
  }

  /** Asks, unless that was done a moment ago. A refusal says nothing: the next time is soon. */
  ask(): void {
    const now = this.#model.clock.monotonic();
    const isFresh = now < this.#askedAt + FRESH_MS;
    if (isFresh || this.#model.connection === "offline") return;
    this.#askedAt = now;
    this.#model.askUnwaited({ type: "command", name: "list" }).then(
      (answer) => answer.type === "rooms" && this.note(answer),
      () => {},
    );
  }

  /** The server has listed them. */
  note({ rooms }: MessageOf<"rooms">): void {
    this.#askedAt = this.#model.clock.monotonic();
    this.#names = rooms.slice(0, NAMES).map(({ name }) => name);
  }
}
