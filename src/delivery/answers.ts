/** Answers that the journal has to give: pages of history and searches. A goodbye waits for them. */
import type {
  ConnectionId,
  PageRequest,
  SearchRequest,
} from "../chat/effects.ts";
import type { Entry, Journal } from "../store/store.ts";
import { type Bye, encodeMessage } from "../wire/server.ts";
import type { Listener } from "./cursor.ts";
import { encodeFound, encodePage } from "./encoding.ts";

export interface AnswersOptions {
  readonly journal: Pick<Journal, "read" | "search">;
  /** A read of the journal failed. */
  readonly onFault: (id: ConnectionId, error: unknown) => void;
  /** Whether a connection is still there. */
  readonly isHere: (listener: Listener) => boolean;
}

export class Answers {
  readonly #options: AnswersOptions;

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  /** Answers with a page of a room whose last seq is `head`. */
  page(
    listener: Listener,
    person: string,
    request: PageRequest,
    head: number,
  ): void {
    const from = request.after !== undefined ? request.after + 1 : Math.max(
      1,
      Math.min(request.before ?? Infinity, head + 1) - request.limit,
    );
    const to = Math.min(
      head,
      from + request.limit - 1,
      (request.before ?? Infinity) - 1,
    );
    const answer = (entries: readonly Entry[]) => {
      const keep = request.after === undefined ? "last" : "first";
      const { frame } = encodePage(
        entries,
        request.name,
        person,
        (held) => {
          const first = held[0]?.seq ?? from;
          const last = held.at(-1)?.seq ?? to;
          return {
            more: request.after === undefined ? first > 1 : last < head,
            ...(first > 1 ? { older: true } : {}),
            ...(request.id === undefined ? {} : { id: request.id }),
          };
        },
        keep,
      );
      listener.outlet.push(frame);
    };
    const limit = to - from + 1;
    if (limit <= 0) return answer([]);
    this.#later(
      listener,
      this.#options.journal.read(request.room, from, limit),
      answer,
    );
  }

  /** Answers with what a search finds. */
  search(
    listener: Listener,
    person: string,
    { room, name, words, query, limit, id }: SearchRequest,
  ): void {
    const found = this.#options.journal.search(room, words, limit);
    this.#later(listener, found, (entries) => {
      listener.outlet.push(encodeFound(entries, name, person, query, id));
    });
  }

  /** Answers with entries when they are there, if the connection still is. */
  #later(
    listener: Listener,
    entries: Promise<Entry[]>,
    answer: (entries: readonly Entry[]) => void,
  ): void {
    const answered = entries.then((entries) => {
      if (!this.#options.isHere(listener)) return;
      answer(entries);
      listener.outlet.flush();
    }).catch((error) => this.#options.onFault(listener.id, error))
      .finally(() => listener.answering.delete(answered));
    listener.answering.add(answered);
  }

  /** A goodbye comes behind every answer. */
  end({ outlet, answering }: Listener, bye: Bye): void {
    const end = () => {
      outlet.push(encodeMessage(bye));
      outlet.end();
    };
    if (answering.size === 0) end();
    else Promise.all(answering).then(end);
  }
}
