/**
 * HTTP on the port of the chat: the page's files, and WebSockets, which carry the bytes of a
 * connection. Needs a runtime whose `node:http` takes any stream for a connection (Deno 2.9).
 */
import { createServer, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { type Clock, SYSTEM_CLOCK } from "../base/clock.ts";
import { given } from "../base/given.ts";
import {
  HTTP_CONNECTION_MS,
  HTTP_HEAD_LINES,
  HTTP_HEAD_MAX_BYTES,
  HTTP_HEAD_MS,
  OPENING_MS,
} from "../base/limits.ts";
import { open, type Opener } from "../server/open.ts";
import type { Transience } from "./headers.ts";
import type { PageFile } from "./page/page_file.ts";
import { PageFiles } from "./page_files.ts";
import { Visit, type VisitOptions } from "./visit.ts";

export interface HttpOptions {
  readonly files: readonly PageFile[];
  /** What the server goes by now, besides addresses and `localhost`: as the guard takes them. */
  readonly names?: () => readonly string[];
  /** What browsers may rely on that come by TLS; default `passing`. */
  readonly tls?: () => Transience;
  /** Numbers of the server, as Prometheus reads them. */
  readonly metrics?: () => Promise<string>;
  /** Who has it, may see them from elsewhere, too. */
  readonly metricsToken?: string;
  /** An answer could not be made. */
  readonly onFault?: (error: unknown) => void;
  readonly clock?: Clock;
}

/** The opener of connections that speak HTTP. What it has open ends with their transports. */
export function createHttp(options: HttpOptions): Opener {
  const { metrics, metricsToken } = options;
  const visitOptions: VisitOptions = {
    files: new PageFiles(options.files),
    names: options.names ?? (() => []),
    tls: options.tls ?? (() => "passing"),
    clock: options.clock ?? SYSTEM_CLOCK,
    onFault: options.onFault ?? (() => {}),
    ...given({ metrics, metricsToken }),
  };
  const visits = new WeakMap<Duplex, Visit>();
  const server = serverOf(visits);
  return async ({ transport }, openOptions) => {
    const { answers } = openOptions;
    const visit = new Visit(transport, visitOptions, answers);
    const end = () => visit.end();
    openOptions.onHttp?.(HTTP_CONNECTION_MS, end);
    visits.set(visit.socket, visit);
    server.emit("connection", visit.socket);
    const outcome = await visit.outcome;
    switch (outcome.kind) {
      case "over":
        return undefined;
      case "refused": {
        const { reason, limit } = outcome.refusal;
        return { kind: "refused", transport, reason, ...given({ limit }) };
      }
      case "web-socket":
        openOptions.onHttp?.(OPENING_MS, end);
        // There is nothing else in a WebSocket that would be opened further.
        return await open(outcome.transport, { ...openOptions, openers: {} });
    }
  };
}

/** One for all connections: it listens nowhere, and is given each. */
function serverOf(visits: WeakMap<Duplex, Visit>): Server {
  const server = createServer({
    maxHeaderSize: HTTP_HEAD_MAX_BYTES,
    // Time is kept for each connection by itself.
    headersTimeout: 0,
    requestTimeout: 0,
    keepAliveTimeout: HTTP_HEAD_MS,
  });
  // One that does not listen would end every connection after its first answer.
  Object.defineProperty(server, "listening", { value: true });
  server.maxHeadersCount = HTTP_HEAD_LINES;
  const visitOf = (socket: Duplex) => visits.get(socket)!;
  for (const event of ["request", "checkContinue", "checkExpectation"]) {
    server.on(
      event,
      (request, response) =>
        void visitOf(request.socket).request(request, response),
    );
  }
  for (const event of ["upgrade", "connect"]) {
    server.on(
      event,
      (request, socket, head) => void visitOf(socket).upgrade(request, head),
    );
  }
  server.on("clientError", (_error, socket) => visitOf(socket).malformed());
  return server;
}
