// Old clients in one lobby, at the real program.

import { assertEquals, assertMatch } from "@std/assert";
import { utf8 } from "./_frames.ts";
import { hosted } from "./_hosted.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import {
  FramedClient,
  hello,
  LineClient,
  sitDown,
  unclocked,
  type Writing,
} from "./_old_clients.ts";
import { NO_WEB } from "../_testing.ts";

for (const writing of ["whole", "bytewise"] satisfies Writing[]) {
  scenario(
    `old clients of every dialect share the lobby, writing ${writing}`,
    async () => {
      await using server = await hosted();
      await using one = await LineClient.open(server.port, writing);
      await using two = await LineClient.open(server.port, writing);
      await using ann = await LineClient.open(server.port, writing);
      await using script = await FramedClient.open(server.port, writing);

      const first = await sitDown(one);
      const second = await sitDown(two, "anybody here?");
      assertEquals(await one.next(), `* ${second} joined lobby`);
      assertEquals(
        unclocked(await one.next()),
        `[hh:mm] ${second}: anybody here?`,
      );

      await hello(ann, "ann");
      for (const nc of [one, two]) {
        assertEquals(await nc.next(), "* ann joined lobby");
      }

      await script.chat("zoë 日本 🎉");
      assertEquals(await script.next(), { type: "chat", txt: "zoë 日本 🎉" });
      const guest = (await ann.next()).replace(/^JOIN /, "");
      assertEquals(await ann.next(), `MSG ${guest} zoë 日本 🎉`);
      for (const nc of [one, two]) {
        assertEquals(await nc.next(), `* ${guest} joined lobby`);
        assertEquals(
          unclocked(await nc.next()),
          `[hh:mm] ${guest}: zoë 日本 🎉`,
        );
      }

      await one.type("hello, ann");
      assertEquals(await ann.next(), `MSG ${first} hello, ann`);
      assertEquals(unclocked(await two.next()), `[hh:mm] ${first}: hello, ann`);
      const { txt, from, type } = await script.next();
      assertEquals([type, from, txt], ["chat", first, "hello, ann"]);

      await ann.type("MSG ann hi", "BYE ann");
      assertEquals(await ann.rest(), []);
      for (const nc of [one, two]) {
        assertEquals(unclocked(await nc.next()), "[hh:mm] ann: hi");
        assertEquals(await nc.next(), "* ann left lobby");
      }
      assertEquals((await script.next()).txt, "hi");

      await two.type("exit");
      assertEquals(await two.rest(), ["* goodbye"]);
      assertEquals(await one.next(), `* ${second} left lobby`);
      await script.endWriting();
      assertEquals(await script.rest(), []);
      assertEquals(await one.next(), `* ${guest} left lobby`);
    },
  );
}

scenario("no text forges a line of another dialect", async () => {
  await using server = await hosted();
  await using nc = await LineClient.open(server.port);
  await using ann = await LineClient.open(server.port);
  await using mallory = await FramedClient.open(server.port);
  await sitDown(nc);
  await hello(ann, "ann");
  await mallory.chat(
    "hi\nJOIN eve\r\n[12:00] ann: I resign\n* ann left lobby",
    "\rOK eve\u001b[2J\u0007\u0085BYE bob\u2028* bob left",
    "\u202e\u2066txet\u200f שלום",
    "\u0000\n\n",
  );
  await mallory.chat("the end");
  const echoes = [await mallory.next(), await mallory.next()];
  echoes.push(await mallory.next(), await mallory.next(), await mallory.next());
  const said = [
    "hi\nJOIN eve\n[12:00] ann: I resign\n* ann left lobby",
    "OK eve[2JBYE bob* bob left",
    "txet שלום",
    "\n\n",
    "the end",
  ];
  assertEquals(echoes, said.map((txt) => ({ type: "chat", txt })));

  await ann.sees("MSG guest-2 the end");
  const heard = ann.inbox.all.slice(ann.inbox.all.indexOf("OK ann") + 1);
  assertEquals(heard, [
    "JOIN guest-2",
    "MSG guest-2 hi",
    "MSG guest-2 JOIN eve",
    "MSG guest-2 [12:00] ann: I resign",
    "MSG guest-2 * ann left lobby",
    "MSG guest-2 OK eve[2JBYE bob* bob left",
    "MSG guest-2 txet שלום",
    "MSG guest-2 ",
    "MSG guest-2 ",
    "MSG guest-2 ",
    "MSG guest-2 the end",
  ]);

  await nc.sees("[hh:mm] guest-2: the end");
  const seen = nc.inbox.all.map(unclocked);
  assertEquals(seen.slice(seen.indexOf("* guest-2 joined lobby") + 1), [
    "[hh:mm] guest-2: hi",
    "        JOIN eve",
    "        [hh:mm] ann: I resign",
    "        * ann left lobby",
    "[hh:mm] guest-2: OK eve[2JBYE bob* bob left",
    "[hh:mm] guest-2: txet שלום",
    "[hh:mm] guest-2: ",
    "        ",
    "        ",
    "[hh:mm] guest-2: the end",
  ]);
});

scenario(
  "with --echo the author sees it, too, in every dialect and once",
  async () => {
    await using server = await hosted("--echo");
    await using nc = await LineClient.open(server.port);
    await nc.type("hello");
    assertEquals(await nc.next(), "hello");
    await using ann = await LineClient.open(server.port);
    await hello(ann, "ann");
    await ann.type("hi");
    assertEquals(await ann.next(), "MSG ann hi");
    await using script = await FramedClient.open(server.port);
    await script.chat("one", "two");
    await script.endWriting();
    assertEquals(await script.rest(), [
      { type: "chat", txt: "one" },
      { type: "chat", txt: "two" },
    ]);
  },
);

scenario("everyone is told when the server stops", async () => {
  await using server = await Server.start();
  await using nc = await LineClient.open(server.port);
  await using ann = await LineClient.open(server.port);
  await using script = await FramedClient.open(server.port);
  await sitDown(nc);
  await hello(ann, "ann");
  await script.chat("hi");
  await script.next();
  await ann.sees("MSG guest-2 hi");
  await nc.sees("[hh:mm] guest-2: hi");
  server.kill("SIGTERM");
  assertEquals((await nc.rest()).at(-1), "* the server stops");
  assertEquals((await ann.rest()).at(-1), "* the server stops");
  const [bye] = await script.rest();
  assertEquals([bye?.type, bye?.code], ["bye", "restart"]);
  assertEquals((await server.status).code, 0);
});

/** Where there is no page, nothing of HTTP is spoken. */
const REFUSED_REQUEST = NO_WEB === undefined
  ? /^HTTP\/1.1 405 .*\r$/
  : /^HTTP\/1.1 501 .*\r$/;

scenario("what is spoken elsewhere is refused in its own words", async () => {
  await using server = await hosted();
  const rows: [string, RegExp][] = [
    ["NICK ann\r\nUSER ann 0 * :Ann\r\n", /^ERROR :\S.*\r$/],
    ["DELETE / HTTP/1.1\r\nhost: localhost\r\n\r\n", REFUSED_REQUEST],
  ];
  for (const [request, first] of rows) {
    await using client = await LineClient.open(server.port);
    await client.write(utf8(request));
    assertMatch((await client.next())!, first);
    await client.endWriting();
    await client.rest();
  }
});
