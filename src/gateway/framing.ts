/** How messages of JSON stand in a stream of bytes: in frames, or one a line. */
import { FRAME_MAX_BYTES } from "../base/limits.ts";
import type { SharedEncoder } from "../delivery/sink.ts";
import type { PushParser } from "../wire/decode_stream.ts";
import { FrameDecoder } from "../wire/frame.ts";
import { LineDecoder } from "../wire/lines.ts";
import { encodeMessage } from "../wire/server.ts";
import { toldUnasked } from "./guest_json.ts";

export interface Framing {
  /** What its clients are called. */
  readonly dialect: string;
  /** What full clients and what guests share. */
  readonly full: SharedEncoder;
  readonly guest: SharedEncoder;
  /** Cuts the bytes of a client into payloads, each of which should be the JSON of a message. */
  decoder(): PushParser<Uint8Array>;
  encode(message: object): Uint8Array;
}

const encoder = new TextEncoder();

export const FRAMES: Framing = {
  dialect: "json",
  decoder: () => new FrameDecoder(),
  ...encoders(encodeMessage),
};

/** A line has at most as many bytes as a payload. JSON as it is written here holds no line feed. */
export const LINES: Framing = {
  dialect: "json lines",
  decoder: () => new LineDecoder({ maxBytes: FRAME_MAX_BYTES, blank: "skip" }),
  ...encoders((message) => encoder.encode(`${JSON.stringify(message)}\n`)),
};

function encoders(encode: Framing["encode"]) {
  const guest: SharedEncoder = {
    encodeShared: (message) => {
      const told = toldUnasked(message);
      return told === undefined ? undefined : encode(told);
    },
  };
  return { encode, full: { encodeShared: encode }, guest };
}
