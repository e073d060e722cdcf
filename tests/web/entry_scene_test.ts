/** Coming into the chat of the page, as somebody new, by a link, and again; and one's key. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { enterChat, fillIn, say } from "../../build/walk.ts";
import { wordsOfFingerprint } from "../../src/secure/fingerprint.ts";
import { enter, say as sayAs } from "../e2e/_people.ts";
import { Home, Process, Server } from "../e2e/_program.ts";
import { Relay } from "../e2e/_relay.ts";
import { within } from "../e2e/_scenario.ts";
import { assertAccessible } from "./_axe.ts";
import { scene } from "./_stage.ts";

const PASSPHRASE = "correct horse";

const pageOf = ({ port }: Pick<Server, "port">) => `http://127.0.0.1:${port}/`;
const heading = (page: Page, name: string) =>
  page.getByRole("heading", { name });
const button = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true });
const log = (page: Page, room: string) =>
  page.getByRole("log", { name: new RegExp(`${room}$`) });
/** What is wrong with a field, as its description has it. */
const faultOf = async (page: Page, label: string) => {
  const field = page.getByLabel(label, { exact: true });
  await page.locator(`[aria-invalid=true]`).waitFor();
  const id = await field.getAttribute("aria-describedby");
  assertEquals(await field.getAttribute("aria-invalid"), "true");
  assert(await field.evaluate((one) => one === document.activeElement));
  return await page.locator(`[id="${id}"]`).innerText();
};
/** Runs `confab id` with the passphrase, and gives what it writes. */
async function id(home: Home, ...flags: string[]): Promise<string> {
  const env = { CONFAB_PASSPHRASE: PASSPHRASE };
  await using process = new Process(["id", ...flags], home.file("home"), env);
  await process.endInput();
  const { code } = await process.ended();
  assertEquals(code, 0, process.stderr);
  return process.stdout;
}

scene(
  "somebody new compares the server, comes in, and is there again after a reload",
  async (stage) => {
    const server = await stage.serve();
    const page = await stage.visit(pageOf(server));
    await heading(page, "Join the conversation").waitFor();
    const name = page.getByLabel("Your name");
    assert(await name.evaluate((one) => one === document.activeElement));
    await assertAccessible(page);
    await fillIn(page, { name: "ann", room: "dev" });
    await heading(page, "Is this the right server?").waitFor();
    const words = await page.getByRole("listitem").allInnerTexts();
    assertEquals(words.join("-"), wordsOfFingerprint(server.fingerprint));
    await assertAccessible(page);
    await button(page, "Back").click();
    assertEquals(await name.inputValue(), "ann");
    await button(page, "Join").click();
    await button(page, "They are the same").click();
    await heading(page, "Your key").waitFor();
    await assertAccessible(page);
    await button(page, "Not now").click();
    await log(page, "dev").waitFor();
    await say(page, "here I am");
    await page.getByText("here I am").waitFor();
    await page.reload();
    await log(page, "dev").getByText("here I am").waitFor();
  },
);

scene(
  "a name that is taken and a room that is locked are said at their fields, and nothing is lost",
  async (stage) => {
    const server = await stage.serve();
    await using bob = await enter(server, { name: "bob", room: "den" });
    await sayAs(bob, "/lock");
    const page = await stage.visit(pageOf(server));
    await fillIn(page, { name: "bob", room: "den" });
    await button(page, "They are the same").click();
    assertMatch(await faultOf(page, "Your name"), /bob is taken/);
    assertEquals(await page.getByLabel("Room").inputValue(), "den");
    await fillIn(page, { name: "ann" });
    assertMatch(await faultOf(page, "Room"), /den is locked/);
    assertEquals(await page.getByLabel("Your name").inputValue(), "ann");
    await fillIn(page, { room: "lobby" });
    await heading(page, "Your key").waitFor();
  },
);

scene(
  "a link needs no comparing, leaves no secret in the address, and makes an administrator",
  async (stage) => {
    const server = await stage.serve("--private", "--admin-link");
    const line = await server.logged(/become an administrator/);
    const [, link] = /'(confab:[^']*)'/.exec(line)!;
    const page = await stage.visit(`${pageOf(server)}#${link}`);
    assertEquals(page.url(), pageOf(server));
    assertEquals(await page.evaluate(() => history.length), 2);
    await enterChat(page, { name: "ann", room: "ops" });
    await log(page, "ops").getByText(/you are an administrator/).waitFor();
    await page.reload();
    await log(page, "ops").waitFor();
    // Who comes without one is told so.
    const other = await stage.visit(pageOf(server));
    await fillIn(other, { name: "bob" });
    await button(other, "They are the same").click();
    assertMatch(await faultOf(other, "Password or invite"), /who is invited/);
  },
);

scene("a link for another server shows nobody its secret", async (stage) => {
  const server = await stage.serve();
  const other = await stage.serve("--admin-link");
  const line = await other.logged(/become an administrator/);
  const [, link] = /'(confab:[^']*)'/.exec(line)!;
  const page = await stage.visit(pageOf(server));
  await fillIn(page, { name: "ann", secret: link! });
  await heading(page, "The link is for another server").waitFor();
  await assertAccessible(page);
  await page.goto(`${pageOf(server)}#confab://nowhere?fp=x&t=secret`);
  assertMatch(await faultOf(page, "Password or invite"), /no link of confab/);
  assertEquals(page.url(), pageOf(server));
});

