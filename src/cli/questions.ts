/** What `join` asks a person at a terminal: at the first start the server, the name and whether the fingerprint is right; a password. */
import { promptSecret } from "@std/cli/prompt-secret";
import { ConfabError } from "../base/errors.ts";
import { tell } from "./environment.ts";
import type { Target } from "./target.ts";

/** The key of a server that was never seen: the connection is closed, a person asked, and another opened. */
export class UnknownServerKey extends ConfabError {
  readonly fingerprint: string;
  readonly words: string;

  constructor(
    { address }: Target,
    { fingerprint, words }: { fingerprint: string; words: string },
  ) {
    super(
      "server-key-unknown",
      `the key of ${address} is not known here: ${fingerprint} (${words}); ` +
        `if it is the right one, give it with --fingerprint, or accept any first key with --trust-new`,
    );
    this.fingerprint = fingerprint;
    this.words = words;
  }
}

/** The server to join, when none was named and none is remembered. */
export function askServer(standard: string): string {
  return ask("Which server? (HOST or HOST:PORT)", standard);
}

/** The name to go by; empty when the person leaves it to the server. */
export function askName(standard: string): string {
  return ask("Your name there?", standard);
}

/** Whether the key that a server showed is the right one. */
export function confirmsKey({ fingerprint, words }: UnknownServerKey): boolean {
  tell("This server is not known here yet. Its fingerprint is");
  tell(`  ${words}`);
  tell(`  ${fingerprint}`);
  const answer = prompt("Is that what whoever runs it reads to you? [y/N]");
  return answer !== null && /^y(es)?$/i.test(answer.trim());
}

/** The word, typed unseen; `undefined` when there is none. */
export function askPassword({ message }: ConfabError): string | undefined {
  tell(message);
  return promptSecret("password: ", { clear: true, mask: "" }) || undefined;
}

function ask(question: string, standard: string): string {
  const hint = standard === "" ? "" : ` [${standard}]`;
  const answer = prompt(`${question}${hint}`)?.trim();
  return answer === undefined || answer === "" ? standard : answer;
}
