/** A search in a room: what was looked for, what was found, and how far back. */
import { batch, type Signal, signal } from "@preact/signals-core";
import { describeError } from "../../base/errors.ts";
import type { Request } from "../../client/client.ts";
import type { Said, ServerMessage } from "../../wire/server.ts";
import type { Patience } from "../../base/patience.ts";

export type Found = Extract<ServerMessage, { type: "found" }>;
type Ask = (request: Request) => Promise<ServerMessage>;

/** More results are not kept: who finds so many looks for other words. */
const RESULTS = 1_000;

export class Search {
  readonly room: string;
  readonly words = signal("");
  /** The newest first. */
  readonly results = signal<readonly Said[]>([]);
  /** How far back it was looked, where that is not the beginning: seq, and milliseconds UTC. */
  readonly searched = signal<Found["searched"]>(undefined);
  /** The words that the results have. */
  readonly query = signal("");
  readonly isLooking = signal(false);
  readonly fault = signal("");
  readonly #ask: Ask;

  constructor(room: string, ask: Ask) {
    this.room = room;
    this.#ask = ask;
  }

  /** Looks for the words, from the newest message back. */
  async look(): Promise<void> {
    const words = this.words.peek().trim();
    if (words !== "") await this.#look(words);
  }

  /** Looks on where it ended. */
  async lookFurther(): Promise<void> {
    const searched = this.searched.peek();
    if (searched === undefined) return;
    await this.#look(`before:${searched.seq} ${this.query.peek()}`);
  }

  async #look(args: string): Promise<void> {
    if (this.isLooking.peek()) return;
    this.isLooking.value = true;
    this.fault.value = "";
    const { room } = this;
    try {
      const request = { type: "command", name: "search", args, room } as const;
      const answer = await this.#ask(request);
      if (answer.type === "found") this.take(answer);
    } catch (error) {
      this.fault.value = describeError(error);
    } finally {
      this.isLooking.value = false;
    }
  }

  /** Takes what the server found; what belongs to the same words is added. */
  take({ query, messages, searched }: Found): void {
    const isSame = query === this.query.peek();
    const before = isSame ? this.results.peek() : [];
    const oldest = before.at(-1)?.seq ?? Infinity;
    const isOn = messages.every(({ seq = 0 }) => seq < oldest);
    const news = messages.filter((one) => one.type === "chat")
      .toSorted((one, two) => two.seq - one.seq);
    batch(() => {
      if (!isSame) this.words.value = query;
      this.query.value = query;
      this.results.value = [...isOn ? before : [], ...news].slice(0, RESULTS);
      this.searched.value = searched;
    });
  }
}

interface Searched {
  readonly name: string;
  readonly search: Signal<Search | undefined>;
}

/** The search of a place, opened when there is none. */
export function searchIn(
  chat: { ask: Ask; patience: Patience },
  place: Searched,
): Search {
  const ask: Ask = (request) => chat.patience.ask(() => chat.ask(request));
  return place.search.value ??= new Search(place.name, ask);
}
