/** Who is let in at `hello`: whoever has the password, is known here, or shows an invite. */
import { ProtocolError } from "../base/errors.ts";
import type { Core } from "./core.ts";
import type { Asks, GateOptions } from "./gate_options.ts";
import { Invites, type Used } from "./invites.ts";
import type { Roles } from "./roles.ts";
import type { Connection } from "./state.ts";

/** What those are told who are let go. */
export const NOT_LET_IN = "you are not let in here any more";

export class Gate {
  readonly invites: Invites;
  readonly #core: Core;
  readonly #roles: Roles;
  readonly #asks: Asks;
  readonly #list: { allowed: ReadonlySet<string> };

  constructor(core: Core, roles: Roles, options: GateOptions = {}) {
    const { asks = "nothing", secrets, allowed, adminLink } = options;
    this.invites = new Invites(core, roles, secrets, adminLink);
    this.#core = core;
    this.#roles = roles;
    this.#asks = asks;
    this.#list = { allowed: new Set(allowed) };
  }

  /**
   * Lets a connection in. Only a key can be invited: what a guest shows counts for nothing.
   *
   * @returns what a link was good for, if one was shown.
   * @throws {ProtocolError} `password-required`, `invite-required` or `invite-invalid`, and what
   * {@linkcode Invites.use} throws.
   */
  admit(
    connection: Connection,
    invite: string | undefined,
  ): Used | undefined {
    const { person: { key }, hasPassword } = connection;
    const shown = key === undefined ? undefined : invite;
    const used = shown && this.invites.use(key!, shown);
    if (used) return used;
    const isKnown = hasPassword || this.#knows(key);
    if (shown !== undefined && !isKnown) {
      throw new ProtocolError(
        "invite-invalid",
        "this invite is not good, or not any more: ask for another",
      );
    }
    if (this.#asks !== "nothing" && !isKnown) throw this.#refusal(key);
    return undefined;
  }

  /**
   * Lists others to be let in, in the place of those who were listed.
   *
   * @returns the connections of those whom nothing else lets in.
   */
  list(keys: Iterable<string>): Connection[] {
    const before = this.#list.allowed;
    this.#core.undo.assign(this.#list, "allowed", new Set(keys));
    return [...before].flatMap((key) => this.strangers(key));
  }

  /** The connections of a key that would not be let in any more. */
  strangers(key: string): Connection[] {
    if (this.#asks === "nothing") return [];
    const { connections = [] } = this.#core.people.get(key) ?? {};
    const here = Array.from(connections).filter(({ isReady, hasPassword }) =>
      isReady && !hasPassword
    );
    // Of very many who are not here nothing is read.
    return here.length === 0 || this.#knows(key) ? [] : here;
  }

  #knows(key: string | undefined): boolean {
    return key !== undefined &&
      (this.#roles.isAdmin(key) || this.#list.allowed.has(key) ||
        this.invites.hasAdmitted(key));
  }

  #refusal(key: string | undefined): ProtocolError {
    const asks = this.#asks;
    const isForGuests = key === undefined && asks !== "invite";
    if (asks === "password" || isForGuests) {
      const text = "this server has a password: give it";
      return new ProtocolError("password-required", text);
    }
    const others = asks === "invite" ? "" : ", and who has its password";
    return new ProtocolError(
      "invite-required",
      `this server lets in who is invited${others}: ` +
        "confab join with the link of an invite",
    );
  }
}
