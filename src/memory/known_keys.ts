/** Whose key is behind which name, as the server has said last. */
import { foldName } from "../wire/fold.ts";
import type { Said } from "../wire/server.ts";
import type { Shown } from "./server_memory.ts";

/** More are not remembered; those that were not heard of for longest are forgotten. */
const NAMES = 10_000;

/** Somebody who is heard of: with a key, as a guest (`known` without one), or just by name. */
export interface Author extends Shown {
  readonly is: "known" | "unknown";
}

export class KnownKeys {
  /** By folded name; a guest has none. */
  readonly #keys = new Map<string, string | undefined>();

  note({ name, key }: Shown): void {
    const folded = foldName(name);
    this.#keys.delete(folded);
    this.#keys.set(folded, key);
    if (this.#keys.size <= NAMES) return;
    const [oldest] = this.#keys.keys();
    this.#keys.delete(oldest!);
  }

  rename(from: string, name: string): void {
    const known = this.of(from);
    this.#keys.delete(foldName(from));
    if (known.is === "known") this.note({ ...known, name });
  }

  /** Others may have the names by now. */
  clear(): void {
    this.#keys.clear();
  }

  of(name: string): Author {
    const folded = foldName(name);
    if (!this.#keys.has(folded)) return { name, is: "unknown" };
    return authorOf(name, this.#keys.get(folded));
  }

  /**
   * Who has said something. What is private or replayed says the key, or is by a guest; in a small
   * room a message does not say it, as those who are there were named before.
   */
  authorOf(message: Said, how: "live" | "replayed"): Author {
    const { from, key } = message;
    return key === undefined && how === "live" && message.type === "chat"
      ? this.of(from)
      : authorOf(from, key);
  }
}

function authorOf(name: string, key: string | undefined): Author {
  return { name, is: "known", ...(key === undefined ? {} : { key }) };
}
