/** What `join` asks a person at a terminal. */
import { promptSecret } from "@std/cli/prompt-secret";
import type { UnknownServerKey } from "../trust/judge.ts";
import { tell } from "./environment.ts";

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

/** The password, typed unseen; `undefined` when there is none. */
export function askPassword({ message }: Error): string | undefined {
  tell(message);
  return promptSecret("password: ", { clear: true, mask: "" }) || undefined;
}

function ask(question: string, standard: string): string {
  const hint = standard === "" ? "" : ` [${standard}]`;
  return prompt(`${question}${hint}`)?.trim() || standard;
}
