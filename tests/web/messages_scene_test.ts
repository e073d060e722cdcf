/** What is said, in a real browser: long logs, search, what is new, and what was not sent. */
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import type { View } from "../../build/chromium.ts";
import { enterChat } from "../../build/walk.ts";
import { SqliteStore } from "../../src/store/sqlite/store.ts";
import type { Entry } from "../../src/store/store.ts";
import type { Server } from "../e2e/_program.ts";
import { assertAccessible } from "./_axe.ts";
import { scene, type Stage } from "./_stage.ts";

const MESSAGES = 10_000;
const KEY = `SHA256:${"p".repeat(43)}`;

async function enter(
  stage: Stage,
  { port }: Server,
  name: string,
  view: View = {},
): Promise<Page> {
  const page = await stage.visit(`http://127.0.0.1:${port}/`, view);
  await enterChat(page, { name });
  await field(page).waitFor();
  return page;
}

/** A server with a long log in the room `long`: each message has its number, some many lines. */
async function serveLong(stage: Stage): Promise<Server> {
  const server = await stage.serve();
  server.kill("SIGTERM");
  await server.status;
  const at = Date.now() - MESSAGES * 60_000;
  const entries = Array.from({ length: MESSAGES }, (_, index): Entry => ({
    ...{ room: "long", seq: index + 1, at: at + index * 60_000 },
    ...{ from: "pia", person: KEY, kind: "text", id: `id${index}` },
    body: `number ${index + 1}` + "\nmore".repeat(index % 7),
  }));
  {
    await using store = SqliteStore.open(`${server.data}/confab.db`);
    const append = { room: "long", expectedHead: 0, entries };
    await store.commit({ appends: [append], writes: [] });
    while (await store.index(65_536));
  }
  await server.restart();
  return server;
}

const field = (page: Page) =>
  page.getByRole("textbox", { name: /^Message to/ });
const log = (page: Page) => page.getByRole("log");
const line = (page: Page, words: string | RegExp) =>
  log(page).locator(".said").filter({ hasText: words }).last();
const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name });
const spoken = (page: Page, words: string) =>
  page.locator("[aria-live=polite]").getByText(words).waitFor({
    state: "attached",
  });

async function say(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press("Enter");
}

/** Where a line stands in the window. */
async function top(page: Page, words: RegExp): Promise<number> {
  const box = await line(page, words).boundingBox();
  return Math.round(box!.y);
}

scene(
  "a long log is read back, searched, and left for the present",
  async (stage) => {
    const server = await serveLong(stage);
    const ann = await enter(stage, server, "ann");
    await say(ann, "/join long");
    await line(ann, /number 10000\b/).waitFor();

    // Back by some pages of the server; few of the lines are in the page.
    await log(ann).focus();
    for (const number of [9_960, 9_860, 9_700]) {
      const wanted = log(ann).getByText(new RegExp(`^number ${number}\\b`));
      while (!await wanted.isVisible()) {
        await ann.keyboard.press("Home");
        await ann.keyboard.press("PageDown");
      }
    }
    assert(await ann.locator(".line").count() < 150);
    await assertAccessible(ann);

    await button(ann, "Search").click();
    await ann.getByRole("searchbox").fill("number 3");
    await ann.keyboard.press("Enter");
    await button(ann, "Search further back").waitFor();
    await ann.getByRole("searchbox").fill("3");
    await ann.getByRole("searchbox").fill("number 4321");
    await ann.keyboard.press("Enter");
    await ann.getByText("1 message", { exact: true }).waitFor();
    await assertAccessible(ann);
    await ann.locator(".result").click();
    await ann.locator(".sought").filter({ hasText: "number 4321" }).waitFor();
    await line(ann, /number 4322\b/).waitFor();

    await ann.getByRole("searchbox").fill("number 2");
    await ann.keyboard.press("Escape");
    assertEquals(await ann.getByRole("search").count(), 0);
    await button(ann, "Back to the present").click();
    await line(ann, /number 10000\b/).waitFor();
    assertEquals(await button(ann, "Back to the present").count(), 0);
  },
);

