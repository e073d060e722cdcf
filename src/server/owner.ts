/** Meets whoever runs the server, where their key is made only after the server was started. */
import { type Clock, momentOf } from "../base/clock.ts";
import type { TurnLoop } from "./turn_loop.ts";

/** Looks for that key; gives its fingerprint as soon as there is one. */
export type FindOwner = () => Promise<string | undefined>;

export class Owner {
  /** Until the key is known. */
  #find: FindOwner | undefined;
  readonly #turns: Pick<TurnLoop, "put">;
  readonly #clock: Clock;

  constructor(
    find: FindOwner | undefined,
    turns: Pick<TurnLoop, "put">,
    clock: Clock,
  ) {
    this.#find = find;
    this.#turns = turns;
    this.#clock = clock;
  }

  /**
   * Looks for the key, before what somebody with a key says first reaches the hub: whoever has just
   * made it is an administrator at once. Never rejects.
   */
  meet(): Promise<void> | undefined {
    return this.#find === undefined ? undefined : this.#look(this.#find);
  }

  async #look(find: FindOwner): Promise<void> {
    // Whoever runs the server is told of a damaged file by the client that has to read it.
    const key = await find().catch(() => undefined);
    if (key === undefined || this.#find === undefined) return;
    this.#find = undefined;
    const at = momentOf(this.#clock);
    this.#turns.put({ kind: "admins", at, keys: [key] });
  }
}
