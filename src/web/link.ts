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

/** Anything of an address that names a place. */
type Address = Pick<URL, "hostname" | "host" | "hash">;

/**
 * Reads `#/ROOM`, `#/ROOM?fp=F&t=T`, and `#confab://HOST/ROOM?fp=F&t=T`; what stands behind `#`, no
 * server gets to see. A link to another server is a fault: this page cannot go there.
 */
export function readArrival({ hostname, host, hash }: Address): Arrival {
  const behind = hash.slice(1);
  if (behind === "" || behind === "/") return {};
  try {
    if (behind.startsWith("confab:")) {
      const link = parseInviteLink(behind);
      if (link.host === hostname.replace(/^\[(.*)\]$/, "$1")) {
        return arrivalOf(link);
      }
      const fault = `the link leads to another server, ${link.host}`;
      return {
        fault: `${fault}: open the page of that one, or use confab join`,
      };
    }
    if (behind.includes("?")) {
      return arrivalOf(parseInviteLink(`https://${host}/#${behind}`));
    }
    const room = decodeURIComponent(behind.replace(/^\//, ""));
    return room === "" ? {} : { room };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : "no link" };
  }
}

function arrivalOf({ room, fingerprint, token }: InviteLink): Arrival {
  return { fingerprint, invite: token, ...room === undefined ? {} : { room } };
}
