/** Wrong words of each address: the more there were, the longer the next one waits. */
import { providerOf } from "../base/cidr.ts";
import { type Clock, delay } from "../base/clock.ts";
import {
  GUESS_DELAY_MAX_MS,
  GUESS_DELAY_MS,
  GUESSES_FORGOTTEN_MS,
  GUESSING_ADDRESSES,
  PER_PROVIDER_SHARE,
  PER_SITE_SHARE,
} from "../base/limits.ts";

/** Where a word comes from. */
export interface Origin {
  readonly address: string;
  readonly site?: string | undefined;
}

export class Guesses {
  readonly #clock: Clock;
  /** Wrong words of each address, site and provider, those of the last guess last. */
  readonly #guesses = new Map<string, { count: number; lastAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Addresses, sites and providers that are remembered. */
  get size(): number {
    return this.#guesses.size;
  }

  /**
   * Waits until a word of this address may be looked at: twice as long after each wrong one, and so
   * for a site (IPv6 /48) that was wrong a few times as often, and a provider (/32) some dozen
   * times. It counts as wrong until it is {@linkcode forgive}n.
   */
  async begin(origin: Origin, signal: AbortSignal): Promise<void> {
    // Counted before it is looked at: guesses that are under way together do not share one delay.
    const former = Math.max(
      ...sharesOf(origin).map(([place, share]) =>
        Math.floor(this.#count(place) / share)
      ),
    );
    if (former === 0) return;
    const waitMs = GUESS_DELAY_MS * 2 ** (former - 1);
    await delay(this.#clock, Math.min(waitMs, GUESS_DELAY_MAX_MS), signal);
  }

  /** The word was right. Only this guess is taken back: it does not forgive wrong ones. */
  forgive(origin: Origin): void {
    for (const [place] of sharesOf(origin)) this.#takeBack(place);
  }

  /** Forgets addresses that have not guessed for long. */
  sweep(): void {
    const now = this.#clock.monotonic();
    for (const [place, { lastAt }] of this.#guesses) {
      if (lastAt + GUESSES_FORGOTTEN_MS > now) return;
      this.#guesses.delete(place);
    }
  }

  /** Counts a guess; gives how many there were before. */
  #count(place: string): number {
    const former = this.#guesses.get(place)?.count ?? 0;
    this.#guesses.delete(place);
    if (this.#guesses.size >= GUESSING_ADDRESSES) {
      const { value: oldest } = this.#guesses.keys().next();
      this.#guesses.delete(oldest!);
    }
    const lastAt = this.#clock.monotonic();
    this.#guesses.set(place, { count: former + 1, lastAt });
    return former;
  }

  #takeBack(place: string): void {
    const guesses = this.#guesses.get(place);
    if (guesses !== undefined && --guesses.count <= 0) {
      this.#guesses.delete(place);
    }
  }
}

/** What a word counts for, and of how many there one counts like one of the address. */
function sharesOf({ address, site }: Origin): [string, number][] {
  if (site === undefined) return [[address, 1]];
  const provider = providerOf(site)!;
  return [
    [address, 1],
    [site, PER_SITE_SHARE],
    [provider, PER_PROVIDER_SHARE],
  ];
}
