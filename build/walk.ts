/** Ways through the page, as a person takes them: found by what they are called, not how they are made. */
import type { Page } from "playwright-core";

export interface Entry {
  readonly name?: string;
  readonly room?: string;
  readonly secret?: string;
}

/** Fills in the first dialog, and sends it. */
export async function fillIn(page: Page, entry: Entry): Promise<void> {
  const fields = [
    ["Your name", entry.name],
    ["Room", entry.room],
    ["Password or invite", entry.secret],
  ] as const;
  for (const [label, text] of fields) {
    if (text !== undefined) await page.getByLabel(label).fill(text);
  }
  await page.getByRole("button", { name: "Join", exact: true }).click();
}

/** Goes from the first dialog to the chat: trusts the server, and takes no key along. */
export async function enterChat(page: Page, entry: Entry): Promise<void> {
  await fillIn(page, entry);
  const trust = page.getByRole("button", { name: "They are the same" });
  const noKey = page.getByRole("button", { name: "Not now" });
  const log = page.getByRole("log");
  // A link tells which server it is, and a key that was made before is not shown again.
  for (;;) {
    await trust.or(noKey).or(log).first().waitFor();
    if (await log.isVisible()) return;
    const asked = await trust.isVisible() ? trust : noKey;
    await asked.click();
    await asked.waitFor({ state: "detached" });
  }
}

/** Says something where one is. */
export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: /^Message to / }).fill(text);
  await page.keyboard.press("Enter");
}

/** Goes to a room or a conversation where one is already; resolves when its messages are shown. */
export async function goTo(page: Page, place: string): Promise<void> {
  const places = page.getByRole("navigation", { name: /^Rooms/ });
  const name = new RegExp(`^${place}\\b`);
  await places.getByRole("button", { name }).click();
  await page.getByRole("log", { name: new RegExp(`${place}$`) }).waitFor();
}
