/** The HELLO dialect: lines with upper-case verbs. A line of the server begins with a verb, `ERR` or `*`, and no text of anybody with less. Pure. */
import type { ConfabError } from "../base/errors.ts";
import { SECRET_MAX_CODE_POINTS } from "../base/limits.ts";
import { renderMessage } from "../text/render.ts";
import type { ServerMessage } from "../wire/server.ts";
import { cleanLine, codePoints } from "../wire/text.ts";
import type { Dialect, Opening, Received } from "./dialect.ts";
import { needsId, spokenLine, words } from "./spoken.ts";

/** Why there is no `OK`. */
const REFUSALS: Readonly<Record<string, string>> = {
  "name-taken": "ERR USERNAME_TAKEN",
  "name-invalid": "ERR USERNAME_INVALID",
  // All else that can be wrong with what is said here: the name is longer than any.
  "bad-message": "ERR USERNAME_INVALID",
  "password-required": "ERR PASSWORD_REQUIRED",
  "password-wrong": "ERR PASSWORD_WRONG",
};
const NOT_YOU = { answer: "ERR NOT_YOU" } as const;
const TWICE = { answer: "ERR BAD_MESSAGE hello was said already" } as const;

/** Lines, each without its end; several are joined by line feeds. */
export class HelloDialect implements Dialect<string, string> {
  /** The client's own name, after the `welcome`. */
  #name: string | undefined;
  #asked = 0;

  open(first: string): Opening<string, string> {
    const [, name, password = ""] = /^HELLO +(\S+)(?: ([^]*))?$/.exec(first) ??
      [];
    if (name === undefined) return { refusal: "ERR USERNAME_INVALID" };
    if (codePoints(password) > SECRET_MAX_CODE_POINTS) {
      return { refusal: "ERR PASSWORD_WRONG" };
    }
    return { hello: password === "" ? { name } : { name, password } };
  }

  receive(line: string): Received<string> {
    const [, verb, given = "", text = ""] =
      /^(MSG|BYE|HELLO)(?: +(\S*)(?: ([^]*))?)?$/.exec(line) ?? [];
    switch (verb) {
      case "HELLO":
        return TWICE;
      case "MSG":
        return this.#isOwn(given) ? { messages: words(text) } : NOT_YOU;
      case "BYE":
        return given === "" || this.#isOwn(given) ? { leaves: true } : NOT_YOU;
      default:
        return { messages: this.#spoken(line) };
    }
  }

  #isOwn(name: string): boolean {
    return cleanLine(name) === this.#name;
  }

  #spoken(line: string) {
    return spokenLine(line).map((message) =>
      needsId(message) ? { ...message, id: `${++this.#asked}` } : message
    );
  }

  show(message: ServerMessage): string | undefined {
    switch (message.type) {
      case "welcome":
        this.#name = message.name;
        return `OK ${message.name}`;
      case "chat":
        return eachLine(
          `MSG ${message.from} `,
          message.action ? `/me ${message.txt}` : message.txt,
        );
      case "private":
        return eachLine(
          message.from === this.#name
            ? `* private to ${message.to}: `
            : `* private from ${message.from}: `,
          message.txt,
        );
      case "joined":
        return `JOIN ${message.name}`;
      case "left":
        return `BYE ${message.name}`;
      case "renamed":
        return this.#renamed(message.from, message.name);
      case "error":
        return this.#error(message);
      case "bye":
        return message.code === "closed" ? undefined : rendered(message);
      case "users":
      case "history":
        return message.id === undefined ? undefined : rendered(message);
      case "presence":
        return undefined;
      default:
        return rendered(message);
    }
  }

  /** Who counts people by JOIN and BYE counts right after this. */
  #renamed(from: string, name: string): string {
    if (from !== this.#name) {
      return `* ${from} is now ${name}\nBYE ${from}\nJOIN ${name}`;
    }
    this.#name = name;
    return `OK ${name}`;
  }

  #error({ code, text }: { code: string; text: string }): string {
    if (this.#name === undefined && REFUSALS[code] !== undefined) {
      return REFUSALS[code];
    }
    return `ERR ${errorWord(code)} ${text.replaceAll("\n", " ")}`;
  }

  fault(error: ConfabError): string {
    return `ERR ${errorWord(error.code)} ${error.message}`;
  }
}

/** `name-taken` as the dialect writes such words: `NAME_TAKEN`. */
function errorWord(code: string): string {
  return code.toUpperCase().replaceAll("-", "_");
}

/** The prefix stands before every line of the text, so that none of them can begin a line. */
function eachLine(prefix: string, text: string): string {
  return text.split("\n").map((line) => prefix + line).join("\n");
}

/** What has no verb is shown as a person would read it, each line behind `*`. */
function rendered(message: ServerMessage): string | undefined {
  return renderMessage(message)?.split("\n").map((line) =>
    line.startsWith("* ") ? line : `* ${line}`
  ).join("\n");
}
