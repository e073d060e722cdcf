/** The lines that were sent, to go back to and to search. */

const LINES = 1_000;

export class InputHistory {
  readonly #lines: string[] = [];
  /** The line that is shown; the one past the last is what was being typed. */
  #at = 0;
  #draft = "";

  /** Notes a line that was sent, once when it is the same again; what is shown is a new line. */
  add(line: string): void {
    if (line.trim() !== "" && this.#lines.at(-1) !== line) {
      this.#lines.push(line);
      if (this.#lines.length > LINES) this.#lines.shift();
    }
    this.#at = this.#lines.length;
    this.#draft = "";
  }

  /** The line before, or `undefined` at the first. `typed` is kept if it was no such line. */
  older(typed: string): string | undefined {
    if (this.#at === 0) return undefined;
    if (this.#at === this.#lines.length) this.#draft = typed;
    return this.#lines[--this.#at];
  }

  /** The line after; past the last, what was being typed. */
  newer(): string | undefined {
    if (this.#at >= this.#lines.length) return undefined;
    return ++this.#at === this.#lines.length
      ? this.#draft
      : this.#lines[this.#at];
  }

  /** The latest line before `before` that holds the words, and where it is. */
  find(
    words: string,
    before: number = this.#lines.length,
  ): { line: string; at: number } | undefined {
    const wanted = words.toLowerCase();
    const at = this.#lines.findLastIndex((line, at) =>
      at < before && line.toLowerCase().includes(wanted)
    );
    return at === -1 ? undefined : { line: this.#lines[at]!, at };
  }
}
