/** A bare terminal: somebody types lines at `nc`, and reads. Pure. */
import type { ConfabError } from "../base/errors.ts";
import type { Why } from "../delivery/sink.ts";
import { renderMessage } from "../text/render.ts";
import { readClientObject } from "../wire/client.ts";
import type { History, ServerMessage, Users } from "../wire/server.ts";
import { GOODBYE, type Heard } from "./codec.ts";
import { LineCodec, sharedLines, shownToPerson } from "./lines.ts";
import { spokenLine } from "./spoken.ts";

const GOODBYES: ReadonlySet<string> = new Set(["exit", "quit"]);
const SHARED = sharedLines(shownToPerson);

export class TerminalCodec extends LineCodec {
  readonly dialect = "terminal";
  readonly shared = SHARED;
  #isWelcome = false;
  /** Who is in the room that is being entered: shown below what was said there before. */
  #users: Users | undefined;

  /** The first line counts like any other, unless it is the password. */
  protected open(line: string): readonly Heard[] {
    const [, password] = /^\/password\s+(\S.*)$/i.exec(line.trimEnd()) ?? [];
    const message = readClientObject({ type: "hello", password });
    const hello: Heard = { kind: "message", message };
    return password === undefined ? [hello, ...this.hear(line)] : [hello];
  }

  protected hear(line: string): readonly Heard[] {
    return GOODBYES.has(line.trim()) ? [GOODBYE] : spokenLine(line);
  }

  protected show(message: ServerMessage, why: Why): string | undefined {
    switch (message.type) {
      case "welcome": {
        this.#isWelcome = true;
        const { name, server, room } = message;
        const where = room === "" ? "" : ` in ${room}`;
        return `* welcome to ${server}: you are ${name}${where} (/help lists the commands, exit leaves)`;
      }
      case "users":
        if (why === "unasked") this.#users = message;
        break;
      case "history":
        if (why === "unasked") return this.#entered(message);
        break;
      case "error":
        if (!this.#isWelcome && message.code === "password-required") {
          return "! this server needs a password: connect again, and say /password WORD first";
        }
    }
    return shownToPerson(message, why);
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
