/** What people have entered in a day, and for where: what must be in the history, worked out of that alone. */

/** What has become of a line, as far as the script or the screens can tell. */
export type Fate = "said" | "perhaps" | "unsent";

export interface Line {
  /** The first word of the text, which no other line has. */
  readonly token: string;
  readonly author: string;
  /** A room, or `@` and the two people in order. */
  readonly place: string;
  /** As it is to stand in the history. */
  readonly text: string;
  readonly action: boolean;
  /** Its place among the lines of its author. */
  readonly at: number;
  fate: Fate;
}

/** A message of the history. */
export interface Kept {
  readonly seq: number;
  readonly from: string;
  readonly txt: string;
  readonly action: boolean;
}

const TOKEN = /(?<![\w-])[a-g][a-z]{2}-\d+(?![\w-])/;

/** The token in a text, if it has one. */
export function tokenIn(text: string): string | undefined {
  return TOKEN.exec(text)?.[0];
}

/** The conversation of two people. */
export function between(one: string, other: string): string {
  return `@${[one, other].sort().join("+")}`;
}

export class Ledger {
  readonly #lines = new Map<string, Line>();
  /** Names that somebody has had. */
  readonly #names = new Map<string, Set<string>>();

  #tokens = 0;

  /** A token for a line of somebody. */
  next(author: string): string {
    return `${author}-${++this.#tokens}`;
  }

  add(
    author: string,
    place: string,
    text: string,
    kind: "text" | "action" = "text",
  ): Line {
    const token = tokenIn(text)!;
    const line: Line = {
      ...{ token, author, place, text, action: kind === "action" },
      at: this.#lines.size,
      fate: "said",
    };
    if (this.#lines.has(token)) throw new Error(`${token} is there twice`);
    this.#lines.set(token, line);
    return line;
  }

  called(author: string, name: string): void {
    const names = this.#names.get(author) ?? new Set();
    this.#names.set(author, names.add(name));
  }

  of(token: string): Line | undefined {
    return this.#lines.get(token);
  }

  get places(): string[] {
    return [...new Set(Array.from(this.#lines.values(), (one) => one.place))];
  }

  /** What is wrong with the history of a place; nothing, where it is as was entered. */
  faultsOf(place: string, history: readonly Kept[]): string[] {
    const faults: string[] = [];
    const seen = new Map<string, number>();
    const last = new Map<string, Line>();
    for (const { seq, from, txt, action } of history) {
      const at = `${place} ${seq} ${from}: ${JSON.stringify(txt)}`;
      const line = this.#lines.get(tokenIn(txt) ?? "");
      if (line === undefined || line.text !== txt || line.action !== action) {
        faults.push(`${at}: nobody said that (${line?.text})`);
        continue;
      }
      const { author, token, fate } = line;
      if (seen.has(token)) faults.push(`${at}: again`);
      seen.set(token, seq);
      if (line.place !== place) faults.push(`${at}: meant for ${line.place}`);
      if (fate === "unsent") faults.push(`${at}: was called not sent`);
      // A guest has any name.
      const names = this.#names.get(author);
      if (names !== undefined && !names.has(from)) {
        faults.push(`${at}: ${author} has said that`);
      }
      const before = last.get(author);
      if (before !== undefined && before.at > line.at) {
        faults.push(`${at}: behind ${before.token}`);
      }
      last.set(author, line);
    }
    for (const line of this.#lines.values()) {
      const isMissing = line.place === place && line.fate === "said" &&
        !seen.has(line.token);
      if (isMissing) faults.push(`${place}: ${line.token} is lost`);
    }
    return faults;
  }
}
