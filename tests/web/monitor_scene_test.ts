/** The monitor of the page in a real browser: of an administrator, and of one who is none. */
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import type { View } from "../../build/chromium.ts";
import { enterChat } from "../../build/walk.ts";
import { enter, say } from "../e2e/_people.ts";
import type { Server } from "../e2e/_program.ts";
import { assertAccessible } from "./_axe.ts";
import { scene, type Stage } from "./_stage.ts";

async function serve(stage: Stage): Promise<Server> {
  return await stage.serve("--admin-link");
}

/** What stands behind the page's address for whoever is to be an administrator. */
async function adminLink(server: Server): Promise<string> {
  const told = await server.logged(/become an administrator/);
  return `#/lobby${/\?fp=[^']*/.exec(told)![0]}`;
}

/** Somebody new, in the chat. */
async function comeIn(
  stage: Stage,
  server: Server,
  name: string,
  how: View & { as: "admin" | "stranger" },
): Promise<Page> {
  const link = how.as === "admin" ? await adminLink(server) : "";
  const page = await stage.visit(
    `http://127.0.0.1:${server.port}/${link}`,
    how,
  );
  await enterChat(page, { name });
  return page;
}

/** Opens the monitor by its address. */
async function openMonitor(page: Page): Promise<void> {
  await page.evaluate(() => location.hash = "#monitor");
  await page.getByRole("heading", { name: "Monitor", level: 1 }).waitFor();
}

const table = (page: Page) => page.getByRole("table");
const rowOf = (page: Page, name: string) =>
  table(page).getByRole("row", { name: new RegExp(`^${name}\\b`) });
const lines = (page: Page) =>
  page.getByRole("group", { name: "Lines of the log" });

scene(
  "an administrator watches a load, kicks somebody, and reads of it in the log",
  async (stage) => {
    const server = await serve(stage);
    const page = await comeIn(stage, server, "ann", { as: "admin" });
    await openMonitor(page);
    await page.getByText("Running for").waitFor();
    await rowOf(page, "ann").waitFor();

    const names = ["bob", "lee", "mara"];
    const people = await Promise.all(
      names.map((name) => enter(server, { name, room: "garden" })),
    );
    for (const person of people) stage.use(person);
    for (let at = 0; at < 30; at++) {
      await say(people[at % people.length]!, `hello ${at}`, { room: "garden" });
    }
    for (const name of names) await rowOf(page, name).waitFor();
    const messages = page.getByRole("figure", { name: "Messages" });
    await messages.getByText(/^[1-9][\d.]*\/s$/).first().waitFor();
    await page.getByRole("region", { name: "Rooms" })
      .getByText("garden").waitFor({ timeout: 30_000 });
    await assertAccessible(page);

    // Everything by keyboard: to the row, its menu, the question, and back.
    const find = page.getByRole("searchbox", { name: "Find a connection" });
    await find.fill("garden");
    await rowOf(page, "ann").waitFor({ state: "detached" });
    await rowOf(page, "bob").getByRole("button", { name: /^What to do/ })
      .press("Enter");
    await page.getByRole("menuitem", { name: "Kick from the server…" })
      .press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("too loud");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("status").getByText("bob was kicked").waitFor();
    await rowOf(page, "bob").waitFor({ state: "detached" });
    await people[0]!.next(({ type, code }) =>
      type === "bye" && code === "kicked"
    );
    const search = page.getByRole("searchbox", { name: "Find in the log" });
    await search.fill("server kick");
    await lines(page).getByText("server kick").waitFor();
    assertEquals(await lines(page).getByRole("listitem").count(), 1);

    // Escape empties what is looked for, then closes; back and forth go through the address.
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByRole("log").waitFor();
    assertEquals(new URL(page.url()).hash, "");
  },
);

scene("a stranger gets words, and nothing of the server", async (stage) => {
  const server = await serve(stage);
  const page = await comeIn(stage, server, "eve", { as: "stranger" });
  await openMonitor(page);
  await page.getByText("The monitor is for administrators").waitFor();
  await page.getByText(/^SHA256:/).waitFor();
  await assertAccessible(page);
  const text = await page.locator("body").innerText();
  assertEquals(text.includes("Running for"), false);
  assertEquals(await page.getByRole("table").count(), 0);
  // The address alone leads there, too.
  await page.reload();
  await page.getByText("The monitor is for administrators").waitFor();
  // Going back closes it.
  await page.goBack();
  await page.getByRole("log").waitFor();
});

scene(
  "on a phone one part is before one, and what people are called is text",
  async (stage) => {
    const server = await serve(stage);
    const page = await comeIn(stage, server, "ann", {
      ...{ as: "admin", size: "phone", scheme: "dark" },
    });
    const hostile = "<img-onerror=alert(1)>";
    const person = stage.use(
      await enter(server, { name: "mallory", room: "pit" }),
    );
    await say(person, hostile, { room: "pit" });
    await openMonitor(page);
    await page.getByText("Running for").waitFor();
    await assertAccessible(page);
    for (const name of ["Connections", "Log", "Rooms", "Bans", "Admins"]) {
      await page.getByRole("tab", { name }).click();
      await page.getByRole("heading", { name, level: 2 }).waitFor();
      const isWide = await page.evaluate(() =>
        document.documentElement.scrollWidth > innerWidth
      );
      assertEquals([name, isWide], [name, false]);
      await assertAccessible(page);
    }
    await page.getByText("ann").waitFor();
  },
);
