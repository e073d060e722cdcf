// On a screen without cursor motion (`TERM=dumb`) the client is where it was, too.

import { assertEquals } from "@std/assert";
import { unless } from "../_testing.ts";
import { hasTmux, Pane } from "../terminal/_tmux.ts";
import { enter, flood } from "./_people.ts";
import { Home, Server } from "./_program.ts";
import { within } from "./_scenario.ts";

const missing = await hasTmux() ? undefined : "there is no tmux here";

Deno.test({
  ...unless(missing, "with TERM=dumb the places and what was missed are back"),
  fn: async () => {
    await using server = await Server.start("--rate", "0");
    await using home = new Home();
    await using bob = await enter(server, { name: "bob", room: "dev" });
    const env = { CONFAB_DATA: home.file("ann"), TERM: "dumb" };
    const open = () =>
      Pane.open(`join ${server.address} --trust-new --name ann`, env);
    {
      await using ann = await open();
      await ann.until((rows) => rows.includes("* in lobby: ann"), "the lobby");
      await ann.type("/join +dev");
      await ann.press("Enter");
      await ann.until((rows) => rows.includes("── 2 dev ──"), "dev");
      let text = "";
      let isOver = false;
      const look = async () => {
        do {
          text = await Deno.readTextFile(home.file("ann/client.json"))
            .catch(() => "");
        } while (
          !isOver &&
          !(text.includes('"current": "dev"') && text.includes('"dev": 0'))
        );
      };
      await within(look(), () => `dev in ${text}`).finally(() => isOver = true);
      // The pane's end is SIGKILL.
    }
    await flood(bob, 60, { room: "dev" }, "missed");
    await using ann = await open();
    const rows = await ann.until(
      (rows) => rows.some((row) => row.endsWith("bob: 60 missed")),
      "what was missed",
    );
    const at = rows.indexOf("── 10 more above: PgUp or /history ──");
    assertEquals(rows[at + 1], "── new ──");
    assertEquals(rows[at + 2]?.slice(8), "bob: 11 missed");
    await ann.type("/history");
    await ann.press("Enter");
    await ann.until(
      (rows) => rows.some((row) => row.endsWith("bob: 1 missed")),
      "what was missed before",
    );
  },
});
