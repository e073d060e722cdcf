/** What the port of `confab serve` speaks besides the chat, and where its page is. */
import { given } from "../base/given.ts";
import type { Log } from "../base/log.ts";
import { describeError } from "../base/errors.ts";
import type { Opener, OpenOptions } from "../server/open.ts";
import { serverAddress } from "../trust/judge.ts";
import { readSecret } from "./environment.ts";
import { canServeWeb } from "./can_serve_web.ts";
import { isForAll, ownName } from "./own_addresses.ts";
import { placeOf, type ServeOptions } from "./serve_options.ts";
import type { Tls } from "./tls_options.ts";

const LOOPBACK = "127.0.0.1";

export interface OnePort {
  readonly openers: NonNullable<OpenOptions["openers"]>;
  /** Where the page is, if there is one; for this machine where a server listens on all addresses. */
  pageAddress(
    listening: { readonly host: string; readonly port: number },
  ): string | undefined;
}

/**
 * Makes what opens other protocols; none where this runtime cannot.
 *
 * @param metrics gives what `/metrics` shows.
 * @throws as {@linkcode readSecret}, of the token.
 */
export async function openOnePort(
  options: ServeOptions,
  log: Pick<Log, "error">,
  metrics: () => Promise<string>,
  tls?: Tls,
): Promise<OnePort> {
  const { metricsTokenFile, metricsToken: word } = options;
  const metricsToken = await readSecret(
    "token",
    metricsTokenFile,
    word,
  );
  if (!canServeWeb()) return { openers: {}, pageAddress: () => undefined };
  const names = webNames(options);
  const http = lazily(async () => {
    const [{ createHttp }, { PAGE_FILES }] = await Promise.all([
      import("../http/opener.ts"),
      import("../http/page/files.ts"),
    ]);
    return createHttp({
      files: PAGE_FILES,
      names: () => [...names, ...tls?.names() ?? []],
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
      const shown = isForAll(host) ? LOOPBACK : host;
      return `${tls === undefined ? "http" : "https"}://${
        serverAddress(shown, port)
      }/`;
    },
  };
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
  const { public: told, webName } = options;
  const place = told === undefined ? undefined : placeOf(options)?.host;
  return [...webName, ownName(), place]
    .filter((name) => name !== undefined)
    .map((name) => name.toLowerCase());
}
