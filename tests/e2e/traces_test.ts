// What a running server leaves on its machine: the modes of its files, and the words of its log.

import { assertEquals } from "@std/assert";
import { generateKey } from "./_keys.ts";
import { ask, dial, entered, greet, say, welcomed } from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";

const PASSWORD = "open-sesame";

scenario("what serve makes is its account's alone", async () => {
  if (Deno.build.os === "windows") return;
  await using server = await Server.start();
  await using ann = await dial(server, { key: generateKey() });
  await welcomed(ann, { name: "ann" });
  await entered(ann, "lobby");
  await say(ann, "hello");
  const modeOf = (path: string) => Deno.statSync(path).mode! & 0o777;
  assertEquals(modeOf(server.data), 0o700);
  for (
    const name of ["server.key", "confab.db", "confab.db-wal", "confab.db-shm"]
  ) {
    assertEquals(modeOf(`${server.data}/${name}`), 0o600, name);
  }
});

scenario(
  "the log has no texts and no secrets, however much it tells",
  async () => {
    const env = { CONFAB_PASSWORD: PASSWORD };
    await using server = await Server.startWith(env, "--log-level", "debug");
    await using ann = await dial(server, { key: generateKey() });
    const tried = { password: "guess-work", invite: "AAAAAAAAAAAAAAAAAAAAAA" };
    assertEquals((await greet(ann, tried)).code, "password-wrong");
    await welcomed(ann, { name: "ann", password: PASSWORD });
    await entered(ann, "lobby");
    await say(ann, "said-to-all");
    await say(ann, "said-to-one", { to: "ann" });
    const asked = { type: "chat", txt: "/search looked-for" };
    assertEquals((await ask(ann, asked)).type, "found");
    const wrong = { type: "chat", txt: "/nothing mistyped" };
    assertEquals((await ask(ann, wrong)).code, "unknown-command");
    server.kill("SIGTERM");
    await server.status;
    const told = server.stderr;
    assertEquals(/ why=password-wrong /.test(told), true, told);
    const key = await Deno.readTextFile(`${server.data}/server.key`);
    const secrets = [
      PASSWORD,
      tried.password,
      tried.invite,
      ...key.split("\n"),
    ];
    const texts = ["said-to-all", "said-to-one", "looked-for", "mistyped"];
    const found = [...secrets, ...texts].filter((word) =>
      word !== "" && told.includes(word)
    );
    assertEquals(found, []);
  },
);
