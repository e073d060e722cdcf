/**
 * The link that lets somebody in: where the server is, which key it has, and a secret that it knows.
 * `confab://HOST[:PORT][/ROOM]?fp=F&t=T`, or as a page has it `https://HOST[:PORT]/#/ROOM?fp=F&t=T`.
 */
import { UsageError } from "../base/errors.ts";
import { INVITE_LINK_MAX_CHARS, ROOM_MAX_CODE_POINTS } from "../base/limits.ts";
import { FINGERPRINT_PREFIX } from "./fingerprint_text.ts";
import { cleanLine, codePoints } from "./text.ts";

/** The port of a link that names none. */
const CONFAB_PORT = 5000;
const HTTPS_PORT = 443;
const PORT_MAX = 65_535;

/** Base64url without padding; the bits behind the last whole byte are zero, so each has one form. */
const PRINT = /^[\w-]{42}[AEIMQUYcgkosw048]$/;
const TOKEN = /^[\w-]{21}[AQgw]$/;
const HOST_NAME = /^[a-z\d_](?:[a-z\d_.-]{0,251}[a-z\d_])?$/i;
const IPV6 = /^[\da-f:.]{2,45}$/i;

export interface InviteLink {
  /** A name or an address; one of IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** The room where the newcomer starts. */
  readonly room?: string;
  /** The server's, `SHA256:…`. */
  readonly fingerprint: string;
  /** What `hello.invite` shows: base64url of 16 bytes. */
  readonly token: string;
}

/**
 * Whether something that names a server is meant as a link; also one that was copied without its
 * beginning: nobody may take its secret for a part of an address and repeat it.
 */
export function isInviteLink(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(text) ||
    text.includes("fp=") && text.includes("&t=");
}

/** Whether a host can stand in a link. */
export function isLinkHost(host: string): boolean {
  return host.includes(":")
    ? IPV6.test(host) && URL.canParse(`http://[${host}]/`)
    : HOST_NAME.test(host);
}

/** The link, as `confab://…`; the host is one that {@linkcode isLinkHost} allows. */
export function formatInviteLink(
  { host, port, room, fingerprint, token }: InviteLink,
): string {
  const name = host.includes(":") ? `[${host}]` : host;
  const at = port === CONFAB_PORT ? name : `${name}:${port}`;
  const path = room === undefined ? "" : `/${encodeURIComponent(room)}`;
  const print = fingerprint.slice(FINGERPRINT_PREFIX.length)
    .replaceAll("+", "-").replaceAll("/", "_");
  return `confab://${at}${path}?fp=${print}&t=${token}`;
}

/**
 * A link `confab://…` as the page of a server has it, `ORIGIN/#/ROOM?fp=F&t=T`; `undefined` for
 * what is no such link.
 */
export function pageLinkOf(link: string, origin: string): string | undefined {
  const parts = /^confab:\/\/[^/?]*(?:\/([^?]*))?(\?.*)$/.exec(link);
  return parts === null
    ? undefined
    : `${origin}/#/${parts[1] ?? ""}${parts[2]!}`;
}

/**
 * Reads a link of either form. Parameters besides `fp` and `t` are for those who know them.
 *
 * @throws {UsageError} saying what is wrong with it, and never its secret.
 */
export function parseInviteLink(text: string): InviteLink {
  if (text.length > INVITE_LINK_MAX_CHARS) {
    throw fault(`it is longer than ${INVITE_LINK_MAX_CHARS} characters`);
  }
  const wrong = /[^\x21-\x7e]/u.exec(text)?.[0];
  if (wrong !== undefined) {
    const hex = wrong.codePointAt(0)!.toString(16).toUpperCase();
    throw fault(`U+${hex.padStart(4, "0")} cannot stand in one`);
  }
  const [, scheme = "", rest = ""] = /^([^:]*):\/\/(.*)$/.exec(text) ?? [];
  switch (scheme.toLowerCase()) {
    case "confab":
      return parseOwn(rest);
    case "https":
      return parsePage(rest);
    default:
      throw fault("it begins with confab:// or https://");
  }
}

function parseOwn(rest: string): InviteLink {
  if (rest.includes("#")) throw fault('"#" cannot stand in one');
  return parseParts(rest, CONFAB_PORT);
}

/** Of the page all but the host stands behind `#`: a browser keeps that to itself. */
function parsePage(rest: string): InviteLink {
  const [, authority, place] = /^([^/?#]*)\/?#([^#]*)$/.exec(rest) ?? [];
  if (authority === undefined || place === undefined) {
    throw fault("that of a page is https://HOST:PORT/#/ROOM?fp=…&t=…");
  }
  return parseParts(`${authority}${place}`, HTTPS_PORT);
}

function parseParts(rest: string, usualPort: number): InviteLink {
  const [, authority, path, query] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/
    .exec(rest)!;
  const { fp, t } = parseQuery(query ?? "");
  if (!PRINT.test(fp)) {
    throw fault("its fp is no fingerprint, which has 43 characters");
  }
  if (!TOKEN.test(t)) {
    throw fault("its t is no secret, which has 22 characters");
  }
  const print = fp.replaceAll("-", "+").replaceAll("_", "/");
  return {
    ...parseAuthority(authority!, usualPort),
    ...(path ? { room: parseRoom(path) } : {}),
    fingerprint: `${FINGERPRINT_PREFIX}${print}`,
    token: t,
  };
}

function parseAuthority(authority: string, usualPort: number) {
  const [, address, name, digits] =
    /^(?:\[([^[\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(authority) ?? [];
  const host = address ?? name ?? "";
  const isHost = isLinkHost(host) &&
    host.includes(":") === (name === undefined);
  if (!isHost) throw fault("behind :// is HOST or HOST:PORT, of IPv6 [HOST]");
  const port = digits === undefined ? usualPort : Number(digits);
  if (port < 1 || port > PORT_MAX) {
    throw fault(`its port is ${port}, allowed are 1 to ${PORT_MAX}`);
  }
  return { host, port };
}

function parseRoom(path: string): string {
  let room: string;
  try {
    room = decodeURIComponent(path);
  } catch {
    throw fault("what stands for the room is damaged");
  }
  // Whether there can be such a room, the server knows.
  const isName = !/[\s/]/.test(room) && cleanLine(room) === room &&
    codePoints(room) <= ROOM_MAX_CODE_POINTS;
  if (!isName) throw fault("what stands for the room is no name of one");
  return room;
}

function parseQuery(query: string): { fp: string; t: string } {
  const found = new Map<string, string>();
  for (const part of query.split("&")) {
    const [, name, value] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    if (name !== "fp" && name !== "t") continue;
    if (found.has(name)) throw fault(`it has ${name} twice`);
    found.set(name, value!);
  }
  const [fp, t] = [found.get("fp"), found.get("t")];
  if (fp === undefined || t === undefined) {
    const missing = fp === undefined ? "fp" : "t";
    throw fault(
      `it has no ${missing}: was all of it copied, and put in quotes in a shell?`,
    );
  }
  return { fp, t };
}

function fault(what: string): UsageError {
  return new UsageError(`this is no link of confab: ${what}`);
}
