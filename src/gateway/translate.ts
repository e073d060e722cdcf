/** Which gateway the server's session needs between itself and an unsealed client, if any. */
import type { Protocol } from "../net/sniff.ts";
import { type Transport, withFirstBytes } from "../net/transport.ts";
import { concat } from "@std/bytes/concat";
import { encodeFrame, FrameDecoder } from "../wire/frame.ts";
import { LineDecoder } from "../wire/lines.ts";
import { encodeMessage } from "../wire/server.ts";
import { decodeUtf8 } from "../wire/text.ts";
import type { Dialect } from "./dialect.ts";
import { FramedDialect } from "./framed_dialect.ts";
import { Gateway } from "./gateway.ts";
import { HelloDialect } from "./hello_dialect.ts";
import { TerminalDialect } from "./terminal_dialect.ts";

const encoder = new TextEncoder();

/**
 * The transport for the session of a client that speaks `protocol`: the client's own when it speaks framed JSON and says `hello`, else
 * a gateway for a protocol that has one.
 *
 * @returns `undefined` when the client ends before its first message is whole.
 * @throws what reading from the client throws.
 */
export function translated(
  protocol: Protocol,
  client: Transport,
): Promise<Transport | undefined> {
  switch (protocol) {
    case "framed":
      return framed(client);
    case "hello":
      return Promise.resolve(lines(client, new HelloDialect()));
    case "terminal":
      return Promise.resolve(lines(client, new TerminalDialect()));
    default:
      return Promise.resolve(client);
  }
}

function lines(client: Transport, dialect: Dialect<string, string>): Transport {
  return new Gateway({
    client,
    dialect,
    decoder: new LineDecoder(),
    encode: (text) => encoder.encode(`${text}\n`),
  });
}

/** Reads the first message, to see whether it is a `hello`. */
async function framed(client: Transport): Promise<Transport | undefined> {
  const chunks = client[Symbol.asyncIterator]();
  const decoder = new FrameDecoder();
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) return undefined;
    decoder.push(value);
    const payload = decoder.next();
    if (payload === null) continue;
    const rest = value.subarray(value.length - decoder.pendingBytes);
    const whole = withFirstBytes(
      concat([encodeFrame(payload), rest]),
      chunks,
      client,
    );
    if (isHello(payload)) return whole;
    return new Gateway({
      client: whole,
      dialect: new FramedDialect(),
      decoder: new FrameDecoder(),
      encode: encodeMessage,
    });
  }
}

function isHello(payload: Uint8Array): boolean {
  try {
    return JSON.parse(decodeUtf8(payload))?.type === "hello";
  } catch {
    return false; // It is answered as what it is.
  }
}
