/**
 * The header with which a proxy says whom it brings: the PROXY protocol, version 1 (a line) and 2
 * (binary), as https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt has it. Pure.
 */
import { canonicalIp } from "../base/cidr.ts";
import {
  PROXY_HEADER_MAX_BYTES,
  PROXY_LINE_MAX_BYTES,
} from "../base/limits.ts";
import type { PeerAddress } from "./transport.ts";

/** Whom a header names, and how many bytes it has. */
export interface ProxyHeader {
  readonly peer: PeerAddress;
  readonly length: number;
}

const PREFIX = "PROXY ";
const LF = 0x0a;
/** Section 2.2: what no other protocol begins with. */
const SIGNATURE = Uint8Array.of(
  ...[0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a],
);
/** The signature, version and command, family, and the length of the rest. */
const HEAD_BYTES = 16;
const VERSION_2_PROXY = 0x21;
/** TCP over IPv4 and IPv6: bytes of an address, and of two addresses and ports. */
const FAMILIES: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0x11, [4, 12]],
  [0x21, [16, 36]],
]);

/**
 * Reads the header that a connection begins with.
 *
 * @returns `undefined` when more bytes are needed; `invalid` also for a header that names nobody
 * (`UNKNOWN`, `LOCAL`) or what is not TCP.
 */
export function readProxyHeader(
  bytes: Uint8Array,
): ProxyHeader | "invalid" | undefined {
  if (bytes.length === 0) return undefined;
  return bytes[0] === SIGNATURE[0] ? readBinary(bytes) : readLine(bytes);
}

/** Section 2.1. */
function readLine(bytes: Uint8Array): ProxyHeader | "invalid" | undefined {
  const head = bytes.subarray(0, PROXY_LINE_MAX_BYTES);
  const end = head.indexOf(LF);
  const line = String.fromCharCode(...end < 0 ? head : head.subarray(0, end));
  const isBegun = line.startsWith(PREFIX.slice(0, line.length));
  if (!isBegun) return "invalid";
  if (end < 0) {
    return head.length < PROXY_LINE_MAX_BYTES ? undefined : "invalid";
  }
  const fields = /^PROXY (TCP[46]) (\S+) (\S+) (\d{1,5}) (\d{1,5})\r$/
    .exec(line);
  if (fields === null) return "invalid";
  const [, family, from, to, fromPort, toPort] = fields;
  const peer = peerOf(from!, fromPort!, family!);
  const isWhole = peer && peerOf(to!, toPort!, family!);
  return isWhole ? { peer, length: end + 1 } : "invalid";
}

function peerOf(
  address: string,
  port: string,
  family: string,
): PeerAddress | undefined {
  const isV6 = address.includes(":");
  const hostname = canonicalIp(address);
  const isRight = hostname !== undefined && !address.includes("%") &&
    isV6 === (family === "TCP6") && Number(port) <= 65_535 &&
    !/^0\d/.test(port);
  return isRight ? { hostname, port: Number(port) } : undefined;
}

/** Section 2.2. */
function readBinary(bytes: Uint8Array): ProxyHeader | "invalid" | undefined {
  const begun = Math.min(bytes.length, SIGNATURE.length);
  for (let at = 0; at < begun; at++) {
    if (bytes[at] !== SIGNATURE[at]) return "invalid";
  }
  if (bytes.length < HEAD_BYTES) return undefined;
  const family = FAMILIES.get(bytes[13]!);
  const rest = bytes[14]! << 8 | bytes[15]!;
  const length = HEAD_BYTES + rest;
  const isKnown = bytes[12] === VERSION_2_PROXY && family !== undefined &&
    rest >= family[1] && length <= PROXY_HEADER_MAX_BYTES;
  if (!isKnown) return "invalid";
  if (bytes.length < length) return undefined;
  const [size] = family;
  const portAt = HEAD_BYTES + 2 * size;
  const hostname = textOf(bytes.subarray(HEAD_BYTES, HEAD_BYTES + size));
  const port = bytes[portAt]! << 8 | bytes[portAt + 1]!;
  return { peer: { hostname, port }, length };
}

/** An address of 4 or 16 bytes. */
function textOf(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 2) {
    groups.push((bytes[at]! << 8 | bytes[at + 1]!).toString(16));
  }
  return canonicalIp(groups.join(":"))!;
}
