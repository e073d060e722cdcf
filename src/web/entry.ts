/** What the person gives in the first dialog, and what the server and the page say to it. Pure. */
import { ConfabError, describeError, type ErrorCode } from "../base/errors.ts";
import { isFinal } from "../client/ending.ts";
import { isInviteLink, parseInviteLink } from "../wire/invite_link.ts";

export interface Entry {
  readonly name: string;
  readonly room: string;
  /** A password, a link, or the secret of an invite. */
  readonly secret: string;
}

/** A field that is asked for. */
export type Asked = keyof Entry;
export const ALL_ASKED: readonly Asked[] = ["name", "room", "secret"];

/** What is wrong, and which of the dialog's fields it is about. */
export interface EntryFault {
  readonly field: Asked | "form";
  readonly text: string;
}

/** What an entry comes to at a server. */
export interface Pass {
  readonly hello: {
    readonly name?: string;
    readonly room?: string;
    readonly invite?: string;
    readonly password?: string;
  };
  /** What a link promises of the server's key, `SHA256:…`. */
  readonly fingerprint?: string;
}

/** The form of the secret of an invite (docs/protocol.md). */
const TOKEN = /^[\w-]{21}[AQgw]$/;

/**
 * What to show the server. The secret of a link is for the key that the link names: `promised` is
 * that of the link by which the person came, which counts until they give another.
 *
 * @throws {UsageError} when what looks like a link is none.
 */
export function passOf(
  { name, room, secret }: Entry,
  promised?: string,
): Pass {
  const where = {
    ...name === "" ? {} : { name },
    ...room === "" ? {} : { room },
  };
  const word = secret.trim();
  if (isInviteLink(word)) {
    const { token: invite, fingerprint, room } = parseInviteLink(word);
    const target = room === undefined ? where : { room, ...where };
    return { hello: { ...target, invite }, fingerprint };
  }
  const proof = word === ""
    ? {}
    : TOKEN.test(word)
    ? { invite: word }
    : { password: secret };
  return {
    hello: { ...where, ...proof },
    ...promised === undefined ? {} : { fingerprint: promised },
  };
}

/** The same, where what looks like the secret of an invite may as well be a password. */
export function asPassword({ hello, ...rest }: Pass, entry: Entry): Pass {
  const { invite: _, ...others } = hello;
  return { ...rest, hello: { ...others, password: entry.secret } };
}

/** Where a fault is shown, and words that are better here than the server's. */
const FAULTS: ReadonlyMap<ErrorCode, Readonly<[Asked, string?]>> = new Map([
  ["name-taken", ["name"]],
  ["name-invalid", ["name"]],
  ["room-invalid", ["room"]],
  ["room-locked", ["room"]],
  ["no-such-room", ["room"]],
  ["usage", ["secret"]],
  ["password-required", ["secret", "This server asks for a password."]],
  ["password-wrong", ["secret", "That is not the password of this server."]],
  [
    "invite-required",
    ["secret", "This server lets in who is invited: give your link here."],
  ],
  [
    "invite-invalid",
    ["secret", "This invite is not good, or not any more: ask for another."],
  ],
]);

/** Where to show what has gone wrong, and in which words. */
export function faultOf(error: unknown): EntryFault {
  const text = describeError(error);
  if (!(error instanceof ConfabError)) return { field: "form", text };
  const [field, words] = FAULTS.get(error.code) ?? ["form" as const];
  return { field, text: words ?? text };
}

/** Whether it may be gone at another try, though nobody does anything. */
export function mayPass(error: unknown): boolean {
  return error instanceof ConfabError && !isFinal(error);
}
