/**
 * Takes pictures of the page: of the running program in Chromium, while people talk. Those of the
 * README go to `docs/pictures`; `--all DIRECTORY` takes every view, wide and narrow, light and dark,
 * to be judged by eye.
 */
import type { Browser, Page } from "playwright-core";
import { ConfabError } from "../src/base/errors.ts";
import {
  chromiumPath,
  contextOptions,
  launchChromium,
  type View,
} from "./chromium.ts";
import { Scene } from "./pictures/scene.ts";
import { END, OTHER_ROOM, ROOM, VIEWER } from "./pictures/talk.ts";
import { enterChat, goTo, say } from "./walk.ts";

const DOCS = new URL("../docs/pictures/", import.meta.url).pathname;
const FONTS = new URL("pictures/fonts.conf", import.meta.url).pathname;
/** A page of text with pictures beside it should not weigh more than its reader's patience. */
const PICTURE_MAX_BYTES = 150_000;

const VIEWS: readonly Required<View>[] = (["wide", "phone"] as const).flatMap((
  size,
) => (["light", "dark"] as const).map((scheme) => ({ size, scheme })));

/** Something of the page to take a picture of, of somebody who is in the chat. */
interface Sight {
  readonly name: string;
  open(page: Page): Promise<void>;
  close(page: Page): Promise<void>;
}

const nothing = () => Promise.resolve();
const CHAT: Sight = { name: "chat", open: nothing, close: nothing };
const MONITOR: Sight = {
  name: "monitor",
  async open(page) {
    await page.evaluate(() => location.hash = "#monitor");
    await page.getByText("Running for").waitFor();
    await page.getByText("Disk").waitFor();
  },
  async close(page) {
    await page.keyboard.press("Escape");
    await page.getByRole("log").waitFor();
  },
};
const SIGHTS: readonly Sight[] = [CHAT, MONITOR];

async function open(browser: Browser, view: View): Promise<Page> {
  const context = await browser.newContext({
    ...contextOptions(view),
    timezoneId: "UTC",
  });
  await context.clock.setFixedTime(END);
  return await context.newPage();
}

/** The viewer comes in and is there while everybody talks. */
async function comeIn(browser: Browser, scene: Scene): Promise<Page> {
  const page = await open(browser, {});
  await page.goto(scene.url);
  await enterChat(page, { name: VIEWER });
  await say(page, `/join +${OTHER_ROOM}`);
  await goTo(page, OTHER_ROOM);
  await goTo(page, ROOM);
  // What was said to whoever came in for the first time is gone when one comes again.
  await page.reload();
  await page.getByRole("log").waitFor();
  await goTo(page, ROOM);
  await scene.play(page);
  return page;
}

async function take(page: Page, path: string): Promise<void> {
  const bytes = await page.screenshot({ path, caret: "hide" });
  console.log(`${path}: ${Math.round(bytes.length / 1000)} KB`);
  if (path.startsWith(DOCS) && bytes.length > PICTURE_MAX_BYTES) {
    throw new ConfabError("usage", `${path} is larger than a picture may be`);
  }
}

/** Shows a page as it is elsewhere, without coming in again. */
async function turn(page: Page, view: View): Promise<void> {
  const { viewport, colorScheme } = contextOptions(view);
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
}

async function takeAll(browser: Browser, directory: string): Promise<void> {
  await Deno.mkdir(directory, { recursive: true });
  await using scene = await Scene.open();
  const nameOf = (name: string, { size, scheme }: Required<View>) =>
    `${directory}/${name}-${size}-${scheme}.png`;
  for (const view of VIEWS) {
    const page = await open(browser, view);
    await page.goto(scene.url);
    await page.getByLabel("Your name").waitFor();
    await take(page, nameOf("dialog", view));
    await page.context().close();
  }
  const page = await comeIn(browser, scene);
  await scene.spendAnHour();
  for (const view of VIEWS) {
    await turn(page, view);
    for (const sight of SIGHTS) {
      await sight.open(page);
      await take(page, nameOf(sight.name, view));
      await sight.close(page);
    }
  }
  await page.context().close();
}

async function takeForReadme(browser: Browser): Promise<void> {
  await using scene = await Scene.open();
  const page = await comeIn(browser, scene);
  await take(page, `${DOCS}chat.png`);
  await scene.spendAnHour();
  await MONITOR.open(page);
  await take(page, `${DOCS}monitor.png`);
  await page.context().close();
}

const path = chromiumPath();
if (path === undefined) {
  throw new Error("no chromium, nor one in CONFAB_CHROMIUM");
}
const browser = await launchChromium(path, { FONTCONFIG_FILE: FONTS });
try {
  const [flag, directory] = Deno.args;
  if (flag === "--all" && directory !== undefined) {
    await takeAll(browser, directory);
  } else await takeForReadme(browser);
} finally {
  await browser.close();
}
