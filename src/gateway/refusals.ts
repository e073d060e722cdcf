/** How a protocol that is not spoken here is refused: in its own words. */
import { encodeMessage, type ErrorMessage } from "../wire/server.ts";
import { LINES } from "./framing.ts";

const encoder = new TextEncoder();
const HEAD = encoder.encode("HEAD ");

/** One plain `error` frame. */
export function refuseFramed(
  code: ErrorMessage["code"],
  text: string,
): Uint8Array {
  return encodeMessage({ type: "error", code, text });
}

/** The same as a line of JSON. */
export function refuseJsonLine(
  code: ErrorMessage["code"],
  text: string,
): Uint8Array {
  return LINES.encode({ type: "error", code, text });
}

/** One line of text. */
export function refuseLine(text: string): Uint8Array {
  return encoder.encode(`${text}\n`);
}

/** RFC 2812, section 3.7.4. */
export function refuseIrc(text: string): Uint8Array {
  return encoder.encode(`ERROR :${text}\r\n`);
}

/** RFC 9110, section 15.6.2 (501), with the text as its content; the answer to HEAD has none (section 9.3.2). */
export function refuseHttp(text: string, request: Uint8Array): Uint8Array {
  const content = `${text}\n`;
  const head = [
    "HTTP/1.1 501 Not Implemented",
    "content-type: text/plain; charset=utf-8",
    `content-length: ${encoder.encode(content).length}`,
    "connection: close",
  ];
  const isHead = HEAD.every((byte, at) => request[at] === byte);
  return encoder.encode(
    `${head.join("\r\n")}\r\n\r\n${isHead ? "" : content}`,
  );
}

/** A fatal `handshake_failure` alert (RFC 8446, section 6.2). */
export function refuseTls(): Uint8Array {
  return Uint8Array.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]);
}
