/** The unit of systemd in the docs: systemd takes all of it, and so does the program. */
import { assert, assertEquals } from "@std/assert";
import { readOptions } from "../../src/cli/options.ts";
import { SERVE } from "../../src/cli/serve_options.ts";
import { unless } from "../_testing.ts";
import { Home } from "../e2e/_program.ts";

const UNIT = new URL("../../docs/confab.service", import.meta.url);
const EXECUTABLE = "/usr/local/bin/confab";
const [, command] = /^ExecStart=(.*)$/m.exec(await Deno.readTextFile(UNIT))!;

async function why(): Promise<string | undefined> {
  try {
    const args = ["--version"];
    await new Deno.Command("systemd-analyze", { args }).output();
    return undefined;
  } catch {
    return "no systemd-analyze";
  }
}

Deno.test({
  ...unless(await why(), "the unit of systemd is one that systemd takes whole"),
  async fn() {
    await using home = new Home();
    const path = home.file("confab.service");
    const text = await Deno.readTextFile(UNIT);
    // An executable that is there; what cannot be carried out is said, too.
    const here = text.replaceAll(EXECUTABLE, Deno.execPath());
    await Deno.writeTextFile(path, here);
    const { code, stderr } = await new Deno.Command("systemd-analyze", {
      args: ["verify", "--man=no", path],
      env: { LC_ALL: "C.UTF-8" },
    }).output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  },
});

Deno.test("the unit of systemd starts a server with flags that it has", () => {
  const [program, name, ...flags] = command!.split(" ");
  assertEquals([program, name], [EXECUTABLE, SERVE.name]);
  const { options } = readOptions(SERVE, {
    argv: flags,
    env: () => undefined,
    readText: () => "",
  });
  assert(options.host === "0.0.0.0");
});
