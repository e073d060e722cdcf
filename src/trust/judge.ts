/**
 * Judges the key that a server shows. It touches no files and asks nobody: pins come through an
 * interface, and a key that a person must look at is an error.
 */
import { ConfabError, describeError, UsageError } from "../base/errors.ts";
import {
  fingerprint,
  fullFingerprint,
  wordsOfFingerprint,
} from "../secure/fingerprint.ts";
import type { Fingerprint } from "../secure/fingerprint.ts";

/** A server's key as it was first seen. */
export interface Pin {
  /** As {@linkcode serverAddress} writes it. */
  readonly address: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  readonly firstSeen: Date;
  /** The key that the server has announced to show next, `SHA256:…`. */
  readonly next?: string;
}

/** Where keys of servers are kept. */
export interface Pins {
  lookup(address: string): Pin | undefined;
  /** Stores a key as seen first at `now`, in the place of another one. */
  pin(address: string, fingerprint: string, now: Date): Promise<void>;
  /**
   * Stores with a pin of this key which key is announced to come next, and whether that is news.
   * Another pin stays as it is.
   */
  announce(
    address: string,
    fingerprint: string,
    next: string | undefined,
  ): Promise<boolean>;
  /** Looks what other programs have stored meanwhile. */
  refresh(): Promise<void>;
}

export interface ServerJudgeOptions {
  /** As {@linkcode serverAddress} writes it. */
  readonly address: string;
  readonly pins: Pins;
  /** What the person was told to expect, by `--fingerprint` or a link. */
  readonly given?: Fingerprint | undefined;
  /**
   * Whether what was given counts for more than the pin: what a person says does, and a link, which
   * anybody may have sent, does not. Default `yes`.
   */
  readonly mayReplacePin?: "yes" | "no";
  /** Take a first key without asking (`--trust-new`). Default false. */
  readonly trustNew?: boolean;
  readonly now: () => Date;
}

/** The key of a server that was never seen: a person must be asked, and the key then pinned. */
export class UnknownServerKey extends ConfabError {
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** The same to read aloud. */
  readonly words: string;

  constructor(address: string, fingerprint: string) {
    const words = wordsOfFingerprint(fingerprint);
    super(
      "server-key-unknown",
      `the key of ${address} is not known here: ${fingerprint} (${words}); ` +
        `if it is the right one, give it with --fingerprint; confab join --trust-new accepts any first key`,
    );
    this.fingerprint = fingerprint;
    this.words = words;
  }
}

/** Judges the keys that one server shows, and notes which one it announces to show next. */
export class ServerJudge {
  readonly #options: ServerJudgeOptions;
  /** The key that was judged last, and right. */
  #shown: string | undefined;
  /** What the person is to be told. */
  #news: string | undefined;

  constructor(options: ServerJudgeOptions) {
    this.#options = options;
  }

  /**
   * Judges a key. Resolves when it is the right one, and it is pinned then: the one that was given
   * and may replace the pin, or else pinned, or announced with the pin. What it throws must end the
   * connection.
   *
   * @throws {UnknownServerKey} when nothing is known of the server.
   * @throws {ConfabError} `server-key-changed` when it is not the key that was given or, where the
   * pin counts, none of those; what pinning throws.
   */
  async judge(publicKey: Uint8Array<ArrayBuffer>): Promise<void> {
    const { address, pins, given, trustNew = false, now } = this.#options;
    const isPinAsked = given === undefined ||
      this.#options.mayReplacePin === "no";
    const shown = await fingerprint(publicKey);
    let pin = pins.lookup(address);
    if (given !== undefined) {
      const text = given.form === "sha256" ? shown : wordsOfFingerprint(shown);
      if (text !== given.text) {
        throw wrongKey(
          `the key of ${address} is ${text}, not the one given, ${given.text}; ask whoever runs the server which is right`,
        );
      }
    }
    if (pin !== undefined && isPinAsked) {
      if (pin.fingerprint !== shown && pin.next !== shown) {
        // Another client may have heard more of the server.
        await pins.refresh();
        pin = pins.lookup(address) ?? pin;
      }
      if (pin.fingerprint !== shown) this.#follow(pin, shown);
    } else if (given === undefined && !trustNew) {
      throw new UnknownServerKey(address, shown);
    }
    if (pin?.fingerprint !== shown) await pins.pin(address, shown, now());
    this.#shown = shown;
  }

  /**
   * Notes with the pin which key the server announces to show next, `undefined` for none: said
   * inside a channel whose key was judged. Gives what the person is to be told, if there is
   * something. Never rejects.
   */
  async learn(next: string | undefined): Promise<string | undefined> {
    const { address, pins } = this.#options;
    const news = this.#news;
    this.#news = undefined;
    if (this.#shown === undefined) return news;
    const key = next === undefined ? undefined : fullFingerprint(next);
    try {
      const before = pins.lookup(address)?.next;
      const isNews = await pins.announce(address, this.#shown, key);
      if (!isNews || key === undefined) return news;
      const noted =
        `${address} will change its key; noted as the next one: ${key}`;
      if (before === undefined) return noted;
      // An honest server takes the one back first; who was not there then cannot tell.
      return `${noted}, in the place of ${before}; ask whoever runs the server: somebody else may have its key`;
    } catch (error) {
      return `the next key of ${address} is not noted: ${describeError(error)}`;
    }
  }

  /** Goes over to the announced key; throws when it is another. */
  #follow(pin: Pin, shown: string): void {
    const { address } = pin;
    if (pin.next !== shown) {
      const day = pin.firstSeen.toISOString().slice(0, 10);
      throw wrongKey(
        `the key of ${address} has changed: it was ${pin.fingerprint} (first seen ${day}) and is now ${shown}; ` +
          `only if whoever runs the server confirms the new one: confab forget ${address}`,
      );
    }
    this.#news =
      `${address} has changed its key, as it had announced; it is ${shown} now`;
  }
}

/**
 * The address under which a server is known: `HOST:PORT`, the host in lower case, an IPv6 address
 * in its shortest form and in brackets.
 *
 * @throws {UsageError} when it is no host or no port.
 */
export function serverAddress(host: string, port: number): string {
  const bare = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  // Only what would break a line of the pin file: looking it up shows whether there is such a host.
  // deno-lint-ignore no-control-regex
  if (bare === "" || /[\s\x00-\x1f\x7f#[\]/]/.test(bare)) {
    throw new UsageError(`${JSON.stringify(host)} is not a host name`);
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`port ${port}: must be 0 to 65535`);
  }
  return `${bare.includes(":") ? `[${shortIpv6(bare)}]` : bare}:${port}`;
}

/** One spelling for one address. What `URL` does not know stays: a zone, `fe80::1%eth0`. */
function shortIpv6(address: string): string {
  return URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? address;
}

function wrongKey(message: string): ConfabError {
  return new ConfabError("server-key-changed", message);
}
