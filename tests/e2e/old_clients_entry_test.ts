// How old clients get in, under which name, at the real program.

import { assertEquals, assertMatch } from "@std/assert";
import { hosted } from "./_hosted.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import { FramedClient, hello, LineClient, sitDown } from "./_old_clients.ts";

scenario("HELLO is refused by name, in one word", async () => {
  await using server = await hosted();
  await using ann = await LineClient.open(server.port);
  await hello(ann, "ann");
  await using script = await FramedClient.open(server.port);
  await script.chat("/name bob");
  assertEquals(await script.next(), { type: "notice", text: "you are bob" });
  const rows: [string, string][] = [
    ["HELLO ann", "ERR USERNAME_TAKEN"],
    ["HELLO ANN", "ERR USERNAME_TAKEN"],
    ["HELLO bob", "ERR USERNAME_TAKEN"],
    ["HELLO", "ERR USERNAME_INVALID"],
    ["HELLO admin", "ERR USERNAME_INVALID"],
    ["HELLO guest-7", "ERR USERNAME_INVALID"],
    ["HELLO a:b", "ERR USERNAME_INVALID"],
    [`HELLO ${"n".repeat(33)}`, "ERR USERNAME_INVALID"],
    [`HELLO ${"n".repeat(300)}`, "ERR USERNAME_INVALID"],
  ];
  for (const [line, answer] of rows) {
    await using other = await LineClient.open(server.port);
    await other.type(line, "hello?");
    assertEquals(await other.rest(), [answer], line);
  }
});

scenario(
  "a HELLO client is heard under its name only, and follows who comes and goes",
  async () => {
    await using server = await hosted();
    await using ann = await LineClient.open(server.port);
    await using bob = await LineClient.open(server.port);
    await hello(ann, "ann");
    await hello(bob, "bob");
    assertEquals(await ann.next(), "JOIN bob");
    await ann.type("MSG bob I am bob", "MSG ann I am ann", "msg", "/me waves");
    assertEquals(await ann.next(), "ERR NOT_YOU");
    assertEquals(await bob.next(), "MSG ann I am ann");
    assertEquals(await bob.next(), "MSG ann msg");
    assertEquals(await bob.next(), "MSG ann /me waves");
    await ann.type("/name zoë", "/msg bob psst");
    await ann.sees("OK zoë");
    await ann.sees("* you are zoë");
    assertEquals([await bob.next(), await bob.next(), await bob.next()], [
      "* ann is now zoë",
      "BYE ann",
      "JOIN zoë",
    ]);
    assertEquals(await bob.next(), "* private from zoë: psst");
    await ann.type("/users");
    await ann.sees("* in lobby: zoë, bob");
    await bob.endWriting();
    await ann.sees("BYE bob");
  },
);

scenario(
  "with a password nobody enters without it, in any dialect",
  async () => {
    const env = { CONFAB_PASSWORD: "open sesame" };
    await using server = await Server.startWith(env);
    const rows: [string, string, RegExp][] = [
      ["nc", "hello", /^! this server needs a password: .*\/password WORD/],
      ["HELLO", "HELLO ann", /^ERR PASSWORD_REQUIRED$/],
    ];
    for (const [what, first, answer] of rows) {
      await using client = await LineClient.open(server.port);
      await client.type(first);
      const lines = await client.rest();
      assertEquals(lines.length, 1, what);
      assertMatch(lines[0]!, answer);
    }
    await using script = await FramedClient.open(server.port);
    await script.chat("hi");
    const errors = await script.rest();
    assertEquals(errors.map(({ type, code }) => [type, code]), [
      ["error", "password-required"],
    ]);
    await using nc = await LineClient.open(server.port);
    await sitDown(nc, "/password open sesame");
    await using ann = await LineClient.open(server.port);
    await ann.type("HELLO ann open sesame");
    assertEquals(await ann.next(), "OK ann");
    assertEquals(await nc.next(), "* ann joined lobby");
    await using wrong = await LineClient.open(server.port);
    await wrong.type("HELLO eve sesame");
    assertEquals(await wrong.rest(), ["ERR PASSWORD_WRONG"]);
  },
);
