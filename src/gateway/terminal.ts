/** A bare terminal: somebody types lines at `nc`, and reads. Pure. */
import type { ConfabError } from "../base/errors.ts";
import type { SharedEncoder, Why } from "../delivery/sink.ts";
import { renderMessage } from "../text/render.ts";
import { readClientObject } from "../wire/client.ts";
import type { History, ServerMessage, Users, Welcome } from "../wire/server.ts";
import { Asking, passwordOf } from "./asking.ts";
import { type Codec, GOODBYE, type Heard } from "./codec.ts";
import { LineCodec, sharedLines, shownToPerson } from "./lines.ts";
import type { Manners } from "./manners.ts";
import { spokenLine } from "./spoken.ts";

export const GOODBYES: ReadonlySet<string> = new Set(["exit", "quit"]);
const SHARED = sharedLines(shownToPerson);

export class TerminalCodec extends LineCodec {
  readonly dialect = "terminal";
  readonly shared: SharedEncoder = SHARED;
  readonly #isEcho: boolean;
  /** A first line that gives a password is none that is said. */
  readonly #takesPassword: boolean;
  readonly #asking: Asking | undefined;
  #isWelcome = false;
  /** The client's own name, after the `welcome`. */
  #name: string | undefined;
  /** Who is in the room that is being entered: shown below what was said there before. */
  #users: Users | undefined;

  constructor({ echo, askName, password }: Manners = {}) {
    super();
    this.#isEcho = echo === "on";
    this.#takesPassword = !this.#isEcho || password !== undefined;
    this.#asking = askName === "on" ? new Asking() : undefined;
  }

  override get entry(): Codec["entry"] {
    return this.#asking?.goesOn ? "asked" : "greeted";
  }

  /** The first line counts like any other, unless it is the password, or the name is asked for. */
  protected open(line: string): readonly Heard[] {
    if (this.#asking) return this.hear(line);
    const password = this.#takesPassword ? passwordOf(line) : undefined;
    const message = readClientObject({ type: "hello", password });
    const hello: Heard = { kind: "message", message };
    return password === undefined ? [hello, ...this.said(line)] : [hello];
  }

  protected hear(line: string): readonly Heard[] {
    if (this.#asking === undefined || this.#isWelcome) return this.said(line);
    return GOODBYES.has(line.trim()) ? [GOODBYE] : this.#asking.hear(line);
  }

  /** What a line comes to that is neither password nor name. */
  protected said(line: string): readonly Heard[] {
    return GOODBYES.has(line.trim()) ? [GOODBYE] : spokenLine(line);
  }

  protected show(message: ServerMessage, why: Why): string | undefined {
    if (message.type === "welcome") {
      this.#isWelcome = true;
      this.#name = message.name;
      const lines = [
        ...this.#asking ? ["OK"] : [],
        ...this.#isEcho ? [] : [welcome(message)],
      ];
      return lines.join("\n") || undefined;
    }
    if (this.#isWelcome) return this.showWelcomed(message, why);
    if (message.type === "bye" && this.#isEcho) return undefined;
    if (message.type !== "error") return shownToPerson(message, why);
    const refusal = this.#asking?.refused(message.code);
    if (refusal !== undefined) return refusal;
    return message.code === "password-required"
      ? "! this server needs a password: connect again, and say /password WORD first"
      : shownToPerson(message, why);
  }

  /** What one is shown who was let in. */
  protected showWelcomed(message: ServerMessage, why: Why): string | undefined {
    if (message.type === "renamed" && message.from === this.#name) {
      // The answer to who took the name says it, too.
      this.#name = message.name;
      return undefined;
    }
    if (why === "unasked" && message.type === "users") {
      this.#users = message;
      return undefined;
    }
    return why === "unasked" && message.type === "history"
      ? this.#entered(message)
      : shownToPerson(message, why);
  }

  /** What was said before, if anything, and when that is all, who is there. */
  #entered(history: History): string | undefined {
    const users = this.#users;
    const isLast = !history.more && users?.room === history.room;
    return [
      ...(history.messages.length === 0 ? [] : [renderMessage(history)]),
      ...(isLast ? [renderMessage(users)] : []),
    ].join("\n") || undefined;
  }

  protected showFault(error: ConfabError): string {
    return `! ${error.message}`;
  }
}

function welcome({ name, server, room }: Welcome): string {
  const where = room === "" ? "" : ` in ${room}`;
  return `* welcome to ${server}: you are ${name}${where} (/help lists the commands, exit leaves)`;
}
