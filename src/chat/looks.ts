/** Names by what they look like, in the directory: those that there are or were not long ago. */
import { LOOK_NAMES } from "../base/limits.ts";
import { nameLooks } from "../wire/names.ts";
import type { PutOptions, Records } from "./records.ts";

export class Looks {
  readonly #records: Records;
  readonly #kind: "look" | "room-look";
  readonly #isKept: (folded: string, now: number) => boolean;

  /** `isKept` says whether a name, folded, is still somebody's, or a room's. */
  constructor(
    records: Records,
    kind: "look" | "room-look",
    isKept: (folded: string, now: number) => boolean,
  ) {
    this.#records = records;
    this.#kind = kind;
    this.#isKept = isKept;
  }

  /** Names, folded, that have one of these looks. */
  alike(looks: Iterable<string>): Set<string> {
    return new Set(Iterator.from(looks).flatMap((look) => this.#names(look)));
  }

  /** A name is written so from now on, and not as it was `before`. */
  note(
    name: { readonly written: string; readonly folded: string },
    before: string | undefined,
    now: number,
    options?: PutOptions,
  ): void {
    const { written, folded } = name;
    const looks = nameLooks(written);
    for (const look of before === undefined ? [] : nameLooks(before)) {
      if (!looks.includes(look)) this.#remove(look, folded, options);
    }
    for (const look of looks) {
      // Names that look alike were taken before that was looked at: they stay, and are few.
      const others = this.#names(look).filter((other) =>
        other !== folded && this.#isKept(other, now)
      ).slice(1 - LOOK_NAMES);
      const names = [...others, folded];
      this.#records.putLater(this.#kind, look, { names }, options);
    }
  }

  /** Whether a name is noted as it is written. */
  has(written: string, folded: string): boolean {
    return nameLooks(written).every((look) =>
      this.#names(look).includes(folded)
    );
  }

  #names(look: string): readonly string[] {
    return this.#records.get(this.#kind, look)?.names ?? [];
  }

  #remove(look: string, folded: string, options?: PutOptions): void {
    const names = this.#names(look).filter((name) => name !== folded);
    if (names.length === 0) this.#records.removeLater(this.#kind, look);
    else this.#records.putLater(this.#kind, look, { names }, options);
  }
}
