/** Something that happens once, perhaps before anybody waits for it. */
export class Once {
  #hasHappened = false;
  /** Only while somebody waits: there may be very many things that nobody does. */
  #waiting: PromiseWithResolvers<void> | undefined;

  /** It happens now; later calls do nothing. */
  happen(): void {
    this.#hasHappened = true;
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  /** Resolves when it has happened. */
  happened(): Promise<void> {
    if (this.#hasHappened) return Promise.resolve();
    this.#waiting ??= Promise.withResolvers();
    return this.#waiting.promise;
  }
}
