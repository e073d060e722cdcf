// What was acknowledged is there after the process was killed in the middle of its work.

import { assert, assertEquals } from "@std/assert";
import { generateKey } from "./_keys.ts";
import { assertCounts, type Message, range } from "./_messages.ts";
import { arrived, dial, enter, say, welcomed } from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

const NAMES = ["ann", "bob", "cy", "dan"];
/** How many of one's chats may be unanswered. */
const WINDOW = 64;
const ACKS_BEFORE_THE_KILL = 300;

/** Talks without end, with so many unanswered at most, until the connection ends. */
async function talk(client: WireClient, name: string): Promise<void> {
  for (let n = 1;; n++) {
    await client.send({ type: "chat", txt: text(name, n), id: `${name}-${n}` });
    if (n < WINDOW) continue;
    const oldest = `${name}-${n - WINDOW + 1}`;
    const ack = await client.nextOrEnd({ type: "ack", id: oldest });
    if (ack === undefined) return;
  }
}

function text(name: string, n: number): string {
  return `${name} says ${n}`;
}

/** The whole lobby, from the first text. */
async function everything(server: Server): Promise<Message[]> {
  await using reader = await dial(server);
  await welcomed(reader, { resume: { lobby: 0 } });
  const all: Message[] = [];
  let page: Message;
  do {
    page = await reader.next({ type: "history", room: "lobby" });
    all.push(...page.messages ?? []);
  } while (page.more);
  return all;
}

scenario(
  "after a kill in the middle of four talking, every acked text is there with its number",
  async () => {
    await using server = await Server.start("--rate", "0");
    const keys = NAMES.map(() => generateKey());
    const clients = await Promise.all(
      NAMES.map((name, i) => {
        const key = keys[i];
        return enter(server, key === undefined ? { name } : { name, key });
      }),
    );
    const talking = clients.map((client, i) =>
      talk(client, NAMES[i] as string)
    );
    await Promise.all(clients.map((client) =>
      client.inbox.until(
        () => arrived(client, "ack").length >= ACKS_BEFORE_THE_KILL,
        "enough acks",
      )
    ));
    server.kill("SIGKILL");
    await Promise.all(talking);
    for (const client of clients) {
      assertEquals(await client.finished("a kill"), "cut");
      await client[Symbol.asyncDispose]();
    }
    await server.restart();

    const all = await everything(server);
    assertCounts(all.map(({ seq }) => seq as number), 1, all.length);
    const texts = all.map(({ txt }) => txt);
    assertEquals(new Set(texts).size, texts.length);
    clients.forEach((client, i) => {
      const name = NAMES[i] as string;
      for (const ack of arrived(client, "ack")) {
        const stored = all[(ack.seq as number) - 1];
        const n = Number(ack.id?.split("-")[1]);
        assertEquals(stored?.txt, text(name, n));
        assertEquals(stored?.from, name);
        assertEquals(stored?.at, ack.at);
      }
      for (const heard of arrived(client, "chat")) {
        assertEquals(all[(heard.seq as number) - 1]?.txt, heard.txt);
      }
      const own = all.filter(({ from }) => from === name).map(({ txt }) => txt);
      assertEquals(own, own.map((_, n) => text(name, n + 1)));
    });
  },
);

scenario(
  "what had no ack when the process was killed is said once when it is sent again",
  async () => {
    await using server = await Server.start("--rate", "0");
    const key = generateKey();
    await using ann = await enter(server, { name: "ann", key });
    const talking = talk(ann, "ann");
    await ann.inbox.until(
      () => arrived(ann, "ack").length > 100,
      "enough acks",
    );
    server.kill("SIGKILL");
    await talking;
    const acked = arrived(ann, "ack").length;
    await server.restart();
    await using again = await enter(server, { name: "ann", key });
    const acks: Message[] = [];
    for (const n of range(1, acked + WINDOW)) {
      acks.push(await say(again, text("ann", n), { id: `ann-${n}` }));
    }
    assertEquals(acks.slice(0, acked), arrived(ann, "ack"));
    const all = await everything(server);
    assertEquals(
      all.map(({ txt }) => txt),
      range(1, acked + WINDOW).map((n) => text("ann", n)),
    );
    assertEquals(acks.map(({ seq }) => seq), range(1, acked + WINDOW));
  },
);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  scenario(
    `on ${signal} everyone gets bye, what was said is kept, and the exit code is 0`,
    async () => {
      await using server = await Server.start();
      const clients = [
        await enter(server, { name: "ann" }),
        await enter(server, { name: "bob", over: "plain" }),
        await dial(server), // no hello yet
      ];
      try {
        const ack = await say(clients[0] as WireClient, "kept");
        server.kill(signal);
        for (const [i, client] of clients.entries()) {
          const how = await client.finished(signal);
          if (i < 2) assertEquals(how, "bye");
        }
        assertEquals((await server.status).code, 0);
        await server.restart();
        const all = await everything(server);
        assertEquals(all.map(({ txt, at }) => [txt, at]), [["kept", ack.at]]);
        assert(!server.stderr.includes("    at "), server.stderr);
      } finally {
        for (const client of clients) await client[Symbol.asyncDispose]();
      }
    },
  );
}

scenario(
  "a Ctrl+C that the terminal sends and a launcher hands on stops as one does",
  async () => {
    await using server = await Server.start();
    await using ann = await enter(server, { name: "ann" });
    const stopping = server.logged(/stopping/);
    server.kill("SIGINT");
    // One that comes before is the same for the system.
    await stopping;
    server.kill("SIGINT");
    assertEquals(await ann.finished("SIGINT"), "bye");
    assertEquals((await server.status).code, 0);
    assert(server.stderr.includes("stopped"), server.stderr);
  },
);
