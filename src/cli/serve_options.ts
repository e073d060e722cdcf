/** The options of `confab serve`, and what they come to. */
import { canonicalIp, type Network, parseNetwork } from "../base/cidr.ts";
import { UsageError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import {
  DISK_LEAST_MIB,
  MAX_CONNECTIONS,
  PER_ADDRESS_CONNECTIONS,
  RATE_PER_SECOND,
} from "../base/limits.ts";
import { DAY_MS } from "../base/time.ts";
import { fingerprint, parseFullFingerprint } from "../secure/fingerprint.ts";
import type { KeepOptions } from "../server/keeper.ts";
import type { Place } from "../server/links.ts";
import { loadPublicKey } from "../trust/identity_file.ts";
import { isLinkHost } from "../wire/invite_link.ts";
import { parseTarget, type Target } from "./dial.ts";
import { ownDataDir } from "./environment.ts";
import type { CommandTable, OptionsOf } from "./option_table.ts";
import { CONFIG_ROW, DATA_ROW, row } from "./option_table.ts";
import { isForAll, ownAddresses } from "./own_addresses.ts";

export const SERVE = {
  name: "serve",
  summary: "run a server",
  positionals: [],
  options: {
    host: row.string("ADDRESS", { default: "127.0.0.1" })
      .help("the address to listen on; 0.0.0.0 or :: for all"),
    port: row.integer("PORT", 0, 65_535, 5000)
      .help("the port to listen on, 0 for a free one"),
    data: DATA_ROW,
    durability: row.choice("WHAT", ["process", "full"], "process").help(
      "what an acknowledged message survives: the death of the process, or also of the machine",
    ),
    rate: row.integer("N", 0, 1_000_000, RATE_PER_SECOND)
      .help("messages a second a person may say, 0 for no limit"),
    "per-address": row.integer("N", 0, 1_000_000, PER_ADDRESS_CONNECTIONS)
      .help("connections of one address, 0 for no limits that count addresses"),
    "max-connections": row.integer("N", 1, 1_000_000, MAX_CONNECTIONS)
      .help("connections in all"),
    "trust-proxy": row.list("ADDRESS").help(
      "an address or network of a proxy that says whom it brings (PROXY protocol)",
    ),
    "password-file": row.string("FILE").help(
      "nobody enters without the password in this file; also CONFAB_PASSWORD",
    ),
    password: row.string("WORD", { secret: true })
      .help("the password, where a file is not at hand"),
    admin: row.list("SHA256:…")
      .help("the fingerprint of somebody who may do everything, besides you"),
    "admin-link": row.flag().help(
      "print a link, good once and for a day, that makes whoever follows it an administrator",
    ),
    private: row.flag().help(
      "let in only who is invited, listed or an administrator, or has the password",
    ),
    "allow-list": row.string("FILE").help(
      "with --private: let in these fingerprints, one a line; read again when it changes",
    ),
    public: row.string("HOST[:PORT]").help(
      "where others find this server, for links; the address listened on",
    ),
    "tls-cert": row.string("FILE").help(
      "take TLS, with the certificate in this file (PEM), those behind it that vouch for it, …",
    ),
    "tls-key": row.string("FILE")
      .help("… and its key (PEM); both are read again when they change"),
    tls: row.string("self").help(
      "take TLS, with a certificate of the server's own in the data directory, whose fingerprint is told",
    ),
    "web-name": row.list("NAME").help(
      "a name that browsers find this server by, besides its address and the machine's name",
    ),
    "metrics-token-file": row.string("FILE").help(
      "who has the token in this file may see /metrics from elsewhere; also CONFAB_METRICS_TOKEN",
    ),
    "metrics-token": row.string("WORD", { secret: true })
      .help("the token, where a file is not at hand"),
    keep: row.integer("DAYS", 0, 36_500, 0)
      .help("days after which messages are removed, 0 for never"),
    disk: row.integer("MIB", 0, 1_000_000_000, 0).help(
      "mebibytes that the history may take, the oldest messages go first; 0 for no limit",
    ),
    echo: row.flag().help("return every message also to who said it"),
    "ask-name": row.flag().help(
      "take the first line of a bare terminal (nc) for its name",
    ),
    "allow-plaintext": row.flag().help(
      "let unsealed clients in from everywhere, not only from this machine",
    ),
    "log-format": row.choice("FORMAT", ["text", "json"], "text")
      .help("how the log is written"),
    "log-level": row.choice("LEVEL", ["debug", "info", "warn", "error"], "info")
      .help("the least that is logged"),
    config: CONFIG_ROW,
  },
} as const satisfies CommandTable;

export type ServeOptions = OptionsOf<typeof SERVE>;

/** Those who are named. */
export function adminsOf(options: ServeOptions): string[] {
  return options.admin.map(parseFullFingerprint);
}

/**
 * The fingerprint of whoever runs the server, once this account has an identity.
 *
 * @throws {ConfabError} `key-file` when its file is not usable.
 */
export async function findOwner(): Promise<string | undefined> {
  const own = `${ownDataDir()}/identity`;
  try {
    await Deno.stat(own);
  } catch {
    return undefined;
  }
  return await fingerprint(await loadPublicKey(own));
}

export function proxyOf(text: string): Network {
  const network = parseNetwork(text);
  if (network !== undefined) return network;
  const wanted = "give an IP address, or a network as 192.0.2.0/24";
  throw new UsageError(`--trust-proxy ${text}: ${wanted}`);
}

/**
 * The names of `--web-name` as browsers have them in `Host`: in lower case, other letters than ASCII
 * in Punycode.
 *
 * @throws {UsageError} for what would never be found there, as an address of a page.
 */
export function webNamesOf({ webName }: ServeOptions): string[] {
  return webName.map((text) => {
    const [, wild = "", host = ""] = /^(\*\.)?(.*)$/s.exec(text)!;
    const address = canonicalIp(text);
    if (address !== undefined) return address;
    const isHost = /^[^\s/\\:@?#%*[\]]+$/.test(host);
    const name = isHost ? URL.parse(`http://${host}/`)?.hostname : undefined;
    if (name !== undefined) return `${wild}${name}`;
    throw new UsageError(
      `--web-name ${
        JSON.stringify(text)
      }: give a name alone, as chat.example.org or *.example.org`,
    );
  });
}

/** Where links lead, where that is not just the address that is listened on. */
export function placeOf(options: ServeOptions): Place | undefined {
  const { public: told, host } = options;
  if (told === undefined) {
    const [own] = isForAll(host) ? ownAddresses(host) : [];
    return own === undefined ? undefined : { host: own };
  }
  const { host: name, port } = publicTarget(told);
  const hasPort = told !== name && /:\d+$/.test(told);
  return { host: name, ...given({ port: hasPort ? port : undefined }) };
}

/** @throws {UsageError} for what is no server, or cannot stand in a link. */
function publicTarget(told: string): Target {
  const fault = (what: string) =>
    new UsageError(`--public ${JSON.stringify(told)}: ${what}`);
  let target: Target;
  try {
    target = parseTarget(told);
  } catch {
    throw fault("give HOST or HOST:PORT");
  }
  if (isLinkHost(target.host) && target.port !== 0) return target;
  throw fault("a link cannot lead there");
}

/** @throws {UsageError} when there would be no place for anything. */
export function keepingOf({ keep, disk }: ServeOptions): KeepOptions {
  if (disk > 0 && disk < DISK_LEAST_MIB) {
    const least = `at least ${DISK_LEAST_MIB} MiB are needed`;
    throw new UsageError(`--disk ${disk}: ${least}`);
  }
  return {
    ...keep === 0 ? {} : { keepMs: keep * DAY_MS },
    ...disk === 0 ? {} : { diskBytes: disk * 2 ** 20 },
  };
}
