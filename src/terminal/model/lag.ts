/** How long the server has not answered: what is asked is timed, nothing is asked for its sake. */
import type { Clock } from "../../base/clock.ts";
import type { Client } from "../../client/client.ts";

/** Less is not worth a word. */
export const LAG_SHOWN_MS = 2_000;
/** From here on it is said in a line, too. */
const LAG_SAID_MS = 10_000;
/** How often it is looked. */
const LOOK_MS = 1_000;

/** What it needs of the chat. */
interface Needed {
  readonly client: Pick<Client, "pingedAt">;
  readonly clock: Clock;
  readonly connection: "online" | "offline";
  readonly host: { changed(): void };
  readonly out: { note(text: string): void };
}

export class Lag {
  readonly #model: Needed;
  /** When each question was asked that has no answer yet, in order; monotonic milliseconds. */
  readonly #asked = new Map<symbol, number>();
  #cancelLook: (() => void) | undefined;
  /** Whole seconds, as they were drawn last. */
  #drawn = 0;
  #isSaid = false;

  constructor(model: Needed) {
    this.#model = model;
  }

  /** For how long the oldest question, or sign of life that was asked for, has no answer. */
  get ms(): number {
    const { connection, client, clock } = this.#model;
    if (connection === "offline") return 0;
    const [asked = Infinity] = this.#asked.values();
    const since = Math.min(asked, client.pingedAt ?? Infinity);
    return since === Infinity ? 0 : Math.max(0, clock.monotonic() - since);
  }

  /** A question was asked. */
  asked(answer: Promise<unknown>): void {
    const id = Symbol();
    this.#asked.set(id, this.#model.clock.monotonic());
    const answered = () => this.#answered(id);
    answer.then(answered, answered);
  }

  /** There is a connection, or another: what was asked before is asked again on it. */
  connected(): void {
    const now = this.#model.clock.monotonic();
    for (const id of this.#asked.keys()) this.#asked.set(id, now);
    this.#isSaid = false;
    this.#cancelLook?.();
    this.#look();
  }

  /** It is over. */
  end(): void {
    this.#cancelLook?.();
  }

  /** A server that answers a later question is just not done with the earlier ones. */
  #answered(id: symbol): void {
    if (!this.#asked.has(id)) return;
    for (const other of this.#asked.keys()) {
      this.#asked.delete(other);
      if (other === id) break;
    }
    this.#show();
  }

  #look(): void {
    this.#show();
    const { clock } = this.#model;
    this.#cancelLook = clock.after(LOOK_MS, () => this.#look());
  }

  #show(): void {
    const { ms } = this;
    const { host, out, connection } = this.#model;
    const drawn = ms < LAG_SHOWN_MS ? 0 : Math.floor(ms / 1_000);
    if (drawn !== this.#drawn) host.changed();
    this.#drawn = drawn;
    if (!this.#isSaid && ms >= LAG_SAID_MS) {
      this.#isSaid = true;
      const seconds = LAG_SAID_MS / 1_000;
      out.note(`the server has not answered for ${seconds} seconds`);
    } else if (this.#isSaid && drawn === 0) {
      this.#isSaid = false;
      // That the connection was cut is said by itself.
      if (connection === "online") out.note("the server answers again");
    }
  }
}
