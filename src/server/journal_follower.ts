/** Follows the journal: brings to the server what others write, and says when anything is stored. */
import type { Entry, Followed, Store } from "../store/store.ts";
import type { Tap } from "./tap.ts";

interface JournalFollowerOptions {
  readonly store: Pick<Store, "follow">;
  /** Up to here the rest knows the journal. */
  readonly position: number;
  readonly tap: Pick<Tap, "failed">;
  readonly onFollowed: (entries: readonly Entry[]) => void;
}

export class JournalFollower {
  readonly #options: JournalFollowerOptions;
  /** Up to here the journal was followed. */
  #position: number;
  #journal: AsyncIterator<Followed> | undefined;
  #following: Promise<void> | undefined;

  constructor(options: JournalFollowerOptions) {
    this.#options = options;
    this.#position = options.position;
    this.#following = this.#follow();
  }

  /** Goes on when the journal could not be read. */
  wake(): void {
    this.#following ??= this.#follow();
  }

  async stop(): Promise<void> {
    await this.#journal?.return?.();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { store, tap, onFollowed } = this.#options;
    const journal = store.follow(this.#position)[Symbol.asyncIterator]();
    this.#journal = journal;
    try {
      for (;;) {
        const { done, value } = await journal.next();
        if (done) return;
        this.#position = value.pos;
        onFollowed(value.entries);
      }
    } catch (error) {
      tap.failed("journal not followed", error);
      // The next time it is woken it tries again.
      this.#following = undefined;
    }
  }
}
