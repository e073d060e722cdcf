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

/** RFC 9110, section 15.6.2 (501), to the request that begins so. */
export function refuseHttp(text: string, request: Uint8Array): Uint8Array {
  const isHead = HEAD.every((byte, at) => request[at] === byte);
  return httpLastWord("501 Not Implemented", text, isHead ? "HEAD" : "GET");
}

/** A last answer in HTTP, after which the connection ends; to HEAD without content (section 9.3.2). */
export function httpLastWord(
  status: string,
  text: string,
  method: "HEAD" | "GET",
  headers: Readonly<Record<string, string>> = {},
): Uint8Array {
  const content = `${text}\n`;
  const more = Object.entries(headers).map((header) => header.join(": "));
  const head = [
    `HTTP/1.1 ${status}`,
    "content-type: text/plain; charset=utf-8",
    `content-length: ${encoder.encode(content).length}`,
    "connection: close",
    ...more,
  ];
  const shown = method === "HEAD" ? "" : content;
  return encoder.encode([...head, "", shown].join("\r\n"));
}

/** A fatal `handshake_failure` alert (RFC 8446, section 6.2). */
export function refuseTls(): Uint8Array {
  return Uint8Array.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]);
}
