/** What a server says of where it listens, or why it does not. */
import { describeError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { VERSION } from "../base/version.ts";
import { isLoopback } from "../net/address.ts";
import { wordsOfFingerprint } from "../secure/fingerprint.ts";
import type { Server } from "../server/server.ts";
import { serverAddress } from "../trust/judge.ts";
import { pageLinkOf } from "../wire/invite_link.ts";
import { tell } from "./environment.ts";
import type { OnePort } from "./one_port.ts";
import { isForAll, ownAddresses } from "./own_addresses.ts";
import { placeOf, type ServeOptions } from "./serve_options.ts";
import type { Tls } from "./tls_options.ts";

/** Writes the ready line to standard output, as the log is written, the rest to standard error. */
export function announce(
  server: Server,
  options: ServeOptions,
  web: OnePort,
  tls?: Tls,
): void {
  const { fingerprint, address: { hostname: host, port } } = server;
  const admin = options.adminLink ? server.adminLink : undefined;
  if (options.logFormat === "json") {
    const event = "listening";
    const ready = { event, version: VERSION, host, port, fingerprint };
    const more = given({ adminLink: admin, certificate: tls?.fingerprint });
    return console.log(JSON.stringify({ ...ready, ...more }));
  }
  const at = serverAddress(host, port);
  console.log(`confab ${VERSION} listening on ${at} ${fingerprint}`);
  tell(`fingerprint to read aloud: ${wordsOfFingerprint(fingerprint)}`);
  const page = web.pageAddress({ host, port });
  if (page !== undefined) tell(`page: ${page}`);
  if (tls?.kind === "own") {
    tell(`fingerprint of its TLS certificate: ${tls.fingerprint}`);
  }
  const others = addressesForOthers(options, { host, port });
  if (options.private && others.length > 0) {
    tell("others join by a link, which /server invite makes in the chat");
  } else {
    for (const address of others) {
      tell(`others join with: confab join ${address}`);
    }
  }
  if (others.length === 0 && isLoopback(host)) {
    tell(`only this machine can join: confab join ${at}`);
    tell("for others, too: start it with --host 0.0.0.0");
  }
  if (admin !== undefined) {
    tell(`become an administrator, once within a day: confab join '${admin}'`);
    if (page !== undefined) {
      tell(`the same in a browser: ${pageLinkOf(admin, new URL(page).origin)}`);
    }
  }
}

/** Where it is public, or each address of this machine. */
function addressesForOthers(
  options: ServeOptions,
  { host, port }: { host: string; port: number },
): string[] {
  if (options.public !== undefined) {
    const place = placeOf(options)!;
    return [serverAddress(place.host, place.port ?? port)];
  }
  if (!isForAll(host)) return [];
  return ownAddresses(host).map((own) => serverAddress(own, port));
}

/** To one who has no key yet, with which an administrator would be known. */
export function tellHowToBegin({ adminLink, logFormat }: ServeOptions): void {
  if (adminLink || logFormat === "json") return;
  tell(
    "only administrators invite others: start with --admin-link, or run confab id once, as the one who runs the server",
  );
}

export function whyNotListening(
  error: unknown,
  host: string,
  port: number,
): string {
  const at = serverAddress(host, port);
  if (error instanceof Deno.errors.AddrInUse) {
    return `port ${port} is in use: stop what listens on ${at}, or give another --port`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `not allowed to listen on ${at}: ports below 1024 are the administrator's`;
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `${host} is no address of this machine: give another --host`;
  }
  return `cannot listen on ${at}: ${describeError(error)}`;
}
