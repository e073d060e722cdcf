/** `confab serve`: runs a server until it is told to stop. */
import { statfsSync } from "node:fs";
import { ConfabError, describeError, UsageError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { SYSTEM_CLOCK } from "../base/clock.ts";
import { KeptLog } from "../base/kept_log.ts";
import { createLog } from "../base/log.ts";
import { VERSION } from "../base/version.ts";
import type { KeepOptions } from "../server/keeper.ts";
import { garbageCollector } from "../server/garbage.ts";
import { Server, type ServerOptions } from "../server/server.ts";
import { lockData } from "../store/sqlite/data_lock.ts";
import { SqliteStore } from "../store/sqlite/store.ts";
import { loadOrCreateIdentity } from "../trust/identity_file.ts";
import { serverKeyPath } from "../trust/next_key.ts";
import { AllowList } from "./allow_list.ts";
import {
  ownDataDir,
  readConfiguredOptions,
  readPassword,
} from "./environment.ts";
import { KeyWatch, takeDueKey } from "./key_watch.ts";
import { announce, tellHowToBegin, whyNotListening } from "./listening.ts";
import { openOnePort } from "./one_port.ts";
import {
  adminsOf,
  findOwner,
  keepingOf,
  placeOf,
  proxyOf,
  SERVE,
  type ServeOptions,
} from "./serve_options.ts";
import { openTls, tlsWanted } from "./tls_options.ts";

export { SERVE } from "./serve_options.ts";

/** Runs the server; resolves with the exit status after a graceful stop. */
export async function serve(argv: readonly string[]): Promise<number> {
  const { options } = await readConfiguredOptions(SERVE, argv);
  const wanted = tlsWanted(options);
  const data = options.data ?? ownDataDir();
  makeDataDir(data);
  using _lock = lockData(data);
  const { durability } = options;
  await using store = SqliteStore.open(`${data}/confab.db`, { durability });
  await takeDueKey(data, Date.now());
  const identity = await loadOrCreateIdentity(serverKeyPath(data));
  const { logFormat: format, logLevel: level } = options;
  const now = () => Date.now();
  const log = new KeptLog(createLog({ now, format, level }), now);
  // Before the ready line: whoever reads it may stop the server at once.
  const stopped = Promise.withResolvers<StopReason>();
  onStopSignal((signal) => stopped.resolve({ signal }));
  const path = options.allowList;
  await using list = path === undefined ? undefined : await AllowList.open({
    ...{ path, log, clock: SYSTEM_CLOCK },
    onChange: (keys) => server.allow(keys),
  });
  const admins = adminsOf(options);
  const owner = await findOwner();
  if (owner !== undefined) admins.push(owner);
  const keeping = { ...keepingOf(options), freeBytes: () => freeBytes(data) };
  await using tls = wanted && await openTls(wanted, { options, data, log });
  const port = await openOnePort(options, log, () => server.metrics(), tls);
  const { openers } = port;
  const onStop: ServerOptions["onStop"] = ({ by }) => stopped.resolve({ by });
  const parts = {
    ...{ identity, store, durability, log, admins, openers, onStop },
    ...owner === undefined ? { findOwner } : {},
    ...keeping,
  };
  const server = await start(options, list, parts);
  list?.watch();
  tls?.watch(() => stopped.resolve({ signal: "SIGHUP" }));
  await using _keys = new KeyWatch({
    ...{ data, identity, server, log },
    now,
  });
  announce(server, options, port, tls);
  if (options.private && admins.length === 0) tellHowToBegin(options);
  const reason = await stopped.promise;
  log.info("stopping", { ...reason, connections: server.connections });
  await server.stop();
  log.info("stopped");
  return 0;
}

async function start(
  options: ServeOptions,
  list: AllowList | undefined,
  parts:
    & Pick<
      ServerOptions,
      | "identity"
      | "store"
      | "durability"
      | "log"
      | "admins"
      | "findOwner"
      | "openers"
      | "onStop"
    >
    & KeepOptions,
): Promise<Server> {
  const { host: hostname, port } = options;
  if (list !== undefined && !options.private) {
    throw new UsageError("--allow-list needs --private: all are let in now");
  }
  const password = await readPassword(options);
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
      askName: options.askName ? "on" : "off",
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

/** Who or what stops the server, for the log. */
type StopReason = { signal: string } | { by: string };

/**
 * A terminal sends Ctrl+C to all that runs there, and the task that has started this hands it on:
 * what comes within this is the same one.
 */
const SAME_SIGNAL_MS = 500;

/** Calls back at SIGINT or SIGTERM; a second one ends the process at once. */
function onStopSignal(stop: (signal: string) => void): void {
  let stoppingAt: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    if (Deno.build.os === "windows" && signal === "SIGTERM") continue;
    Deno.addSignalListener(signal, () => {
      const now = SYSTEM_CLOCK.monotonic();
      if (stoppingAt === undefined) {
        stoppingAt = now;
        return stop(signal);
      }
      if (now - stoppingAt >= SAME_SIGNAL_MS) Deno.exit(1);
    });
  }
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

/** Bytes that this account has free on the disk of a path, where the system tells. */
function freeBytes(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(path);
    return Number(bavail) * Number(bsize);
  } catch {
    return undefined;
  }
}
