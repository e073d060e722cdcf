/** Which codec the client of a connection needs. */
import type { Protocol } from "../net/sniff.ts";
import type { Codec } from "./codec.ts";
import { FRAMES, LINES } from "./framing.ts";
import { HelloCodec } from "./hello.ts";
import { JsonCodec } from "./json.ts";
import { TerminalCodec } from "./terminal.ts";

/**
 * The codec of a client that speaks `protocol`; of a `sealed` one, for what is inside its channel.
 *
 * @returns `undefined` for what is not spoken here.
 */
export function codecFor(protocol: Protocol): Codec | undefined {
  return CODECS[protocol]?.();
}

const CODECS: { readonly [P in Protocol]?: () => Codec } = {
  "sealed": () => new JsonCodec(FRAMES, "full"),
  "framed": () => new JsonCodec(FRAMES, "any"),
  "json-lines": () => new JsonCodec(LINES, "any"),
  "hello": () => new HelloCodec(),
  "terminal": () => new TerminalCodec(),
};
