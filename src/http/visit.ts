/**
 * One connection that speaks HTTP: it asks, one thing at a time, until it ends, is refused, or
 * becomes a WebSocket.
 */
import { type IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../base/clock.ts";
import {
  HTTP_ANSWER_BYTES,
  HTTP_REQUESTS,
  REFUSAL_FLUSH_MS,
} from "../base/limits.ts";
import { httpLastWord } from "../gateway/refusals.ts";
import { TransportDuplex } from "../net/duplex_of.ts";
import type { Transport } from "../net/transport.ts";
import type { AnswerBudget } from "../server/open.ts";
import { type Answer, textAnswer } from "./answer.ts";
import { type Asked, isForwarded, judge } from "./guard.ts";
import { securityHeaders, type Transience } from "./headers.ts";
import { type GateFault, RequestGate } from "./request_gate.ts";
import { answerTo, type Offered } from "./requests.ts";
import { acceptWebSocket, WebSocketTransport } from "./web_socket.ts";

export interface VisitOptions extends Offered {
  readonly clock: Clock;
  /** What the server goes by now, besides addresses and `localhost`. */
  readonly names: () => readonly string[];
  /** What browsers may rely on that come by TLS. */
  readonly tls: () => Transience;
  /** An answer could not be made. */
  readonly onFault: (error: unknown) => void;
}

/** What a connection came to; it is over when there is nothing to be said of it. */
export type Outcome =
  | { readonly kind: "over" }
  | { readonly kind: "refused"; readonly refusal: LastWord }
  | { readonly kind: "web-socket"; readonly transport: Transport };

/** An answer after which the connection ends. */
interface LastWord {
  readonly status: string;
  readonly reason: string;
  readonly words: string;
  /** The same words, where whoever runs the server is to know of it. */
  readonly limit?: string;
  readonly retryAfterS?: number;
}

const FAULTS: Readonly<Record<Exclude<GateFault, "idle">, LastWord>> = {
  "slow": badRequest("408 Request Timeout", "the request came too slowly"),
  "too-large": badRequest(
    "431 Request Header Fields Too Large",
    "the head of the request is too long",
  ),
  "malformed": badRequest("400 Bad Request", "this is no request of HTTP"),
};
const CONTENT = badRequest("413 Content Too Large", "no content is taken");
const TOO_MUCH = {
  status: "429 Too Many Requests",
  reason: "http-answers",
  words: "too much was asked from your address: try again in a while",
};

export class Visit {
  readonly socket: TransportDuplex;
  readonly #transport: Transport;
  readonly #options: VisitOptions;
  readonly #answers: AnswerBudget | undefined;
  readonly #gate: RequestGate;
  readonly #outcome = Promise.withResolvers<Outcome>();
  #refusal: LastWord | undefined;
  #requests = 0;
  #isWebSocket = false;

  /** `answers`: what they are charged to. */
  constructor(
    transport: Transport,
    options: VisitOptions,
    answers?: AnswerBudget,
  ) {
    this.#transport = transport;
    this.#options = options;
    this.#answers = answers;
    const { clock } = options;
    const onFault = (fault: GateFault) => this.#fault(fault);
    const chunks = transport[Symbol.asyncIterator]();
    this.#gate = new RequestGate(chunks, { clock, onFault });
    const { peer } = transport;
    this.socket = new TransportDuplex({ peer, transport, chunks: this.#gate });
    // The other end went away, and `close` follows.
    this.socket.on("error", () => {});
    this.socket.on("finish", () => this.#linger());
    this.socket.on("close", () => this.#ended());
  }

  /** Resolves when it has come to something. Never rejects. */
  get outcome(): Promise<Outcome> {
    return this.#outcome.promise;
  }

  /** A request came. Never rejects. */
  async request(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const refusal = this.#judge(request) ?? this.#debt();
    if (refusal !== undefined) return this.#refuse(refusal, request.method);
    // The next one is read when this answer is.
    response.on("finish", () => this.#gate.answered());
    const answer = await this.#answer(request);
    if (this.socket.destroyed) return;
    const { status, headers, body } = answer;
    const isSent = body !== undefined && request.method !== "HEAD";
    this.#answers?.charge(HTTP_ANSWER_BYTES + (isSent ? body.length : 0));
    response.writeHead(status, {
      ...this.#headers(),
      ...headers,
      ...body === undefined ? {} : { "content-length": body.length },
      ...++this.#requests < HTTP_REQUESTS ? {} : { "connection": "close" },
    });
    response.end(body);
  }

  /** A request came that asks for another protocol. Never rejects. */
  async upgrade(request: IncomingMessage, head: Uint8Array): Promise<void> {
    if (request.headers.upgrade?.toLowerCase() !== "websocket") {
      return await this.#stay(request);
    }
    const refusal = this.#judge(request);
    if (refusal !== undefined) return this.#refuse(refusal, request.method);
    const socket = await acceptWebSocket(request, this.socket, head);
    this.#isWebSocket = true;
    const { peer, isEncrypted } = this.#transport;
    const isLocal = this.#isLocal(request);
    const facts = { peer, isEncrypted, isLocal };
    const { clock } = this.#options;
    const transport = new WebSocketTransport(socket, facts, clock);
    this.#gate.open();
    this.#outcome.resolve({ kind: "web-socket", transport });
  }

  /**
   * Another protocol need not be taken (RFC 9110, section 7.8): some clients ask each server for
   * HTTP/2. The request is answered, and is the last, since its parser has gone by now.
   */
  async #stay(request: IncomingMessage): Promise<void> {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    // deno-lint-ignore no-explicit-any -- it needs no more of a socket than this one has
    response.assignSocket(this.socket as any);
    response.on("finish", () => this.socket.end());
    await this.request(request, response);
  }

  /** Ends it, whatever it waits for. */
  end(): void {
    this.socket.destroy();
  }

  /** What came is no request. */
  malformed(): void {
    this.#fault("malformed");
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { method = "", url: target = "", headers } = request;
    const isLocal = this.#isLocal(request);
    try {
      return await answerTo({
        ...{ method, target, isLocal },
        authorization: headers.authorization,
        encodings: headers["accept-encoding"]?.toString(),
        known: headers["if-none-match"],
      }, this.#options);
    } catch (error) {
      this.#options.onFault(error);
      return textAnswer(500, "this cannot be answered now");
    }
  }

  /** Who is on this machine may be a proxy alone, and whom it brings may be from anywhere. */
  #isLocal({ headers }: IncomingMessage): boolean {
    return this.#transport.isLocal && !isForwarded(headers);
  }

  #judge(request: IncomingMessage): LastWord | undefined {
    const { headers, url = "" } = request;
    const isOdd = !url.startsWith("/") || isTwice(request, "host") ||
      isTwice(request, "origin");
    if (isOdd) return FAULTS.malformed;
    const length = headers["content-length"] ?? "0";
    const hasContent = length !== "0" ||
      headers["transfer-encoding"] !== undefined;
    const asked = askedOf(request, this.#transport.isEncrypted);
    const refusal = judge(asked, this.#options.names());
    if (refusal !== undefined) return { ...refusal, limit: refusal.words };
    return hasContent ? CONTENT : undefined;
  }

  /** What was answered before is to be paid off first. */
  #debt(): LastWord | undefined {
    const ms = this.#answers?.debtMs() ?? 0;
    const retryAfterS = Math.ceil(ms / 1_000);
    return ms === 0 ? undefined : { ...TOO_MUCH, retryAfterS };
  }

  #headers(): Readonly<Record<string, string>> {
    const { isEncrypted } = this.#transport;
    return securityHeaders(isEncrypted ? this.#options.tls() : "passing");
  }

  #fault(fault: GateFault): void {
    if (fault === "idle") this.socket.end();
    else this.#refuse(FAULTS[fault], "GET");
  }

  #refuse(refusal: LastWord, method: string | undefined): void {
    if (this.#refusal !== undefined || this.socket.writableEnded) return;
    this.#refusal = refusal;
    const { status, words, retryAfterS } = refusal;
    const known = method === "HEAD" ? "HEAD" : "GET";
    const headers = {
      ...this.#headers(),
      ...retryAfterS === undefined ? {} : { "retry-after": `${retryAfterS}` },
    };
    this.socket.end(httpLastWord(status, words, known, headers));
  }

  /** All is said: the other end may read it, for a moment. */
  async #linger(): Promise<void> {
    if (this.#isWebSocket) return;
    const close = () => this.socket.destroy();
    const cancel = this.#options.clock.after(REFUSAL_FLUSH_MS, close);
    try {
      await this.#gate.drain();
    } catch {
      // It did not wait for the end.
    } finally {
      cancel();
      close();
    }
  }

  #ended(): void {
    const refusal = this.#refusal;
    this.#outcome.resolve(
      refusal === undefined ? { kind: "over" } : { kind: "refused", refusal },
    );
  }
}

function badRequest(status: string, words: string): LastWord {
  return { status, words, reason: "http-request" };
}

/** What is named once only, is not joined to something else. */
function isTwice({ rawHeaders }: IncomingMessage, name: string): boolean {
  const names = rawHeaders.filter((text, at) =>
    at % 2 === 0 && text.toLowerCase() === name
  );
  return names.length > 1;
}

function askedOf({ headers }: IncomingMessage, isEncrypted: boolean): Asked {
  return {
    isEncrypted,
    host: headers.host,
    origin: headers.origin,
    site: headers["sec-fetch-site"]?.toString(),
    mode: headers["sec-fetch-mode"]?.toString(),
    destination: headers["sec-fetch-dest"]?.toString(),
  };
}
