/** IP addresses as limits and rules see them. */
import {
  canonicalIp,
  contains,
  LOOPBACK,
  networkAround,
} from "../base/cidr.ts";

/** More than an IPv4 address has. */
const GROUP_BITS = 64;

/** An address as it is compared: in its one way of writing; a name of a host in lower case. */
export function plainAddress(hostname: string): string {
  return canonicalIp(hostname) ?? hostname.toLowerCase();
}

/** Whether an address is of this machine: 127.0.0.0/8, ::1, or `localhost`. */
export function isLoopback(hostname: string): boolean {
  return hostname.toLowerCase() === "localhost" ||
    LOOPBACK.some((network) => contains(network, hostname));
}

/** What limits count an address by: an IPv4 address, or the /64 of an IPv6 address. */
export function addressGroup(hostname: string): string {
  const network = networkAround(hostname, GROUP_BITS);
  if (network === undefined) return plainAddress(hostname);
  // Four groups each, unlike in RFC 5952: so they are kept where somebody is banned by one.
  const groups = [112n, 96n, 80n, 64n]
    .map((bit) => (network.first >> bit & 0xffffn).toString(16));
  return `${groups.join(":")}::/${GROUP_BITS}`;
}
