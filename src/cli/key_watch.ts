/** Carries out what `rotate-key` has prepared, while the server runs. */
import { describeError } from "../base/errors.ts";
import { KEY_LOOK_INTERVAL_MS } from "../base/limits.ts";
import type { Log } from "../base/log.ts";
import type { KeyPair } from "../secure/x25519.ts";
import type { Server } from "../server/server.ts";
import {
  type NextKey,
  readNextKey,
  takeNextKey,
  timeText,
} from "../trust/next_key.ts";

interface KeyWatchOptions {
  readonly data: string;
  /** The key that is shown. */
  readonly identity: KeyPair;
  readonly server: Pick<Server, "show">;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Makes the next key that of the server when its time has come while nobody looked.
 *
 * @throws {ConfabError} `key-file` when its file is not usable.
 */
export async function takeDueKey(data: string, now: number): Promise<void> {
  const next = await readNextKey(data);
  if (next !== undefined && isDue(next, now)) await takeNextKey(data, next);
}

export class KeyWatch implements AsyncDisposable {
  readonly #options: KeyWatchOptions;
  #identity: KeyPair;
  /** What was announced. */
  #announced: string | undefined;
  /** What was complained about last. */
  #fault = "";
  readonly #timer: ReturnType<typeof setInterval>;
  #looking: Promise<void>;

  constructor(options: KeyWatchOptions) {
    this.#options = options;
    this.#identity = options.identity;
    this.#looking = this.look();
    this.#timer = setInterval(() => {
      this.#looking = this.#looking.then(() => this.look());
    }, KEY_LOOK_INTERVAL_MS);
  }

  /** Looks whether there is another key. Never rejects. */
  async look(): Promise<void> {
    const { data, now, log } = this.#options;
    try {
      const next = await readNextKey(data);
      if (next !== undefined && isDue(next, now())) await this.#take(next);
      else await this.#announce(next);
      this.#fault = "";
    } catch (error) {
      // What was announced stays so: the file may be whole again at the next look.
      const reason = describeError(error);
      if (reason !== this.#fault) log.warn("key not changed", { reason });
      this.#fault = reason;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #take(next: NextKey): Promise<void> {
    const { data, server, log } = this.#options;
    await takeNextKey(data, next);
    this.#identity = next.pair;
    this.#announced = undefined;
    await server.show({ identity: next.pair });
    log.info("key changed");
  }

  async #announce(next: NextKey | undefined): Promise<void> {
    if (next?.fingerprint === this.#announced) return;
    const { server, log } = this.#options;
    const identity = this.#identity;
    this.#announced = next?.fingerprint;
    if (next === undefined) {
      await server.show({ identity });
      return log.info("next key withdrawn");
    }
    await server.show({ identity, next: next.fingerprint });
    log.info("next key announced", { from: timeText(next) });
  }
}

function isDue({ from }: NextKey, now: number): boolean {
  return from.getTime() <= now;
}
