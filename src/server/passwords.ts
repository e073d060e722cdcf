/** The server's password: compared in constant time, the slower the more an address guesses. */
import { createHash, timingSafeEqual } from "node:crypto";
import { ProtocolError } from "../base/errors.ts";
import type { Guesses, Origin } from "./guesses.ts";

export class Passwords {
  readonly #digest: Uint8Array;
  readonly #guesses: Guesses;

  constructor(password: string, guesses: Guesses) {
    this.#digest = digestOf(password);
    this.#guesses = guesses;
  }

  /**
   * Judges the word that a `hello` brings; an address that was wrong before waits.
   *
   * @returns the refusal, or `undefined` when the word is right.
   */
  async judge(
    given: string,
    origin: Origin,
    signal: AbortSignal,
  ): Promise<ProtocolError | undefined> {
    await this.#guesses.begin(origin, signal);
    if (!timingSafeEqual(digestOf(given), this.#digest)) {
      const text = "this is not the password of this server";
      return new ProtocolError("password-wrong", text);
    }
    this.#guesses.forgive(origin);
    return undefined;
  }
}

/** Digests have one length, whatever the words have. */
function digestOf(password: string): Uint8Array {
  return createHash("sha256").update(password.normalize("NFC"), "utf8")
    .digest();
}
