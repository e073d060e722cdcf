/** Opens connections that begin with TLS: what is inside is told by its first bytes again. */
import type { SecureContext } from "node:tls";
import type { Clock } from "../base/clock.ts";
import { OPENING_MS } from "../base/limits.ts";
import { refuseTls } from "../gateway/refusals.ts";
import {
  type Found,
  open,
  type Opened,
  type Opener,
  type OpenOptions,
} from "../server/open.ts";
import { TlsTransport } from "./tls_transport.ts";

export interface TlsOpenerOptions {
  readonly clock: Clock;
  /** The certificate of the moment. */
  readonly context: () => SecureContext;
}

/** What browsers ask for, where there is a page; the chat itself has no such name. */
const PAGE_PROTOCOLS = ["http/1.1"];

export function tlsOpener(tls: TlsOpenerOptions): Opener {
  return (found, options) => openTls(found, options, tls);
}

async function openTls(
  { transport }: Found,
  options: OpenOptions,
  { clock, context }: TlsOpenerOptions,
): Promise<Opened | undefined> {
  const { tls: _, ...openers } = options.openers ?? {};
  options.onTls?.();
  // Programs shake hands: they need no hour, even on this machine.
  const cancel = clock.after(OPENING_MS, () => transport.close());
  const inside = await TlsTransport.accept(transport, {
    context: context(),
    ...openers.http === undefined ? {} : { protocols: PAGE_PROTOCOLS },
  }).finally(cancel);
  if (inside === undefined) return undefined;
  if (inside instanceof TlsTransport) {
    return await open(inside, { ...options, openers });
  }
  const refused = { kind: "refused", transport, reason: "tls-failed" } as const;
  // What follows a first answer is sealed: nobody would understand a word.
  return inside.hasSent ? refused : { ...refused, words: refuseTls() };
}
