/** What a codec hears and says, in a form that a test can write down. */
import { assert } from "@std/assert";
import type { Why } from "../../src/delivery/sink.ts";
import type { Codec, Heard } from "../../src/gateway/codec.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { cut, join, utf8 } from "../_chunks.ts";

type Message = Record<string, unknown>;
type Chunk = string | Uint8Array;

/** A message as it is, `fault` and its code, `answer` and its text, `unsaid` and its id, or `goodbye`. */
export type Said = object | string;

/** A frame written by hand: the length as four bytes, then the message. */
export function frame(message: Chunk | Message): Uint8Array<ArrayBuffer> {
  const payload = message instanceof Uint8Array
    ? message
    : utf8(typeof message === "string" ? message : JSON.stringify(message));
  const header = new Uint8Array(4);
  new DataView(header.buffer).setUint32(0, payload.length);
  return join([header, payload]);
}

/** The messages of whole frames. */
export function messagesOf(bytes: Uint8Array): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
    const payload = bytes.subarray(at + 4, at += 4 + length);
    messages.push(JSON.parse(text(payload)));
  }
  return messages;
}

export function text(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/**
 * What the client says with these chunks. One that is taken is overwritten, as a socket's buffer
 * is.
 */
export function hear(codec: Codec, ...chunks: Chunk[]): Said[] {
  const said: Said[] = [];
  for (const chunk of chunks) {
    const bytes = typeof chunk === "string" ? utf8(chunk) : chunk.slice();
    codec.push(bytes);
    for (let heard = codec.next(); heard; heard = codec.next()) {
      said.push(saidOf(heard));
    }
    bytes.fill(0x3f);
  }
  return said;
}

/** As {@linkcode hear}, a byte at a time. */
export function hearBytewise(codec: Codec, ...chunks: Chunk[]): Said[] {
  const bytes = join(
    chunks.map((chunk) => typeof chunk === "string" ? utf8(chunk) : chunk),
  );
  return hear(codec, ...cut(bytes, [1]));
}

/** What the end of the input makes whole. */
export function hearEnd(codec: Codec): Said[] {
  const said: Said[] = [];
  for (let heard = codec.end(); heard; heard = codec.end()) {
    said.push(saidOf(heard));
  }
  return said;
}

function saidOf(heard: Heard): Said {
  switch (heard.kind) {
    case "message":
      return heard.message;
    case "fault":
      return `fault ${heard.error.code}`;
    case "answer":
      return `answer ${text(heard.bytes)}`;
    case "unsaid":
      return `unsaid ${heard.id}`;
    case "goodbye":
      return "goodbye";
  }
}

/** The lines that a message is shown as, without the end of the last. */
export function shown(
  codec: Codec,
  message: ServerMessage,
  why: Why = "asked",
): string | undefined {
  const bytes = codec.encode(message, why);
  return bytes && linesOf(bytes);
}

/** Whole lines, without the end of the last. */
export function linesOf(bytes: Uint8Array): string {
  const lines = text(bytes);
  assert(lines.endsWith("\n"), lines);
  return lines.slice(0, -1);
}

/** The messages that a client of frames gets. */
export function got(
  codec: Codec,
  message: ServerMessage,
  why: Why = "asked",
): Message[] {
  return messagesOf(codec.encode(message, why) ?? new Uint8Array(0));
}
