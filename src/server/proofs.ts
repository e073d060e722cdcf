/** What a `hello` shows to be let in: the password, or an invite. Wrong ones make the next wait. */
import { type Clock, momentOf } from "../base/clock.ts";
import type { ProtocolError } from "../base/errors.ts";
import type { ConnectionId } from "../chat/input.ts";
import type { Hello } from "../wire/client.ts";
import type { Connection } from "./connection.ts";
import { Guesses } from "./guesses.ts";
import { Passwords } from "./passwords.ts";
import type { TurnLoop } from "./turn_loop.ts";

interface ProofsOptions {
  readonly clock: Clock;
  readonly turns: Pick<TurnLoop, "put" | "done">;
  readonly password?: string;
  /** A connection that is not over. */
  readonly find: (id: ConnectionId) => Connection | undefined;
}

export class Proofs {
  readonly #options: ProofsOptions;
  /** Wrong passwords and invites. */
  readonly #guesses: Guesses;
  readonly #passwords: Passwords | undefined;

  constructor(options: ProofsOptions) {
    const { clock, password } = options;
    this.#options = options;
    const guesses = this.#guesses = new Guesses(clock);
    this.#passwords = password === undefined
      ? undefined
      : new Passwords(password, guesses);
  }

  /**
   * Looks at what a `hello` shows to be let in: a right password counts, whatever else it shows.
   * What an invite is worth the hub knows; it is a guess until that has said so.
   */
  async judge(
    { password, invite }: Hello,
    signal: AbortSignal,
    id: ConnectionId,
  ): Promise<ProtocolError | undefined> {
    const { clock, turns } = this.#options;
    const connection = this.#options.find(id)!;
    const { session, admitted } = connection;
    if (password && this.#passwords !== undefined) {
      const refusal = await this.#passwords.judge(password, admitted, signal);
      if (refusal !== undefined) return refusal;
      turns.put({ kind: "password", connection: id, at: momentOf(clock) });
      return undefined;
    }
    const isGuess = invite !== undefined &&
      session?.transport.key !== undefined;
    if (!isGuess) return undefined;
    // What was said before has its answer then, so that it is known which answer is to this one.
    await turns.done();
    if (session.state !== "hello") return undefined;
    await this.#guesses.begin(admitted, signal);
    connection.isGuessing = true;
    return undefined;
  }

  /** A `hello` was refused: what is wrong with an invite counts, what else is wrong does not. */
  refused(id: ConnectionId, code: string): void {
    const connection = this.#options.find(id);
    if (connection === undefined) return;
    if (code !== "invite-invalid") this.forgive(connection);
    connection.isGuessing = false;
  }

  /** The invite that a connection has shown was a good one, or did not matter. */
  forgive(connection: Connection): void {
    if (connection.isGuessing) this.#guesses.forgive(connection.admitted);
    connection.isGuessing = false;
  }

  /** Forgets addresses that have not guessed for long. */
  sweep(): void {
    this.#guesses.sweep();
  }
}
