/** What was asked of the server and has no answer yet: booked once, in the order it was said. */
import { ConfabError, peerCode } from "../base/errors.ts";
import { UNANSWERED_MAX } from "../base/limits.ts";
import type {
  ChatSend,
  CommandSend,
  HistorySend,
  WatchSend,
} from "../wire/client.ts";
import { serverWords } from "../wire/foreign_words.ts";
import type { ServerMessage, Stored } from "../wire/server.ts";
import { parseSlash, type SlashCommand } from "../wire/slash.ts";

/**
 * What is answered by the server with the id that it has; the client makes one where none is given.
 * A chat and a command without a `room` (or a `to`) are meant for the room where one is when they
 * are asked. What is watched comes as events, and ends with the connection: it is asked for again
 * on the next.
 */
export type Request =
  | ChatSend
  | CommandSend
  | HistorySend
  | WatchSend & { readonly room?: never };

/** A request as it is sent. */
export type Asked = Request & { readonly id: string };

export interface RequestOptions {
  /**
   * `after-events`: only when the events that came before the answer have been taken, so that both
   * are seen in the order of the server; not for whoever takes no events until then (`at-once`).
   */
  readonly settles?: "at-once" | "after-events";
  /**
   * What becomes of a request that is no chat when the connection ends before its answer: it fails,
   * or is asked again on the next connection, as what comes to the same twice can be.
   */
  readonly cut?: "fails" | "again";
  /** Called each time the request is put on a connection. */
  readonly onSent?: () => void;
}

/** How a request is booked. */
interface Booking extends Omit<RequestOptions, "settles"> {
  /** Calls back when the answer may be given. */
  readonly settle?: (callback: () => void) => void;
}

interface Pending {
  readonly asked: Asked;
  readonly resolve: (answer: ServerMessage) => void;
  readonly reject: (error: unknown) => void;
  /** It is asked again on the next connection. */
  readonly isLasting: boolean;
  readonly onSent: (() => void) | undefined;
}

export class RequestTable {
  /** Without an answer, in the order they were said. */
  readonly #pending = new Map<string, Pending>();
  /** Ids that the server has yet to answer on this connection: it takes only so many at once. */
  readonly #inFlight = new Set<string>();
  #unsent: Pending[] = [];
  #send: ((asked: Asked) => void) | undefined;
  readonly #settling: (() => void)[] = [];
  #end: ConfabError | undefined;

  /** What has no answer yet, in the order it was said. */
  get waiting(): readonly Asked[] {
    return Array.from(this.#pending.values(), ({ asked }) => asked);
  }

  /** Whether something that says nothing has no answer yet. */
  get hasQuestion(): boolean {
    return this.#pending.values().some(({ asked }) => !isSaying(asked));
  }

  /**
   * Books a request, sends it when there is a connection that may take it, and resolves with its
   * answer, when `settle` calls back.
   *
   * @throws {ConfabError} with the server's code, and its `error` message as the cause; `closed`
   * when no answer can come any more (what is no chat survives no cut, unless it is asked `again`); `frame` when it is
   * too long to be sent; `id-reused` when another request of that id has no answer yet.
   */
  ask(
    asked: Asked,
    { settle = (callback) => callback(), cut, onSent }: Booking = {},
  ): Promise<ServerMessage> {
    return new Promise((resolve, reject) => {
      const { id } = asked;
      if (this.#end !== undefined) return reject(this.#end);
      if (this.#pending.has(id)) {
        return reject(new ConfabError("id-reused", `${id} was asked already`));
      }
      const pending: Pending = {
        asked,
        resolve: (answer) => settle(() => resolve(answer)),
        reject: (error) => settle(() => reject(error)),
        isLasting: isSaying(asked) || cut === "again",
        onSent,
      };
      this.#pending.set(id, pending);
      this.#unsent.push(pending);
      this.#sendMore();
    });
  }

  /** Resolves when nothing waits for an answer. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) {
      await new Promise<void>((resolve) => this.#settling.push(resolve));
    }
  }

  /** There is a connection: what has no answer is sent on it. */
  connected(send: (asked: Asked) => void): void {
    this.#send = send;
    this.#unsent = [...this.#pending.values()];
    this.#sendMore();
  }

  /** The connection has ended. What was said waits for the next; other answers would be late. */
  cut(): void {
    this.#send = undefined;
    this.#inFlight.clear();
    const why = "the connection was cut before the answer came";
    for (const { asked, isLasting } of this.#pending.values()) {
      if (isLasting) continue;
      const error = new ConfabError("closed", why, { cause: "cut" });
      this.#take(asked.id)?.reject(error);
    }
  }

  /** There will be no connection any more. */
  end(error: ConfabError): void {
    this.#end = error;
    for (const id of this.#pending.keys()) this.#take(id)?.reject(error);
  }

  /** Takes an answer, and gives the request if that had none yet. */
  answer(id: string, answer: ServerMessage): Asked | undefined {
    this.#inFlight.delete(id);
    this.#sendMore();
    const pending = this.#take(id);
    if (answer.type === "error") {
      const code = peerCode(answer.code);
      const words = serverWords(answer.text);
      pending?.reject(new ConfabError(code, words, { cause: answer }));
    } else pending?.resolve(answer);
    return pending?.asked;
  }

  /** Takes a stored message for the answer to the request that said it, if there is one. */
  acknowledge(message: Stored): void {
    if (!("id" in message) || message.id === undefined) return;
    // Until its own ack has come, too, it counts as in flight.
    this.#take(message.id)?.resolve(message);
  }

  #sendMore(): void {
    while (this.#send !== undefined && this.#inFlight.size < UNANSWERED_MAX) {
      const next = this.#unsent.shift();
      if (next === undefined) return;
      const { id } = next.asked;
      // A replay may have answered what was to be sent again.
      if (this.#pending.get(id) !== next) continue;
      try {
        this.#send(next.asked);
        this.#inFlight.add(id);
        next.onSent?.();
      } catch (error) {
        this.#take(id)?.reject(error);
      }
    }
  }

  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) {
      for (const resolve of this.#settling.splice(0)) resolve();
    }
    return pending;
  }
}

/** The command that a request is, given as such or as text. */
export function commandOf(asked: Request): SlashCommand | undefined {
  if (asked.type === "chat") return parseSlash(asked.txt);
  if (asked.type === "history" || asked.type === "watch") return undefined;
  return { name: asked.name, args: (asked.args ?? "").trim() };
}

/** Whether a request says something: its id makes it safe to send it again. */
function isSaying(asked: Request): boolean {
  return asked.type === "chat" && commandOf(asked) === undefined;
}
