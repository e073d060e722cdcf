/** How the chat ends: at once, when all is sent, or soon where the process is told to end. */
import { type Clock, delay } from "../base/clock.ts";
import type { ChatClient } from "./model/chat_host.ts";

/** How long what was said may take to be sent when the process is told to end. */
const PATIENCE_MS = 2_000;
/** How long the goodbye may take. */
const GOODBYE_MS = 1_000;

export interface LeavingOptions {
  readonly client: Pick<ChatClient, "close" | typeof Symbol.asyncIterator>;
  readonly clock: Clock;
  /** How much was entered that is not known to be said. */
  readonly unsent: () => number;
}

export class Leaving {
  readonly #options: LeavingOptions;
  #isPatient = false;
  #isEnding = false;
  #cancelPatience = () => {};

  constructor(options: LeavingOptions) {
    this.#options = options;
  }

  /** Whether the person leaves when all is sent. */
  get isPatient(): boolean {
    return this.#isPatient;
  }

  /** Whether it ends, or has ended. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** The person wants to leave: when all is sent, or at once where that was wanted before. */
  leave(): void {
    if (this.#isPatient) return void this.#end();
    this.#isPatient = true;
    this.look();
  }

  /** The person stays after all. */
  stay(): void {
    this.#isPatient = false;
  }

  /** The process is told to end, or the terminal is gone: what was said has a short time yet. */
  stop(): void {
    if (this.#isEnding) return;
    this.#isPatient = true;
    this.#cancelPatience();
    this.#cancelPatience = this.#options.clock.after(
      PATIENCE_MS,
      () => void this.#end(),
    );
    this.look();
  }

  /** Something may have been sent. */
  look(): void {
    if (this.#isPatient && this.#options.unsent() === 0) void this.#end();
  }

  /** It is over, whatever has ended it. */
  over(): void {
    this.#isEnding = true;
    this.#cancelPatience();
  }

  async #end(): Promise<void> {
    const { client, clock } = this.#options;
    if (this.#isEnding) return;
    this.#isEnding = true;
    const patience = new AbortController();
    const closing = client.close().finally(() => patience.abort());
    await Promise.race([closing, delay(clock, GOODBYE_MS, patience.signal)]);
    // Whoever iterates ends, too.
    await client[Symbol.asyncIterator]().return?.();
  }
}
