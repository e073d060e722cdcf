/** What a client has said and gets back: once each, in the order in which it was said. Pure. */
import type { Ack, Chat } from "../wire/server.ts";

/** Own messages remembered, so that one which is fed again is not shown twice. */
const OWN_REMEMBERED = 512;
/** No client would choose such an id. */
const OWN_ID_PREFIX = "gateway ";

export class Echoes<T> {
  /** What is not answered, in its order. */
  readonly #unanswered: { readonly id: string; readonly echo: T }[] = [];
  /** Places of own messages. */
  readonly #own = new Set<string>();
  #ids = 0;

  /** Something is said that comes back as `echo`; gives the id under which it is answered. */
  said(echo: T, given?: string): string {
    const id = given ?? `${OWN_ID_PREFIX}${++this.#ids}`;
    this.#unanswered.push({ id, echo });
    return id;
  }

  /** It was said, and has a place where it has one; gives the echo of what was noted here. */
  acknowledged(ack: Ack): T | undefined {
    const said = this.answered(ack.id);
    if (said === undefined) return undefined;
    if (ack.room !== undefined && ack.seq !== undefined) {
      this.#own.add(placeOf(ack));
      const [oldest] = this.#own;
      if (this.#own.size > OWN_REMEMBERED) this.#own.delete(oldest!);
    }
    return said;
  }

  /** It has its answer, whatever that is. */
  answered(id: string | undefined): T | undefined {
    const at = this.#unanswered.findIndex((said) => said.id === id);
    return at < 0 ? undefined : this.#unanswered.splice(at, 1)[0]!.echo;
  }

  /** Whether a message is one that was acknowledged; it is asked once of each. */
  takeOwn(chat: Chat): boolean {
    return this.#own.delete(placeOf(chat));
  }
}

/** Whether the client that gets a message has chosen its id. */
export function isChosen(id: string | undefined): boolean {
  return !id?.startsWith(OWN_ID_PREFIX);
}

function placeOf({ room, seq }: Ack | Chat): string {
  return `${seq} ${room}`;
}
