/** Lines of text, as old clients speak them: bytes in, whole lines out. */
import { ProtocolError } from "../base/errors.ts";
import { LINE_MAX_BYTES } from "../base/limits.ts";
import { decodeUtf8 } from "./text.ts";

const EMPTY = new Uint8Array(0);
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const MIN_CAPACITY_BYTES = 256;

/**
 * A push parser of lines. Bytes go in as they come ({@linkcode push}), lines come out whole and without their `\n` or `\r\n`
 * ({@linkcode next}). At most {@linkcode LINE_MAX_BYTES} of a line and its `\r` are held.
 */
export class LineDecoder {
  /** What was pushed last, and how far it is taken. */
  #chunk: Uint8Array = EMPTY;
  #at = 0;
  /** The beginning of a line whose end has not come: `#held[0, #heldBytes)`. */
  #held: Uint8Array = EMPTY;
  #heldBytes = 0;

  /** Takes the bytes that came next. The chunk must stay as it is until {@linkcode next} has returned `null`. */
  push(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /**
   * The next whole line, or `null` when more bytes are needed.
   *
   * @throws {ProtocolError} `too-large` for a line that is too long, `bad-message` for one that is not UTF-8; nothing comes after it.
   */
  next(): string | null {
    const end = this.#chunk.indexOf(LINE_FEED, this.#at);
    const part = this.#chunk.subarray(
      this.#at,
      end < 0 ? this.#chunk.length : end,
    );
    if (end < 0) {
      this.#hold(part);
      this.#chunk = EMPTY;
      this.#at = 0;
      return null;
    }
    this.#at = end + 1;
    if (this.#heldBytes === 0) return decodeLine(part);
    this.#hold(part);
    return this.#release();
  }

  /**
   * The last line, when the input has ended without an end of line; `null` where there is none.
   *
   * @throws {ProtocolError} as {@linkcode next}.
   */
  end(): string | null {
    return this.#heldBytes === 0 ? null : this.#release();
  }

  #release(): string {
    const line = this.#held.subarray(0, this.#heldBytes);
    this.#held = EMPTY;
    this.#heldBytes = 0;
    return decodeLine(line);
  }

  /** Copies a part of a line, after judging how long the line has become. */
  #hold(part: Uint8Array): void {
    if (part.length === 0) return;
    const length = this.#heldBytes + part.length;
    judgeLength(length, part.at(-1));
    if (length > this.#held.length) {
      const capacity = Math.max(
        length,
        MIN_CAPACITY_BYTES,
        Math.min(2 * this.#held.length, LINE_MAX_BYTES + 1),
      );
      const grown = new Uint8Array(capacity);
      grown.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = grown;
    }
    this.#held.set(part, this.#heldBytes);
    this.#heldBytes = length;
  }
}

/** A carriage return at the end may be half of the line's end, and does not count. */
function judgeLength(length: number, lastByte: number | undefined): void {
  const bytes = lastByte === CARRIAGE_RETURN ? length - 1 : length;
  if (bytes <= LINE_MAX_BYTES) return;
  throw new ProtocolError(
    "too-large",
    `a line has more than ${LINE_MAX_BYTES} bytes: say it in parts`,
  );
}

function decodeLine(bytes: Uint8Array): string {
  const last = bytes.at(-1);
  judgeLength(bytes.length, last);
  const end = last === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  try {
    return decodeUtf8(bytes.subarray(0, end));
  } catch {
    throw new ProtocolError("bad-message", "a line is text in UTF-8");
  }
}
