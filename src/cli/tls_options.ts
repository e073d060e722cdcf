/** TLS of `confab serve`: which certificate is shown, and what opens its connections. */
import { SYSTEM_CLOCK } from "../base/clock.ts";
import { UsageError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { canonicalIp } from "../base/cidr.ts";
import type { Opener } from "../server/open.ts";
import type { CertificateSource } from "../tls/certificate_source.ts";
import { canServeWeb } from "./can_serve_web.ts";
import { isForAll, ownAddresses, ownName } from "./own_addresses.ts";
import { placeOf, type ServeOptions, webNamesOf } from "./serve_options.ts";

/** Where a certificate comes from. */
export type TlsWanted =
  | { readonly kind: "own" }
  | { readonly kind: "given"; readonly chain: string; readonly key: string };

/** What a server has of TLS. */
export interface Tls extends AsyncDisposable {
  readonly kind: TlsWanted["kind"];
  readonly opener: Opener;
  /** Hosts that the certificate in use is for. */
  names(): readonly string[];
  /** SHA-256 of it, as browsers show it. */
  readonly fingerprint: string;
  /**
   * Looks from now on whether there is another, and reads it again at SIGHUP; `onGone`: that came
   * because the terminal went that this process was started at.
   */
  watch(onGone: () => void): void;
}

/** @throws {UsageError} for flags that do not go together, or where this runtime has no TLS. */
export function tlsWanted(
  { tls, tlsCert: chain, tlsKey: key }: ServeOptions,
  isAble = canServeWeb(),
): TlsWanted | undefined {
  if (tls !== undefined && tls !== "self") {
    throw new UsageError(`--tls ${tls}: only --tls self is known`);
  }
  if (tls !== undefined && (chain ?? key) !== undefined) {
    throw new UsageError("--tls self: --tls-cert and --tls-key say otherwise");
  }
  if ((chain === undefined) !== (key === undefined)) {
    const [one, other] = chain === undefined
      ? ["key", "cert"]
      : ["cert", "key"];
    throw new UsageError(`--tls-${one} needs --tls-${other}, too`);
  }
  const wanted = tls !== undefined
    ? { kind: "own" } as const
    : chain !== undefined && key !== undefined
    ? { kind: "given", chain, key } as const
    : undefined;
  if (wanted === undefined || isAble) return wanted;
  throw new UsageError(
    `TLS needs Deno 2.9 or later, and this is Deno ${Deno.version.deno}: run or compile confab with a newer one`,
  );
}

/**
 * Reads the certificate, or makes one in the data directory.
 *
 * @throws {ConfabError} `key-file` when there is none that can be used.
 */
export async function openTls(
  wanted: TlsWanted,
  { options, data, log }: {
    readonly options: ServeOptions;
    readonly data: string;
    readonly log: Log;
  },
): Promise<Tls> {
  const clock = SYSTEM_CLOCK;
  // They bring much with them that a server without TLS does not need.
  const [{ CertificateInUse }, { tlsOpener }, source] = await Promise.all([
    import("../tls/certificate_in_use.ts"),
    import("../tls/opener.ts"),
    sourceOf(wanted, { data, names: hostsOf(options) }),
  ]);
  const inUse = await CertificateInUse.open({ source, clock, log });
  const wasAtTerminal = isAtTerminal();
  let onGone = () => {};
  // Nobody would see what it says any more, nor how to stop it.
  const hungUp = () =>
    wasAtTerminal && !isAtTerminal() ? onGone() : inUse.reload();
  const canHangUp = Deno.build.os !== "windows";
  let isWatching = false;
  return {
    kind: wanted.kind,
    opener: tlsOpener({ clock, context: () => inUse.current.context }),
    names: () => inUse.current.names,
    get fingerprint() {
      return inUse.current.fingerprint;
    },
    watch(callback) {
      isWatching = true;
      onGone = callback;
      inUse.watch();
      if (canHangUp) Deno.addSignalListener("SIGHUP", hungUp);
    },
    async [Symbol.asyncDispose]() {
      if (isWatching && canHangUp) {
        Deno.removeSignalListener("SIGHUP", hungUp);
      }
      await inUse[Symbol.asyncDispose]();
    },
  };
}

/** Whether somebody may be looking on; a terminal that was closed is none any more. */
function isAtTerminal(): boolean {
  const { stdin, stdout, stderr } = Deno;
  return [stdin, stdout, stderr].some((stream) => stream.isTerminal());
}

async function sourceOf(
  wanted: TlsWanted,
  own: { readonly data: string; readonly names: readonly string[] },
): Promise<CertificateSource> {
  if (wanted.kind === "given") {
    const { givenCertificate } = await import("../tls/given_certificate.ts");
    return givenCertificate(wanted);
  }
  const { ownCertificate } = await import("../tls/own_certificate.ts");
  return ownCertificate(own);
}

/** What a server goes by. */
function hostsOf(options: ServeOptions): string[] {
  const { host, public: told } = options;
  const place = told === undefined ? undefined : placeOf(options)?.host;
  const bound = isForAll(host)
    ? ownAddresses(host)
    : canonicalIp(host) === undefined
    ? []
    : [host];
  return [
    ...["localhost", "127.0.0.1", "::1", ...bound],
    ...[ownName(), place, ...webNamesOf(options)].filter((name) =>
      name !== undefined
    ),
  ];
}
