/** The thread of the server that is measured: the real one, on loopback, with a database. */
import { describeError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { createLog } from "../base/log.ts";
import { VERSION } from "../base/version.ts";
import { generateKeyPair } from "../secure/x25519.ts";
import { garbageCollector } from "../server/garbage.ts";
import { Server } from "../server/server.ts";
import { SqliteStore } from "../store/sqlite/store.ts";
import { answerCalls } from "./thread.ts";
import { threadUsage, type Usage } from "./usage.ts";

/** More than any system gives one process. */
const NO_LIMIT = 10_000_000;

let running: { server: Server; store: SqliteStore } | undefined;
/** Why a connection was not accepted, the last time. */
let notAccepted: string | undefined;

const handlers = {
  /** Starts the server, its database in the directory `data`; gives its port. */
  async start({ data }: { data: string }): Promise<{ port: number }> {
    const store = SqliteStore.open(`${data}/confab.db`);
    const server = await Server.start({
      store,
      log: createLog({ now: () => Date.now(), level: "error" }),
      version: VERSION,
      identity: await generateKeyPair(),
      hostname: "127.0.0.1",
      port: 0,
      // The limits that protect a server from its people would here be what is measured.
      rate: 0,
      perAddress: 0,
      maxConnections: NO_LIMIT,
      ...given({ collect: garbageCollector() }),
    });
    server.tap.subscribe((event) => {
      if (event.kind !== "not accepted") return;
      notAccepted = describeError(event.error);
    });
    running = { server, store };
    return { port: server.address.port };
  },

  usage: (_: null): Usage => threadUsage(),

  /** Why the system gives the server no connection, if that was so. */
  notAccepted: (_: null): { why?: string } => ({
    ...notAccepted !== undefined && { why: notAccepted },
  }),

  async stop(_: null): Promise<void> {
    await running?.server.stop();
    await running?.store[Symbol.asyncDispose]();
    running = undefined;
  },
};

export type ServerHandlers = typeof handlers;

answerCalls(handlers);
