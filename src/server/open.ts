/**
 * Tells by its first bytes what a connection speaks, and opens it, until there is a codec for its
 * messages or a word to refuse it with. What is found inside another protocol is a transport with
 * facts of its own, and is opened in the same way.
 */
import { given } from "../base/given.ts";
import type { Codec } from "../gateway/codec.ts";
import { codecFor } from "../gateway/codecs.ts";
import { encodeLine } from "../gateway/lines.ts";
import type { Manners } from "../gateway/manners.ts";
import {
  refuseFramed,
  refuseHttp,
  refuseIrc,
  refuseJsonLine,
  refuseTls,
} from "../gateway/refusals.ts";
import { type Protocol, sniff, SNIFF_BYTES, sniffEnded } from "../net/sniff.ts";
import { type Transport, withFirstBytes } from "../net/transport.ts";
import { respond } from "../secure/handshake.ts";
import type { KeyPair } from "../secure/x25519.ts";
import { concat } from "@std/bytes/concat";

/** What a connection came to; there are no words where nobody would understand any. */
export type Opened =
  & { readonly transport: Transport }
  & (
    | { readonly kind: "session"; readonly codec: Codec }
    | {
      readonly kind: "refused";
      readonly reason: string;
      readonly words?: Uint8Array;
      /** For the log: what would have let it in. */
      readonly limit?: string;
    }
  );

/** What the first bytes of a transport say. */
export interface Found {
  readonly protocol: Protocol;
  /** Brings the first bytes again. */
  readonly transport: Transport;
  readonly first: Uint8Array;
}

/** What whoever is at a connection may be answered. */
export interface AnswerBudget {
  /** An answer had so many bytes. */
  charge(bytes: number): void;
  /** Milliseconds until what was answered is paid off; 0 when it is. */
  debtMs(): number;
}

export interface OpenOptions extends Manners {
  readonly identity: KeyPair;
  /** Where those may be who are not encrypted; default `loopback`. */
  readonly plaintext?: "loopback" | "everywhere";
  /** A program talks from here on: it needs no hour, as a person may. */
  readonly onSealing: () => void;
  /** It speaks TLS: from now on frames are no words to it. */
  readonly onTls?: () => void;
  /**
   * It speaks HTTP: from now on it has so many milliseconds, and frames are no words to it. `end`
   * ends it: that nothing more comes would not be seen while an answer is made or sent.
   */
  readonly onHttp?: (ms: number, end: () => void) => void;
  /** What is answered by HTTP is charged to whoever asks, as the answers of the chat are. */
  readonly answers?: AnswerBudget;
  /** How protocols are opened that are not spoken here else. */
  readonly openers?: { readonly [P in Protocol]?: Opener };
}

/** Opens what was found; `undefined` when it ended before it came to anything. */
export type Opener = (
  found: Found,
  options: OpenOptions,
) => Opened | Promise<Opened | undefined>;

/**
 * Opens a connection.
 *
 * @returns `undefined` when it ends before it says what it is.
 * @throws what reading from it and its handshake throw.
 */
export async function open(
  transport: Transport,
  options: OpenOptions,
): Promise<Opened | undefined> {
  const found = await find(transport);
  if (found === undefined) return undefined;
  const opener = options.openers?.[found.protocol] ?? OPENERS[found.protocol];
  return await opener(found, options);
}

async function find(transport: Transport): Promise<Found | undefined> {
  const chunks = transport[Symbol.asyncIterator]();
  let first: Uint8Array = new Uint8Array(0);
  for (;;) {
    const { done, value } = await chunks.next();
    if (!done) first = concat([first, value]);
    const protocol = done
      ? sniffEnded(first)
      : sniff(first) ?? (first.length > SNIFF_BYTES ? "unknown" : undefined);
    if (protocol === undefined && done) return undefined;
    if (protocol === undefined) continue;
    const whole = withFirstBytes(first, chunks, transport);
    return { protocol, transport: whole, first };
  }
}

const UNSEALED =
  "this server accepts sealed connections only: use `confab join`";
const UNSPOKEN = "this server does not speak this: use `confab join`";
const OTHER_VERSION =
  "this server speaks confab/1: use a client of that version";
const TOO_LARGE = "a frame has at most 65535 bytes";

const OPENERS: Readonly<Record<Protocol, Opener>> = {
  "sealed": openSealed,
  "framed": plain(refuseFramed("plaintext-refused", UNSEALED)),
  "json-lines": plain(refuseJsonLine("plaintext-refused", UNSEALED)),
  "hello": plain(encodeLine(`ERR PLAINTEXT_REFUSED ${UNSEALED}`)),
  "terminal": plain(encodeLine(`! ${UNSEALED}`)),
  "sealed-other": (found) =>
    refuse(found, refuseFramed("unsupported-version", OTHER_VERSION)),
  "too-large": (found) => refuse(found, refuseFramed("too-large", TOO_LARGE)),
  "http": (found) => refuse(found, refuseHttp(UNSPOKEN, found.first)),
  "tls": (found) => refuse(found, refuseTls()),
  "irc": (found) => refuse(found, refuseIrc(UNSPOKEN)),
  // From one that is not trusted: it would be a way to another's address.
  "proxy": (found) => refuse(found),
  "unknown": (found) => refuse(found),
};

async function openSealed(
  { transport }: Found,
  options: OpenOptions,
): Promise<Opened> {
  const { identity, onSealing } = options;
  onSealing();
  const channel = await respond(transport, { identity });
  return session(channel, "sealed", options);
}

/** Messages that anybody on the way could read, where that is allowed. */
function plain(words: Uint8Array): Opener {
  return (found, options) => {
    const { transport, protocol } = found;
    const isAllowed = transport.isEncrypted || transport.isLocal ||
      options.plaintext === "everywhere";
    if (isAllowed) return session(transport, protocol, options);
    return refuse(found, words, "plaintext-refused");
  };
}

function refuse(
  { transport, protocol }: Found,
  words?: Uint8Array,
  reason: string = protocol,
): Opened {
  return { kind: "refused", transport, reason, ...given({ words }) };
}

function session(
  transport: Transport,
  protocol: Protocol,
  manners: Manners,
): Opened {
  return { kind: "session", transport, codec: codecFor(protocol, manners)! };
}
