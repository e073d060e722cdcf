// Keys that are sealed by a passphrase, and carried from one home to another.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { hosted } from "./_hosted.ts";
import { enter } from "./_people.ts";
import { Home, type Outcome, Process, run } from "./_program.ts";
import { scenario } from "./_scenario.ts";

/** Runs the program with a passphrase in its environment. */
async function runWith(
  passphrase: string,
  args: string[],
  home: Home,
  input: string[] = [],
): Promise<Outcome> {
  const env = { CONFAB_PASSPHRASE: passphrase };
  await using process = new Process(args, home.file("home"), env);
  for (const line of input) await process.write(line).catch(() => {});
  await process.endInput();
  const { code } = await process.ended();
  return { code, stdout: process.stdout, stderr: process.stderr };
}

scenario(
  "a sealed identity joins with its passphrase only, and is the same person",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    await using ann = await enter(server, { name: "ann" });
    const own = await run(["id"], home);
    assertEquals(own.code, 0, own.stderr);
    const sealed = await runWith("five words", ["id", "--passphrase"], home);
    assertEquals([sealed.code, sealed.stdout], [0, own.stdout], sealed.stderr);
    assertEquals((await run(["id"], home)).stdout, own.stdout);

    const join = ["join", server.address, "--trust-new", "--name", "pat"];
    const none = await run(join, home, ["hello"]);
    assertEquals(none.code, 1);
    assertMatch(none.stderr, /sealed: set CONFAB_PASSPHRASE/);
    const wrong = await runWith("five", join, home, ["hello"]);
    assertEquals(wrong.code, 1);
    assertMatch(wrong.stderr, /whole, but that was not its passphrase/);
    const right = await runWith("five words", join, home, ["hello"]);
    assertEquals(right.code, 0, right.stderr);
    const key = own.stdout.split("\n")[0];
    assertEquals((await ann.next({ type: "joined" })).key, key);

    const shown = await run([...join, "--passphrase", "five words"], home);
    assertEquals(shown.code, 2);
    assert(!shown.stderr.includes("five words"), shown.stderr);
    assertMatch(shown.stderr, /CONFAB_PASSPHRASE/);
  },
);

scenario("an export is imported in another home as the same key", async () => {
  await using here = new Home();
  await using there = new Home();
  const own = (await run(["id"], here)).stdout;
  const out = await runWith("carry", ["id", "--export"], here);
  assertEquals(out.code, 0, out.stderr);
  assertMatch(out.stdout, /^-----BEGIN CONFAB SEALED KEY-----\n/);

  const lines = out.stdout.trimEnd().split("\n");
  const wrong = await runWith("carried", ["id", "--import", "-"], there, lines);
  assertEquals([wrong.code, wrong.stdout], [1, ""], wrong.stderr);
  const done = await runWith("carry", ["id", "--import", "-"], there, lines);
  assertEquals([done.code, done.stdout], [0, own], done.stderr);

  const file = here.file("export");
  const saved = await runWith("carry", ["id", "--export", file], here);
  assertEquals([saved.code, saved.stdout], [0, ""], saved.stderr);
  assertEquals((await Deno.stat(file)).mode! & 0o777, 0o600);
  await using third = new Home();
  const other = (await run(["id"], third)).stdout;
  const refused = await runWith("carry", ["id", "--import", file], third);
  assertEquals([refused.code, refused.stdout], [1, ""]);
  assertMatch(refused.stderr, /there is another key.*--force/);
  assertEquals((await run(["id"], third)).stdout, other);
  const forced = ["id", "--import", file, "--force"];
  const taken = await runWith("carry", forced, third);
  assertEquals([taken.code, taken.stdout], [0, own], taken.stderr);
  const kept = ["id", "--identity", third.file("home/identity.old")];
  assertEquals((await run(kept, third)).stdout, other);
});
