/** JSON, the wire's own dialect: full clients, and guests that know no `hello`. */
import { type ConfabError, FrameError } from "../base/errors.ts";
import type { SharedEncoder, Why } from "../delivery/sink.ts";
import { concat } from "@std/bytes/concat";
import { readClientMessage } from "../wire/client.ts";
import type { ServerMessage } from "../wire/server.ts";
import type { PushParser } from "../wire/decode_stream.ts";
import { decodeUtf8 } from "../wire/text.ts";
import { type Codec, GOODBYE, type Heard, heard } from "./codec.ts";
import { FRAMES, type Framing } from "./framing.ts";
import { Guest } from "./guest_json.ts";
import type { Manners } from "./manners.ts";

export class JsonCodec implements Codec {
  dialect: string;
  shared: SharedEncoder;
  entry: Codec["entry"] = "itself";
  hasHeartbeat = true;
  readonly #framing: Framing;
  readonly #decoder: PushParser<Uint8Array>;
  readonly #manners: Manners;
  #isKnown: boolean;
  #guest: Guest | undefined;
  /** What a guest has said first: it follows the `hello` that is said for it. */
  #first: Heard | undefined;
  #hasEnded = false;

  /** For `full` clients only, or for `any`, who is then what its first message makes of it. */
  constructor(
    framing: Framing,
    clients: "full" | "any",
    manners: Manners = {},
  ) {
    this.dialect = framing.dialect;
    this.shared = framing.full;
    this.#framing = framing;
    this.#decoder = framing.decoder();
    this.#manners = manners;
    this.#isKnown = clients === "full";
  }

  push(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
  }

  next(): Heard | undefined {
    const first = this.#first;
    this.#first = undefined;
    return first ?? this.#heard(this.#decoder.next());
  }

  end(): Heard | undefined {
    const last = this.next() ?? this.#heard(this.#decoder.end?.());
    if (last !== undefined || !this.#guest || this.#hasEnded) return last;
    this.#hasEnded = true;
    return GOODBYE;
  }

  #heard(payload: Uint8Array | null | undefined): Heard | undefined {
    if (!payload) return undefined;
    const isGuest = !this.#isKnown && !isHello(payload);
    this.#isKnown = true;
    if (!isGuest) return this.#read(payload);
    this.#guest = new Guest(this.#manners);
    this.dialect = `guest ${this.#framing.dialect}`;
    this.shared = this.#framing.guest;
    this.entry = "greeted";
    this.hasHeartbeat = false;
    this.#first = this.#read(payload);
    return { kind: "message", message: { type: "hello" } };
  }

  #read(payload: Uint8Array): Heard {
    const guest = this.#guest;
    const said = heard(() => readClientMessage(payload, guest?.texts));
    return said.kind === "message" && guest ? guest.hear(said.message) : said;
  }

  encode(message: ServerMessage, why: Why): Uint8Array | undefined {
    if (this.#guest === undefined) return this.#framing.encode(message);
    if (message.type === "bye" && this.#hasEnded) return undefined;
    const shown = this.#guest.show(message, why);
    return shown === undefined ? undefined : this.#framing.encode(shown);
  }

  encodeFault(error: ConfabError): Uint8Array {
    const { encode } = this.#framing;
    const code = codeOf(error);
    const words = encode({ type: "error", code, text: error.message });
    // Guests in frames were never told more.
    if (this.#guest !== undefined && this.#framing === FRAMES) return words;
    const text = "what follows cannot be read";
    return concat([words, encode({ type: "bye", code: "refused", text })]);
  }
}

function codeOf(error: ConfabError): string {
  if (!(error instanceof FrameError)) return error.code;
  return error.lengthBytes === 0 ? "bad-message" : "too-large";
}

/** Whether the type of a message is `hello`, whatever else may be wrong with it. */
function isHello(payload: Uint8Array): boolean {
  try {
    return JSON.parse(decodeUtf8(payload))?.type === "hello";
  } catch {
    return false;
  }
}
