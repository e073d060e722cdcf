/**
 * What one connection has asked of the journal: answered one after the other, with the event loop
 * free between them, and only while there is space for an answer. So whoever asks much at once
 * holds neither the loop nor memory.
 */
import { setImmediate } from "node:timers";
import { SEARCHES_WAITING, UNANSWERED_MAX } from "../base/limits.ts";
import { given } from "../base/given.ts";
import type { ServerMessage } from "../wire/server.ts";
import type { Sink } from "./sink.ts";

export interface Question {
  readonly kind: "page" | "search";
  /** The client's own id of what it asked. */
  readonly id: string | undefined;
  /** Begins to answer; the signal says that nobody waits for it any more. */
  answer(signal: AbortSignal): Promise<ServerMessage>;
}

/** How many of a kind may wait; more are refused. */
const WAITING: Readonly<Record<Question["kind"], number>> = {
  page: UNANSWERED_MAX,
  search: SEARCHES_WAITING,
};

export class Answers {
  readonly #sink: Sink;
  readonly #onFault: (error: unknown) => void;
  /** The first is being answered. */
  readonly #waiting: Question[] = [];
  readonly #ending = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** No more is asked: whoever does not read is not waited for. */
  #isLast = false;
  #onSpace: (() => void) | undefined;

  constructor(sink: Sink, onFault: (error: unknown) => void) {
    this.#sink = sink;
    this.#onFault = onFault;
  }

  get areAllGiven(): boolean {
    return this.#waiting.length === 0;
  }

  ask(question: Question): void {
    const { kind, id } = question;
    const waiting = this.#waiting.filter((one) => one.kind === kind).length;
    if (waiting >= WAITING[kind]) {
      const text = `${waiting} of these wait for their answers: ask one by one`;
      const refusal = { type: "error", code: "rate-limited", text } as const;
      return this.#sink.send({ ...refusal, ...given({ id }) }, "asked");
    }
    this.#waiting.push(question);
    if (this.#waiting.length === 1) this.#running = this.#answerAll();
  }

  /** Resolves when all that was asked is answered. */
  async given(): Promise<void> {
    this.#isLast = true;
    this.drained();
    await this.#running;
  }

  /** There is space for an answer again. */
  drained(): void {
    this.#onSpace?.();
  }

  /** Nobody waits for answers any more. */
  close(): void {
    this.#waiting.length = 0;
    this.#ending.abort();
    this.drained();
  }

  async #answerAll(): Promise<void> {
    for (
      let one = this.#waiting[0];
      one !== undefined;
      one = this.#waiting[0]
    ) {
      await this.#answer(one);
      this.#waiting.shift();
      if (this.areAllGiven) return;
      await new Promise<void>((resolve) => setImmediate(resolve));
      await this.#space();
    }
  }

  async #answer(question: Question): Promise<void> {
    const { signal } = this.#ending;
    try {
      const message = await question.answer(signal);
      if (signal.aborted) return;
      this.#sink.send(message, "asked");
      this.#sink.flush();
    } catch (error) {
      if (!signal.aborted) this.#onFault(error);
    }
  }

  async #space(): Promise<void> {
    if (this.#isLast || this.#ending.signal.aborted) return;
    if (this.#sink.spaceBytes > 0) return;
    await new Promise<void>((resolve) => this.#onSpace = resolve);
    this.#onSpace = undefined;
  }
}
