/** People and places of the page in a real browser: menus, cards, words to compare, and drawers. */
import { assertEquals, assertMatch } from "@std/assert";
import type { Locator, Page } from "playwright-core";
import { assertAccessible } from "./_axe.ts";
import type { Server } from "../e2e/_program.ts";
import { scene, type Stage } from "./_stage.ts";
import type { View } from "../../build/chromium.ts";

interface Entering extends View {
  room?: string;
  /** An invite. */
  link?: string;
}

/** Somebody new, in a room. */
async function enter(
  stage: Stage,
  port: number,
  name: string,
  { room = "garden", link = "", ...view }: Entering = {},
): Promise<Page> {
  const page = await stage.visit(`http://127.0.0.1:${port}/#/${room}`, view);
  await page.getByLabel("Your name").fill(name);
  if (link !== "") await page.getByLabel("Password or invite").fill(link);
  await page.getByRole("button", { name: "Join", exact: true }).click();
  // A link says which key the server has.
  if (link === "") {
    await page.getByRole("button", { name: "They are the same" }).click();
  }
  await page.getByRole("button", { name: /^Not now/ }).click();
  await input(page).waitFor();
  return page;
}

const input = (page: Page) =>
  page.getByRole("textbox", { name: /^Message to/ });

const person = (page: Page, name: string) =>
  page.getByRole("complementary", { name: "People" })
    .getByRole("button", { name: new RegExp(`^${name}\\b`) });

const item = (page: Page, name: string | RegExp) =>
  page.getByRole("menuitem", { name });

const focused = (page: Page) => page.locator(":focus");

function serve(stage: Stage, ...flags: string[]): Promise<Server> {
  return stage.serve(...flags);
}

async function say(page: Page, text: string): Promise<void> {
  await input(page).fill(text);
  await input(page).press("Enter");
}

/** Waits until the focus is there. */
async function hasFocus(page: Page, wanted: Locator): Promise<void> {
  await wanted.and(focused(page)).waitFor();
}

scene(
  "by keyboard somebody is looked at, verified, ignored and kicked",
  async (stage) => {
    const { port } = await serve(stage);
    const ann = await enter(stage, port, "ann");
    const bob = await enter(stage, port, "bob");
    await person(ann, "ann you creator").waitFor();

    // The menu opens by Enter, arrows move in it, Escape goes back.
    await person(ann, "bob").focus();
    await ann.keyboard.press("Enter");
    await hasFocus(ann, item(ann, "Message"));
    await ann.keyboard.press("ArrowDown");
    await hasFocus(ann, item(ann, "Who is this"));
    await ann.keyboard.press("Escape");
    await hasFocus(ann, person(ann, "bob"));

    // The card says the words that bob reads of himself.
    await ann.keyboard.press("Enter");
    await item(ann, "Who is this").press("Enter");
    const card = ann.getByRole("dialog", { name: "bob" });
    await card.getByText("Here since").waitFor();
    const words = await card.locator(".words li").allTextContents();
    await assertAccessible(ann);
    await ann.keyboard.press("Escape");
    await hasFocus(ann, person(ann, "bob"));
    await bob.getByRole("button", { name: /^bob .*, you$/ }).click();
    await item(bob, "My fingerprint").click();
    const own = bob.getByRole("dialog", { name: "My fingerprint" });
    assertEquals(await own.locator(".words li").allTextContents(), words);
    await bob.keyboard.press("Escape");

    // Both compare, and it fits.
    await ann.keyboard.press("Enter");
    await item(ann, "Verify").press("Enter");
    const verify = ann.getByRole("dialog", { name: "Verify bob" });
    await verify.getByRole("region", { name: "Words of You" }).waitFor();
    await assertAccessible(ann);
    await verify.getByRole("button", { name: "They are the same" }).press(
      "Enter",
    );
    await person(ann, "bob verified").waitFor();

    // Who is ignored is not heard.
    await person(ann, "bob").click();
    await item(ann, "Ignore").click();
    await person(ann, "bob verified ignored").waitFor();
    await say(bob, "can you hear me");
    await ann.getByRole("button", { name: /^ann .*, you$/ }).click();
    await item(ann, "Settings").click();
    const settings = ann.getByRole("dialog", { name: "Settings" });
    await assertAccessible(ann);
    await settings.getByRole("button", { name: "Hear again: bob" }).click();
    await ann.keyboard.press("Escape");
    await say(bob, "and now");
    await ann.getByText("and now").waitFor();
    assertEquals(await ann.getByText("can you hear me").count(), 0);

    // A kick is asked about, with its reason; bob still has the room and what he was typing.
    await input(bob).fill("what I was saying");
    await person(ann, "bob").click();
    await item(ann, /^Kick from garden/).click();
    await ann.getByRole("dialog", { name: "Kick bob from garden?" }).waitFor();
    await ann.getByLabel("Reason").fill("too loud");
    await ann.keyboard.press("Enter");
    await bob.getByText("You are not in garden.").waitFor();
    const why = /too loud/;
    const told = bob.getByRole("listitem").filter({ hasText: why });
    await told.waitFor();
    assertMatch(
      await told.innerText(),
      /you were removed from garden \(kicked by ann: too loud\)/,
    );
    assertEquals(await input(bob).count(), 0);
    await assertAccessible(bob);
    await bob.getByRole("button", { name: "Join again" }).click();
    await input(bob).waitFor();
    assertEquals(await input(bob).inputValue(), "what I was saying");
    assertEquals(await told.count(), 1);
  },
);

