// What an administrator sees of a running server, and that it is nobody else's.

import { assert, assertEquals } from "@std/assert";
import { fingerprint, generateKey } from "./_keys.ts";
import { ask, enter, say } from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";

scenario(
  "an administrator watches the server, its connections and its log, and a stranger is refused",
  async () => {
    const root = generateKey();
    await using server = await Server.start(
      ...["--admin", fingerprint(root.publicKey)],
      ...["--durability", "full", "--disk", "64", "--log-level", "error"],
    );
    await using admin = await enter(server, { name: "root", key: root });
    await using eve = await enter(server, { name: "eve" });
    const watch = { type: "watch", what: ["status", "connections", "log"] };
    const denied = await ask(eve, watch);
    assertEquals([denied.type, denied.code], ["error", "not-allowed"]);
    assertEquals((await ask(admin, watch)).type, "ack");

    const status = await admin.next({ type: "status" });
    const facts = status.server as Record<string, unknown>;
    assertEquals(facts.address, `127.0.0.1:${server.port}`);
    assertEquals(facts.fingerprint, server.fingerprint);
    assertEquals(facts.durability, "full");
    const numbers = status.numbers as Record<string, number>;
    assertEquals([numbers.connections, numbers.people], [2, 2]);
    assertEquals([numbers.diskLimitBytes, numbers.isFull], [64 * 2 ** 20, 0]);
    assert(numbers.diskFreeBytes! > 0);
    const { connections, more } = await admin.next({ type: "connections" });
    assertEquals(
      (connections as { name: string }[]).map(({ name }) => name),
      ["eve", "root"],
    );
    assertEquals(Number(more), 0);
    // The console shows errors only; the line of eve's coming is here all the same.
    const { entries } = await admin.next({ type: "log" });
    const events = (entries as { event: string }[]).map(({ event }) => event);
    assertEquals(events.filter((event) => event === "connected").length, 2);

    await say(eve, "what the numbers count");
    await admin.next((message) =>
      message.type === "status" &&
      (message.numbers as Record<string, number>).messagesTotal === 1 &&
      (message.numbers as Record<string, number>).messagesPerSecond! > 0
    );
    await using _bob = await enter(server, { name: "bob" });
    await admin.next((message) =>
      message.type === "log" &&
      (message.entries as { event: string }[])
        .some(({ event }) => event === "connected")
    );
    assertEquals((await ask(admin, { type: "watch", what: [] })).type, "ack");
  },
);
