/** What a server is told of whom it lets in, and what it shows them. */
import type { Network } from "../base/cidr.ts";
import type { KeyPair } from "../secure/x25519.ts";
import type { AdmissionOptions } from "./admission.ts";
import type { OpenOptions } from "./open.ts";

/** Who is let in, and how much they may do; without a value the limits of `base/limits.ts`. */
export interface Terms
  extends AdmissionOptions, Omit<OpenOptions, "onSealing" | "answers"> {
  /** Names this node in the ids of its connections; default `1`. */
  readonly node?: string;
  /** Proxies: what comes from there begins with the header that says whom it brings. */
  readonly trustProxy?: readonly Network[];
  /** Messages a second and person, in the long run; 0 lifts the limit. */
  readonly rate?: number;
}

/** The key that the server shows, and the fingerprint of the one that it will show next. */
export interface ServerKeys {
  readonly identity: KeyPair;
  readonly next?: string;
}
