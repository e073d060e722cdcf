/** Which codec the client of a connection needs. */
import type { Protocol } from "../net/sniff.ts";
import type { Codec } from "./codec.ts";
import { FRAMES, LINES } from "./framing.ts";
import { HelloCodec } from "./hello.ts";
import { JsonCodec } from "./json.ts";
import { EchoTerminalCodec } from "./echo_terminal.ts";
import type { Manners } from "./manners.ts";
import { TerminalCodec } from "./terminal.ts";

/**
 * The codec of a client that speaks `protocol`; of a `sealed` one, for what is inside its channel.
 *
 * @returns `undefined` for what is not spoken here.
 */
export function codecFor(
  protocol: Protocol,
  manners: Manners = {},
): Codec | undefined {
  return CODECS[protocol]?.(manners);
}

const CODECS: {
  readonly [P in Protocol]?: (manners: Manners) => Codec;
} = {
  "sealed": () => new JsonCodec(FRAMES, "full"),
  "framed": (manners) => new JsonCodec(FRAMES, "any", manners),
  "json-lines": (manners) => new JsonCodec(LINES, "any", manners),
  "hello": (manners) => new HelloCodec(manners),
  "terminal": (manners) =>
    manners.echo === "on"
      ? new EchoTerminalCodec(manners)
      : new TerminalCodec(manners),
};
