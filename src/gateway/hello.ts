/**
 * The HELLO dialect: lines with upper-case verbs. A line of the server begins with a verb, `ERR` or
 * `*`, and no text of anybody with less. Pure.
 */
import { type ConfabError, ProtocolError } from "../base/errors.ts";
import { SECRET_MAX_CODE_POINTS } from "../base/limits.ts";
import type { Why } from "../delivery/sink.ts";
import { renderMessage } from "../text/render.ts";
import { readClientObject } from "../wire/client.ts";
import type { ServerMessage } from "../wire/server.ts";
import { cleanLine, codePoints } from "../wire/text.ts";
import { NAME_REFUSALS } from "./asking.ts";
import { GOODBYE, type Heard, heard } from "./codec.ts";
import { encodeLine, LineCodec, sharedLines, shownToPerson } from "./lines.ts";
import type { Manners } from "./manners.ts";
import { spokenLine, words } from "./spoken.ts";

/** Why there is no `OK`. */
const REFUSALS: Readonly<Record<string, string>> = {
  ...NAME_REFUSALS,
  "password-required": "ERR PASSWORD_REQUIRED",
  "password-wrong": "ERR PASSWORD_WRONG",
};
const NOT_YOU = answer("ERR NOT_YOU");
const TWICE = answer("ERR BAD_MESSAGE hello was said already");
const SHARED = sharedLines(shown);

export class HelloCodec extends LineCodec {
  readonly dialect = "hello";
  readonly shared = SHARED;
  readonly #hasPassword: boolean;
  /** The client's own name, after the `welcome`. */
  #name: string | undefined;

  constructor({ password }: Manners = {}) {
    super();
    this.#hasPassword = password !== undefined;
  }

  /** What stands behind the name is the password; where there is none, it is a name of two words. */
  protected open(line: string): readonly Heard[] {
    const match = /^HELLO +(\S+)(?: ([^]*))?$/.exec(line);
    const [, name, rest = ""] = match ?? [];
    if (!this.#hasPassword && rest.trim() !== "") throw invalidName();
    const password = this.#hasPassword ? rest : "";
    if (codePoints(password) > SECRET_MAX_CODE_POINTS) {
      throw new ProtocolError("password-wrong", "the password is wrong");
    }
    const hello = { type: "hello", name, password: password || undefined };
    const first = heard(() => readClientObject(hello));
    if (name === undefined || first.kind === "fault") {
      throw invalidName();
    }
    return [first];
  }

  protected hear(line: string): readonly Heard[] {
    const [, verb, given = "", text = ""] =
      /^(MSG|BYE|HELLO)(?: +(\S*)(?: ([^]*))?)?$/.exec(line) ?? [];
    switch (verb) {
      case "HELLO":
        return [TWICE];
      case "MSG":
        return this.#isOwn(given) ? words(text) : [NOT_YOU];
      case "BYE":
        return given === "" || this.#isOwn(given) ? [GOODBYE] : [NOT_YOU];
      default:
        return spokenLine(line);
    }
  }

  #isOwn(name: string): boolean {
    return cleanLine(name) === this.#name;
  }

  protected show(message: ServerMessage, why: Why): string | undefined {
    switch (message.type) {
      case "welcome":
        this.#name = message.name;
        return `OK ${message.name}`;
      case "private": {
        const { from, to, txt } = message;
        const whose = from === this.#name ? `to ${to}` : `from ${from}`;
        return eachLine(`* private ${whose}: `, txt);
      }
      case "renamed":
        if (message.from !== this.#name) return shown(message, why);
        this.#name = message.name;
        return `OK ${message.name}`;
      case "error":
        return this.#error(message.code, message.text);
      default:
        return shown(message, why);
    }
  }

  #error(code: string, text: string): string {
    const refusal = this.#name === undefined ? REFUSALS[code] : undefined;
    const word = code.toUpperCase().replaceAll("-", "_");
    return refusal ?? `ERR ${word} ${text.replaceAll("\n", " ")}`;
  }

  protected showFault(error: ConfabError): string {
    return this.#error(error.code, error.message);
  }
}

function invalidName(): ProtocolError {
  return new ProtocolError("name-invalid", "say HELLO and a name");
}

function answer(line: string): Heard {
  return { kind: "answer", bytes: encodeLine(line) };
}

/** What everybody is shown alike. */
function shown(message: ServerMessage, why: Why): string | undefined {
  switch (message.type) {
    case "chat": {
      const { from, txt, action } = message;
      return eachLine(`MSG ${from} `, action ? `/me ${txt}` : txt);
    }
    case "joined":
      return `JOIN ${message.name}`;
    case "left": {
      const bye = `BYE ${message.name}`;
      // Why somebody was put out is said before it: who counts people counts BYE alone.
      return message.by === undefined
        ? bye
        : `${renderMessage(message)}\n${bye}`;
    }
    case "renamed": {
      const { from, name } = message;
      // Who counts people by JOIN and BYE counts right after this.
      return `* ${from} is now ${name}\nBYE ${from}\nJOIN ${name}`;
    }
    case "bye":
      return message.code === "closed" ? undefined : rendered(message, why);
    default:
      return rendered(message, why);
  }
}

/** The prefix stands before every line of the text, so that none of them can begin a line. */
function eachLine(prefix: string, text: string): string {
  return text.split("\n").map((line) => prefix + line).join("\n");
}

/** What has no verb is shown as a person would read it, each line behind `*`. */
function rendered(message: ServerMessage, why: Why): string | undefined {
  return shownToPerson(message, why)?.split("\n")
    .map((line) => line.startsWith("* ") ? line : `* ${line}`).join("\n");
}
