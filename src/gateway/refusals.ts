/** How a protocol that is not spoken here is refused: in its own words. */
import type { WireErrorCode } from "../base/errors.ts";
import { FRAMES, LINES } from "./framing.ts";

const encoder = new TextEncoder();
const HEAD = encoder.encode("HEAD ");

/** One plain `error` frame. */
export function refuseFramed(code: WireErrorCode, text: string): Uint8Array {
  return FRAMES.encode({ type: "error", code, text });
}

/** The same as a line of JSON. */
export function refuseJsonLine(code: WireErrorCode, text: string): Uint8Array {
  return LINES.encode({ type: "error", code, text });
}

/** RFC 2812, section 3.7.4. */
export function refuseIrc(text: string): Uint8Array {
  return encoder.encode(`ERROR :${text}\r\n`);
}

/** RFC 9110, section 15.6.2 (501); the answer to HEAD has no content (section 9.3.2). */
export function refuseHttp(text: string, request: Uint8Array): Uint8Array {
  const content = `${text}\n`;
  const head = [
    "HTTP/1.1 501 Not Implemented",
    "content-type: text/plain; charset=utf-8",
    `content-length: ${encoder.encode(content).length}`,
    "connection: close",
  ];
  const isHead = HEAD.every((byte, at) => request[at] === byte);
  return encoder.encode([...head, "", isHead ? "" : content].join("\r\n"));
}

/** A fatal `handshake_failure` alert (RFC 8446, section 6.2). */
export function refuseTls(): Uint8Array {
  return Uint8Array.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]);
}
