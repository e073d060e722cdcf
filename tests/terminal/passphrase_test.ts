import { assert, assertEquals } from "@std/assert";
import { Home, run, Server } from "../e2e/_program.ts";
import { unless } from "../_testing.ts";
import { hasTmux, Pane } from "./_tmux.ts";

const missing = await hasTmux() ? undefined : "there is no tmux here";
// A temporary directory may have a long path.
const SIZE = { columns: 300, rows: 30 };

/** Types something that must not be seen, once it is asked for the nth time, and presses Enter. */
async function answer(pane: Pane, question: string, text: string, nth = 1) {
  const isAsked = (rows: readonly string[]) =>
    rows.at(-1) === question &&
    rows.filter((row) => row === question).length === nth;
  await pane.until(isAsked, `${question} (${nth})`);
  await pane.type(text);
  await pane.press("Enter");
}

Deno.test({
  ...unless(missing, "passphrase in a terminal: is asked for, and never seen"),
  fn: async () => {
    await using home = new Home();
    const data = home.file("home");
    const own = (await run(["id"], home)).stdout.trimEnd().split("\n");
    const file = `${data}/identity`;
    const open = (args: string, name: string) =>
      Pane.open(args, { CONFAB_DATA: data, NO_COLOR: "1", N: name }, SIZE);
    {
      await using pane = await open("id --passphrase", "seal");
      const question = `new passphrase of ${file}:`;
      await answer(pane, question, "öne twö");
      await answer(pane, "the same again:", "öne two");
      await pane.until(
        (rows) => rows.includes("that was not the same twice"),
        "that it was not the same",
      );
      await answer(pane, question, "öne twx", 2);
      await pane.until(
        (rows) => rows.filter((row) => row === "the same again:").length === 2,
        "the question",
      );
      await pane.type("öne twö");
      await pane.press("BSpace");
      await pane.type("x");
      await pane.press("Enter");
      const rows = await pane.until(
        (rows) => rows.includes("after 0"),
        "the end",
      );
      assert(rows.includes(own[0]!), rows.join("\n"));
      assert(!rows.join("\n").includes("ne tw"), rows.join("\n"));
    }
    await using server = await Server.start();
    const join = `join ${server.address} --trust-new --name ann`;
    const question = `passphrase of ${file}:`;
    {
      await using pane = await open(join, "wrong");
      await answer(pane, question, "one");
      await answer(pane, question, "two", 2);
      await answer(pane, question, "three", 3);
      const rows = await pane.until(
        (rows) => rows.includes("after 1"),
        "the end",
      );
      assertEquals(rows.filter((row) => row !== "").slice(0, 6), [
        question,
        "that is not its passphrase; 2 more tries",
        question,
        "that is not its passphrase; one more try",
        question,
        `confab: ${file}: the file is whole, but that was not its passphrase`,
      ]);
    }
    {
      await using pane = await open(join, "interrupted");
      await pane.until((rows) => rows.at(-1) === question, question);
      await pane.press("C-c");
      await pane.until((rows) => rows.includes("after 130"), "the end");
    }
    await using pane = await open(join, "right");
    await answer(pane, question, "öne twx");
    await pane.last("lobby ›");
  },
});
