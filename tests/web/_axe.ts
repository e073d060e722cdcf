/** Whether a page can be used by everybody, as far as axe-core can tell. */
import { assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe-core finds wrong: the rule, and where it is broken; nothing is left out. */
export async function violationsOf(page: Page): Promise<string[]> {
  // Through the debugger: the page's content security policy holds all the while.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({
      resultTypes: ["violations"],
    })
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) =>
      `${id} (${help}): ${target.join(" ")}: ${failureSummary ?? ""}`
    )
  );
}

/** Fails with what axe-core finds wrong. */
export async function assertAccessible(page: Page): Promise<void> {
  assertEquals(await violationsOf(page), []);
}
