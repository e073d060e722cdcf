/** Where a command is to go, as a person names it: a server by its address, or by a link. */
import { UsageError } from "../base/errors.ts";
import {
  type InviteLink,
  isInviteLink,
  parseInviteLink,
} from "../wire/invite_link.ts";
import {
  DEFAULT_HOST,
  DEFAULT_PORT,
  parsePlace,
  parseTarget,
  type Target,
  targetAt,
} from "./dial.ts";

/** What a person asks for besides the server. */
interface Asked {
  readonly room: string | undefined;
  readonly fingerprint: string | undefined;
}

interface Way extends Asked {
  /** The secret of a link. */
  readonly invite: string | undefined;
}

/** A server in the way of flags. */
interface Flags {
  readonly host: string | undefined;
  readonly port: number | undefined;
}

/**
 * Where `--host` and `--port` lead, beside what may be named without a flag; `undefined` where
 * nothing is named.
 *
 * @throws {UsageError} when they do not go together.
 */
export function placeNamed(
  where: string | undefined,
  { host, port }: Flags,
): string | undefined {
  if (host === undefined && port === undefined) return where;
  if (where !== undefined && isInviteLink(where)) {
    throw new UsageError(
      "the link names the server: give no --host and --port",
    );
  }
  const places = [where, host].filter((text) => text !== undefined)
    .map(parsePlace);
  const hosts = new Set(places.map(({ host }) => host));
  const ports = new Set([...places.map(({ port }) => port), port]);
  ports.delete(undefined);
  if (hosts.size > 1 || ports.size > 1) {
    throw new UsageError(
      "two servers are named: give HOST:PORT, or --host and --port",
    );
  }
  const [at = DEFAULT_HOST] = hosts;
  const [by = DEFAULT_PORT] = ports;
  return targetAt(at, by).address;
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
  return { target: targetAt(host, port), ...wayOf(link, room) };
}

/** What a link shows the way with. Its secret is for the key that it names, and for no other. */
export function wayOf(link: InviteLink, room: string | undefined): Way {
  const { fingerprint, token: invite } = link;
  return { room: room ?? link.room, fingerprint, invite };
}
