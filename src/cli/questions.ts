/** What `join` asks a person: which server, whether its key is the right one, a name, what lets in. */
import { ConfabError, UsageError } from "../base/errors.ts";
import { NAME_MAX_CODE_POINTS } from "../base/limits.ts";
import { parseFingerprint } from "../secure/fingerprint.ts";
import type { UnknownServerKey } from "../trust/judge.ts";
import { judgeName } from "../wire/names.ts";
import { cleanLine } from "../wire/text.ts";
import { askLine, askSecret } from "./asking.ts";
import { tell } from "./environment.ts";

/** The server to join, when none was named and none is remembered. */
export async function askServer(standard: string): Promise<string> {
  const answer = await ask("Which server? (HOST or HOST:PORT)", standard);
  return answer ?? giveUp("no server was named");
}

/** The name to go by; asked until there is one. */
export async function askName(standard: string): Promise<string> {
  for (;;) {
    const answer = await ask("Your name there?", standard);
    if (answer === undefined) return giveUp("no name was given");
    if (answer !== "") return answer;
    tell("give a name that others will see, like ann or ann-2");
  }
}

/** A name like one that was refused, as a suggestion; empty when there is none. */
export function nameInstead(refused: string): string {
  const allowed = cleanLine(refused.toWellFormed()).trim()
    .replace(/\s+/g, "_").replace(/[^\p{L}\p{M}\p{Nd}_.-]/gu, "");
  const [, stem = "", count = "1"] = /^(.*?)(\d{0,9})$/su.exec(allowed)!;
  const next = String(Number(count || "1") + 1);
  const short = [...stem].slice(0, NAME_MAX_CODE_POINTS - next.length).join("");
  const others = [allowed, ...short === "" ? [] : [`${short}${next}`]];
  return others.find((name) => name !== refused && isName(name)) ?? "";
}

/**
 * Resolves when the person says that the key which a server has shown is the right one.
 *
 * @throws {ConfabError} `server-key-unknown` when it is not, or nobody says so.
 */
export async function confirmKey(
  address: string,
  { fingerprint, words }: UnknownServerKey,
): Promise<void> {
  tell(`The server ${address} is new here. It shows this fingerprint:`);
  tell(`  ${words}`);
  tell(`  ${fingerprint}`);
  for (;;) {
    const answer = await ask(
      "Is it the one you were told (y, n, or paste it)?",
      "",
    );
    if (/^y(es)?$/i.test(answer ?? "")) return;
    if (/^(no?)?$/i.test(answer ?? "")) {
      const told =
        `ask whoever runs ${address} for its eight words, then join again`;
      throw new ConfabError("server-key-unknown", `not joined: ${told}`);
    }
    try {
      const { form, text } = parseFingerprint(answer!);
      if (text === (form === "sha256" ? fingerprint : words)) return;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      tell(error.message);
      continue;
    }
    const not = `not joined: this is not the server that you were told of`;
    const where = `ask whoever runs it whether ${address} is the right address`;
    throw new ConfabError("server-key-unknown", `${not}; ${where}`);
  }
}

/** The password of a server. */
export async function askPassword(): Promise<string> {
  return await askSecret("password:") || giveUp("no password was given");
}

/**
 * What lets in where one must be invited, read by whoever asks; asked again where that is wrong.
 */
export async function askWhatLetsIn<T>(read: (shown: string) => T): Promise<T> {
  for (;;) {
    const shown = await askSecret("link, or password:");
    if (!shown) return giveUp("no link and no password was given");
    try {
      return read(shown);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      tell(error.message);
    }
  }
}

/** An empty answer is the standard one. */
async function ask(question: string, standard: string) {
  const hint = standard === "" ? "" : ` [${standard}]`;
  const answer = await askLine(`${question}${hint}`);
  return answer === undefined ? undefined : answer.trim() || standard;
}

function giveUp(why: string): never {
  throw new ConfabError("closed", `not joined: ${why}`);
}

function isName(name: string): boolean {
  try {
    judgeName(name);
    return true;
  } catch {
    return false;
  }
}
