/** A search in a place or in all: what was looked for, what was found, and how far back. */
import { batch, type Signal, signal } from "@preact/signals-core";
import { describeError } from "../../base/errors.ts";
import type { Request } from "../../client/client.ts";
import { EVERYWHERE, furtherSearch } from "../../text/render.ts";
import type { Said, ServerMessage } from "../../wire/server.ts";
import type { Patience } from "../../base/patience.ts";
import { isSaid } from "./line.ts";

export type Found = Extract<ServerMessage, { type: "found" }>;
type Ask = (request: Request) => Promise<ServerMessage>;

/** More results are not kept: who finds so many looks for other words. */
const RESULTS = 1_000;

export class Search {
  /** Where one looks for the words, unless it is in all that one may read. */
  place = "";
  readonly words = signal("");
  readonly isInAll = signal(false);
  /** The newest first. */
  readonly results = signal<readonly Said[]>([]);
  /** What was found last: the words that all results have, and how far back it was looked. */
  readonly found = signal<Found | undefined>(undefined);
  readonly isLooking = signal(false);
  readonly fault = signal("");
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Looks for the words, from the newest message back. */
  async look(): Promise<void> {
    const words = this.words.peek().trim();
    const where = this.isInAll.peek()
      ? "in:all "
      : this.place.startsWith("@")
      ? `in:${this.place} `
      : "";
    if (words === "") return;
    const found = await this.#look(where + words);
    if (found !== undefined) this.take(found);
  }

  /** Looks on where it ended. */
  async lookFurther(): Promise<void> {
    const before = this.found.peek();
    if (before?.searched === undefined) return;
    const found = await this.#look(furtherSearch(before), before.room);
    if (found !== undefined) this.take(found, "on");
  }

  async #look(args: string, room = this.place): Promise<Found | undefined> {
    if (this.isLooking.peek()) return;
    this.isLooking.value = true;
    this.fault.value = "";
    try {
      const answer = await this.#ask({
        ...{ type: "command", name: "search", args },
        ...args.startsWith("in:") ? {} : { room },
      } as Request);
      if (answer.type === "found") return answer;
    } catch (error) {
      this.fault.value = describeError(error);
    } finally {
      this.isLooking.value = false;
    }
  }

  /** Takes what the server found; what is older and belongs to the same search is added. */
  take(found: Found, how?: "on"): void {
    const { query, room, messages } = found;
    const last = this.found.peek();
    const isSame = query === last?.query && room === last.room;
    const before = isSame ? this.results.peek() : [];
    const news = messages.filter(isSaid).toReversed();
    const oldest = before.at(-1)?.at ?? Infinity;
    const isOn = how === "on" || news.every(({ at }) => at < oldest);
    batch(() => {
      if (!isSame) this.words.value = query;
      this.isInAll.value = room === EVERYWHERE;
      this.found.value = found;
      this.results.value = [...isOn ? before : [], ...news].slice(0, RESULTS);
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
  const search = place.search.value ??= new Search(ask);
  search.place = place.name;
  return search;
}
