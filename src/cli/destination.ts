/** Where a command is to go, as a person names it: a server by its address, or by a link. */
import { UsageError } from "../base/errors.ts";
import { serverAddress } from "../trust/judge.ts";
import {
  type InviteLink,
  isInviteLink,
  parseInviteLink,
} from "../wire/invite_link.ts";
import { parseTarget, type Target } from "./dial.ts";

/** What a person asks for besides the server. */
interface Asked {
  readonly room: string | undefined;
  readonly fingerprint: string | undefined;
}

interface Way extends Asked {
  /** The secret of a link. */
  readonly invite: string | undefined;
}

/**
 * The server, and how to come in there.
 *
 * @throws {UsageError} for what is neither an address nor a link, and for two fingerprints.
 */
export function destinationOf(
  where: string,
  { room, fingerprint }: Asked,
): Way & { readonly target: Target } {
  if (!isInviteLink(where)) {
    const target = parseTarget(where);
    return { target, room, fingerprint, invite: undefined };
  }
  if (fingerprint !== undefined) {
    throw new UsageError("the link has the fingerprint: give no other one");
  }
  const link = parseInviteLink(where);
  const { host, port } = link;
  const target = { host, port, address: serverAddress(host, port) };
  return { target, ...wayOf(link, room) };
}

/** What a link shows the way with. Its secret is for the key that it names, and for no other. */
export function wayOf(link: InviteLink, room: string | undefined): Way {
  const { fingerprint, token: invite } = link;
  return { room: room ?? link.room, fingerprint, invite };
}
