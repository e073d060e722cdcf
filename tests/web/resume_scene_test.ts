/** Cuts, restarts and reloads, in a real browser: nothing said is lost, doubled or out of order. */
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { goTo, say } from "../../build/walk.ts";
import { texts as textsOf } from "../e2e/_doing.ts";
import { dial, entered, welcomed } from "../e2e/_people.ts";
import type { Server } from "../e2e/_program.ts";
import { Relay } from "../e2e/_relay.ts";
import { range } from "../e2e/_messages.ts";
import { comeIn, field, hear, logOf, TALL, texts } from "./_log.ts";
import { scene, type Stage } from "./_stage.ts";

const place = (page: Page, name: RegExp) =>
  page.getByRole("navigation").getByRole("button", { name });
const bar = (page: Page) => page.locator(".connection-bar");
const pending = (page: Page) => logOf(page).locator(".pending");
const waiting = (page: Page) =>
  pending(page).getByText("waits for the connection");
const none = { state: "detached" } as const;

/** Two people of one server, at an address that stays when it is started again. */
async function two(stage: Stage, ...flags: string[]) {
  stage.excuse(/WebSocket connection|ERR_/);
  const server = await stage.serve(...flags);
  const relay = stage.use(new Relay(server.port));
  const url = `http://${relay.address}/`;
  const ann = await comeIn(stage, url, { name: "ann", room: "dev" });
  const bob = await comeIn(stage, url, { name: "bob", room: "dev" });
  for (const page of [ann, bob]) await page.setViewportSize(TALL);
  return { server, relay, ann, bob };
}

/** Starts the server again on what it has stored. */
async function restart(server: Server, relay: Relay): Promise<void> {
  await server.restart();
  relay.target = server.port;
}

/** What the server has stored of the room, as somebody new is told. */
async function stored(server: Server): Promise<string[]> {
  await using client = await dial(server);
  await welcomed(client, { room: "dev" });
  return textsOf((await entered(client, "dev")).history) as string[];
}

for (
  const [how, signal] of [["killed", "SIGKILL"], [
    "stopped",
    "SIGTERM",
  ]] as const
) {
  scene(
    `a server is ${how} and started again while people talk`,
    async (stage) => {
      const { server, relay, ann, bob } = await two(stage);
      await say(ann, "before");
      await hear(bob, "before");
      // Nobody knows whether this one still comes through.
      await say(ann, "on the edge");
      server.kill(signal);
      await bar(ann).waitFor();
      await bar(bob).waitFor();
      const words = range(1, 12).map((number) => `ann ${number}`);
      for (const word of words) await say(ann, word);
      await waiting(ann).nth(words.length - 1).waitFor();
      await say(bob, "bob 1");
      await waiting(bob).waitFor();
      await field(ann).pressSequentially("half a ");
      await restart(server, relay);
      await field(ann).pressSequentially("sentence");

      for (const page of [ann, bob]) {
        await bar(page).waitFor(none);
        await hear(page, words.at(-1)!);
        await hear(page, "bob 1");
        await pending(page).first().waitFor(none);
      }
      const all = await stored(server);
      assertEquals(await texts(ann), all);
      assertEquals(await texts(bob), all);
      const ofAnn = ["before", "on the edge", ...words];
      assertEquals(all.filter((text) => text !== "bob 1"), ofAnn);
      assertEquals(all.length, ofAnn.length + 1);
      assertEquals(await field(ann).inputValue(), "half a sentence");
      await field(ann).press("Enter");
      await hear(bob, "half a sentence");
    },
  );
}

scene("connections are cut while both say a lot", async (stage) => {
  const { server, relay, ann, bob } = await two(stage, "--rate", "0");
  const said = { ann: [] as string[], bob: [] as string[] };
  for (const round of range(1, 3)) {
    for (const number of range(1, 8)) {
      for (const [name, page] of Object.entries({ ann, bob })) {
        const text = `${name} ${round}.${number}`;
        said[name as keyof typeof said].push(text);
        await say(page, text);
      }
      // In the middle of what is said; somebody sees it, and somebody may not.
      if (number === 4) relay.cut();
    }
  }
  for (const page of [ann, bob]) {
    await hear(page, said.ann.at(-1)!);
    await hear(page, said.bob.at(-1)!);
    await pending(page).first().waitFor(none);
  }
  const all = await stored(server);
  assertEquals(all.filter((text) => text.startsWith("ann")), said.ann);
  assertEquals(all.filter((text) => text.startsWith("bob")), said.bob);
  assertEquals(await texts(ann), all);
  assertEquals(await texts(bob), all);
});

scene("a reload gives rooms, place, drafts and marks back", async (stage) => {
  const server = await stage.serve();
  const url = `http://127.0.0.1:${server.port}/`;
  const ann = await comeIn(stage, url, { name: "ann", room: "dev" });
  const bob = await comeIn(stage, url, { name: "bob", room: "garden" });
  await say(ann, "/join garden");
  await say(bob, "one that is read");
  await hear(ann, "one that is read");
  await field(ann).fill("a thought for the garden");
  await say(bob, "/query ann psst");
  await place(ann, /bob 1 unread/).click();
  await hear(ann, "psst");
  await field(ann).fill("an answer for bob");
  await goTo(ann, "dev");
  await field(ann).fill("a thought for dev");
  await goTo(bob, "garden");
  await say(bob, "something new");
  await say(bob, "@ann something for you");
  await place(ann, /^garden.*draft.*2 unread.*@1/s).waitFor();

  await ann.reload();
  await logOf(ann).and(ann.getByLabel(/dev$/)).waitFor();
  await place(ann, /^garden.*draft.*2 unread.*@1/s).waitFor();
  assertEquals(await field(ann).inputValue(), "a thought for dev");
  await place(ann, /: bob.*draft/).click();
  await hear(ann, "psst");
  assertEquals(await field(ann).inputValue(), "an answer for bob");
  // Where one left off is marked, and what is read stays so.
  await goTo(ann, "garden");
  await hear(ann, "@ann something for you");
  assertEquals(await field(ann).inputValue(), "a thought for the garden");
  const isNew = logOf(ann).getByRole("listitem")
    .filter({ has: ann.getByText("New", { exact: true }) });
  await isNew.getByText("something new").waitFor();
  await place(ann, /^garden.*unread/s).waitFor(none);
  await ann.reload();
  await hear(ann, "@ann something for you");
  assertEquals(await place(ann, /unread/).count(), 0);
});
