/** What scenes do with a log: wait for what is said, and read it in its order. */
import { assertEquals } from "@std/assert";
import type { Locator, Page } from "playwright-core";
import { enterChat } from "../../build/walk.ts";
import type { Entry } from "../../build/walk.ts";
import type { View } from "../../build/chromium.ts";
import type { Stage } from "./_stage.ts";

/** Lower than this no scene of a few dozen messages scrolls: all of its log is in the page. */
export const TALL = { width: 1280, height: 3_000 };

/** Somebody new at an address, in the chat. */
export async function comeIn(
  stage: Stage,
  url: string,
  { name, room, secret, ...view }: Entry & View,
): Promise<Page> {
  const page = await stage.visit(url, view);
  await enterChat(page, {
    ...name === undefined ? {} : { name },
    ...room === undefined ? {} : { room },
    ...secret === undefined ? {} : { secret },
  });
  return page;
}

export const logOf = (page: Page): Locator => page.getByRole("log");

export const field = (page: Page): Locator =>
  page.getByRole("textbox", { name: /^Message to / });

/** A message with just this text, stored by the server. */
export function said(page: Page, text: string): Locator {
  const exact = page.getByText(text, { exact: true });
  return logOf(page).locator(".said:not(.pending, .failed)")
    .filter({ has: exact }).last();
}

/** Waits for a message with just this text. */
export async function hear(page: Page, text: string): Promise<void> {
  await said(page, text).waitFor();
}

/** The texts of the messages that are in the page, from the first to the last. */
export function texts(page: Page): Promise<string[]> {
  return logOf(page).locator(".said .text").allInnerTexts();
}

/** A page is never broader than its window, whatever stands in it. */
export async function assertFits(page: Page): Promise<void> {
  const [broad, window] = await page.evaluate(() => {
    const { documentElement, body } = document;
    return [
      Math.max(documentElement.scrollWidth, body.scrollWidth),
      innerWidth,
    ];
  });
  assertEquals(broad, window);
}