scene(
  "a wrong password is said at its field, and later it alone is asked for",
  async (stage) => {
    const env = { CONFAB_PASSWORD: "open sesame" };
    const server = stage.use(await Server.startWith(env));
    const page = await stage.visit(pageOf(server));
    await fillIn(page, { name: "ann", secret: "wrong" });
    await button(page, "They are the same").click();
    assertMatch(await faultOf(page, "Password or invite"), /not the password/);
    await enterChat(page, { secret: "open sesame" });
    await page.reload();
    assertMatch(
      await faultOf(page, "Password or invite"),
      /asks for a password/,
    );
    assertEquals(await page.getByLabel("Room").count(), 0);
    await fillIn(page, { secret: "open sesame" });
    await log(page, "lobby").waitFor();
  },
);

scene(
  "a key goes from the page to a terminal, and from a terminal to the page",
  async (stage) => {
    const server = await stage.serve();
    await using home = new Home();
    const page = await stage.visit(pageOf(server));
    await fillIn(page, { name: "ann" });
    await button(page, "They are the same").click();
    await heading(page, "Your key").waitFor();
    const own = await page.getByText(/^SHA256:/).innerText();
    await page.getByLabel("Passphrase").fill(PASSPHRASE);
    await page.getByLabel("The same again").fill("another");
    await button(page, "Seal it").click();
    await page.getByText("That was not the same twice.").waitFor();
    await page.getByLabel("The same again").fill(PASSPHRASE);
    await button(page, "Seal it").click();
    const downloading = page.waitForEvent("download");
    await button(page, "Save as a file").click();
    const file = home.file("confab-key.txt");
    await (await downloading).saveAs(file);
    const key = page.getByLabel("Sealed key");
    assertEquals(
      `${await key.inputValue()}\n`,
      await Deno.readTextFile(file),
    );
    const [print] = (await id(home, "--import", file)).split("\n");
    assertEquals(print, own.replace(/\s/g, ""));

    // The other way round, in a browser that has another key.
    const exported = await id(home, "--export");
    const other = await stage.visit(pageOf(server));
    await enterChat(other, { name: "bob" });
    await say(other, "/key");
    await other.getByText("Take another key").click();
    await other.getByLabel("Sealed key").fill(exported);
    await other.getByLabel("Passphrase").fill("wrong");
    await other.getByLabel(/takes the place/).check();
    await button(other, "Use this key").click();
    await other.getByText("that is not the passphrase").waitFor();
    await assertAccessible(other);
    await other.getByLabel("Passphrase").fill(PASSPHRASE);
    await Promise.all([
      other.waitForEvent("load"),
      button(other, "Use this key").click(),
    ]);
    await log(other, "lobby").waitFor();
    await say(other, "/whois ann");
    await other.getByText(print!).first().waitFor();
    await say(other, "it is me");
    await button(page, "Go to the chat").click();
    await page.getByText("it is me").waitFor();
  },
);

/** Counts the sounds of a tab. */
const COUNT_SOUNDS = `globalThis.sounds = 0;
const { start } = OscillatorNode.prototype;
OscillatorNode.prototype.start = function (...args) {
  globalThis.sounds++;
  return start.apply(this, args);
};`;
const AFTER_LOCKS = `navigator.locks.query()
  .then(() => navigator.locks.request("after", () => sounds))`;

scene("two tabs are one person, of whom one rings", async (stage) => {
  const server = await stage.serve();
  const page = await stage.visit(pageOf(server));
  const context = page.context();
  await context.addInitScript(COUNT_SOUNDS);
  await page.reload();
  await enterChat(page, { name: "ann" });
  const tab = await context.newPage();
  await tab.goto(pageOf(server));
  await log(tab, "lobby").waitFor();
  await say(tab, "in the other tab");
  await page.getByText("in the other tab").waitFor();
  await using bob = await enter(server, { name: "bob" });
  await sayAs(bob, "psst", { to: "ann" });
  for (const one of [page, tab]) {
    await one.getByRole("button", { name: /bob 1 unread$/ }).waitFor();
  }
  // Each has asked for its lock by now, and who asks later is served later.
  const sounds = await Promise.all(
    [page, tab].map((one) => one.evaluate(AFTER_LOCKS)),
  ) as number[];
  assertEquals(sounds.toSorted(), [0, 2]);
  // Forgotten in one, it is over in both, though the server does not say goodbye.
  server.kill("SIGSTOP");
  await say(tab, "/key");
  await tab.getByText("Forget me on this browser").click();
  await tab.getByLabel("I have a copy, or want none").check();
  await button(tab, "Forget me").click();
  await tab.getByText("This browser has forgotten you.").waitFor();
  assertEquals(await tab.evaluate("indexedDB.databases()"), []);
  await page.getByText(/Another tab has made/).waitFor();
  server.kill("SIGCONT");
  await tab.reload();
  await heading(tab, "Join the conversation").waitFor();
});

