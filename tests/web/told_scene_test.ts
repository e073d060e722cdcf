/** What is told and found in a real browser: colors, answers to commands, presence, all rooms. */
import { assertEquals } from "@std/assert";
import { goTo, say } from "../../build/walk.ts";
import { COLOR_NAMES } from "../../src/text/markup.ts";
import { enter, say as sayAs } from "../e2e/_people.ts";
import { violationsOf } from "./_axe.ts";
import { comeIn, hear, logOf, said } from "./_log.ts";
import { scene } from "./_stage.ts";

scene(
  "colors of a text are seen, each another, and no tag is",
  async (stage) => {
    const server = await stage.serve();
    const url = `http://127.0.0.1:${server.port}/`;
    const ann = await comeIn(stage, url, { name: "ann", room: "dev" });
    const all = COLOR_NAMES.map((color) => `[${color}]in ${color}[/${color}]`);
    await say(ann, all.join(" "));
    await say(ann, "[red]warm *and bold*[/red] [pink]no color[/pink]");
    await hear(ann, COLOR_NAMES.map((color) => `in ${color}`).join(" "));
    await hear(ann, "warm and bold [pink]no color[/pink]");
    for (const colorScheme of ["light", "dark"] as const) {
      await ann.emulateMedia({ colorScheme });
      const shown = await Promise.all(
        [...COLOR_NAMES.map((color) => `in ${color}`), "no color"].map((text) =>
          logOf(ann).getByText(text).last()
            .evaluate((element) => getComputedStyle(element).color)
        ),
      );
      assertEquals(new Set(shown).size, COLOR_NAMES.length + 1);
    }
    const bold = logOf(ann).getByText("and bold", { exact: true });
    assertEquals(
      await bold.evaluate((element) => getComputedStyle(element).color),
      await logOf(ann).getByText("warm", { exact: false }).last()
        .evaluate((element) => getComputedStyle(element).color),
    );
  },
);

scene(
  "a command says what it did, and a message to one who is not there says so once",
  async (stage) => {
    const server = await stage.serve();
    const url = `http://127.0.0.1:${server.port}/`;
    const ann = await comeIn(stage, url, { name: "ann", room: "dev" });
    const bob = await comeIn(stage, url, { name: "bob", room: "dev" });
    const told = (text: string) => logOf(ann).getByText(text);
    await say(ann, "/op bob");
    await told("bob is an operator of dev now").waitFor();
    await say(bob, "/away at lunch");
    await say(ann, "/query bob are you there");
    await told("bob is away: at lunch").waitFor();
    await say(ann, "never mind");
    await hear(ann, "never mind");
    assertEquals(await told("bob is away").count(), 1);
    await bob.close();
    await goTo(ann, "dev");
    await told("bob left").waitFor();
    await say(ann, "/query bob");
    await say(ann, "read this tomorrow");
    await told("bob is not here: bob will read it later").waitFor();
    await say(ann, "/whois bob");
    await told("last seen").waitFor();
    assertEquals(await violationsOf(ann), []);
  },
);

scene(
  "what was said anywhere is found from one room, and led to",
  async (stage) => {
    const server = await stage.serve();
    const url = `http://127.0.0.1:${server.port}/`;
    const ann = await comeIn(stage, url, { name: "ann", room: "dev" });
    await using cy = await enter(server, { name: "cy", room: "ops" });
    await sayAs(cy, "the fox sleeps", { room: "ops" });
    await sayAs(cy, "the fox is yours", { to: "ann" });
    await say(ann, "a *fox* in [red]dev[/red]");
    await hear(ann, "a fox in dev");
    await say(ann, "/search in:all fox");
    const found = ann.locator(".result");
    await found.nth(2).waitFor();
    const places = () => found.locator(".small").allInnerTexts();
    assertEquals((await places()).sort(), ["in @cy", "in ops"]);
    assertEquals(await ann.getByLabel("everywhere").isChecked(), true);
    await found.getByText("a fox in dev", { exact: true }).waitFor();
    assertEquals(await violationsOf(ann), []);

    // The search goes along, and the room is not entered by looking at it.
    await found.filter({ hasText: "sleeps" }).click();
    await ann.getByRole("log", { name: /ops$/ }).waitFor();
    await ann.locator(".line.sought").getByText("the fox sleeps").waitFor();
    await ann.getByText("You are not in ops.").waitFor();
    assertEquals(await found.count(), 3);
    await found.filter({ hasText: "yours" }).click();
    await ann.getByRole("log", { name: /@cy$/ }).waitFor();
    await said(ann, "the fox is yours").waitFor();

    // Only where one is, when one wants that.
    await ann.getByLabel("everywhere").uncheck();
    await ann.getByRole("searchbox").press("Enter");
    await found.nth(1).waitFor({ state: "detached" });
    assertEquals(await found.count(), 1);
    assertEquals(await found.locator(".excerpt").allInnerTexts(), [
      "the fox is yours",
    ]);
  },
);
