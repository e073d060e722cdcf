import { assert, assertEquals } from "@std/assert";
import { command, enter, flood, say } from "../e2e/_people.ts";
import { Home, Server } from "../e2e/_program.ts";
import { within } from "../e2e/_scenario.ts";
import { unless } from "../_testing.ts";
import { hasTmux, Pane } from "./_tmux.ts";

const missing = await hasTmux() ? undefined : "there is no tmux here";

const untimed = (row: string) => row.replace(/^\[\d\d:\d\d\] /, "");
const last = (rows: readonly string[]) => rows.at(-1)!;

/** Wide enough for the news of all places to be in the prompt. */
const SIZE = { columns: 200, rows: 24 };

function ann(server: Server, home: Home, ...flags: string[]): Promise<Pane> {
  const args = ["join", server.address, "--trust-new", "--name ann", ...flags];
  const env = { CONFAB_DATA: home.file("ann"), NO_COLOR: "1" };
  return Pane.open(args.join(" "), env, SIZE);
}

async function enterLine(pane: Pane, line: string): Promise<void> {
  await pane.type(line);
  await pane.press("Enter");
}

/** The file of what is remembered, as soon as it is as wanted. */
async function remembered(
  home: Home,
  isWanted: (text: string) => boolean,
): Promise<void> {
  let text = "";
  let isOver = false;
  const look = async () => {
    do {
      text = await Deno.readTextFile(home.file("ann/client.json"))
        .catch(() => "");
    } while (!isOver && !isWanted(text));
  };
  await within(look(), () => `what is remembered in ${text}`)
    .finally(() => isOver = true);
}

Deno.test({
  ...unless(missing, "a terminal client that was killed is where it was"),
  fn: async (t) => {
    await using server = await Server.start("--rate", "0");
    await using home = new Home();
    await using bob = await enter(server, { name: "bob" });
    await using dave = await enter(server, { name: "dave" });
    const rooms = Array.from({ length: 13 }, (_, n) => `room${n + 2}`);

    await t.step("14 rooms, 3 conversations, 2 drafts", async () => {
      await using pane = await ann(server, home);
      await pane.last("lobby ›");
      for (const room of rooms) {
        await enterLine(pane, `/join +${room}`);
        await pane.last(`${room} ›`);
      }
      for (const name of ["bob", "carol", "dave"]) {
        if (name === "carol") {
          await using carol = await enter(server, { name });
          await enterLine(pane, `/query ${name} hello ${name}`);
          await carol.next({ type: "private", txt: "hello carol" });
        } else await enterLine(pane, `/query ${name} hello ${name}`);
        await pane.until(
          (rows) => rows.map(untimed).includes(`ann: hello ${name}`),
          `what was said to ${name}`,
        );
        await pane.last(`@${name} ›`);
      }
      await enterLine(pane, "/2");
      await pane.last("room2 ›");
      await command(bob, "command", "join", "+room2");
      for (let n = 1; n <= 5; n++) await say(bob, `early ${n}`);
      await pane.until(
        (rows) => rows.map(untimed).includes("bob: early 5"),
        "what bob says",
      );
      await enterLine(pane, "/3");
      await pane.last("room3 ›");
      await command(bob, "command", "join", "+room3");
      for (let n = 1; n <= 10; n++) await say(bob, `soon ${n}`);
      await pane.until(
        (rows) => rows.map(untimed).includes("bob: soon 10"),
        "what bob says there",
      );
      await pane.type("half a thought");
      await pane.last("room3 › half a thought");
      await enterLine(pane, "\x15/16");
      await pane.last("@carol ›");
      await pane.type("dear carol");
      await pane.last("@carol › dear carol");
      await pane.press("M-3");
      await pane.last("room3 ›");
      await pane.type("half a thought");
      await pane.press("M-2");
      await pane.last("room2 ›");
      await remembered(home, (text) =>
        [
          '"draft": "half a thought"',
          '"draft": "dear carol"',
          '"current": "room2"',
          '"lobby": 0',
          '"room2": 5',
          '"room3": 10',
        ].every((part) => text.includes(part)));
      // The pane's end is SIGKILL.
    });

    await t.step("what is said meanwhile", async () => {
      await flood(bob, 300, { room: "room2" }, "in 2");
      await flood(bob, 60, { room: "room3" }, "in 3");
      await flood(bob, 7, { room: "lobby" }, "in lobby");
      await say(bob, "psst 1", { to: "ann" });
      await say(bob, "psst 2", { to: "ann" });
      const before = Date.now();
      while (Date.now() === before);
      await say(dave, "hi ann", { to: "ann" });
    });

    await t.step("all is as it was, all can be read", async () => {
      await using pane = await ann(server, home);
      const news = ["lobby 7", "room3 60", "@bob 2!", "@dave 1!"];
      let rows = await pane.until(
        (rows) =>
          news.every((part) => last(rows).includes(part)) &&
          last(rows).endsWith("] room2 ›"),
        "the prompt",
      );
      const back = "* 14 rooms and 3 conversations are back as you left them";
      assert(rows.includes(back), rows.join("\n"));
      // 305 were said, 5 read, the last 50 are here.
      const above = rows.indexOf("── 250 more above: PgUp or /history ──");
      assertEquals(rows[above + 1], "── new ──");
      assertEquals(untimed(rows[above + 2]!), "bob: 251 in 2");
      assertEquals(untimed(rows[above + 51]!), "bob: 300 in 2");

      // 255 before that, 50 a page: five and the last.
      for (const first of ["201", "151", "101", "51", "1"]) {
        await enterLine(pane, "/history");
        await pane.until(
          (rows) => rows.map(untimed).includes(`bob: ${first} in 2`),
          `the page from ${first}`,
        );
      }
      await enterLine(pane, "/history");
      rows = await pane.until(
        (rows) => rows.includes("── that is where room2 begins ──"),
        "the beginning",
      );
      const said = new Set(rows.map(untimed));
      const texts = [
        ...Array.from({ length: 5 }, (_, n) => `bob: early ${n + 1}`),
        ...Array.from({ length: 300 }, (_, n) => `bob: ${n + 1} in 2`),
      ];
      assertEquals(texts.filter((text) => !said.has(text)), []);
      await enterLine(pane, "/history");
      await pane.until(
        (rows) =>
          rows.some((row) => row.startsWith("* that is where room2 begins")),
        "that there is no more",
      );

      await pane.press("M-3");
      rows = await pane.until(
        (rows) => last(rows).endsWith("room3 › half a thought"),
        "the draft",
      );
      assert(rows.includes("── 10 more above: PgUp or /history ──"));
      assert(!last(rows).includes("room3 60"));
      await enterLine(pane, "\x15/16");
      rows = await pane.until(
        (rows) =>
          last(rows).endsWith("@carol › dear carol") &&
          untimed(rows.at(-2)!) === "ann: hello carol",
        "the other draft, and what was said there last",
      );
      await enterLine(pane, "\x15/reply yes dave");
      await dave.next({ type: "private", txt: "yes dave" });
    });

    await t.step("a room that is asked for is current, besides", async () => {
      await using pane = await ann(server, home, "--room ops");
      const rows = await pane.until(
        (rows) => last(rows).endsWith("ops ›"),
        "the room that was asked for",
      );
      assert(
        rows.some((row) => row.startsWith("* 14 rooms and 3 conversations")),
      );
      await pane.press("M-2");
      await pane.until((rows) => last(rows).endsWith("room2 ›"), "room2");
    });
  },
});
