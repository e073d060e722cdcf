/** What the page shows: one screen at a time. */
import type { Pin } from "../trust/judge.ts";
import type { Asked, Entry, EntryFault } from "./entry.ts";
import type { Chat } from "./model/chat.ts";
import type { NewIdentity } from "./storage/identity_store.ts";

export type Screen = Readonly<
  | { kind: "starting" }
  /** The page cannot work here; why, in a word. */
  | { kind: "unusable"; why: "insecure" | "no-x25519" }
  | EntryScreen
  /** The server's key is not known yet: the person compares it. */
  | {
    kind: "server";
    fingerprint: string;
    words: string;
    entry: Entry;
    asked: readonly Asked[];
  }
  /** The key is another than the one that was known. */
  | { kind: "changed"; known: Pin | undefined; shown: string }
  /** The key is another than the one that a link names. */
  | { kind: "mismatch"; promised: string; shown: string; entry: Entry }
  /** A new key: it can be taken along now, and never again. */
  | { kind: "key"; made: NewIdentity; chat: Chat }
  | { kind: "chat"; chat: Chat }
  | { kind: "over"; text: string; chat?: Chat }
>;

export interface EntryScreen {
  readonly kind: "entry";
  readonly entry: Entry;
  /** Of who was here before, only what the server does not let them in without. */
  readonly asked: readonly Asked[];
  readonly fault?: EntryFault;
  readonly isBusy?: boolean;
  /** Another try comes by itself. */
  readonly isTriedAgain?: boolean;
}
