/** IP addresses and networks (CIDR, RFC 4632): read, compared, written in one way (RFC 5952). */

/** The addresses whose first `bits` bits are those of `first`, in whose other bits are zeros. */
export interface Network {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly bits: number;
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** Where only programs of the same machine are. */
export const LOOPBACK: readonly Network[] = [
  { family: 4, first: 0x7f000000n, bits: 8 },
  { family: 6, first: 1n, bits: 128 },
];

/** Bits of an address. */
const BITS = { 4: 32, 6: 128 } as const;
/** What is before an IPv4 address that is mapped into IPv6: ::ffff:0:0/96. */
const MAPPED_PREFIX = 0xffffn;
/** No IPv6 address is longer in any way of writing it, its zone aside. */
const ADDRESS_MAX_CHARS = 45;

/** A network, or an address as the network that has just this; `undefined` for any other text. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const ip = slash < 0 ? text : text.slice(0, slash);
  const address = parseAddress(ip);
  if (address === undefined) return undefined;
  const most = BITS[address.family];
  if (slash < 0) return networkOf(address, most);
  const length = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  // Of one that is mapped into IPv6 the length counts what is before it, too.
  const before = ip.includes(":") ? BITS[6] - most : 0;
  const bits = Number(length) - before;
  return bits < 0 || bits > most ? undefined : networkOf(address, bits);
}

/** The network of so many bits that an address, or what it is the first of, is in. */
export function networkAround(ip: string, bits: number): Network | undefined {
  const address = parseAddress(ip);
  if (address === undefined || bits > BITS[address.family]) return undefined;
  return networkOf(address, bits);
}

/** A network in its one way of writing; one that has a single address as that address. */
export function networkText({ family, first, bits }: Network): string {
  const text = family === 4 ? textOfV4(first) : textOfV6(first);
  return bits === BITS[family] ? text : `${text}/${bits}`;
}

/** Whether an address is in a network; an IPv4 address is also where it is mapped into IPv6. */
export function contains(network: Network, ip: string): boolean {
  const address = parseAddress(ip);
  if (address?.family !== network.family) return false;
  return networkOf(address, network.bits).first === network.first;
}

/** Whether all addresses of a network are in another one. */
export function isWithin(network: Network, other: Network): boolean {
  const { family, first: value, bits } = network;
  return family === other.family && bits >= other.bits &&
    networkOf({ family, value }, other.bits).first === other.first;
}

/**
 * An address in its one way of writing, without its zone, and as IPv4 where it is mapped into IPv6;
 * `undefined` for any other text.
 */
export function canonicalIp(text: string): string | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  const { family, value } = address;
  return family === 4 ? textOfV4(value) : textOfV6(value);
}

/**
 * The /48 of an IPv6 address or network, which is what one customer may have of a provider;
 * `undefined` for all else.
 */
export function siteOf(address: string): string | undefined {
  return ipv6Around(address, SITE_BITS);
}

/** The /32 of an IPv6 address or network, which is what a provider has; `undefined` for all else. */
export function providerOf(address: string): string | undefined {
  return ipv6Around(address, PROVIDER_BITS);
}

const SITE_BITS = 48;
const PROVIDER_BITS = 32;

function ipv6Around(address: string, bits: number): string | undefined {
  const network = parseNetwork(address);
  if (network?.family !== 6 || network.bits < bits) return undefined;
  const { family, first: value } = network;
  return networkText(networkOf({ family, value }, bits));
}

function networkOf({ family, value }: Address, bits: number): Network {
  const rest = BigInt(BITS[family] - bits);
  return { family, first: (value >> rest) << rest, bits };
}

function parseAddress(text: string): Address | undefined {
  if (!text.includes(":")) {
    const value = parseV4(text);
    return value === undefined ? undefined : { family: 4, value };
  }
  const ip = text.split("%", 1)[0]!;
  const value = ip.length > ADDRESS_MAX_CHARS ? undefined : parseV6(ip);
  if (value === undefined) return undefined;
  return value >> 32n === MAPPED_PREFIX
    ? { family: 4, value: BigInt.asUintN(32, value) }
    : { family: 6, value };
}

/** Four decimal numbers; one that begins with a zero is octal to some, and none here. */
function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) {
      return undefined;
    }
    value = value << 8n | BigInt(part);
  }
  return value;
}

/** RFC 4291, section 2.2: eight groups; `::` once for some of zeros; the last two as IPv4. */
function parseV6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const left = groupsOf(halves[0]!, halves.length === 1);
  const right = halves.length === 1 ? [] : groupsOf(halves[1]!, true);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...new Array(missing).fill(0n), ...right];
  return groups.reduce((value, group) => value << 16n | group, 0n);
}

function groupsOf(text: string, isAtEnd: boolean): bigint[] | undefined {
  if (text === "") return [];
  const groups: bigint[] = [];
  const parts = text.split(":");
  for (const [n, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else {
      const isLast = isAtEnd && n === parts.length - 1;
      const v4 = isLast ? parseV4(part) : undefined;
      if (v4 === undefined) return undefined;
      groups.push(v4 >> 16n, BigInt.asUintN(16, v4));
    }
  }
  return groups;
}

function textOfV4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((bit) => value >> bit & 0xffn).join(".");
}

/** RFC 5952: lower case, no zeros in front, `::` for the first longest run of zero groups. */
function textOfV6(value: bigint): string {
  const groups: string[] = [];
  for (let bit = 112n; bit >= 0n; bit -= 16n) {
    groups.push((value >> bit & 0xffffn).toString(16));
  }
  const [start, length] = longestZeros(groups);
  if (length < 2) return groups.join(":");
  const left = groups.slice(0, start).join(":");
  return `${left}::${groups.slice(start + length).join(":")}`;
}

function longestZeros(groups: readonly string[]): [number, number] {
  let best: [number, number] = [0, 0];
  let length = 0;
  for (const [n, group] of groups.entries()) {
    length = group === "0" ? length + 1 : 0;
    if (length > best[1]) best = [n - length + 1, length];
  }
  return best;
}
