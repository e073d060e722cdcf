// What administrators say to everybody, the connection that they close, and the stop they order.

import { assertEquals, assertMatch } from "@std/assert";
import { fingerprint, generateKey } from "./_keys.ts";
import { FramedClient, hello, LineClient, sitDown } from "./_old_clients.ts";
import { ask, enter, say } from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";

const root = generateKey();
const ADMIN = ["--admin", fingerprint(root.publicKey)];

scenario(
  "what an administrator says to everybody is heard in every dialect, whatever room one is in",
  async () => {
    await using server = await Server.start(...ADMIN);
    await using admin = await enter(server, { name: "root", key: root });
    await using bob = await enter(server, { name: "bob", room: "tea" });
    await using nc = await LineClient.open(server.port);
    await sitDown(nc);
    await using ann = await LineClient.open(server.port);
    await hello(ann, "ann");
    await using script = await FramedClient.open(server.port);
    await script.chat("hi");
    await script.next();
    const { text: told } = await say(admin, "/server say Maintenance at 9");
    assertEquals(told, "you told everybody: Maintenance at 9");
    const text = "root to everybody: Maintenance at 9";
    assertEquals(await bob.next({ type: "notice" }), { type: "notice", text });
    for (const person of [nc, ann]) await person.sees(`* ${text}`);
    for (;;) {
      const heard = await script.next();
      if (heard.type === "notice") {
        assertEquals(heard, { type: "notice", text });
        break;
      }
    }
  },
);

scenario(
  "an administrator closes one connection by the id that the log has, and it alone ends",
  async () => {
    await using server = await Server.start(...ADMIN);
    await using admin = await enter(server, { name: "root", key: root });
    const key = generateKey();
    await using desk = await enter(server, { name: "bob", key });
    await using phone = await enter(server, { name: "bob", key });
    const line = await server.logged(/ connected id=1\/3 /);
    assertMatch(line, /sealed=true/);
    await say(admin, "/server close 1/3 too slow");
    assertEquals(await phone.next({ type: "bye" }), {
      type: "bye",
      code: "kicked",
      text: "root closed this connection: too slow",
    });
    assertEquals(await phone.finished("the close"), "bye");
    await say(desk, "still here");
    await server.logged(
      / moderated action="server close" by=root target=1\/3 /,
    );
    const again = await ask(admin, {
      type: "chat",
      txt: "/server close 1/3",
    });
    assertEquals(again.code, "no-such-person");
  },
);

scenario(
  "a stop that an administrator orders is the one of a signal: everybody is told why, status 0",
  async () => {
    await using server = await Server.start(...ADMIN);
    {
      await using admin = await enter(server, { name: "root", key: root });
      await using bob = await enter(server, { name: "bob" });
      const no = await ask(bob, { type: "chat", txt: "/server stop" });
      assertEquals(no.code, "not-allowed");
      await say(admin, "/server stop a new disk");
      for (const client of [admin, bob]) {
        assertEquals(await client.next({ type: "bye" }), {
          type: "bye",
          code: "restart",
          text: "the server stops: a new disk",
          reconnectAfterMs: 1_000,
        });
        assertEquals(await client.finished("the stop"), "bye");
      }
    }
    assertEquals((await server.status).code, 0);
    assertMatch(
      server.stderr,
      /stopping by=root connections=2\n[^]*stopped\n$/,
    );
  },
);
