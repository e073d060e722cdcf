/** `confab serve`: runs a server until it is told to stop. */
import { statfsSync } from "node:fs";
import { type Network, parseNetwork } from "../base/cidr.ts";
import { ConfabError, describeError, UsageError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import {
  DISK_LEAST_MIB,
  MAX_CONNECTIONS,
  PER_ADDRESS_CONNECTIONS,
  RATE_PER_SECOND,
} from "../base/limits.ts";
import { SYSTEM_CLOCK } from "../base/clock.ts";
import { createLog } from "../base/log.ts";
import { VERSION } from "../base/version.ts";
import {
  fingerprint,
  parseFingerprint,
  wordsOfFingerprint,
} from "../secure/fingerprint.ts";
import { isLoopback } from "../net/address.ts";
import { isLinkHost } from "../wire/invite_link.ts";
import { AllowList } from "./allow_list.ts";
import { parseTarget } from "./dial.ts";
import type { Place } from "../server/links.ts";
import type { KeepOptions } from "../server/keeper.ts";
import { garbageCollector } from "../server/garbage.ts";
import { Server } from "../server/server.ts";
import { lockData } from "../store/sqlite/data_lock.ts";
import { SqliteStore } from "../store/sqlite/store.ts";
import { loadOrCreateIdentity, loadPublicKey } from "../trust/identity_file.ts";
import { serverAddress } from "../trust/judge.ts";
import { serverKeyPath } from "../trust/next_key.ts";
import {
  ownDataDir,
  readPassword,
  readProcessOptions,
  tell,
} from "./environment.ts";
import { KeyWatch, takeDueKey } from "./key_watch.ts";
import type { CommandTable, OptionsOf } from "./option_table.ts";
import { CONFIG_ROW, DATA_ROW, row } from "./option_table.ts";

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
    keep: row.integer("DAYS", 0, 36_500, 0)
      .help("days after which messages are removed, 0 for never"),
    disk: row.integer("MIB", 0, 1_000_000_000, 0).help(
      "mebibytes that the history may take, the oldest messages go first; 0 for no limit",
    ),
    echo: row.flag().help("return every message also to who said it"),
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

type ServeOptions = OptionsOf<typeof SERVE>;

/** Runs the server; resolves with the exit status after a graceful stop. */
export async function serve(argv: readonly string[]): Promise<number> {
  const { options } = readProcessOptions(SERVE, argv);
  const data = options.data ?? ownDataDir();
  makeDataDir(data);
  using _lock = lockData(data);
  const { durability } = options;
  await using store = SqliteStore.open(`${data}/confab.db`, { durability });
  await takeDueKey(data, Date.now());
  const identity = await loadOrCreateIdentity(serverKeyPath(data));
  const { logFormat: format, logLevel: level } = options;
  const log = createLog({ now: () => Date.now(), format, level });
  // Before the ready line: whoever reads it may stop the server at once.
  const stopped = stopSignal();
  const path = options.allowList;
  await using list = path === undefined ? undefined : await AllowList.open({
    ...{ path, log, clock: SYSTEM_CLOCK },
    onChange: (keys) => server.allow(keys),
  });
  const keeping = { ...keepingOf(options), freeBytes: () => freeBytes(data) };
  const parts = { identity, store, log, ...keeping };
  const server = await start(options, list, parts);
  list?.watch();
  await using _keys = new KeyWatch({
    ...{ data, identity, server, log },
    now: () => Date.now(),
  });
  announce(server, options);
  const signal = await stopped;
  log.info("stopping", { signal, connections: server.connections });
  await server.stop();
  log.info("stopped");
  return 0;
}

async function start(
  options: ServeOptions,
  list: AllowList | undefined,
  parts:
    & Pick<Parameters<typeof Server.start>[0], "identity" | "store" | "log">
    & KeepOptions,
): Promise<Server> {
  const { host: hostname, port } = options;
  if (list !== undefined && !options.private) {
    throw new UsageError("--allow-list needs --private: all are let in now");
  }
  const password = await readPassword(options);
  const admins = await adminsOf(options);
  const trustProxy = options.trustProxy.map(proxyOf);
  const place = placeOf(options);
  try {
    return await Server.start({
      ...parts,
      hostname,
      port,
      version: VERSION,
      rate: options.rate,
      perAddress: options.perAddress,
      maxConnections: options.maxConnections,
      trustProxy,
      plaintext: options.allowPlaintext ? "everywhere" : "loopback",
      echo: options.echo ? "on" : "off",
      admins,
      isPrivate: options.private,
      adminLink: options.adminLink ? "on" : "off",
      ...given({
        password,
        allowed: list?.keys,
        public: place,
        collect: garbageCollector(),
      }),
    });
  } catch (error) {
    const why = whyNotListening(error, hostname, port);
    throw new ConfabError("connection", why, { cause: error });
  }
}

function proxyOf(text: string): Network {
  const network = parseNetwork(text);
  if (network !== undefined) return network;
  const wanted = "give an IP address, or a network as 192.0.2.0/24";
  throw new UsageError(`--trust-proxy ${text}: ${wanted}`);
}

/** Where links lead, where that is not just the address that is listened on. */
function placeOf(options: ServeOptions): Place | undefined {
  const { public: told, host } = options;
  if (told === undefined) {
    const [own] = isForAll(host) ? ownAddresses(host) : [];
    return own === undefined ? undefined : { host: own };
  }
  const { host: name, port } = parseTarget(told);
  if (!isLinkHost(name) || port === 0) {
    throw new UsageError(`--public ${told}: a link cannot lead there`);
  }
  const hasPort = told !== name && /:\d+$/.test(told);
  return { host: name, ...given({ port: hasPort ? port : undefined }) };
}

/** @throws {UsageError} when there would be no place for anything. */
function keepingOf({ keep, disk }: ServeOptions): KeepOptions {
  if (disk > 0 && disk < DISK_LEAST_MIB) {
    const least = `at least ${DISK_LEAST_MIB} MiB are needed`;
    throw new UsageError(`--disk ${disk}: ${least}`);
  }
  return {
    ...keep === 0 ? {} : { keepMs: keep * 24 * 3_600_000 },
    ...disk === 0 ? {} : { diskBytes: disk * 2 ** 20 },
  };
}

/** Bytes that this account has free on the disk of a path, where the system tells. */
function freeBytes(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(path);
    return Number(bavail) * Number(bsize);
  } catch {
    return undefined;
  }
}