scene(
  "what comes while one reads above moves nothing, and is counted and read aloud",
  async (stage) => {
    const server = await serveLong(stage);
    const ann = await enter(stage, server, "ann");
    await say(ann, "/join long");
    await line(ann, /number 10000\b/).waitFor();
    const bob = await enter(stage, server, "bob");
    await say(bob, "/join long");
    await line(bob, /number 10000\b/).waitFor();

    await field(ann).focus();
    await log(ann).evaluate((log) => log.scrollTop -= 700);
    await button(ann, "To the end").waitFor();
    await line(ann, /number 9985\b/).waitFor();
    const before = await top(ann, /number 9985\b/);
    await say(bob, "@ann look\nhere");
    await button(ann, /1 new/).waitFor();
    await spoken(ann, "bob: @ann look");
    assertEquals(await top(ann, /number 9985\b/), before);
    // In a narrower window, and when it is larger again, the line stays where it was.
    await ann.setViewportSize({ width: 640, height: 700 });
    await ann.setViewportSize({ width: 1280, height: 800 });
    await line(ann, /number 9985\b/).waitFor();
    assert(Math.abs(await top(ann, /number 9985\b/) - before) < 40);

    await button(ann, /1 new/).click();
    await line(ann, "@ann look").and(ann.locator(".mention")).waitFor();
    await log(ann).getByText("New", { exact: true }).waitFor();
    assertEquals(await button(ann, "To the end").count(), 0);

    // Elsewhere and back: it is where it was.
    await log(ann).evaluate((log) => log.scrollTop -= 500);
    await button(ann, "To the end").waitFor();
    const place = await top(ann, /number 9995\b/);
    await say(ann, "/query bob");
    await log(ann).getByText("your conversation with bob begins").waitFor();
    await ann.getByRole("navigation").or(ann.locator(".sidebar"))
      .getByRole("button", { name: /^long/ }).first().click();
    await line(ann, /number 9995\b/).waitFor();
    assertEquals(await top(ann, /number 9995\b/), place);
    // What one says oneself is at the end.
    await say(ann, "I am here");
    await line(ann, "I am here").waitFor();
    assertEquals(await button(ann, "To the end").count(), 0);
  },
);

scene("messages are deleted, folded, refused and taken back", async (stage) => {
  const server = await stage.serve();
  const ann = await enter(stage, server, "ann");
  const bob = await enter(stage, server, "bob", { scheme: "dark" });
  for (const page of [ann, bob]) {
    await say(page, "/join garden");
    await log(page).getByText("This is where garden begins.").waitFor();
  }
  await log(ann).getByText("bob joined").waitFor();
  await log(ann).getByText("Today", { exact: true }).waitFor();
  await say(bob, "a *bold* word, <b>no markup</b>, https://example.org/");
  const markup = line(ann, "a bold word");
  await markup.waitFor();
  assertEquals(await markup.locator("strong").allInnerTexts(), ["bold"]);
  assertEquals(await markup.locator("b").count(), 0);
  assertEquals(
    await markup.getByRole("link").getAttribute("href"),
    "https://example.org/",
  );
  // Few lines stand at the field, and a block of code is one.
  await say(bob, "see:\n```\nif (a) {\n  b();\n}\n```\nthat is it");
  const block = line(ann, "that is it").locator("code.block");
  assertEquals(await block.innerText(), "if (a) {\n  b();\n}");
  const [lines, last] = [
    await log(ann).boundingBox(),
    await line(ann, "that is it").boundingBox(),
  ];
  const left = lines!.y + lines!.height - last!.y - last!.height;
  assert(left < 20, `${left} px under the last line`);
  await say(bob, ":tada:");
  await line(ann, "🎉").locator(".large").waitFor();
  await say(bob, "/me waves");
  await ann.locator(".action").filter({ hasText: "waves" }).waitFor();

  // By keyboard: up to the message, into its buttons.
  await log(ann).focus();
  await ann.keyboard.press("ArrowUp");
  await ann.locator("li:focus").filter({ hasText: "waves" }).waitFor();
  await ann.keyboard.press("ArrowUp");
  await ann.locator("li:focus").filter({ hasText: "🎉" }).waitFor();
  await assertAccessible(ann);
  await ann.locator("li:focus").getByRole("button", {
    name: "Delete the message",
  })
    .click();
  await ann.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await log(bob).getByText("This message was deleted.").waitFor();

  await say(ann, "/mute bob");
  await say(bob, "can you hear me");
  await bob.getByRole("alert").filter({ hasText: "not sent:" }).waitFor();
  await assertAccessible(bob);
  await button(bob, "Edit").click();
  assertEquals(await field(bob).inputValue(), "can you hear me");
  assertEquals(await bob.locator(".failed").count(), 0);
  await say(ann, "/help op");
  await log(ann).getByRole("rowheader", { name: "/op NAME" }).waitFor();
  await button(ann, "Take this note away").last().click();
  await log(ann).getByRole("rowheader").waitFor({ state: "detached" });
});
