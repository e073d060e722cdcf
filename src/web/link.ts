/** What the address of the page says: where to go, and what lets one in. */
import { type InviteLink, parseInviteLink } from "../wire/invite_link.ts";

/** What the dialog begins with. */
export interface Arrival {
  readonly room?: string;
  /** The server's fingerprint that the link promises, `SHA256:…`. */
  readonly fingerprint?: string;
  /** The secret of an invite. */
  readonly invite?: string;
  /** What is wrong with the link, for a person. */
  readonly fault?: string;
}

/** The address of the monitor; no room, and left there. */
export const MONITOR_HASH = "#monitor";

/**
 * Reads `#/ROOM`, `#/ROOM?fp=F&t=T`, and `#confab://HOST/ROOM?fp=F&t=T`; what stands behind `#`, no
 * server gets to see. Which host a link names does not matter: the server may be reached by another
 * name, as through a tunnel, and its key is judged by the link before it hears the secret.
 */
export function readArrival(
  { host, hash }: Pick<URL, "host" | "hash">,
): Arrival {
  const behind = hash.slice(1);
  if (behind === "" || behind === "/" || hash === MONITOR_HASH) return {};
  try {
    if (behind.startsWith("confab:")) return arrivalOf(parseInviteLink(behind));
    if (behind.includes("?")) {
      return arrivalOf(parseInviteLink(`https://${host}/#${behind}`));
    }
    const room = decodeURIComponent(behind.replace(/^\//, ""));
    return room === "" ? {} : { room };
  } catch (error) {
    const isWords = error instanceof Error && !(error instanceof URIError);
    return { fault: isWords ? error.message : "the link is damaged" };
  }
}

function arrivalOf({ room, fingerprint, token }: InviteLink): Arrival {
  return { fingerprint, invite: token, ...room === undefined ? {} : { room } };
}
