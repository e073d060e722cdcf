/** JSON without `hello`: a guest that knows `chat`, and the answers to what it asks. Pure. */
import type { Why } from "../delivery/sink.ts";
import {
  type ChatSend,
  type ClientMessage,
  fitsChat,
  type TextsRead,
} from "../wire/client.ts";
import { whyLeft } from "../text/render.ts";
import type { ServerMessage } from "../wire/server.ts";
import { enslash, parseSlash, unslash } from "../wire/slash.ts";
import type { Heard } from "./codec.ts";
import { Echoes, isChosen } from "./echoes.ts";
import type { Manners } from "./manners.ts";

/** What such a client was never told of. */
const UNTOLD: ReadonlySet<string> = new Set(
  "welcome here joined left presence renamed typing read deleted gone".split(
    " ",
  ),
);

/** A message that a guest did not ask for, as it gets it; `undefined` when it does not. */
export function toldUnasked(message: ServerMessage): ServerMessage | undefined {
  const { type } = message;
  // It knows of nobody who leaves; that somebody was put out is said in words.
  if (type === "left" && message.by !== undefined) {
    const text = `${message.name} left ${message.room}${whyLeft(message)}`;
    return { type: "notice", text };
  }
  const isUntold = UNTOLD.has(type) || type === "users" || type === "history";
  return isUntold ? undefined : message;
}

/** What must be remembered of one guest. */
export class Guest {
  /** Chats that are not answered; each is sent back when it is. */
  readonly #echoes = new Echoes<ChatSend>();
  /** It gets any text back, and has no commands in texts. */
  readonly #isEcho: boolean;

  constructor({ echo }: Manners) {
    this.#isEcho = echo === "on";
  }

  /** Which texts of a chat it may send. */
  get texts(): TextsRead {
    return this.#isEcho ? "any" : "fit";
  }

  /** The message as the session gets it: a chat needs an id to be acknowledged. */
  hear(message: ClientMessage): Heard {
    if (message.type !== "chat") return { kind: "message", message };
    const { txt } = message;
    if (this.#isEcho) {
      const id = this.#echoes.said(message, message.id);
      if (!fitsChat(txt)) return { kind: "unsaid", id };
      return {
        kind: "message",
        message: { ...message, txt: enslash(txt), id },
      };
    }
    if (parseSlash(txt)) return { kind: "message", message };
    const echo = { ...message, txt: unslash(txt) };
    const id = this.#echoes.said(echo, message.id);
    return { kind: "message", message: { ...message, id } };
  }

  /** The message as the client gets it, or `undefined` when it does not. */
  show(message: ServerMessage, why: Why): object | undefined {
    if (UNTOLD.has(message.type)) {
      return why === "asked" ? undefined : toldUnasked(message);
    }
    switch (message.type) {
      case "ack":
        // One of what is no chat, and has an id of the client's, is shown as it is.
        return this.#echoes.acknowledged(message) ?? message;
      case "chat":
        // One that fell behind is fed its own messages, too; it has had its echo.
        return this.#echoes.takeOwn(message) ? undefined : message;
      case "error":
        this.#echoes.answered(message.id);
        return withoutOwnId(message);
      default:
        return why === "asked" ? message : toldUnasked(message);
    }
  }
}

/** The client sees no id that it did not choose. */
function withoutOwnId(message: ServerMessage & { id?: string }): object {
  const { id, ...rest } = message;
  return isChosen(id) ? message : rest;
}
