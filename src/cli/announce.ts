/** What `serve` says when it is ready: one line for programs, and what a person does with it. */
import type { LogFormat } from "../base/log.ts";
import { VERSION } from "../base/version.ts";
import { isLoopback } from "../net/address.ts";
import { wordsOfFingerprint } from "../secure/fingerprint.ts";
import type { Server } from "../server/server.ts";
import { serverAddress } from "../trust/judge.ts";
import { tell } from "./environment.ts";

/** Writes the ready line to standard output, as the log is written, the rest to standard error. */
export function announce(server: Server, format: LogFormat): void {
  const { fingerprint, address: { hostname: host, port } } = server;
  if (format === "json") {
    const event = "listening";
    const ready = { event, version: VERSION, host, port, fingerprint };
    return console.log(JSON.stringify(ready));
  }
  const at = serverAddress(host, port);
  console.log(`confab ${VERSION} listening on ${at} ${fingerprint}`);
  tell(`fingerprint to read aloud: ${wordsOfFingerprint(fingerprint)}`);
  if (host === "0.0.0.0" || host === "::") {
    for (const own of ownAddresses(host)) {
      tell(`others join with: confab join ${serverAddress(own, port)}`);
    }
  } else if (isLoopback(host)) {
    tell(
      `only this machine can join (confab join ${at}); for others: confab serve --host 0.0.0.0`,
    );
  }
}

/** Addresses of this machine that others may reach. */
function ownAddresses(bound: string): string[] {
  try {
    return Deno.networkInterfaces().filter(({ address, family }) =>
      !isLoopback(address) && !address.startsWith("fe80:") &&
      (family === "IPv4" || bound === "::")
    ).map(({ address }) => address);
  } catch {
    return [];
  }
}
