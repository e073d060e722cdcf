/** What the port of `confab serve` speaks besides the chat, and where its page is. */
import { given } from "../base/given.ts";
import type { Log } from "../base/log.ts";
import { describeError, UsageError } from "../base/errors.ts";
import type { Place } from "../server/links.ts";
import type { Opener, OpenOptions } from "../server/open.ts";
import { serverAddress } from "../trust/judge.ts";
import { readSecret } from "./environment.ts";
import { canServeWeb } from "./can_serve_web.ts";
import { isForAll, ownName } from "./own_addresses.ts";
import { placeOf, type ServeOptions, webNamesOf } from "./serve_options.ts";
import type { Tls } from "./tls_options.ts";

const LOOPBACK = "127.0.0.1";

export interface OnePort {
  readonly openers: NonNullable<OpenOptions["openers"]>;
  /**
   * Where the page is, if there is one: at the public place, by a name of the certificate that was
   * given, or where the server listens; for this machine where that is at all addresses.
   */
  pageAddress(
    listening: { readonly host: string; readonly port: number },
  ): string | undefined;
}

/**
 * Makes what opens other protocols; none where this runtime cannot.
 *
 * @param metrics gives what `/metrics` shows.
 * @throws as {@linkcode readToken}; {@linkcode UsageError} for names that no browser has.
 */
export async function openOnePort(
  options: ServeOptions,
  log: Pick<Log, "error">,
  metrics: () => Promise<string>,
  tls?: Tls,
): Promise<OnePort> {
  const metricsToken = await readToken(options);
  if (!canServeWeb()) return { openers: {}, pageAddress: () => undefined };
  const names = webNames(options);
  const http = lazily(async () => {
    const [{ createHttp }, { PAGE_FILES }] = await Promise.all([
      import("../http/opener.ts"),
      import("../http/page/files.ts"),
    ]);
    return createHttp({
      files: PAGE_FILES,
      // One of our own may have names from earlier starts, which count no more.
      names: () => tls?.kind === "given" ? [...names, ...tls.names()] : names,
      // A browser that was told to rely on it finds no way back from a certificate of our own.
      tls: () => tls?.kind === "given" ? "lasting" : "passing",
      onFault: (error) =>
        log.error("a page failed", { error: describeError(error) }),
      metrics,
      ...given({ metricsToken }),
    });
  });
  return {
    openers: { http, ...given({ tls: tls?.opener }) },
    pageAddress({ host, port }) {
      const own = isForAll(host) ? LOOPBACK : host;
      const place = publicPlace(options);
      const shown = place?.host ?? hostFor(own, tls);
      return `${tls === undefined ? "http" : "https"}://${
        serverAddress(shown, place?.port ?? port)
      }/`;
    },
  };
}

/** @throws as {@linkcode readSecret}; {@linkcode UsageError} for a token that could never be shown. */
async function readToken(
  { metricsTokenFile, metricsToken }: ServeOptions,
): Promise<string | undefined> {
  const token = await readSecret("token", metricsTokenFile, metricsToken);
  if (token === undefined || /^[\x21-\x7e]*$/.test(token)) return token;
  throw new UsageError(
    "the token for /metrics must be one word of ASCII: no header carries another",
  );
}

/** Loads what it needs when somebody needs it: a start does not wait for it. */
function lazily(load: () => Promise<Opener>): Opener {
  let loading: Promise<Opener> | undefined;
  return async (found, options) => {
    const opener = await (loading ??= load());
    return await opener(found, options);
  };
}

/** What browsers may call the server, besides addresses and `localhost`: in lower case. */
function webNames(options: ServeOptions): string[] {
  const others = [ownName(), publicPlace(options)?.host]
    .filter((name) => name !== undefined)
    .map((name) => name.toLowerCase());
  return [...webNamesOf(options), ...others];
}

/** Where others find the server, if that was said. */
function publicPlace(options: ServeOptions): Place | undefined {
  return options.public === undefined ? undefined : placeOf(options);
}

/** A host that the page's certificate is for, if one is given: browsers would warn of any other. */
function hostFor(shown: string, tls: Tls | undefined): string {
  if (tls?.kind !== "given" || tls.names().includes(shown)) return shown;
  return tls.names().find((name) => !name.startsWith("*.")) ?? shown;
}
