/** Where one types, in a real browser: completion, emoji, pastes, keys, and input methods. */
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import type { View } from "../../build/chromium.ts";
import { enterChat } from "../../build/walk.ts";
import { assertAccessible } from "./_axe.ts";
import { scene, type Stage } from "./_stage.ts";

/** Somebody new in a room of their own choice. */
async function enter(
  stage: Stage,
  port: number,
  name: string,
  view: View = {},
): Promise<Page> {
  const page = await stage.visit(`http://127.0.0.1:${port}/`, view);
  await enterChat(page, { name });
  await field(page).waitFor();
  return page;
}

async function serve(stage: Stage): Promise<number> {
  return (await stage.serve()).port;
}

const field = (page: Page) =>
  page.getByRole("textbox", { name: /^Message to/ });
const text = (page: Page) => field(page).inputValue();
const said = (page: Page, words: string) =>
  page.getByRole("log").getByText(words, { exact: true }).last().waitFor();
const option = (page: Page, name: string | RegExp) =>
  page.getByRole("option", { name });

/** Waits until the field has the caret, and types. */
async function type(page: Page, words: string): Promise<void> {
  await page.locator(".composer textarea:focus").waitFor();
  await page.keyboard.type(words);
}

/** Whether the browser has stored a draft of the lobby; it does so a moment after the last key. */
async function draftIsKept(draft: string): Promise<boolean> {
  const settled = <Value>(request: IDBRequest<Value>) =>
    new Promise<Value>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await settled(indexedDB.open("confab"));
  const values = database.transaction("values").objectStore("values");
  const { drafts } = await settled(values.get("memory"));
  database.close();
  return drafts.lobby === draft;
}

scene("commands, people and emoji are completed by keyboard", async (stage) => {
  const port = await serve(stage);
  const ann = await enter(stage, port, "ann");
  const bob = await enter(stage, port, "bob");
  await type(bob, "hello\n");
  await said(ann, "hello");

  await type(ann, "/ki");
  await option(ann, /^\/kick NAME \[WHY\]/).and(
    ann.locator("[aria-selected=true]"),
  ).waitFor();
  await assertAccessible(ann);
  await ann.keyboard.press("Tab");
  assertEquals(await text(ann), "/kick ");
  // What it takes is offered; nothing is chosen before something is begun.
  await option(ann, "bob").waitFor();
  assertEquals(await ann.locator("[aria-selected=true]").count(), 0);
  await ann.keyboard.press("Escape");
  assertEquals(await ann.getByRole("option").count(), 0);

  await field(ann).fill("");
  await type(ann, "@");
  await option(ann, "bob").waitFor();
  await ann.keyboard.press("Enter");
  assertEquals(await text(ann), "@bob ");
  await type(ann, ":tad");
  await option(ann, /:stadium:/).waitFor();
  await ann.keyboard.press("ArrowDown");
  await ann.keyboard.press("ArrowUp");
  await ann.keyboard.press("Enter");
  assertEquals(await text(ann), "@bob 🎉 ");
  await ann.keyboard.press("Enter");
  await said(bob, "@bob 🎉");

  // Tab goes through names without a list, and one can take it back.
  await type(ann, "b");
  await ann.keyboard.press("Tab");
  assertEquals(await text(ann), "bob: ");
  await ann.keyboard.press("Control+z");
  assertEquals(await text(ann), "b");
  await field(ann).fill("");
  await ann.keyboard.press("ArrowUp");
  assertEquals(await text(ann), "@bob 🎉 ");

  // What is refused stays, with the reason beside it.
  await field(ann).fill("/kick nobody_here");
  await ann.keyboard.press("Enter");
  await ann.locator(".composer .fault").waitFor();
  assertEquals(await text(ann), "/kick nobody_here");
});

scene("emoji are picked from a grid by keyboard", async (stage) => {
  const port = await serve(stage);
  const ann = await enter(stage, port, "ann");
  const bob = await enter(stage, port, "bob");
  await type(ann, "so ");
  const open = async () => {
    await ann.getByRole("button", { name: "Emoji" }).click();
    await ann.locator(".picker input:focus").waitFor();
  };
  await open();
  // Of nearly two thousand, only the rows around those that are seen are there.
  assert(await ann.getByRole("gridcell").count() < 100);
  await assertAccessible(ann);
  await ann.keyboard.type("cowboy");
  await ann.getByText(":cowboy_hat_face:").waitFor();
  await ann.keyboard.press("Enter");
  assertEquals(await text(ann), "so 🤠");
  // The one that was picked is the first now; the others begin in a row below.
  await open();
  await ann.keyboard.press("ArrowDown");
  await ann.keyboard.press("ArrowRight");
  await ann.keyboard.press("ArrowLeft");
  await ann.getByText(":100:").waitFor();
  await ann.keyboard.press("ArrowUp");
  await ann.keyboard.press("Enter");
  assertEquals(await text(ann), "so 🤠🤠");
  await open();
  for (let page = 0; page < 40; page++) await ann.keyboard.press("PageDown");
  await ann.getByText(":wales:").waitFor();
  await ann.keyboard.press("Escape");
  assertEquals(await ann.getByRole("grid").count(), 0);
  await field(ann).press("Enter");
  await said(bob, "so 🤠🤠");
});

