/** Those whom an administrator keeps out of the server: by key, or all of a network. */
import {
  type Network,
  networkAround,
  networkText,
  parseNetwork,
} from "../base/cidr.ts";
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { BANS_PAGE, SERVER_BANS } from "../base/limits.ts";
import { minuteText } from "../base/time.ts";
import { fitFrame } from "../wire/frame_list.ts";
import type { Bans } from "../wire/server.ts";
import type { Core } from "./core.ts";
import type { Peer } from "./input.ts";
import type {
  RecordKinds,
  SanctionRecord,
  ServerBansRecord,
} from "./record_kinds.ts";
import { counted, type Sanction, SanctionList } from "./sanctions.ts";

const KIND = "server-ban";
/** The record that says how many bans there are, and of networks of which lengths. */
const ALL = "all";

/** Reads a record as it is, here or where it is committed. */
export type ReadBans = <K extends "server-ban" | "server-bans">(
  kind: K,
  key: string,
) => RecordKinds[K] | undefined;

/**
 * What is held against an address: the ban of a network that it is in. That takes a look for each
 * length of networks that are banned, however many those are.
 *
 * @param now milliseconds UTC.
 */
export function networkBanOf(
  read: ReadBans,
  ip: string,
  now: number,
): SanctionRecord | undefined {
  const { networks = {} } = read("server-bans", ALL) ?? {};
  for (const [length, { count, until = 0 }] of Object.entries(networks)) {
    if (count === 0 && until <= now) continue;
    const [family, bits] = length.split("/").map(Number);
    const network = networkAround(ip, bits!);
    if (network === undefined || network.family !== family) continue;
    const ban = read(KIND, networkText(network));
    if (ban !== undefined && (ban.until ?? Infinity) > now) return ban;
  }
  return undefined;
}

/** What to tell somebody who is banned; the times are UTC. */
export function bannedText({ until, why }: SanctionRecord): string {
  const end = until === undefined ? "" : ` until ${minuteText(until)}`;
  return `you are banned from this server${end}${becauseOf(why)}`;
}

/** Why something was done, as the end of a sentence. */
export function becauseOf(why: string | undefined): string {
  return why === undefined ? "" : `: ${why}`;
}

export class ServerBans {
  readonly #core: Core;
  readonly #isAdmin: (key: string | undefined) => boolean;
  readonly #list: SanctionList;

  constructor(core: Core, isAdmin: (key: string | undefined) => boolean) {
    this.#core = core;
    this.#isAdmin = isAdmin;
    const place = {
      kind: KIND,
      prefix: "",
      get summary() {
        return core.records.get("server-bans", ALL);
      },
      count: this.#count.bind(this),
    } as const;
    this.#list = new SanctionList(core, place);
  }

  /** Why somebody may not be here, in words; `undefined` when there is no reason. */
  refusalOf({ key, ip, address, isLocal }: Peer): string | undefined {
    const { records, now: { wall } } = this.#core;
    const isAnybody = records.get("server-bans", ALL) !== undefined;
    if (!isAnybody || this.#isAdmin(key)) return undefined;
    const read: ReadBans = (kind, key) => records.get(kind, key);
    const ban = (key === undefined ? undefined : this.#list.find(key)) ??
      (isLocal ? undefined : networkBanOf(read, ip, wall));
    if (ban !== undefined) return bannedText(ban);
    if (isLocal || !this.#list.isNewNear(key, address)) return undefined;
    return "somebody who is banned came from your address: a name that you held before lets you in";
  }

  /**
   * Bans a target: a fingerprint, or a network in its one way of writing.
   *
   * @throws {ProtocolError} `limit-reached` or `not-stored`.
   */
  ban(target: string, ban: Sanction): void {
    this.#list.put(target, ban);
  }

  /** Lifts the ban of a target; `false` when there is none. */
  unban(target: string): boolean {
    return this.#list.remove(target);
  }

  /** Lifts the ban of who has a key, else of those who had a name when they were banned. */
  unbanNamed(name: string, key: string | undefined): boolean {
    return this.#list.removeNamed(name, key);
  }

  /** Bans that hold, ascending by target from behind `after` on. */
  page(after: string): Pick<Bans, "bans" | "more"> {
    const { records, now: { wall } } = this.#core;
    const listed = records.list(KIND, "", BANS_PAGE + 1, after);
    const held = listed.slice(0, BANS_PAGE)
      .filter(({ value: { until = Infinity } }) => until > wall)
      .map(({ key: target, value: { by = "", at, until, why, name } }) => ({
        target,
        by,
        at,
        ...given({ name, until, why }),
      }));
    const bans = fitFrame(held);
    const isAll = bans.length === held.length && listed.length <= BANS_PAGE;
    return { bans, more: !isAll };
  }

  #count(target: string | undefined, by: 1 | -1, until?: number): void {
    const { records } = this.#core;
    const before = records.get("server-bans", ALL) ?? { count: 0 };
    const after = counted(before, by, until);
    if (after.count > SERVER_BANS) {
      throw new ProtocolError(
        "limit-reached",
        `a server has at most ${SERVER_BANS} bans`,
      );
    }
    const network = target === undefined ? undefined : parseNetwork(target);
    records.put("server-bans", ALL, {
      ...after,
      ...given({ networks: before.networks }),
      ...(network === undefined
        ? {}
        : { networks: lengthsAfter(before.networks, network, by, until) }),
    });
  }
}

/** How many networks of each length are banned, after one more or less. */
function lengthsAfter(
  lengths: ServerBansRecord["networks"] = {},
  { family, bits }: Network,
  by: 1 | -1,
  until: number | undefined,
): NonNullable<ServerBansRecord["networks"]> {
  const length = `${family}/${bits}`;
  return { ...lengths, [length]: counted(lengths[length], by, until) };
}
