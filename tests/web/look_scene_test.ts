/** The page in both schemes, wide, on a phone and at 200 %: everybody can use it, and it fits. */
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { say } from "../../build/walk.ts";
import { COLOR_NAMES } from "../../src/text/markup.ts";
import { enter, say as sayAs } from "../e2e/_people.ts";
import { violationsOf } from "./_axe.ts";
import { comeIn, field, hear } from "./_log.ts";
import { scene } from "./_stage.ts";

/** Each color, with what may stand in one. */
const COLORS = COLOR_NAMES.map((color) =>
  `[${color}]in ${color} *bold* \`code\`[/${color}]`
).join(" ");
const WIDE = { width: 1280, height: 800 };
/** What 200 % makes of it. */
const ZOOMED = { width: 640, height: 400 };
const PHONE = { width: 390, height: 844 };
const LOOKS = [
  ["light", WIDE],
  ["light", PHONE],
  ["dark", WIDE],
  ["dark", ZOOMED],
] as const;

/** Looks at what is shown, in both schemes and in all sizes. */
async function assertUsable(page: Page, what: string): Promise<void> {
  for (const [colorScheme, viewport] of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    const broad = await page.evaluate(() =>
      document.documentElement.scrollWidth
    );
    const found = await violationsOf(page);
    const where = [what, colorScheme];
    assertEquals([...where, broad, found], [...where, viewport.width, []]);
  }
  await page.setViewportSize(WIDE);
}

scene(
  "everything can be used in both schemes, small, and at 200 %",
  async (stage) => {
    const server = await stage.serve("--admin-link");
    const line = await server.logged(/become an administrator/);
    const secret = /'(confab:[^']*)'/.exec(line)![1]!;
    const url = `http://127.0.0.1:${server.port}/`;
    const ann = await comeIn(stage, url, { name: "ann", room: "dev", secret });
    await using bob = await enter(server, { name: "bob", room: "dev" });
    await using cy = await enter(server, { name: "cy", room: "dev" });
    await sayAs(bob, "@ann look at https://example.org/ *now*", {
      room: "dev",
    });
    await sayAs(cy, "`code` and _more_ :tada:", { room: "dev" });
    await sayAs(cy, `@ann ${COLORS}`, { room: "dev" });
    await sayAs(cy, COLORS, { room: "dev" });
    await sayAs(bob, "psst", { to: "ann" });
    await sayAs(cy, "/away at lunch");
    await say(ann, "/topic what we do today");
    await say(ann, "/verify bob");
    await say(ann, "hello everybody");
    await hear(ann, "hello everybody");
    await assertUsable(ann, "chat");

    await ann.getByRole("button", { name: "Search" }).click();
    await ann.getByRole("searchbox").fill("look");
    await ann.keyboard.press("Enter");
    await ann.locator(".result").first().waitFor();
    await assertUsable(ann, "search");
    await ann.keyboard.press("Escape");

    await field(ann).fill("/k");
    await ann.getByRole("option").first().waitFor();
    await assertUsable(ann, "completion");
    await field(ann).fill("");

    await ann.getByRole("button", { name: /^ann .*, you$/ }).click();
    await ann.getByRole("menuitem", { name: "Settings" }).click();
    await ann.getByRole("dialog", { name: "Settings" }).waitFor();
    await assertUsable(ann, "settings");
    await ann.keyboard.press("Escape");

    await ann.getByRole("button", { name: "Set a topic" }).or(
      ann.locator("button.topic"),
    ).first().click();
    await ann.getByRole("dialog").waitFor();
    await assertUsable(ann, "dialog");
    await ann.keyboard.press("Escape");

    await ann.evaluate(() => location.hash = "#monitor");
    await ann.getByText("Running for").waitFor();
    await assertUsable(ann, "monitor");
  },
);
