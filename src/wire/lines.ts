/** Lines, as old clients and scripts speak them: bytes in, whole lines out. */
import { ProtocolError } from "../base/errors.ts";
import { decodeUtf8 } from "./text.ts";

const EMPTY = new Uint8Array(0);
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** A space, a tab, a carriage return. */
const BLANKS: readonly number[] = [0x20, 0x09, CARRIAGE_RETURN];
const MIN_CAPACITY_BYTES = 256;

interface LineDecoderOptions {
  /** Longest line, its end not counted. */
  readonly maxBytes: number;
  /** What becomes of lines of nothing but spaces, tabs and carriage returns; default `keep`. */
  readonly blank?: "keep" | "skip";
}

/**
 * A push parser of lines, without their `\n` or `\r\n`. At most the longest line and its `\r` are
 * held. A line is a view of the chunk or of bytes of its own: it holds until the next `push`.
 */
export class LineDecoder {
  readonly #maxBytes: number;
  readonly #skipsBlank: boolean;
  /** What was pushed last, and how far it is taken. */
  #chunk: Uint8Array = EMPTY;
  #at = 0;
  /** The beginning of a line whose end has not come: `#held[0, #heldBytes)`. */
  #held: Uint8Array = EMPTY;
  #heldBytes = 0;
  #ending = "";

  constructor({ maxBytes, blank = "keep" }: LineDecoderOptions) {
    this.#maxBytes = maxBytes;
    this.#skipsBlank = blank === "skip";
  }

  /** What ended the line that was given last: one of `\n`, `\r\n`, or at the end of all `\r`, or nothing. */
  get ending(): string {
    return this.#ending;
  }

  /** Takes the bytes that came next; they must stay as they are until `next` returns `null`. */
  push(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /**
   * The next whole line, or `null` when more bytes are needed.
   *
   * @throws {ProtocolError} `too-large` for a line that is too long; nothing comes after it.
   */
  next(): Uint8Array | null {
    let line = this.#next();
    while (line !== null && this.#isSkipped(line)) line = this.#next();
    return line;
  }

  #next(): Uint8Array | null {
    const end = this.#chunk.indexOf(LINE_FEED, this.#at);
    if (end < 0) {
      this.#hold(this.#chunk.subarray(this.#at));
      this.push(EMPTY);
      return null;
    }
    const part = this.#chunk.subarray(this.#at, end);
    this.#at = end + 1;
    if (this.#heldBytes === 0) return this.#withoutEnd(part, "\n");
    this.#hold(part);
    return this.#release("\n");
  }

  /** The last line, when the input has ended without an end of line. */
  end(): Uint8Array | null {
    if (this.#heldBytes === 0) return null;
    const line = this.#release("");
    return this.#isSkipped(line) ? null : line;
  }

  #isSkipped(line: Uint8Array): boolean {
    return this.#skipsBlank && line.every((byte) => BLANKS.includes(byte));
  }

  #release(feed: string): Uint8Array {
    const line = this.#held.subarray(0, this.#heldBytes);
    this.#held = EMPTY;
    this.#heldBytes = 0;
    return this.#withoutEnd(line, feed);
  }

  /** Copies a part of a line, after judging how long the line has become. */
  #hold(part: Uint8Array): void {
    if (part.length === 0) return;
    const length = this.#heldBytes + part.length;
    this.#judgeLength(length, part.at(-1));
    if (length > this.#held.length) {
      const doubled = Math.min(2 * this.#held.length, this.#maxBytes + 1);
      const grown = new Uint8Array(
        Math.max(length, MIN_CAPACITY_BYTES, doubled),
      );
      grown.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = grown;
    }
    this.#held.set(part, this.#heldBytes);
    this.#heldBytes = length;
  }

  #withoutEnd(line: Uint8Array, feed: string): Uint8Array {
    const last = line.at(-1);
    this.#judgeLength(line.length, last);
    this.#ending = last === CARRIAGE_RETURN ? `\r${feed}` : feed;
    return last === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
  }

  /** A carriage return at the end may be half of the line's end, and does not count. */
  #judgeLength(length: number, lastByte: number | undefined): void {
    const bytes = lastByte === CARRIAGE_RETURN ? length - 1 : length;
    if (bytes <= this.#maxBytes) return;
    const text =
      `a line has more than ${this.#maxBytes} bytes: say it in parts`;
    throw new ProtocolError("too-large", text);
  }
}

/**
 * The text of a line.
 *
 * @throws {ProtocolError} `bad-message` when it is not UTF-8.
 */
export function decodeLine(line: Uint8Array): string {
  try {
    return decodeUtf8(line);
  } catch {
    throw new ProtocolError("bad-message", "a line is text in UTF-8");
  }
}
