/** Passphrases of keys: from the environment, or asked of whoever is there. */
import { ConfabError } from "../base/errors.ts";
import type { Passphrases } from "../trust/key_file.ts";
import { askSecret } from "./asking.ts";

const TRIES = 3;

/** How the passphrase of a key is come by; `given` is what the environment has. */
export function passphrasesOf(given: string | undefined): Passphrases {
  if (given !== undefined) return { tries: 1, ask: () => given };
  return {
    tries: TRIES,
    async ask(what, failed) {
      if (failed > 0) {
        const left = TRIES - failed;
        const tries = left === 1 ? "one more try" : `${left} more tries`;
        console.error(`that is not its passphrase; ${tries}`);
      }
      const typed = await askSecret(`passphrase of ${what}:`);
      if (typed === undefined) throw nobody(`${what} is sealed`);
      return typed;
    },
  };
}

/**
 * A new passphrase, typed twice; empty when there is to be none.
 *
 * @throws {ConfabError} `passphrase` when nobody is there, or it is never the same twice.
 */
export async function newPassphrase(what: string): Promise<string> {
  for (let failed = 0; failed < TRIES; failed++) {
    const first = await askSecret(`new passphrase of ${what}:`);
    if (first === undefined) throw nobody(`${what} needs a passphrase`);
    if (first === "") return first;
    if (await askSecret("the same again:") === first) return first;
    console.error("that was not the same twice");
  }
  throw new ConfabError("passphrase", "no passphrase was chosen");
}

function nobody(why: string): ConfabError {
  return new ConfabError(
    "passphrase",
    `${why}: set CONFAB_PASSPHRASE, or run this where you can be asked`,
  );
}
