/** Invites: secrets in links that let keys in for good; only a hash of each is kept. */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { INVITES_OPEN } from "../base/limits.ts";
import type { Core } from "./core.ts";
import type { AdminLink, Secrets } from "./gate_options.ts";
import type { InviteRecord } from "./record_kinds.ts";
import type { Roles } from "./roles.ts";

/** What an invite is made of. */
export interface Offer {
  /** Fingerprint of who makes it. */
  readonly by: string;
  readonly room: string | undefined;
  readonly keptMs: number;
  readonly uses: number;
}

/** What a secret was good for. */
export interface Used {
  readonly room?: string;
  /** What it gave that its key did not have; as the log calls it. */
  readonly gave?: "invited" | "made admin";
}

export class Invites {
  readonly #core: Core;
  readonly #roles: Roles;
  readonly #secrets: Secrets | undefined;
  readonly #state: { made: number; adminLink: AdminLink | undefined };

  constructor(
    core: Core,
    roles: Roles,
    secrets: Secrets | undefined,
    adminLink: AdminLink | undefined,
  ) {
    this.#core = core;
    this.#roles = roles;
    this.#secrets = secrets;
    this.#state = { made: 0, adminLink };
  }

  /**
   * Makes an invite.
   *
   * @throws {ProtocolError} `limit-reached` or `not-stored`.
   */
  make(
    { by, room, keptMs, uses }: Offer,
  ): { link: string; expires: number; uses: number } {
    const { undo, records, now: { wall: at } } = this.#core;
    const secrets = this.#secrets;
    if (secrets === undefined) {
      throw new ProtocolError("not-allowed", "this server makes no invites");
    }
    this.#demandSpace();
    const state = this.#state;
    undo.assign(state, "made", state.made + 1);
    const secret = secrets.secretOf(state.made);
    const expires = at + keptMs;
    records.put(
      "invite",
      secrets.hashOf(secret),
      { by, at, uses, expires, ...given({ room }) },
      { until: expires },
    );
    return { link: secrets.linkOf(secret, room), expires, uses };
  }

  /**
   * Takes what a secret gives: the key is admitted for good, and invited into the room if that is
   * locked. A use is counted only where the key gets something that it does not have.
   *
   * @returns what the secret is good for, and what it gave, if that is something; `undefined` for
   * one that is good for nothing.
   * @throws {ProtocolError} `not-stored`, or `limit-reached` in a room.
   */
  use(key: string, secret: string): Used | undefined {
    const { records, now: { wall: now } } = this.#core;
    const hash = this.#secrets?.hashOf(secret);
    if (hash === undefined) return undefined;
    const admin = this.#useAdminLink(key, hash);
    if (admin !== undefined) return admin;
    const invite = records.get("invite", hash);
    if (invite === undefined || invite.expires <= now) return undefined;
    const isAdmitted = this.#admit(key, hash, invite);
    const isInvited = invite.room !== undefined &&
      this.#roles.inviteInto(invite.room, key);
    const room = given({ room: invite.room });
    if (!isAdmitted && !isInvited) return room;
    this.#count(hash, invite);
    return { ...room, gave: "invited" };
  }

  /** Whether a key has used an invite. */
  hasAdmitted(key: string): boolean {
    return this.#core.records.get("admitted", key) !== undefined;
  }

  /**
   * Takes back that a key was admitted; `false` when it was not. The invite ends with that: whoever
   * has it could come back with it, as somebody else, too.
   */
  expel(key: string): boolean {
    const { records } = this.#core;
    const admitted = records.get("admitted", key);
    if (admitted === undefined) return false;
    records.removeLater("admitted", key);
    const { invite } = admitted;
    if (invite !== undefined && records.get("invite", invite) !== undefined) {
      records.removeLater("invite", invite);
    }
    return true;
  }

  /** Ends all invites that are open, or those that one key made; gives how many those were. */
  endAll(by?: string): number {
    const { records, now: { wall: now } } = this.#core;
    const all = records.list("invite", "", INVITES_OPEN)
      .filter(({ value }) => by === undefined || value.by === by);
    for (const { key } of all) records.removeLater("invite", key);
    return all.filter(({ value: { expires } }) => expires > now).length;
  }

  #useAdminLink(key: string, hash: string): Used | undefined {
    const { undo, now } = this.#core;
    const { adminLink } = this.#state;
    if (adminLink?.hash !== hash || adminLink.expires <= now.wall) {
      return undefined;
    }
    if (this.#roles.isAdmin(key)) return {};
    this.#roles.appoint(key);
    undo.assign(this.#state, "adminLink", undefined);
    return { gave: "made admin" };
  }

  /** `false` when the key has been let in before, or needs nobody to let it in. */
  #admit(key: string, hash: string, { by }: InviteRecord): boolean {
    if (this.#roles.isAdmin(key) || this.hasAdmitted(key)) return false;
    const { records, now: { wall: at } } = this.#core;
    records.put("admitted", key, { by, at, invite: hash });
    return true;
  }

  #count(hash: string, invite: InviteRecord): void {
    const { records } = this.#core;
    const { uses, expires } = invite;
    records.demandStoring();
    if (uses <= 1) return records.removeLater("invite", hash);
    const left = { ...invite, uses: uses - 1 };
    records.put("invite", hash, left, { until: expires });
  }

  /** Those that are over make way for others. */
  #demandSpace(): void {
    const { records, now: { wall: now } } = this.#core;
    const all = records.list("invite", "", INVITES_OPEN);
    const over = all.filter(({ value: { expires } }) => expires <= now);
    for (const { key } of over) records.removeLater("invite", key);
    if (all.length - over.length < INVITES_OPEN) return;
    throw new ProtocolError(
      "limit-reached",
      `${INVITES_OPEN} invites are open: /server revoke all ends them`,
    );
  }
}
