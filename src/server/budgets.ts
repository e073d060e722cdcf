/**
 * What may be said and asked: each message is paid for by its person, by the address that the
 * person is at, and by the site (IPv6 /48) that the address is of; for keys cost nothing, addresses
 * a little, and whole sites more. What answers take is charged to the same three afterwards.
 */
import type { Clock } from "../base/clock.ts";
import {
  ANSWER_BYTES_BURST,
  ANSWER_BYTES_PER_SECOND,
  ANSWER_BYTES_PER_TOKEN,
  PER_ADDRESS_ANSWERS,
  PER_ADDRESS_BURST,
  PER_ADDRESS_RATE,
  PER_SITE_SHARE,
  RATE_BURST,
  REQUEST_WAIT_MS,
} from "../base/limits.ts";
import type { TokenBucket } from "../base/token_bucket.ts";
import type { Cost } from "../chat/cost.ts";
import { TokenBuckets } from "./rate.ts";

/** Who pays. */
export interface Payer {
  readonly person: string;
  /** Where addresses count. */
  readonly address?: string;
  /** Where the address has one. */
  readonly site?: string;
}

/** A bucket for each person, address and site. */
class Tiers {
  readonly #persons: TokenBuckets;
  readonly #addresses: TokenBuckets;
  readonly #sites: TokenBuckets;

  constructor(
    person: { burst: number; perSecond: number },
    address: { burst: number; perSecond: number },
  ) {
    const { burst, perSecond } = address;
    this.#persons = new TokenBuckets(person.burst, person.perSecond);
    this.#addresses = new TokenBuckets(burst, perSecond);
    this.#sites = new TokenBuckets(
      PER_SITE_SHARE * burst,
      PER_SITE_SHARE * perSecond,
    );
  }

  person({ person }: Payer, now: number): TokenBucket | undefined {
    return this.#persons.of(person, now);
  }

  /** Those that the payer shares with others. */
  shared({ address, site }: Payer, now: number): TokenBucket[] {
    const shared = [
      address === undefined ? undefined : this.#addresses.of(address, now),
      site === undefined ? undefined : this.#sites.of(site, now),
    ];
    return shared.filter((bucket) => bucket !== undefined);
  }

  sweep(now: number): void {
    for (const tier of [this.#persons, this.#addresses, this.#sites]) {
      tier.sweep(now);
    }
  }
}

export class Budgets {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #isLifted: boolean;
  readonly #messages: Tiers;
  /** In bytes. */
  readonly #answers: Tiers;

  /** `rate`: messages a second and person in the long run; 0 lifts all limits. */
  constructor(rate: number, clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
    this.#isLifted = rate === 0;
    // Never less than the usual: what costs more than there can be would be refused forever.
    const burst = Math.max(RATE_BURST, 2 * rate);
    this.#messages = new Tiers(
      { burst, perSecond: rate },
      { burst: PER_ADDRESS_BURST * burst, perSecond: PER_ADDRESS_RATE * rate },
    );
    const bytes = {
      burst: ANSWER_BYTES_BURST,
      perSecond: rate === 0 ? 0 : ANSWER_BYTES_PER_SECOND,
    };
    this.#answers = new Tiers(bytes, {
      burst: PER_ADDRESS_ANSWERS * bytes.burst,
      perSecond: PER_ADDRESS_ANSWERS * bytes.perSecond,
    });
  }

  /**
   * Pays for a message.
   *
   * @returns the milliseconds to wait before it is paid: those who pay from the same bucket have
   * their turns in the order of this call.
   */
  pay(payer: Payer, cost: Cost): number {
    if (this.#isLifted) return 0;
    const now = this.#clock.monotonic();
    let waitMs = 0;
    this.#each(payer, cost, now, (bucket, tokens) => {
      waitMs = Math.max(waitMs, bucket.waitMs(tokens, now));
      bucket.charge(tokens, now);
    });
    return waitMs;
  }

  /** Takes back a payment whose time has not come. */
  giveBack(payer: Payer, cost: Cost): void {
    const now = this.#clock.monotonic();
    this.#each(payer, cost, now, (bucket, tokens) => {
      bucket.giveBack(tokens, now);
    });
  }

  /**
   * Milliseconds until a request is not refused; 0 when it is not now. For what others at its
   * address take it may wait a little; else they would keep it out forever.
   */
  refusalMs(payer: Payer, cost: Cost): number {
    const now = this.#clock.monotonic();
    const own = this.#messages.person(payer, now)?.waitMs(cost.tokens, now);
    const shared = this.#messages.shared(payer, now).map((bucket) =>
      bucket.waitMs(sharedOf(cost), now) - REQUEST_WAIT_MS
    );
    return Math.max(0, own ?? 0, ...shared);
  }

  /** An answer had so many bytes. */
  charge(payer: Payer, bytes: number): void {
    if (this.#isLifted) return;
    const now = this.#clock.monotonic();
    this.#answers.person(payer, now)?.charge(bytes, now);
    for (const bucket of this.#answers.shared(payer, now)) {
      bucket.charge(bytes, now);
    }
  }

  /** An answer took so much more work than its price says, in messages. */
  chargeWork(payer: Payer, tokens: number): void {
    this.charge(payer, tokens * ANSWER_BYTES_PER_TOKEN);
  }

  /** Milliseconds until what was answered is paid off; 0 when it is. */
  debtMs(payer: Payer): number {
    if (this.#isLifted) return 0;
    const now = this.#clock.monotonic();
    const own = this.#answers.person(payer, now)?.waitMs(0, now);
    const shared = this.#answers.shared(payer, now).map((bucket) =>
      bucket.waitMs(0, now)
    );
    return Math.max(0, own ?? 0, ...shared);
  }

  sweep(now: number): void {
    this.#messages.sweep(now);
    this.#answers.sweep(now);
  }

  #each(
    payer: Payer,
    cost: Cost,
    now: number,
    act: (bucket: TokenBucket, tokens: number) => void,
  ): void {
    const own = this.#messages.person(payer, now);
    // What is free is not held up by what others owe.
    if (own !== undefined && cost.tokens > 0) act(own, cost.tokens);
    const shared = sharedOf(cost);
    if (shared === 0) return;
    for (const bucket of this.#messages.shared(payer, now)) act(bucket, shared);
  }
}

function sharedOf({ tokens, shared = tokens }: Cost): number {
  return shared;
}
