/** The certificate that is shown: read at the start, and again when its files have changed. */
import type { Clock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import { CERTIFICATE_LOOK_MS } from "../base/limits.ts";
import type { Log } from "../base/log.ts";
import type { Certificate } from "./certificate.ts";
import type { CertificateSource, Loaded } from "./certificate_source.ts";

interface CertificateInUseOptions {
  readonly source: CertificateSource;
  readonly clock: Clock;
  readonly log: Log;
}

export class CertificateInUse implements AsyncDisposable {
  readonly #options: CertificateInUseOptions;
  #current: Certificate;
  /** What the source was like when it was read last, and at the last look. */
  #read: string;
  #seen: string;
  /** What was complained about last. */
  #told = "";
  #cancel = () => {};
  #looking = Promise.resolve();
  #isOver = false;

  private constructor(
    options: CertificateInUseOptions,
    loaded: Loaded,
    state: string,
  ) {
    this.#options = options;
    this.#current = loaded.certificate;
    this.#read = this.#seen = state;
    this.#warn(loaded);
  }

  /** @throws {ConfabError} `key-file` when there is none that can be used. */
  static async open(
    options: CertificateInUseOptions,
  ): Promise<CertificateInUse> {
    const { source, clock } = options;
    const now = clock.wall();
    const before = await source.state(now);
    const loaded = await source.load(now);
    return new CertificateInUse(options, loaded, before);
  }

  /** Those who connect from now on get to see it. */
  get current(): Certificate {
    return this.#current;
  }

  /** Looks at the source from now on, until it is disposed of. */
  watch(): void {
    this.#cancel = this.#options.clock.after(CERTIFICATE_LOOK_MS, () => {
      this.#do(() => this.#look());
      this.looked.then(() => {
        if (!this.#isOver) this.watch();
      });
    });
  }

  /** Reads it at once, whether it has changed or not. */
  reload(): void {
    this.#do(async () => {
      const state = await this.#state();
      this.#told = "";
      await this.#load(state);
    });
  }

  /** Resolves when what was begun is over. Never rejects. */
  get looked(): Promise<void> {
    return this.#looking;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#cancel();
    await this.#looking;
  }

  #do(what: () => Promise<void>): void {
    this.#looking = this.#looking.then(() => this.#isOver ? undefined : what());
  }

  #state(): Promise<string> {
    const { source, clock } = this.#options;
    return source.state(clock.wall());
  }

  /** What changed since the last look may be half written, or just one of two files. */
  async #look(): Promise<void> {
    const state = await this.#state();
    const isAtRest = state === this.#seen;
    this.#seen = state;
    if (isAtRest && state !== this.#read) await this.#load(state);
  }

  /** With what cannot be used the one before stays, and that is said once. */
  async #load(state: string): Promise<void> {
    const { source, clock, log } = this.#options;
    try {
      const loaded = await source.load(clock.wall());
      this.#read = state;
      const { fingerprint, notAfter } = loaded.certificate;
      const isOther = fingerprint !== this.#current.fingerprint;
      this.#current = loaded.certificate;
      if (isOther) {
        const until = new Date(notAfter).toISOString();
        log.info("certificate changed", { fingerprint, until });
      }
      this.#warn(loaded);
    } catch (error) {
      const reason = describeError(error);
      if (!this.#isNews(reason)) return;
      log.warn("certificate not changed: the one before is still shown", {
        reason,
      });
    }
  }

  #warn({ warnings }: Loaded): void {
    const { log } = this.#options;
    const reason = warnings.join("; ");
    if (!this.#isNews(reason) || reason === "") return;
    log.warn("certificate with a fault", { reason });
  }

  #isNews(reason: string): boolean {
    const isNews = reason !== this.#told;
    this.#told = reason;
    return isNews;
  }
}
