/** A dialect: what clients of a foreign protocol say, as messages of the wire, and what the server says, in the dialect's words. Pure. */
import type { ConfabError } from "../base/errors.ts";
import { encodeFrame } from "../wire/frame.ts";
import { encodeMessage, type ServerMessage } from "../wire/server.ts";

/** Cuts the bytes of a client into units: lines, or the payloads of frames. */
export interface Decoder<In> {
  push(chunk: Uint8Array): void;
  /** The next unit, or `null` when more bytes are needed. */
  next(): In | null;
  /** What the end of the input makes whole. */
  end?(): In | null;
}

/** A message for the session; bytes are a payload as the client sent it. */
export type ForSession = Readonly<Record<string, unknown>> | Uint8Array;

/** What the first unit comes to. */
export type Opening<In, Out> =
  /** The client enters with these fields of `hello`; `rest` is what it has said already. */
  | {
    readonly hello: { readonly name?: string; readonly password?: string };
    readonly rest?: In;
  }
  /** It is not let in. */
  | { readonly refusal: Out };

/** What any other unit comes to. */
export interface Received<Out> {
  readonly messages?: readonly ForSession[];
  /** The client says goodbye. */
  readonly leaves?: true;
  /** What needs no session to be answered. */
  readonly answer?: Out;
}

/** One client's dialect. It is told every message of the server in order, and may remember what it needs of them. */
export interface Dialect<In, Out> {
  open(first: In): Opening<In, Out>;
  receive(unit: In): Received<Out>;
  /** A message as the client gets it, or `undefined` when it does not. An `error` before the `welcome` says why there is none. */
  show(message: ServerMessage): Out | undefined;
  /** The last words to one whose bytes cannot be followed any further. */
  fault(error: ConfabError): Out;
}

/** The frame of a message for the session. */
export function frameOf(message: ForSession): Uint8Array {
  return message instanceof Uint8Array
    ? encodeFrame(message)
    : encodeMessage(message);
}
