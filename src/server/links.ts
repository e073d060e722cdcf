/** The links of a server: to the place that it was told it has, else to where it listens. */
import { given } from "../base/given.ts";
import { ADMIN_LINK_KEPT_MS } from "../base/limits.ts";
import type { AdminLink } from "../chat/gate_options.ts";
import { formatInviteLink, isLinkHost } from "../wire/invite_link.ts";
import { createSecrets, drawSecret, hashOf } from "./secrets.ts";

/** Where others find a server; the port where it listens, if none is given. */
export interface Place {
  readonly host: string;
  readonly port?: number;
}

/** Of a server that does not listen itself. */
const NOWHERE = { hostname: "localhost", port: 5000 };

export class Links {
  readonly secrets = createSecrets((secret, room) => this.#link(secret, room));
  #fingerprint: string;
  readonly #place: Place | undefined;
  #listening: { readonly hostname: string; readonly port: number } = NOWHERE;
  readonly #adminSecret = drawSecret();

  constructor(fingerprint: string, place: Place | undefined) {
    this.#fingerprint = fingerprint;
    this.#place = place;
  }

  /** The server shows another key: links name that one from now on. */
  shows(fingerprint: string): void {
    this.#fingerprint = fingerprint;
  }

  listensAt(where: { readonly hostname: string; readonly port: number }): void {
    this.#listening = where;
  }

  /** The link that makes an administrator, and what is kept of it. `now`: milliseconds UTC. */
  adminLink(now: number): AdminLink {
    const hash = hashOf(this.#adminSecret);
    return { hash, expires: now + ADMIN_LINK_KEPT_MS };
  }

  get admin(): string {
    return this.#link(this.#adminSecret, undefined);
  }

  #link(token: string, room: string | undefined): string {
    const { hostname, port } = this.#listening;
    const { host, port: toldPort } = this.#place ?? { host: hostname };
    // The zone of an address is this machine's own.
    const bare = host.replace(/%[^]*/, "");
    return formatInviteLink({
      host: isLinkHost(bare) ? bare : NOWHERE.hostname,
      port: toldPort ?? port,
      fingerprint: this.#fingerprint,
      token,
      ...given({ room }),
    });
  }
}
