/** What goes wrong in pages without anybody noticing: collected, to be none at a scene's end. */
import type { BrowserContext, Page } from "playwright-core";
import { Inbox } from "../e2e/_inbox.ts";

export class Faults {
  readonly #noted = new Inbox<string>((fault) => fault);
  readonly #excused: RegExp[] = [];

  /**
   * Collects from all pages of a context: errors and warnings on the console (every violation of
   * the content security policy is one), errors that nobody caught, requests that failed or
   * brought an error, and whatever is asked of another host than the pages' own.
   */
  watch(context: BrowserContext, host: string): void {
    const other = (kind: string, url: string) => {
      const { protocol, host: asked } = new URL(url);
      const isInside = protocol === "data:" || protocol === "blob:";
      if (!isInside && asked !== host) this.#note(`${kind} elsewhere: ${url}`);
    };
    context.on("console", (message) => {
      const type = message.type();
      if (type !== "error" && type !== "warning") return;
      this.#note(`console ${type}: ${message.text()}`);
    });
    context.on("weberror", (error) => this.#note(`${error.error()}`));
    context.on("request", (request) => other("request", request.url()));
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "failed";
      // A page that is left gives up what it was loading.
      if (why !== "net::ERR_ABORTED") this.#note(`${why}: ${request.url()}`);
    });
    context.on("response", (response) => {
      if (response.ok() || response.status() === 304) return;
      this.#note(`status ${response.status()}: ${response.url()}`);
    });
    context.on("page", (page) => {
      page.on("crash", () => this.#note(`crashed: ${page.url()}`));
      page.on("websocket", (socket) => other("WebSocket", socket.url()));
    });
  }

  /** Faults that match belong to the scene. */
  excuse(pattern: RegExp): void {
    this.#excused.push(pattern);
  }

  /** Waits for a fault that belongs to the scene, and gives it. */
  expected(pattern: RegExp): Promise<string> {
    this.excuse(pattern);
    return this.#noted.next((fault) => pattern.test(fault), String(pattern));
  }

  /** Those that nothing excuses, after everything that these pages have said so far. */
  async left(pages: readonly Page[]): Promise<string[]> {
    // An answer of a page comes behind whatever it reported before.
    await Promise.all(pages.map((page) => page.evaluate(() => 0)));
    return this.#noted.all.filter((fault) =>
      !this.#excused.some((pattern) => pattern.test(fault))
    );
  }

  #note(fault: string): void {
    this.#noted.push(fault.replace(/\s+/g, " ").slice(0, 400));
  }
}
