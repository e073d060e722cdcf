/** Lines of text, as people at a terminal and their old clients write them. */
import type { ConfabError } from "../base/errors.ts";
import { LINE_MAX_BYTES } from "../base/limits.ts";
import type { SharedEncoder, Why } from "../delivery/sink.ts";
import { concat } from "@std/bytes/concat";
import { renderMessage } from "../text/render.ts";
import { decodeLine, LineDecoder } from "../wire/lines.ts";
import type { ServerMessage } from "../wire/server.ts";
import { type Codec, GOODBYE, type Heard } from "./codec.ts";

const encoder = new TextEncoder();
const NO_LINE: Uint8Array = new Uint8Array(0);

/**
 * The codec of a client that writes lines. In the texts of a dialect they have no end; several are
 * joined by line feeds.
 */
export abstract class LineCodec implements Codec {
  abstract readonly dialect: string;
  abstract readonly shared: SharedEncoder;
  readonly hasHeartbeat = false;
  readonly #lines = new LineDecoder({ maxBytes: LINE_MAX_BYTES });
  /** What the last line came to and was not taken yet. */
  readonly #heard: Heard[] = [];
  #line = NO_LINE;
  #isOpen = false;
  #hasEnded = false;

  get entry(): Codec["entry"] {
    return "greeted";
  }

  /** The line that is being heard, as it came, with its end. */
  protected get written(): Uint8Array {
    return concat([this.#line, encoder.encode(this.#lines.ending)]);
  }

  /**
   * What the first line comes to: a `hello`, and what else it says.
   *
   * @throws {ProtocolError} when no `hello` can be made of it.
   */
  protected abstract open(line: string): readonly Heard[];
  /** What any other line comes to. */
  protected abstract hear(line: string): readonly Heard[];
  protected abstract show(
    message: ServerMessage,
    why: Why,
  ): string | undefined;
  protected abstract showFault(error: ConfabError): string;

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  next(): Heard | undefined {
    while (this.#heard.length === 0) {
      const line = this.#lines.next();
      if (line === null) return undefined;
      this.#take(line);
    }
    return this.#heard.shift();
  }

  end(): Heard | undefined {
    const heard = this.next();
    if (heard !== undefined || this.#hasEnded) return heard;
    const rest = this.#lines.end();
    if (rest !== null) this.#take(rest);
    this.#hasEnded = this.#heard.length === 0;
    return this.#heard.shift() ?? GOODBYE;
  }

  #take(line: Uint8Array): void {
    const text = decodeLine(line);
    this.#line = line;
    this.#heard.push(...this.#isOpen ? this.hear(text) : this.open(text));
    // It is a view of all that was read with it, which need not stay while nobody says anything.
    this.#line = NO_LINE;
    this.#isOpen = true;
  }

  encode(message: ServerMessage, why: Why): Uint8Array | undefined {
    if (message.type === "bye" && this.#hasEnded) return undefined;
    return toBytes(this.show(message, why));
  }

  encodeFault(error: ConfabError): Uint8Array {
    return encodeLine(this.showFault(error));
  }
}

/** What a person who reads lines is shown, whoever it is. */
export function shownToPerson(
  message: ServerMessage,
  why: Why,
): string | undefined {
  const isState = message.type === "users" || message.type === "history";
  if (message.type === "presence" || isState && why === "unasked") return;
  return renderMessage(message);
}

/** The encoder of a dialect for what it shows to everybody alike. */
export function sharedLines(
  show: (message: ServerMessage, why: Why) => string | undefined,
): SharedEncoder {
  return { encodeShared: (message) => toBytes(show(message, "unasked")) };
}

export function encodeLine(line: string): Uint8Array {
  return encoder.encode(`${line}\n`);
}

function toBytes(lines: string | undefined): Uint8Array | undefined {
  return lines === undefined ? undefined : encodeLine(lines);
}
