// Another process writes to the server's database while it serves.

import { assertEquals } from "@std/assert";
import { SqliteStore } from "../../src/store/sqlite/store.ts";
import { dial, enter, say, welcomed } from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";

scenario(
  "what another process writes to a room is heard there, and nothing is refused for it",
  async () => {
    await using server = await Server.start("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await say(ann, "one");
    await bob.next({ type: "chat", seq: 1 });

    await using store = SqliteStore.open(`${server.data}/confab.db`);
    const note = (seq: number) => ({
      room: "lobby",
      seq,
      at: 1_768_478_400_000,
      from: "eve",
      kind: "text",
      body: `by another process ${seq}`,
    });
    await store.commit({
      appends: [{ room: "lobby", expectedHead: 1, entries: [note(2)] }],
      writes: [],
    });
    const ack = await say(ann, "three");
    assertEquals(ack.seq, 3);
    assertEquals(
      (await bob.next({ type: "chat", seq: 2 })).txt,
      "by another process 2",
    );
    assertEquals((await bob.next({ type: "chat", seq: 3 })).txt, "three");

    // Also where nobody says anything after it.
    await store.commit({
      appends: [{ room: "lobby", expectedHead: 3, entries: [note(4)] }],
      writes: [],
    });
    for (const client of [ann, bob]) {
      const chat = await client.next({ type: "chat", seq: 4 });
      assertEquals([chat.from, chat.txt], ["eve", "by another process 4"]);
    }
    await using late = await dial(server);
    await welcomed(late);
    const page = await late.next({ type: "history", room: "lobby" });
    assertEquals(page.messages?.map(({ seq }) => seq), [1, 2, 3, 4]);
  },
);