/** Those named, and whoever runs the server, if this account has an identity. */
async function adminsOf(options: ServeOptions): Promise<string[]> {
  const named = options.admin.map((text) => {
    if (text.startsWith("SHA256:")) {
      const given = parseFingerprint(text);
      if (given.form === "sha256") return given.text;
    }
    const wanted = "give the whole fingerprint, SHA256:…";
    throw new UsageError(`--admin ${text}: ${wanted}`);
  });
  const own = `${ownDataDir()}/identity`;
  try {
    Deno.statSync(own);
  } catch {
    return named;
  }
  return [...named, await fingerprint(await loadPublicKey(own))];
}

/** Writes the ready line to standard output, as the log is written, the rest to standard error. */
function announce(server: Server, options: ServeOptions): void {
  const { fingerprint, address: { hostname: host, port } } = server;
  const admin = options.adminLink ? server.adminLink : undefined;
  if (options.logFormat === "json") {
    const event = "listening";
    const ready = { event, version: VERSION, host, port, fingerprint };
    const more = given({ adminLink: admin });
    return console.log(JSON.stringify({ ...ready, ...more }));
  }
  const at = serverAddress(host, port);
  console.log(`confab ${VERSION} listening on ${at} ${fingerprint}`);
  tell(`fingerprint to read aloud: ${wordsOfFingerprint(fingerprint)}`);
  if (isForAll(host)) {
    for (const own of ownAddresses(host)) {
      tell(`others join with: confab join ${serverAddress(own, port)}`);
    }
  } else if (isLoopback(host)) {
    tell(
      `only this machine can join (confab join ${at}); for others: confab serve --host 0.0.0.0`,
    );
  }
  if (admin !== undefined) {
    tell(`become an administrator, once within a day: confab join '${admin}'`);
  }
}

function isForAll(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** Addresses of this machine that others may reach. */
function ownAddresses(bound: string): string[] {
  try {
    return Deno.networkInterfaces().filter(({ address, family }) =>
      !isLoopback(address) && !address.startsWith("fe80:") &&
      (family === "IPv4" || bound === "::")
    ).map(({ address }) => address);
  } catch {
    return [];
  }
}

function whyNotListening(error: unknown, host: string, port: number): string {
  const at = serverAddress(host, port);
  if (error instanceof Deno.errors.AddrInUse) {
    return `port ${port} is in use: stop what listens on ${at}, or give another --port`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `not allowed to listen on ${at}: ports below 1024 are the administrator's`;
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `${host} is no address of this machine: give another --host`;
  }
  return `cannot listen on ${at}: ${describeError(error)}`;
}

function makeDataDir(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const what = `the data directory ${path} cannot be made`;
    throw new ConfabError("store", `${what}: ${describeError(cause)}`, {
      cause,
    });
  }
}

/** Resolves at SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    let isStopping = false;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      if (Deno.build.os === "windows" && signal === "SIGTERM") continue;
      Deno.addSignalListener(signal, () => {
        if (isStopping) Deno.exit(1);
        isStopping = true;
        resolve(signal);
      });
    }
  });
}
