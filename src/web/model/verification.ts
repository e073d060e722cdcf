/** Comparing fingerprints with somebody: what is confirmed is meant for the keys that were shown. */
import { ConfabError } from "../../base/errors.ts";
import { standingOf } from "../../memory/server_memory.ts";
import type { Chat } from "./chat.ts";
import { remember, whoisOf } from "./local_commands.ts";

/** What both people read to each other, `SHA256:…`. */
export interface Comparison {
  readonly own: { readonly name: string; readonly key: string };
  readonly other: { readonly name: string; readonly key: string };
  /** As it was before: `changed` is another key than the one that was verified. */
  readonly standing: "verified" | "changed" | "unknown";
}

/**
 * Asks the server whose key somebody shows.
 *
 * @throws {ConfabError} `not-allowed` where one of both has no key, `no-such-person`.
 */
export async function compare(chat: Chat, name: string): Promise<Comparison> {
  const { name: found, key } = await whoisOf(chat, name);
  const own = chat.key.peek();
  if (key === undefined || own === undefined) {
    const who = key === undefined ? `${found} has` : "you have";
    const why = `${who} no key: only people with keys can be verified`;
    throw new ConfabError("not-allowed", why);
  }
  const other = { name: found, key };
  const standing = standingOf(other, chat.verified.peek());
  return { own: { name: chat.name.peek(), key: own }, other, standing };
}

/**
 * The person says that both fingerprints are the same at both ends. Whoever has the name by now may
 * be another: then nothing is remembered, and what is to be compared anew comes back.
 *
 * @throws {ConfabError} what the server refuses.
 */
export async function confirm(
  chat: Chat,
  shown: Comparison,
): Promise<Comparison | undefined> {
  const { name, key } = shown.other;
  let now: Comparison | undefined;
  try {
    now = await compare(chat, name);
  } catch (error) {
    // Who has just gone was compared all the same.
    const isGone = error instanceof ConfabError &&
      error.code === "no-such-person";
    if (!isGone) throw error;
  }
  if (now !== undefined && now.other.key !== key) {
    chat.alarm(
      `${name} shows another key than the one that you compared: nothing is remembered`,
    );
    return now;
  }
  remember(chat, name, key);
  return undefined;
}
