/** A server that was started at a terminal, which is closed. */
import { assert } from "@std/assert";
import { Home } from "../e2e/_program.ts";
import { within } from "../e2e/_scenario.ts";
import { unless } from "../_testing.ts";
import { hasTmux, Pane } from "./_tmux.ts";

const missing = !await hasTmux()
  ? "there is no tmux here"
  : Deno.env.has("CONFAB_PROGRAM")
  ? "an executable is tested"
  : undefined;

async function isThere(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

for (const tls of ["", "--tls self"]) {
  Deno.test({
    ...unless(missing, `serve ${tls} in a terminal: ends with it`),
    async fn() {
      await using home = new Home();
      await using pane = await Pane.open(`serve --port 0 ${tls}`, {
        CONFAB_DATA: home.file("data"),
      }, { columns: 160, rows: 20 });
      const rows = await pane.until(
        (rows) => rows.some((row) => row.startsWith("only this machine")),
        "that it is ready",
      );
      const [, port] = / listening on 127\.0\.0\.1:(\d+) /.exec(rows[0]!)!;
      assert(await isThere(Number(port)));
      const pid = await pane.childPid();
      try {
        await pane.close();
        const isGone = async () => {
          while (await isThere(Number(port)));
        };
        await within(isGone(), () => "the end of the server");
      } finally {
        try {
          Deno.kill(pid, "SIGKILL");
        } catch {
          // It has ended.
        }
      }
    },
  });
}
