// What administrators do to people of the whole server, and that it holds against who comes back.

import { assertEquals } from "@std/assert";
import { fingerprint, generateKey } from "./_keys.ts";
import { ask, dial, enter, greet, say } from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";

scenario(
  "who is banned from the server is out at once, and stays out when it was killed and started again",
  async () => {
    const root = generateKey();
    const key = generateKey();
    await using server = await Server.start(
      "--admin",
      fingerprint(root.publicKey),
    );
    {
      await using admin = await enter(server, { name: "root", key: root });
      await using bob = await enter(server, { name: "bob" });
      await using eve = await enter(server, { name: "eve", key });
      // Its hello is yet to come.
      await using opening = await dial(server, { key });
      await say(admin, "/server ban eve spam");
      const text = "root banned you from this server: spam";
      assertEquals(await eve.next({ type: "bye" }), {
        type: "bye",
        code: "banned",
        text,
      });
      // It comes before the ban, or behind it.
      await opening.next({ type: "bye", code: "banned" });
      for (const client of [eve, opening]) {
        assertEquals(await client.finished("the ban"), "bye");
      }
      await bob.next({ type: "left", name: "eve", reason: "kicked" });
      await using again = await dial(server, { key });
      const words = "you are banned from this server: spam";
      await again.next({ type: "error", code: "banned", text: words });
      await again.next({ type: "bye", code: "banned", text: words });
      assertEquals(await again.finished("the ban"), "bye");
    }
    server.kill("SIGKILL");
    await server.restart();
    await using admin = await enter(server, { name: "root", key: root });
    await using late = await dial(server, { key });
    assertEquals((await greet(late, { name: "eve" })).code, "banned");
    const listed = await ask(admin, { type: "chat", txt: "/server bans" });
    const [ban, ...others] = listed.bans as Record<string, unknown>[];
    assertEquals(
      [ban?.target, ban?.by, ban?.why, others, listed.more],
      [fingerprint(key.publicKey), "root", "spam", [], false],
    );
    await say(admin, "/server unban eve");
    await using eve = await enter(server, { name: "eve", key });
    await say(eve, "hello again");
  },
);
