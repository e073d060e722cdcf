/** Asks who is at a bare terminal for a name: each line is tried, a few times. Pure. */
import { NAME_TRIES } from "../base/limits.ts";
import { readClientObject } from "../wire/client.ts";
import { cleanLine, codePoints } from "../wire/text.ts";
import type { Heard } from "./codec.ts";

/** What a name is refused with, in the words of old clients. */
export const NAME_REFUSALS: Readonly<Record<string, string>> = {
  "name-taken": "ERR USERNAME_TAKEN",
  "name-invalid": "ERR USERNAME_INVALID",
};
/** Asked for in the place of nothing, which asks for a guest's name, and of what is far too long. */
const NO_NAME = " ";
/** No name has nearly as many, in whatever form it is sent. */
const LONGEST_NAME_CODE_POINTS = 256;

/** The password that a line gives, if it does. */
export function passwordOf(line: string): string | undefined {
  return /^\/password\s+(\S.*)$/i.exec(line.trimEnd())?.[1];
}

export class Asking {
  #password: string | undefined;
  #tries = 0;
  #isOver = false;

  /** Whether another line is tried after a refusal. */
  get goesOn(): boolean {
    return !this.#isOver;
  }

  /**
   * What a line comes to: the password is kept for the name behind it.
   *
   * @throws {ProtocolError} `bad-message` for a password that is too long.
   */
  hear(line: string): Heard[] {
    const given = passwordOf(line);
    if (given !== undefined) {
      this.#password = given;
      return [];
    }
    const text = cleanLine(line.trim());
    const isName = text !== "" && codePoints(text) <= LONGEST_NAME_CODE_POINTS;
    const name = isName ? text : NO_NAME;
    const password = this.#password;
    // One that was right holds for the connection.
    this.#password = undefined;
    const message = readClientObject({ type: "hello", name, password });
    return [{ kind: "message", message }];
  }

  /** What a refusal is answered with; `undefined` where another name would not help. */
  refused(code: string): string | undefined {
    const words = NAME_REFUSALS[code];
    this.#isOver = words === undefined || ++this.#tries >= NAME_TRIES;
    return words;
  }
}
