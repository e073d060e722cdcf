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
  switch (protocol) {
    case "sealed":
      return new JsonCodec(FRAMES, "full");
    case "framed":
      return new JsonCodec(FRAMES, "any");
    case "json-lines":
      return new JsonCodec(LINES, "any");
    case "hello":
      return new HelloCodec();
    case "terminal":
      return new TerminalCodec();
    default:
      return undefined;
  }
}