const attached = (page: Page, selector: string) =>
  page.locator(selector).waitFor({ state: "attached" });
/** Waits until the page is called so. */
const titled = (page: Page, title: string) =>
  within(
    page.evaluate((title) =>
      new Promise<void>((resolve) => {
        const look = () => document.title === title && resolve();
        const all = { subtree: true, childList: true, characterData: true };
        new MutationObserver(look).observe(document.head, all);
        look();
      }), title),
    () => `the title ${title}`,
  );

/** As the dialog of the settings does. */
const SET_NOTIFY = `new Promise((resolve, reject) => {
  const opening = indexedDB.open("confab");
  opening.onerror = reject;
  opening.onsuccess = () => {
    const database = opening.result;
    const store = database.transaction("values", "readwrite")
      .objectStore("values");
    const reading = store.get("memory");
    reading.onsuccess = () => {
      const { settings, ...memory } = reading.result;
      const put = { ...memory, settings: { ...settings, notify: "calls" } };
      store.put(put, "memory").onsuccess = () => resolve(database.close());
    };
  };
})`;

/** A desktop whose notifications can be seen, and a window that can be left. */
const DESKTOP = `globalThis.shown = [];
globalThis.isFocused = true;
document.hasFocus = () => isFocused;
globalThis.Notification = class extends EventTarget {
  static permission = "granted";
  constructor(title, { body }) {
    super();
    this.text = title + ": " + body;
    shown.push(this);
    document.documentElement.dataset.shown = shown.length;
  }
  close() {
    shown.splice(shown.indexOf(this), 1);
  }
};`;

scene(
  "who looks elsewhere is called by the title, the icon and the desktop",
  async (stage) => {
    const server = await stage.serve();
    const page = await stage.visit(pageOf(server));
    await page.addInitScript(DESKTOP);
    await enterChat(page, { name: "ann", room: "dev" });
    await page.evaluate(SET_NOTIFY);
    await page.reload();
    await log(page, "dev").waitFor();
    await using bob = await enter(server, { name: "bob", room: "dev" });
    const shown = () =>
      page.evaluate("shown.map(({ text }) => text)") as Promise<string[]>;
    const look = (isFocused: boolean) =>
      page.evaluate(`isFocused = ${isFocused};
      dispatchEvent(new Event(isFocused ? "focus" : "blur"))`);
    await look(false);
    await sayAs(bob, "nothing to do with her");
    await titled(page, "• dev · confab");
    await sayAs(bob, "x".repeat(500), { to: "ann" });
    await titled(page, "(1) dev · confab");
    await attached(page, 'html[data-shown="1"]');
    assertEquals(await shown(), [`bob: ${"x".repeat(119)}…`]);
    const icon = page.locator("link[rel=icon]");
    assertMatch((await icon.getAttribute("href"))!, /icon_called/);
    // A click leads there, and what is read calls no more.
    await look(true);
    await page.evaluate("shown[0].dispatchEvent(new Event('click'))");
    await log(page, "@bob").waitFor();
    await titled(page, "@bob · confab");
    assertEquals(await shown(), []);
    assertMatch((await icon.getAttribute("href"))!, /icon\.[0-9a-f]+\.svg$/);
  },
);

scene(
  "a server with another key is not gone to, until somebody has confirmed it",
  async (stage) => {
    const server = await stage.serve();
    const relay = stage.use(new Relay(server.port));
    const page = await stage.visit(`http://${relay.address}/`);
    await enterChat(page, { name: "ann" });
    const other = await stage.serve();
    relay.target = other.port;
    stage.excuse(/WebSocket connection|ERR_/);
    await page.reload();
    await heading(page, "The server has another key").waitFor();
    await assertAccessible(page);
    const words = (await page.getByRole("listitem").allInnerTexts()).join("-");
    const both = [server, other].map(({ fingerprint }) =>
      wordsOfFingerprint(fingerprint)
    );
    assertEquals(words, both.join("-"));
    await button(page, "They have confirmed it: compare the new key").click();
    await button(page, "Join").click();
    await button(page, "They are the same").click();
    await log(page, "lobby").waitFor();
  },
);

scene(
  "a page that comes unsealed from elsewhere says which ways there are",
  async (stage) => {
    const server = await stage.serve("--web-name", "chat.example");
    const { port } = server;
    // Browsers heed this header only where it is safe, and say so.
    stage.excuse(/Cross-Origin-Opener-Policy/);
    const page = await stage.visit(`http://chat.example:${port}/#/dev`);
    await heading(page, "This address is not safe enough").waitFor();
    await page.getByText(`ssh -L ${port}:localhost:${port} chat.example`)
      .waitFor();
    await page.getByText(`confab join chat.example:${port}`).waitFor();
    const link = page.getByRole("link", { name: /^https:/ });
    assertEquals(
      await link.getAttribute("href"),
      `https://chat.example:${port}/#/dev`,
    );
    await assertAccessible(page);
  },
);
