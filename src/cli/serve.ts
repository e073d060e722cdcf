/** `confab serve`: runs a server until it is told to stop. */
import { ConfabError, describeError, UsageError } from "../base/errors.ts";
import {
  MAX_CONNECTIONS,
  PER_ADDRESS_CONNECTIONS,
  RATE_PER_SECOND,
} from "../base/limits.ts";
import { createLog } from "../base/log.ts";
import { VERSION } from "../base/version.ts";
import { fingerprint, parseFingerprint } from "../secure/fingerprint.ts";
import { Server } from "../server/server.ts";
import { lockData } from "../store/sqlite/data_lock.ts";
import { SqliteStore } from "../store/sqlite/store.ts";
import { loadIdentity, loadOrCreateIdentity } from "../trust/identity_file.ts";
import { serverAddress } from "../trust/judge.ts";
import { announce } from "./announce.ts";
import { ownDataDir, readPassword, readProcessOptions } from "./environment.ts";
import {
  type CommandTable,
  CONFIG_ROW,
  type OptionsOf,
} from "./option_table.ts";

export const SERVE = {
  name: "serve",
  summary: "run a server",
  positionals: [],
  options: {
    host: {
      kind: "string",
      value: "ADDRESS",
      default: "127.0.0.1",
      help: "the address to listen on; 0.0.0.0 or :: for all",
    },
    port: {
      kind: "integer",
      value: "PORT",
      min: 0,
      max: 65_535,
      default: 5000,
      help: "the port to listen on, 0 for a free one",
    },
    data: {
      kind: "string",
      value: "DIR",
      help:
        "where history and keys are kept; $CONFAB_DATA, or this account's data directory",
    },
    durability: {
      kind: "choice",
      value: "WHAT",
      choices: ["process", "full"],
      default: "process",
      help:
        "what an acknowledged message survives: the death of the process, or also of the machine",
    },
    rate: {
      kind: "integer",
      value: "N",
      min: 0,
      max: 1_000_000,
      default: RATE_PER_SECOND,
      help: "messages a second a person may say, 0 for no limit",
    },
    "per-address": {
      kind: "integer",
      value: "N",
      min: 0,
      max: 1_000_000,
      default: PER_ADDRESS_CONNECTIONS,
      help: "connections of one address, 0 for no limits that count addresses",
    },
    "max-connections": {
      kind: "integer",
      value: "N",
      min: 1,
      max: 1_000_000,
      default: MAX_CONNECTIONS,
      help: "connections in all",
    },
    "password-file": {
      kind: "string",
      value: "FILE",
      help:
        "nobody enters without the password in this file; also CONFAB_PASSWORD",
    },
    password: {
      kind: "string",
      value: "WORD",
      secret: true,
      help: "the password, where a file is not at hand",
    },
    admin: {
      kind: "list",
      value: "SHA256:…",
      help: "the fingerprint of somebody who may do everything, besides you",
    },
    echo: { kind: "flag", help: "return every message also to who said it" },
    "allow-plaintext": {
      kind: "flag",
      help:
        "let unsealed clients in from everywhere, not only from this machine",
    },
    "log-format": {
      kind: "choice",
      value: "FORMAT",
      choices: ["text", "json"],
      default: "text",
      help: "how the log is written",
    },
    "log-level": {
      kind: "choice",
      value: "LEVEL",
      choices: ["debug", "info", "warn", "error"],
      default: "info",
      help: "the least that is logged",
    },
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
  await using store = SqliteStore.open(`${data}/confab.db`, {
    durability: options.durability,
  });
  const identity = await loadOrCreateIdentity(`${data}/server.key`);
  const log = createLog({
    now: () => Date.now(),
    format: options.logFormat,
    level: options.logLevel,
  });
  // Before the ready line: whoever reads it may stop the server at once.
  const stopped = stopSignal();
  const server = await start(options, { identity, store, log });
  announce(server, options.logFormat);
  const signal = await stopped;
  log.info("stopping", { signal, connections: server.connections });
  await server.stop();
  log.info("stopped");
  return 0;
}

async function start(
  options: ServeOptions,
  parts: Pick<Parameters<typeof Server.start>[0], "identity" | "store" | "log">,
): Promise<Server> {
  const { host: hostname, port } = options;
  const password = await readPassword(options);
  const admins = await adminsOf(options);
  try {
    return await Server.start({
      ...parts,
      hostname,
      port,
      version: VERSION,
      rate: options.rate,
      perAddress: options.perAddress,
      maxConnections: options.maxConnections,
      plaintext: options.allowPlaintext ? "everywhere" : "loopback",
      echo: options.echo ? "on" : "off",
      admins,
      ...(password === undefined ? {} : { password }),
    });
  } catch (error) {
    const why = whyNotListening(error, hostname, port);
    throw new ConfabError("connection", why, { cause: error });
  }
}

/** Those named, and whoever runs the server, if this account has an identity. */
async function adminsOf(options: ServeOptions): Promise<string[]> {
  const named = options.admin.map((text) => {
    const given = parseFingerprint(text);
    if (given.form === "sha256") return given.text;
    throw new UsageError(
      `--admin ${text}: give the whole fingerprint, SHA256:…`,
    );
  });
  const own = `${ownDataDir()}/identity`;
  try {
    Deno.statSync(own);
  } catch {
    return named;
  }
  const { publicKey } = await loadIdentity(own);
  return [...named, await fingerprint(publicKey)];
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
  } catch (error) {
    throw new ConfabError(
      "store",
      `the data directory ${path} cannot be made: ${describeError(error)}`,
      { cause: error },
    );
  }
}

/** Resolves at SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    let isStopping = false;
    const signals: Deno.Signal[] = Deno.build.os === "windows"
      ? ["SIGINT"]
      : ["SIGINT", "SIGTERM"];
    for (const signal of signals) {
      Deno.addSignalListener(signal, () => {
        if (isStopping) Deno.exit(1);
        isStopping = true;
        resolve(signal);
      });
    }
  });
}