scene("a long paste is asked about first", async (stage) => {
  const port = await serve(stage);
  const ann = await enter(stage, port, "ann");
  const paste = (lines: number, length: number) =>
    field(ann).evaluate((element, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", pasted);
      element.dispatchEvent(
        new ClipboardEvent("paste", {
          clipboardData,
          bubbles: true,
          cancelable: true,
        }),
      );
    }, Array(lines).fill("x".repeat(length)).join("\n"));
  await paste(12, 3);
  const dialog = ann.getByRole("dialog", { name: "Paste 12 lines?" });
  await dialog.waitFor();
  await assertAccessible(ann);
  await dialog.getByRole("button", { name: "Edit it first" }).click();
  assertEquals((await text(ann)).split("\n").length, 12);
  await type(ann, "!");
  assert((await text(ann)).endsWith("xxx!"));
  await field(ann).fill("");
  await paste(100, 90);
  // 9,099 characters, of which a message takes 3,999 at the most: 43 lines of 91, 43 and 14.
  await ann.getByRole("button", { name: "Send as 3 messages" }).click();
  // The log has only those that are before one: all three are, in a window that high.
  await ann.setViewportSize({ width: 1280, height: 3_000 });
  await ann.locator(".said").nth(2).waitFor();
  assertEquals(await ann.locator(".said").count(), 3);
  assertEquals(await text(ann), "");
});

scene(
  "the keys of the page lead everywhere, and drafts stay",
  async (stage) => {
    const port = await serve(stage);
    const ann = await enter(stage, port, "ann");
    const bob = await enter(stage, port, "bob");
    await type(bob, "/join garden\n");
    await bob.getByRole("textbox", { name: "Message to garden" }).waitFor();
    await type(ann, "half a sente");

    await ann.keyboard.press("Control+k");
    await ann.locator(".dialog input:focus").waitFor();
    await ann.keyboard.type("gard");
    await option(ann, /^garden room to enter, 1/).waitFor();
    await assertAccessible(ann);
    await ann.keyboard.press("Enter");
    const garden = ann.getByRole("textbox", { name: "Message to garden" });
    await garden.waitFor();
    await type(ann, "hi");
    assertEquals(await text(ann), "hi");
    await ann.keyboard.press("Enter");
    await said(bob, "hi");

    await ann.keyboard.press("Alt+1");
    await ann.getByRole("textbox", { name: "Message to lobby" }).waitFor();
    assertEquals(await text(ann), "half a sente");
    await ann.keyboard.press("Alt+ArrowDown");
    await garden.waitFor();
    await ann.keyboard.press("Control+/");
    await ann.getByRole("dialog", { name: "Keys" }).waitFor();
    await assertAccessible(ann);
    await ann.keyboard.press("Escape");
    await ann.keyboard.press("Alt+1");

    // What is typed anywhere is typed into the field.
    await ann.getByRole("log").focus();
    await ann.keyboard.type("nce");
    assertEquals(await text(ann), "half a sentence");
    await field(ann).press("Control+a");
    await field(ann).press("Control+b");
    assertEquals(await text(ann), "*half a sentence*");
    const draft = "*half a sentence*";
    let tries = 500;
    while (tries-- > 0 && !await ann.evaluate(draftIsKept, draft));
    await ann.reload();
    await field(ann).waitFor();
    await ann.waitForFunction(() =>
      document.querySelector<HTMLTextAreaElement>(".composer textarea")
        ?.value ===
        "*half a sentence*"
    );
  },
);

scene(
  "an input method and a phone have Enter for themselves",
  async (stage) => {
    const port = await serve(stage);
    const ann = await enter(stage, port, "ann");
    const phone = await enter(stage, port, "bob", { size: "phone" });
    const devtools = await ann.context().newCDPSession(ann);
    await field(ann).focus();
    await devtools.send("Input.imeSetComposition", {
      text: "にほん",
      selectionStart: 3,
      selectionEnd: 3,
    });
    assertEquals(await text(ann), "にほん");
    // The Enter that chooses among its words.
    await devtools.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key: "Enter",
      code: "Enter",
      windowsVirtualKeyCode: 13,
    });
    assertEquals(await text(ann), "にほん");
    await devtools.send("Input.insertText", { text: "日本" });
    assertEquals(await text(ann), "日本");
    await ann.keyboard.press("Enter");
    await said(phone, "日本");

    await field(phone).tap();
    await phone.keyboard.type("one\ntwo");
    assertEquals(await text(phone), "one\ntwo");
    await phone.getByRole("button", { name: "Send" }).tap();
    await said(ann, "one\ntwo");
    const size = await field(phone).evaluate((element) =>
      parseFloat(getComputedStyle(element).fontSize)
    );
    assert(size >= 16);
  },
);
