/** A talk of two people in browsers and one at a terminal, and the same over TLS. */
import { assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { goTo, say } from "../../build/walk.ts";
import { Home, openPipe, type Process, type Server } from "../e2e/_program.ts";
import { comeIn, hear, logOf, said, TALL, texts } from "./_log.ts";
import { scene, type Stage } from "./_stage.ts";

const place = (page: Page, name: RegExp) =>
  page.getByRole("navigation").getByRole("button", { name });
const person = (page: Page, name: string) =>
  page.getByRole("complementary", { name: "People" })
    .getByRole("button", { name: new RegExp(`^${name}\\b`) });

/** Somebody at a terminal: the program as a pipe, whose lines may be commands. */
function terminal(stage: Stage, { address }: Server, name: string): Process {
  const home = stage.use(new Home());
  const flags = ["--name", name, "--room", "dev", "--trust-new", "--commands"];
  return stage.use(openPipe(home, address, name, ...flags));
}

/** Waits until a terminal shows it; gives the line. */
function shown(process: Process, what: RegExp): Promise<string> {
  return process.lines.next((line) => what.test(line), String(what));
}

scene(
  "two people in browsers and one at a terminal talk",
  async (stage) => {
    const server = await stage.serve();
    const url = `http://127.0.0.1:${server.port}/`;
    const ann = await comeIn(stage, url, { name: "ann", room: "dev" });
    const bob = await comeIn(stage, url, { name: "bob", room: "dev" });
    const tess = terminal(stage, server, "tess");
    await person(ann, "tess").waitFor();
    await person(bob, "tess").waitFor();
    for (const page of [ann, bob]) await page.setViewportSize(TALL);

    // What each says all hear, in one order.
    await say(ann, "hello from ann");
    await shown(tess, /ann.*hello from ann/);
    await hear(bob, "hello from ann");
    await tess.write("hello from the terminal");
    await hear(bob, "hello from the terminal");
    await say(bob, "hello from bob");
    await shown(tess, /bob.*hello from bob/);
    await hear(ann, "hello from bob");
    const all = ["hello from ann", "hello from the terminal", "hello from bob"];
    assertEquals(await texts(ann), all);
    assertEquals(await texts(bob), all);

    // Between two of them: a window of its own, and the third hears nothing.
    await tess.write("/msg ann between us");
    await place(ann, /^\w+: tess 1 unread/).click();
    await hear(ann, "between us");
    await say(ann, "only you");
    await shown(tess, /ann.*only you/);
    await goTo(ann, "dev");
    await say(ann, "/query bob are you there");
    await hear(ann, "are you there");
    await place(bob, /ann 1 unread/).waitFor();
    await say(bob, "/reply yes I am");
    await logOf(bob).and(bob.getByLabel(/@ann$/)).waitFor();
    await hear(bob, "are you there");
    await hear(ann, "yes I am");
    assertEquals(await texts(ann), ["are you there", "yes I am"]);
    assertEquals(await texts(bob), ["are you there", "yes I am"]);
    await tess.write("done with that");
    for (const page of [ann, bob]) {
      await goTo(page, "dev");
      await hear(page, "done with that");
      assertEquals(await texts(page), [...all, "done with that"]);
    }
    assertEquals(/are you there|yes I am/.test(tess.stdout), false);

    // A new name and a topic are everywhere at once.
    await say(bob, "/name robert");
    await shown(tess, /bob is now robert/);
    await person(ann, "robert").waitFor();
    await person(ann, "bob").waitFor({ state: "detached" });
    await say(bob, "still me");
    await shown(tess, /robert.*still me/);
    await hear(ann, "still me");
    await said(ann, "still me").getByText("robert").first().waitFor();
    await say(ann, "/topic what we do today");
    await shown(tess, /topic of dev.*what we do today/);
    await bob.locator(".place-header").getByText("what we do today").waitFor();

    // Who made the room puts one out of it, who hears why and is gone.
    await say(ann, "/kick tess enough for now");
    await shown(tess, /ann kicked you from dev: enough for now/);
    for (const page of [ann, bob]) {
      await person(page, "tess").waitFor({ state: "detached" });
      await logOf(page)
        .getByText("tess left (kicked by ann: enough for now)").waitFor();
    }
    // It is said once, also to who did it.
    assertEquals(await logOf(ann).getByText(/tess.*kicked/).count(), 1);
    await say(ann, "we two");
    await hear(bob, "we two");
    assertEquals(/we two/.test(tess.stdout), false);
  },
);

scene("over TLS people talk, and a name is safe enough", async (stage) => {
  const server = await stage.serve(
    ...["--tls", "self", "--web-name", "chat.example"],
  );
  // As somebody at another machine: by a name that is not this one's.
  const url = `https://chat.example:${server.port}/`;
  const ann = await comeIn(stage, url, { name: "ann", room: "dev" });
  assertEquals(await ann.evaluate(() => isSecureContext), true);
  assertMatch(await ann.evaluate(() => location.href), /^https:/);
  const local = `https://127.0.0.1:${server.port}/`;
  const bob = await comeIn(stage, local, {
    ...{ name: "bob", room: "dev", size: "phone", scheme: "dark" },
  });
  const tess = terminal(stage, server, "tess");
  await person(ann, "tess").waitFor();
  await say(ann, "hello from ann");
  await hear(bob, "hello from ann");
  await shown(tess, /ann.*hello from ann/);
  await tess.write("hello from the terminal");
  await hear(ann, "hello from the terminal");
  await ann.reload();
  await hear(ann, "hello from the terminal");
  await say(ann, "/kick tess");
  await shown(tess, /ann kicked you from dev/);
});
