/** Where others reach this machine, when a server listens on all of its addresses. */
import { isLoopback } from "../net/address.ts";

/** Whether it is the address that stands for all. */
export function isForAll(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** Addresses of this machine that others may reach. */
export function ownAddresses(bound: string): string[] {
  try {
    return Deno.networkInterfaces().filter(({ address, family }) =>
      !isLoopback(address) && !address.startsWith("fe80:") &&
      (family === "IPv4" || bound === "::")
    ).map(({ address }) => address);
  } catch {
    return [];
  }
}

/** The machine's name, where this may be known. */
export function ownName(): string | undefined {
  try {
    return Deno.hostname() || undefined;
  } catch {
    return undefined;
  }
}
