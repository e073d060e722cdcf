/**
 * Who may ask a server for something by HTTP: programs, and the pages of the server itself. A page
 * of another site is known by its `Origin`, and one whose name was made to lead here by the `Host`
 * that it asks for. Pure.
 */
import { canonicalIp } from "../base/cidr.ts";

/** What a request says of where it comes from and where it goes, as its headers have it. */
export interface Asked {
  readonly host: string | undefined;
  readonly origin?: string | undefined;
  /** `Sec-Fetch-Site`, `-Mode` and `-Dest`, which browsers send of themselves. */
  readonly site?: string | undefined;
  readonly mode?: string | undefined;
  readonly destination?: string | undefined;
  /** Whether it came by TLS. */
  readonly isEncrypted: boolean;
}

/** How a request is refused: the reason, as it is counted and logged, and words for its person. */
export interface Refusal {
  readonly status: "403 Forbidden" | "421 Misdirected Request";
  readonly reason: "http-host" | "http-origin" | "http-site";
  readonly words: string;
}

const WRONG_HOST: Refusal = {
  status: "421 Misdirected Request",
  reason: "http-host",
  words: "this server does not go by that name: serve --web-name adds one",
};
const WRONG_ORIGIN: Refusal = {
  status: "403 Forbidden",
  reason: "http-origin",
  words: "only the server's own page may ask for this",
};
const WRONG_SITE: Refusal = { ...WRONG_ORIGIN, reason: "http-site" };

/**
 * Why a request is refused, if it is. `names`: what the server goes by besides its addresses and
 * `localhost`, in lower case, `*.` for one label in front.
 */
export function judge(
  asked: Asked,
  names: readonly string[],
): Refusal | undefined {
  const { host, origin, isEncrypted } = asked;
  const own = host === undefined ? undefined : originOf(host, isEncrypted);
  if (own === undefined || !isOwnName(nameOf(own), names)) return WRONG_HOST;
  // Browsers say it with whatever is more than a look; `null` is one that hides where it is from.
  if (origin !== undefined && origin !== own) return WRONG_ORIGIN;
  return isOfOthers(asked) ? WRONG_SITE : undefined;
}

/** The origin that a page at a `Host` has; `undefined` where none can be there. */
function originOf(host: string, isEncrypted: boolean): string | undefined {
  // Nothing but a name or address and a port: a URL may have more in front of its path.
  if (!/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(host)) {
    return undefined;
  }
  return URL.parse(`${isEncrypted ? "https" : "http"}://${host}/`)?.origin;
}

function nameOf(origin: string): string {
  return new URL(origin).hostname.replace(/^\[(.*)\]$/, "$1");
}

function isOwnName(host: string, names: readonly string[]): boolean {
  // An address leads nowhere else, whoever is asked.
  if (host === "localhost" || canonicalIp(host) !== undefined) return true;
  return names.some((name) =>
    name.startsWith("*.") ? host.replace(/^[^.]+/, "*") === name : host === name
  );
}

/** What proxies say of whom they bring (RFC 7239, RFC 9110 section 7.6.3, and what came before). */
const FORWARDED = [
  ...["forwarded", "via", "x-real-ip"],
  ...["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"],
];

/**
 * Whether a proxy passed a request on: then what is known of its connection is known of the proxy.
 * `headers` have names in lower case.
 */
export function isForwarded(
  headers: Readonly<Record<string, unknown>>,
): boolean {
  return FORWARDED.some((name) => headers[name] !== undefined);
}

/** Whether the page of another site asks, for something that is no page in a window of its own. */
function isOfOthers({ site, mode, destination }: Asked): boolean {
  if (site !== "cross-site" && site !== "same-site") return false;
  return mode !== "navigate" || destination !== "document";
}
