/** The hub's gate, as a server is told to keep it. */
import { type Clock, SYSTEM_CLOCK } from "../base/clock.ts";
import { given } from "../base/given.ts";
import type { GateOptions } from "../chat/gate_options.ts";
import type { Links } from "./links.ts";

export interface GateTerms {
  /** Nobody enters without it. */
  readonly password?: string;
  /** Lets in only who is known or invited or has the password. */
  readonly isPrivate?: boolean;
  /** Fingerprints of those who are let in for as long as they are listed. */
  readonly allowed?: readonly string[];
  /** Makes a link whose first user is an administrator from then on. */
  readonly adminLink?: "on" | "off";
  readonly clock?: Clock;
}

/** Who is let in, and with what. */
export function gateOf(
  options: GateTerms,
  links: Links,
): GateOptions {
  const { password, isPrivate = false, clock = SYSTEM_CLOCK } = options;
  const asks = password === undefined
    ? isPrivate ? "invite" : "nothing"
    : isPrivate
    ? "invite or password"
    : "password";
  return {
    asks,
    secrets: links.secrets,
    ...given({ allowed: options.allowed }),
    ...options.adminLink === "on"
      ? { adminLink: links.adminLink(clock.wall()) }
      : {},
  };
}
