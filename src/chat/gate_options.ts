/** What a hub is told of who may enter. */

/** What the links are made with. Each is a function of what it is given, and of nothing else. */
export interface Secrets {
  /** The secret of a number, which nobody else can know: base64url of 16 bytes. */
  secretOf(number: number): string;
  /** What is kept of a secret. */
  hashOf(secret: string): string;
  /** The link that brings it, and who follows it to a room. */
  linkOf(secret: string, room: string | undefined): string;
}

/** Whoever shows its secret first is an administrator from then on. */
export interface AdminLink {
  readonly hash: string;
  /** Milliseconds UTC. */
  readonly expires: number;
}

/** What a server asks of those who come and are not known. */
export type Asks = "nothing" | "password" | "invite" | "invite or password";

export interface GateOptions {
  /** Default `nothing`. */
  readonly asks?: Asks;
  /** Without them there are no invites. */
  readonly secrets?: Secrets;
  /** Fingerprints of those who are let in for as long as they are listed. */
  readonly allowed?: Iterable<string>;
  readonly adminLink?: AdminLink;
}
