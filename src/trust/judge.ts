/** What to make of the key that a server shows: the decision alone, without files and without asking anyone. */
import { ConfabError, UsageError } from "../base/errors.ts";
import {
  type Fingerprint,
  fingerprint,
  fingerprintWords,
  matchesFingerprint,
} from "../secure/fingerprint.ts";

/** A server's key as it was first seen. */
export interface Pin {
  /** As {@linkcode serverAddress} writes it. */
  readonly address: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  readonly firstSeen: Date;
}

/** All that the decision depends on. */
export interface ServerKeyCase {
  /** As {@linkcode serverAddress} writes it. */
  readonly address: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly pin?: Pin | undefined;
  /** What the person was told to expect (`--fingerprint`); it counts for more than the pin. */
  readonly given?: Fingerprint | undefined;
  /** Take a first key without asking (`--trust-new`). */
  readonly trustNew?: boolean | undefined;
}

export interface ServerKeyJudgement {
  /** `ok`: go on. `pin`: store the key (in the place of another), then go on. `ask`: show both forms to the person. */
  readonly verdict: "ok" | "pin" | "ask";
  /** `SHA256:…` of the key that was shown. */
  readonly fingerprint: string;
  /** The same to read aloud. */
  readonly words: string;
}

/**
 * Judges the key that a server showed.
 *
 * @throws {ConfabError} `server-key-changed` when it is not the key that was given or, without one, not the key that was pinned.
 */
export async function judgeServerKey(
  { address, publicKey, pin, given, trustNew }: ServerKeyCase,
): Promise<ServerKeyJudgement> {
  const shown = await fingerprint(publicKey);
  const words = await fingerprintWords(publicKey);
  const judge = (
    verdict: ServerKeyJudgement["verdict"],
  ): ServerKeyJudgement => ({ verdict, fingerprint: shown, words });

  if (given !== undefined) {
    if (!await matchesFingerprint(given, publicKey)) {
      throw differs(address, given, given.form === "sha256" ? shown : words);
    }
    return judge(pin?.fingerprint === shown ? "ok" : "pin");
  }
  if (pin !== undefined) {
    if (pin.fingerprint !== shown) throw changed(address, pin, shown);
    return judge("ok");
  }
  return judge(trustNew ? "pin" : "ask");
}

/**
 * The address under which a server is known: `HOST:PORT`, the host in lower case, an IPv6 address in its shortest form in brackets.
 *
 * @throws {UsageError} when it is no host or no port.
 */
export function serverAddress(host: string, port: number): string {
  const bare = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  // Only what would break a line of the pin file; whether there is such a host shows when it is looked up.
  // deno-lint-ignore no-control-regex
  if (bare === "" || /[\s\x00-\x1f\x7f#[\]/]/.test(bare)) {
    throw new UsageError(`${JSON.stringify(host)} is not a host name`);
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`port ${port}: must be 0 to 65535`);
  }
  return `${bare.includes(":") ? `[${shortIpv6(bare)}]` : bare}:${port}`;
}

/** One spelling for one address; what `URL` does not know (a zone: `fe80::1%eth0`) stays as it is. */
function shortIpv6(address: string): string {
  return URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? address;
}

function changed(address: string, pin: Pin, shown: string): ConfabError {
  const day = pin.firstSeen.toISOString().slice(0, 10);
  return new ConfabError(
    "server-key-changed",
    `the key of ${address} has changed: it was ${pin.fingerprint} (first seen ${day}) and is now ${shown}; ` +
      `only if whoever runs the server confirms the new one: confab forget ${address}`,
  );
}

function differs(
  address: string,
  given: Fingerprint,
  shown: string,
): ConfabError {
  return new ConfabError(
    "server-key-changed",
    `the key of ${address} is ${shown}, not the one given, ${given.text}; ask whoever runs the server which is right`,
  );
}
