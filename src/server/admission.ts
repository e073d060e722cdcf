/** Who may connect: how many in all and of an address, and who makes way while it is not ready. */
import {
  MAX_CONNECTIONS,
  NOT_READY_CONNECTIONS,
  PER_ADDRESS_CONNECTIONS,
  PER_ADDRESS_HANDSHAKES_PER_SECOND,
} from "../base/limits.ts";
import { addressGroup } from "../net/address.ts";
import type { TransportFacts } from "../net/transport.ts";
import { TokenBuckets } from "./rate.ts";

/** A connection that was let in. */
export interface Admitted {
  /** What limits count it by. */
  readonly address: string;
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

export class Admission {
  readonly #options: AdmissionOptions;
  readonly #handshakes = new TokenBuckets(
    PER_ADDRESS_HANDSHAKES_PER_SECOND,
    PER_ADDRESS_HANDSHAKES_PER_SECOND,
  );
  readonly #perAddress = new Map<string, number>();
  /** In the order they came. */
  readonly #notReady = new Set<Admitted>();
  #count = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  /** Lets a connection in, or says why not. */
  admit(
    { peer, isLocal }: Pick<TransportFacts, "peer" | "isLocal">,
    now: number,
    makeWay: () => void,
  ): Admitted | NotAdmitted {
    const {
      maxConnections = MAX_CONNECTIONS,
      perAddress = PER_ADDRESS_CONNECTIONS,
    } = this.#options;
    const address = addressGroup(peer.hostname);
    if (this.#count >= maxConnections) return "full";
    if (!isLocal && perAddress > 0) {
      if (this.#countOf(address) >= perAddress) return "address-connections";
      if (this.#handshakes.of(address, now)?.take(1, now) === false) {
        return "address-handshakes";
      }
    }
    if (this.#notReady.size >= NOT_READY_CONNECTIONS) {
      this.#oldestOfBusiest()?.makeWay?.();
    }
    const admitted: Admitted = { address, makeWay };
    this.#count++;
    this.#perAddress.set(address, this.#countOf(address) + 1);
    this.#notReady.add(admitted);
    return admitted;
  }

  /** It has its `welcome`. */
  ready(admitted: Admitted): void {
    this.#notReady.delete(admitted);
    admitted.makeWay = undefined;
  }

  release(admitted: Admitted): void {
    this.#count--;
    this.#notReady.delete(admitted);
    const rest = this.#countOf(admitted.address) - 1;
    if (rest === 0) this.#perAddress.delete(admitted.address);
    else this.#perAddress.set(admitted.address, rest);
  }

  sweep(now: number): void {
    this.#handshakes.sweep(now);
  }

  #countOf(address: string): number {
    return this.#perAddress.get(address) ?? 0;
  }

  #oldestOfBusiest(): Admitted | undefined {
    const counts = new Map<string, number>();
    for (const { address } of this.#notReady) {
      counts.set(address, (counts.get(address) ?? 0) + 1);
    }
    const most = Math.max(...counts.values());
    for (const admitted of this.#notReady) {
      if (counts.get(admitted.address) !== most) continue;
      this.#notReady.delete(admitted);
      return admitted;
    }
    return undefined;
  }
}
