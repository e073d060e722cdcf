/** JSON without `hello`: a guest that knows `chat`, and the answers to what it asks. Pure. */
import type { Why } from "../delivery/sink.ts";
import type { ChatSend, ClientMessage } from "../wire/client.ts";
import type { Ack, Chat, ServerMessage } from "../wire/server.ts";
import { parseSlash, unslash } from "../wire/slash.ts";

/** What such a client was never told of. */
const UNTOLD: ReadonlySet<string> = new Set(
  "welcome here joined left presence renamed typing read deleted gone".split(
    " ",
  ),
);
/** Own messages remembered, so that one which is fed again is not shown twice. */
const OWN_REMEMBERED = 512;
/** No client would choose such an id. */
const OWN_ID_PREFIX = "gateway ";

/** Whether a guest gets a message that it did not ask for. */
export function isToldUnasked({ type }: ServerMessage): boolean {
  return !UNTOLD.has(type) && type !== "users" && type !== "history";
}

/** What must be remembered of one guest. */
export class Guest {
  /** Chats that are not answered, in their order; each is sent back when it is. */
  readonly #unanswered: { readonly id: string; readonly echo: ChatSend }[] = [];
  /** Places of own messages. */
  readonly #own = new Set<string>();
  #ids = 0;

  /** The message as the session gets it: a chat needs an id to be acknowledged. */
  hear(message: ClientMessage): ClientMessage {
    if (message.type !== "chat" || parseSlash(message.txt)) return message;
    const { id = `${OWN_ID_PREFIX}${++this.#ids}` } = message;
    const echo = { ...message, txt: unslash(message.txt) };
    this.#unanswered.push({ id, echo });
    return { ...message, id };
  }

  /** The message as the client gets it, or `undefined` when it does not. */
  show(message: ServerMessage, why: Why): object | undefined {
    if (UNTOLD.has(message.type)) return undefined;
    switch (message.type) {
      case "ack":
        return this.#echo(message);
      case "chat":
        // One that fell behind is fed its own messages, too; it has had its echo.
        return this.#own.delete(placeOf(message)) ? undefined : message;
      case "error":
        this.#answered(message.id);
        return withoutOwnId(message);
      default:
        return why === "asked" || isToldUnasked(message) ? message : undefined;
    }
  }

  /** The chat that an `ack` answers; the ack itself of anything else that the client gave an id. */
  #echo(ack: Ack): object {
    const chat = this.#answered(ack.id);
    if (chat === undefined) return ack;
    if (ack.room !== undefined && ack.seq !== undefined) {
      this.#own.add(placeOf(ack));
      const [oldest] = this.#own;
      if (this.#own.size > OWN_REMEMBERED) this.#own.delete(oldest!);
    }
    return chat.echo;
  }

  #answered(id: string | undefined) {
    const at = this.#unanswered.findIndex((chat) => chat.id === id);
    return at < 0 ? undefined : this.#unanswered.splice(at, 1)[0];
  }
}

function placeOf({ room, seq }: Ack | Chat): string {
  return `${seq} ${room}`;
}

/** The client sees no id that it did not choose. */
function withoutOwnId(message: ServerMessage & { id?: string }): object {
  const { id, ...rest } = message;
  return id?.startsWith(OWN_ID_PREFIX) ? rest : message;
}
