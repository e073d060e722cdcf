/** Framed JSON without `hello`: a guest that knows `chat`, and the answers to what it asks. Pure. */
import { type ConfabError, FrameError } from "../base/errors.ts";
import { parseSlash, unslash } from "../wire/slash.ts";
import {
  type ChatSend,
  type ClientMessage,
  readClientMessage,
} from "../wire/client.ts";
import type { Ack, Chat, ServerMessage } from "../wire/server.ts";
import type { Dialect, Opening, Received } from "./dialect.ts";
import { needsId } from "./spoken.ts";

/** A message to the client. */
type Out = Readonly<Record<string, unknown>>;

/** What such a client was never told of. */
const UNTOLD: ReadonlySet<string> = new Set([
  "welcome",
  "joined",
  "left",
  "presence",
  "renamed",
  "typing",
  "read",
  "here",
]);
/** Own messages remembered, so that one which is fed again is not shown twice. */
const OWN_REMEMBERED = 512;
/** No client would choose such an id. */
const OWN_ID_PREFIX = "gateway ";

export class FramedDialect implements Dialect<Uint8Array, Out> {
  /** Chats that are not answered, in their order; each is sent back when it is. */
  readonly #unanswered: { readonly id: string; readonly echo: Out }[] = [];
  /** Places of own messages. */
  readonly #own = new Set<string>();
  #ids = 0;

  open(first: Uint8Array): Opening<Uint8Array, Out> {
    return { hello: {}, rest: first };
  }

  receive(payload: Uint8Array): Received<Out> {
    let message: ClientMessage;
    try {
      message = readClientMessage(payload);
    } catch {
      return { messages: [payload] }; // The session says what is wrong with it.
    }
    if (message.type === "chat" && parseSlash(message.txt) === undefined) {
      return { messages: [this.#chat(message)] };
    }
    return {
      messages: [
        needsId(message) ? { id: this.#nextId(), ...message } as Out : payload,
      ],
    };
  }

  /** A chat needs an id to be acknowledged; its echo is the text that was said. */
  #chat(message: ChatSend): Out {
    const { txt } = message;
    const echo = { ...message, txt: unslash(txt) };
    const { id = this.#nextId() } = message;
    this.#unanswered.push({ id, echo });
    return { ...message, id };
  }

  #nextId(): string {
    return `${OWN_ID_PREFIX}${++this.#ids}`;
  }

  show(message: ServerMessage): Out | undefined {
    if (UNTOLD.has(message.type)) return undefined;
    switch (message.type) {
      case "ack":
        return this.#echo(message);
      case "chat":
        return this.#isOwn(message) ? undefined : message;
      case "users":
      case "history":
        return message.id === undefined ? undefined : withoutOwnId(message);
      case "error":
        this.#answered(message.id);
        return withoutOwnId(message);
      default:
        return withoutOwnId(message);
    }
  }

  fault(error: ConfabError): Out {
    const isEmpty = error instanceof FrameError && error.lengthBytes === 0;
    return {
      type: "error",
      code: isEmpty ? "bad-message" : "too-large",
      text: error.message,
    };
  }

  /** The chat that an `ack` answers; the ack itself of anything else that the client gave an id. */
  #echo(ack: Ack): Out {
    const chat = this.#answered(ack.id);
    if (chat === undefined) return ack;
    if (ack.room !== undefined && ack.seq !== undefined) {
      this.#own.add(placeOf(ack.room, ack.seq));
      const [oldest] = this.#own;
      if (this.#own.size > OWN_REMEMBERED) this.#own.delete(oldest!);
    }
    return chat.echo;
  }

  #answered(id: string | undefined) {
    const at = this.#unanswered.findIndex((chat) => chat.id === id);
    return at < 0 ? undefined : this.#unanswered.splice(at, 1)[0];
  }

  /** A client that fell behind is fed its own messages, too; it has had its echo. */
  #isOwn({ room, seq }: Chat): boolean {
    return this.#own.delete(placeOf(room, seq));
  }
}

function placeOf(room: string, seq: number): string {
  return `${seq} ${room}`;
}

/** The client sees no id that it did not choose. */
function withoutOwnId(message: ServerMessage & { id?: string }): Out {
  const { id, ...rest } = message;
  return id === undefined || id.startsWith(OWN_ID_PREFIX) ? rest : message;
}
