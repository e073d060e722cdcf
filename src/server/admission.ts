/** Who may connect: how many in all, of an address and of a site, and who makes way. */
import { providerOf, siteOf } from "../base/cidr.ts";
import {
  MAX_CONNECTIONS,
  MORE_LOCAL_CONNECTIONS,
  NOT_READY_CONNECTIONS,
  PER_ADDRESS_CONNECTIONS,
  PER_ADDRESS_HANDSHAKES_PER_SECOND,
  PER_SITE_SHARE,
} from "../base/limits.ts";
import { addressGroup } from "../net/address.ts";
import type { TransportFacts } from "../net/transport.ts";
import { TokenBuckets } from "./rate.ts";

/** A connection that was let in. */
export interface Admitted {
  /** What limits count it by; empty while that is not known. */
  readonly address: string;
  /** The site of an IPv6 address. */
  readonly site: string | undefined;
  /** Ends it, because another needs its place; nobody asks that of one that is ready. */
  makeWay: (() => void) | undefined;
}

export interface AdmissionOptions {
  readonly maxConnections?: number;
  /** Connections of one address; 0 lifts all limits that count addresses. */
  readonly perAddress?: number;
}

/** Why a connection is not let in: a reason, and the words for its person. */
export const NOT_ADMITTED = {
  "full": "the server is full: try again later",
  "address-connections":
    "there are too many connections from your address: close one, or try again later",
  "address-handshakes":
    "there are too many new connections from your address: try again in a second",
} as const;
type NotAdmitted = keyof typeof NOT_ADMITTED;

const HANDSHAKES = PER_ADDRESS_HANDSHAKES_PER_SECOND;

/** A place among those that are let in. */
class Place implements Admitted {
  address = "";
  site: string | undefined;
  /** Of the site, until it is ready. */
  provider: string | undefined;
  makeWay: (() => void) | undefined;

  constructor(makeWay: () => void) {
    this.makeWay = makeWay;
  }
}

export class Admission {
  readonly #options: AdmissionOptions;
  readonly #handshakes = new TokenBuckets(HANDSHAKES, HANDSHAKES);
  readonly #siteHandshakes = new TokenBuckets(
    PER_SITE_SHARE * HANDSHAKES,
    PER_SITE_SHARE * HANDSHAKES,
  );
  /** Connections of each address and of each site that has any. */
  readonly #counts = new Map<string, number>();
  /** In the order they came. */
  readonly #notReady = new Set<Place>();
  #count = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  /** Lets a connection in, or says why not. */
  admit(
    facts: Pick<TransportFacts, "peer" | "isLocal">,
    now: number,
    makeWay: () => void,
  ): Admitted | NotAdmitted {
    const more = facts.isLocal ? MORE_LOCAL_CONNECTIONS : 0;
    const refusal = this.#fullness(more) ?? this.#refusalAt(facts, now);
    if (refusal !== undefined) return refusal;
    return this.#settle(this.#letIn(makeWay), facts);
  }

  /** As {@linkcode admit}, before it is known whom a proxy brings: no address is counted yet. */
  admitUnknown(makeWay: () => void): Admitted | NotAdmitted {
    return this.#fullness() ?? this.#letIn(makeWay);
  }

  /** It is known who came: says why this one must go, if it must. */
  identify(
    admitted: Admitted,
    facts: Pick<TransportFacts, "peer" | "isLocal">,
    now: number,
  ): NotAdmitted | undefined {
    const refusal = this.#refusalAt(facts, now);
    if (refusal === undefined) this.#settle(admitted as Place, facts);
    return refusal;
  }

  /** It has its `welcome`. */
  ready(admitted: Admitted): void {
    const place = admitted as Place;
    this.#notReady.delete(place);
    place.makeWay = place.provider = undefined;
  }

  release(admitted: Admitted): void {
    this.#count--;
    this.#notReady.delete(admitted as Place);
    for (const place of placesOf(admitted)) this.#add(place, -1);
  }

  sweep(now: number): void {
    this.#handshakes.sweep(now);
    this.#siteHandshakes.sweep(now);
  }

  #fullness(more = 0): NotAdmitted | undefined {
    const { maxConnections = MAX_CONNECTIONS } = this.#options;
    return this.#count >= maxConnections + more ? "full" : undefined;
  }

  /** Why nobody more is let in at an address now. */
  #refusalAt(
    { peer, isLocal }: Pick<TransportFacts, "peer" | "isLocal">,
    now: number,
  ): NotAdmitted | undefined {
    const { perAddress = PER_ADDRESS_CONNECTIONS } = this.#options;
    if (isLocal || perAddress === 0) return undefined;
    const { address, site } = placeOf(peer.hostname);
    const isCrowded = this.#countOf(address) >= perAddress ||
      this.#countOf(site) >= PER_SITE_SHARE * perAddress;
    if (isCrowded) return "address-connections";
    const isTaken = this.#handshakes.of(address, now)!.take(1, now) &&
      (site === undefined || this.#siteHandshakes.of(site, now)!.take(1, now));
    return isTaken ? undefined : "address-handshakes";
  }

  #letIn(makeWay: () => void): Place {
    if (this.#notReady.size >= NOT_READY_CONNECTIONS) {
      this.#oldestOfBusiest()?.makeWay?.();
    }
    const place = new Place(makeWay);
    this.#count++;
    this.#notReady.add(place);
    return place;
  }

  #settle(place: Place, { peer }: Pick<TransportFacts, "peer">): Place {
    const { address, site } = placeOf(peer.hostname);
    place.address = address;
    place.site = site;
    place.provider = site === undefined ? undefined : providerOf(site);
    for (const counted of placesOf(place)) this.#add(counted, 1);
    return place;
  }

  #countOf(place: string | undefined): number {
    return place === undefined ? 0 : this.#counts.get(place) ?? 0;
  }

  #add(place: string, change: 1 | -1): void {
    const count = this.#countOf(place) + change;
    if (count === 0) this.#counts.delete(place);
    else this.#counts.set(place, count);
  }

  /**
   * Who has many addresses, or sites, is as busy as all of them: else one connection of each would
   * make everybody go who has two.
   */
  #oldestOfBusiest(): Admitted | undefined {
    const busy = busiest([...this.#notReady], placeOfProvider);
    const [oldest] = busiest(busy, ({ site, address }) => site ?? address);
    if (oldest !== undefined) this.#notReady.delete(oldest);
    return oldest;
  }
}

function placeOfProvider({ provider, address }: Place): string {
  return provider ?? address;
}

/** Those of the places that have the most, in their order. */
function busiest(
  all: readonly Place[],
  nameOf: (place: Place) => string,
): Place[] {
  const counts = new Map<string, number>();
  for (const place of all) {
    const name = nameOf(place);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  return all.filter((place) => counts.get(nameOf(place)) === most);
}

function placeOf(hostname: string): Pick<Admitted, "address" | "site"> {
  const address = addressGroup(hostname);
  return { address, site: siteOf(address) };
}

/** What a connection counts for. */
function placesOf({ address, site }: Admitted): string[] {
  if (address === "") return [];
  return site === undefined ? [address] : [address, site];
}