scene(
  "on a phone the panels come over the rest, hold the focus, and give it back",
  async (stage) => {
    const { port } = await serve(stage);
    const ann = await enter(stage, port, "ann", {
      size: "phone",
      scheme: "dark",
    });
    const rooms = ann.getByRole("button", { name: "Rooms", exact: true });
    const nav = ann.getByRole("navigation");
    await rooms.press("Enter");
    await hasFocus(
      ann,
      nav.getByRole("button", { name: "garden", exact: true }),
    );
    assertEquals(await ann.locator("main").getAttribute("inert"), "");
    await assertAccessible(ann);
    await ann.keyboard.press("Escape");
    await hasFocus(ann, rooms);
    assertEquals(await nav.count(), 0);

    // A room that cannot be joined says so where it was typed.
    await rooms.click();
    await nav.getByLabel("Join a room").fill("two words");
    await nav.getByLabel("Join a room").press("Enter");
    await nav.getByRole("alert").filter({ hasText: /\S/ }).waitFor();
    await nav.getByLabel("Join a room").fill("kitchen");
    await nav.getByLabel("Join a room").press("Enter");
    await ann.getByRole("heading", { name: "kitchen" }).waitFor();
    await ann.getByRole("button", { name: "1 person here" }).click();
    await hasFocus(ann, person(ann, "ann"));
    await assertAccessible(ann);
    // The ground beside it closes it.
    await ann.mouse.click(10, 400);
    assertEquals(await ann.getByRole("complementary").count(), 0);
    const width = () => ann.evaluate(() => document.body.scrollWidth);
    assertEquals(await width(), 390);
    await ann.setViewportSize({ width: 320, height: 600 });
    assertEquals(await width(), 320);
  },
);

scene(
  "the list of rooms finds, joins and makes them by keyboard",
  async (stage) => {
    const { port } = await serve(stage);
    const ann = await enter(stage, port, "ann");
    await say(ann, "/topic all that grows");
    await ann.getByRole("button", { name: /^all that grows/ }).waitFor();
    const bob = await stage.visit(`http://127.0.0.1:${port}/#/lobby`);
    await bob.getByLabel("Your name").fill("bob");
    await bob.getByRole("button", { name: "Join", exact: true }).click();
    await bob.getByRole("button", { name: "They are the same" }).click();
    await bob.getByRole("button", { name: /^Not now/ }).click();
    await bob.getByRole("button", { name: "All rooms" }).click();
    const dialog = bob.getByRole("dialog", { name: "Rooms" });
    const garden = dialog.getByRole("button", { name: /^garden 1 person/ });
    await garden.waitFor();
    await assertAccessible(bob);
    await bob.keyboard.type("grows");
    await bob.keyboard.press("ArrowDown");
    await hasFocus(bob, garden);
    await bob.keyboard.press("Enter");
    await bob.getByRole("heading", { name: "garden" }).waitFor();
    await bob.getByRole("button", { name: "All rooms" }).click();
    await bob.keyboard.type("pond");
    await bob.keyboard.press("Enter");
    await bob.getByRole("heading", { name: "pond" }).waitFor();
    await person(bob, "bob you creator").waitFor();
  },
);

scene(
  "who keeps the server makes a link for others, and removes somebody for good",
  async (stage) => {
    const server = await serve(stage, "--admin-link");
    const { port } = server;
    const told = await server.logged(/administrator/);
    const [, link] = /confab join '(confab:[^']+)'/.exec(told)!;
    const root = await enter(stage, port, "root", { link: link! });
    await person(root, "root you admin").waitFor();
    await root.getByRole("button", { name: /^root .*, you$/ }).click();
    await item(root, "Invite somebody…").click();
    const dialog = root.getByRole("dialog", { name: "Invite somebody" });
    await dialog.getByLabel("People it lets in").fill("2");
    await assertAccessible(root);
    await dialog.getByRole("button", { name: "Make a link" }).click();
    await dialog.getByText(/It lets 2 people in until/).waitFor();
    const made = await dialog.getByRole("textbox").inputValue();
    assertEquals(
      /^confab:\/\/127\.0\.0\.1:\d+\/garden\?fp=/.test(made),
      true,
      made,
    );
    await root.keyboard.press("Escape");

    const eve = await enter(stage, port, "eve");
    await person(root, "eve").click();
    await item(root, "Ban from the server…").click();
    await root.getByLabel(/^How long/).fill("7d spam");
    await root.getByRole("button", { name: "Ban eve" }).click();
    await eve.getByText(/spam/).waitFor();
    await person(root, "eve").waitFor({ state: "detached" });
  },
);
