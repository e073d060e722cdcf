/** The words behind a command that a client carries out itself. */
import { UsageError } from "../base/errors.ts";

/**
 * A first word, without the `@` that a name may have, and what is behind it.
 *
 * @throws {UsageError} when there is none; `usage` says what there should be.
 */
export function wordAndRest(args: string, usage: string): [string, string] {
  const [, word = "", rest = ""] = /^@?(\S*)\s*([^]*)$/.exec(args)!;
  return [need(word, usage), rest];
}

/** @throws {UsageError} when a text is empty; `usage` says what there should be. */
export function need(text: string, usage: string): string {
  if (text === "") throw new UsageError(`usage: ${usage}`);
  return text;
}

/** What was typed for a person: a name, with or without its `@`, or a fingerprint. */
export function nameOrKey(text: string): string {
  return text.replace(/^@/, "");
}
