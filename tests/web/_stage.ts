/** Scenes in a real browser: one Chromium for a file of tests, contexts and servers of each scene. */
import { assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import {
  chromiumPath,
  contextOptions,
  launchChromium,
  type View,
} from "../../build/chromium.ts";
import { unless } from "../_testing.ts";
import { Server } from "../e2e/_program.ts";
import { WATCHDOG_MS } from "../e2e/_scenario.ts";
import { Faults } from "./_faults.ts";

/** How much of a page the message of a failure shows. */
const SHOWN_CHARACTERS = 4000;

const path = chromiumPath();
const missing = whyNot();
let browser: Promise<Browser> | undefined;

/** Why scenes cannot be played here. */
function whyNot(): string | undefined {
  const [major, minor] = Deno.version.deno.split(".").map(Number);
  if (major! * 100 + minor! < 209) return "the page needs Deno 2.9 or later";
  return path === undefined
    ? "no chromium, nor one in CONFAB_CHROMIUM"
    : undefined;
}

/** A test in the browser that the scenes of a file share; skipped where there is none. */
export function scene(name: string, fn: (stage: Stage) => Promise<void>): void {
  Deno.test({
    ...unless(missing, name),
    // The browser outlives the scene, and its driver is always listening to it.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      browser ??= launchChromium(path!);
      await using stage = new Stage(await browser);
      try {
        await fn(stage);
      } catch (error) {
        throw new Error(`${error}\n\n${await stage.shown(name)}`, {
          cause: error,
        });
      }
      assertEquals(await stage.faults(), []);
    },
  });
}

Deno.test.afterAll(async () => {
  await (await browser)?.close();
});

/** What one scene opens; its end closes it. */
export class Stage implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #faults = new Faults();
  readonly #opened = new AsyncDisposableStack();
  readonly #pages: Page[] = [];
  readonly #servers: Server[] = [];

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** Starts the program's server on a free port of this machine, with these flags added. */
  async serve(...flags: string[]): Promise<Server> {
    const server = this.use(await Server.start(...flags));
    this.#servers.push(server);
    return server;
  }

  /** Closes it at the scene's end. */
  use<T extends AsyncDisposable | Disposable>(value: T): T {
    return this.#opened.use(value);
  }

  /**
   * Opens an address as somebody who was never there: with storage of their own. Another tab of
   * theirs is `page.context().newPage()`.
   */
  async visit(url: string, view: View = {}): Promise<Page> {
    const context = await this.#browser.newContext(contextOptions(view));
    this.#opened.defer(() => context.close());
    context.setDefaultTimeout(WATCHDOG_MS);
    this.#faults.watch(context, new URL(url).host);
    context.on("page", (page) => this.#pages.push(page));
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }

  /** Faults that match belong to this scene; all others fail it at its end. */
  excuse(pattern: RegExp): void {
    this.#faults.excuse(pattern);
  }

  /** Waits for a fault that belongs to this scene, and gives it. */
  fault(pattern: RegExp): Promise<string> {
    return this.#faults.expected(pattern);
  }

  /** What went wrong in the pages so far, and is not excused. */
  faults(): Promise<string[]> {
    return this.#faults.left(this.#pages.filter((page) => !page.isClosed()));
  }

  /**
   * What pages and servers show, for the message of a failure; pictures go to the directory in
   * `CONFAB_PICTURES`.
   */
  async shown(name: string): Promise<string> {
    const open = this.#pages.filter((page) => !page.isClosed());
    const directory = Deno.env.get("CONFAB_PICTURES");
    const pages = open.map(async (page, index) => {
      const file = `${name.replace(/\W+/g, "-")}-${index + 1}.png`;
      if (directory) await page.screenshot({ path: `${directory}/${file}` });
      const tree = await page.locator("body").ariaSnapshot({ timeout: 5000 });
      return `page ${page.url()}\n${tree.slice(0, SHOWN_CHARACTERS)}`;
    });
    const faults = this.faults().then((all) => all.join("\n"));
    const parts = await Promise.allSettled([faults, ...pages]);
    const told = parts.map((part) =>
      part.status === "fulfilled" ? part.value : `not shown: ${part.reason}`
    );
    const logs = this.#servers.map(({ stderr }) =>
      `server\n${stderr.slice(-SHOWN_CHARACTERS)}`
    );
    return [...told, ...logs].join("\n\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.disposeAsync();
  }
}
