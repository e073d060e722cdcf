/** IP addresses as limits and rules see them. */
import { canonicalIp } from "../base/cidr.ts";

/** An address as it is compared: in its one way of writing; a name of a host in lower case. */
export function plainAddress(hostname: string): string {
  return canonicalIp(hostname) ?? hostname.toLowerCase();
}

/** Whether an address is of this machine: 127.0.0.0/8, ::1, or `localhost`. */
export function isLoopback(hostname: string): boolean {
  const host = plainAddress(hostname);
  return host === "::1" || host === "localhost" ||
    /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** What limits count an address by: an IPv4 address, or the /64 of an IPv6 address. */
export function addressGroup(hostname: string): string {
  const host = plainAddress(hostname);
  if (!host.includes(":")) return host;
  const [head = "", tail = ""] = host.split("::");
  const left = head.split(":").filter((group) => group !== "");
  const right = tail.split(":").filter((group) => group !== "");
  const zeros = new Array(Math.max(0, 8 - left.length - right.length)).fill(
    "0",
  );
  const groups = [...left, ...zeros, ...right].slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""));
  return `${groups.join(":")}::/64`;
}
