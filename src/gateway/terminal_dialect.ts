/** A bare terminal: somebody types lines at `nc`, and reads. Pure. */
import type { ConfabError } from "../base/errors.ts";
import { renderMessage } from "../text/render.ts";
import type { History, ServerMessage, Users, Welcome } from "../wire/server.ts";
import type { Dialect, Opening, Received } from "./dialect.ts";
import { needsId, spokenLine } from "./spoken.ts";

const GOODBYES: ReadonlySet<string> = new Set(["exit", "quit"]);

/** Lines, each without its end; several are joined by line feeds. */
export class TerminalDialect implements Dialect<string, string> {
  #isWelcome = false;
  /** Who is in the room that is being entered: shown below what was said there before. */
  #users: Users | undefined;
  #asked = 0;

  /** The first line counts like any other, unless it is the password. */
  open(first: string): Opening<string, string> {
    const [, password] = /^\/password\s+(\S.*?)\s*$/i.exec(first) ?? [];
    return password === undefined
      ? { hello: {}, rest: first }
      : { hello: { password } };
  }

  receive(line: string): Received<string> {
    if (GOODBYES.has(line.trim())) return { leaves: true };
    return {
      messages: spokenLine(line).map((message) =>
        needsId(message) ? { ...message, id: `${++this.#asked}` } : message
      ),
    };
  }

  show(message: ServerMessage): string | undefined {
    switch (message.type) {
      case "welcome":
        this.#isWelcome = true;
        return welcomeLine(message);
      case "users":
        if (message.id !== undefined) return renderMessage(message);
        this.#users = message;
        return undefined;
      case "history":
        return message.id === undefined
          ? this.#entered(message)
          : renderMessage(message);
      case "presence":
        return undefined;
      case "error":
        return !this.#isWelcome && message.code === "password-required"
          ? "! this server needs a password: connect again, and say /password WORD first"
          : renderMessage(message);
      default:
        return renderMessage(message);
    }
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

  fault(error: ConfabError): string {
    return `! ${error.message}`;
  }
}

function welcomeLine({ name, server, room }: Welcome): string {
  const where = room === "" ? "" : ` in ${room}`;
  return `* welcome to ${server}: you are ${name}${where} (/help lists the commands, exit leaves)`;
}
