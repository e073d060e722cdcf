/** IP addresses as limits and rules see them. */

/** An IPv4 address mapped into IPv6, as a socket that listens on both shows it. */
const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/** An address as it is compared: lower case, without a zone, IPv4 as such. */
export function plainAddress(hostname: string): string {
  return hostname.toLowerCase().replace(MAPPED, "").split("%", 1)[0]!;
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
