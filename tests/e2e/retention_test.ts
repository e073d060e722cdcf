// Bounds of what is kept: by age, by the disk; what those hear who come back or ask for it.

import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { generateKey } from "./_keys.ts";
import { range } from "./_messages.ts";
import { ask, dial, enter, entered, flood, say, welcomed } from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario, within } from "./_scenario.ts";

const DAY_MS = 24 * 3_600_000;

/** Makes the first messages of the lobby so many days old; the server is stopped. */
function age(server: Server, upTo: number, days: number): void {
  const db = new DatabaseSync(`${server.data}/confab.db`);
  db.prepare("UPDATE entries SET at = at - ? WHERE seq <= ?")
    .run(days * DAY_MS, upTo);
  db.close();
}

/** Resolves when the log has a line with this text. */
async function logged(server: Server, text: string): Promise<string> {
  const line = () =>
    server.stderr.split("\n").find((one) => one.includes(text));
  const wait = async () => {
    while (line() === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await within(wait(), () => `"${text}" in the log`);
  return line()!;
}

scenario(
  "--keep takes away what is older, and says what is skipped",
  async () => {
    await using server = await Server.start("--rate", "0", "--keep", "7");
    const key = generateKey();
    {
      await using ann = await enter(server, { name: "ann", key });
      await flood(ann, 60);
    }
    server.kill("SIGTERM");
    await server.status;
    age(server, 40, 8);
    await server.restart();
    const line = await logged(server, "old messages were removed");
    assert(/\bmessages=40\b/.test(line), line);

    await using ann = await dial(server, { key });
    await welcomed(ann, { resume: { lobby: 10 } });
    const { history } = await entered(ann, "lobby");
    assertEquals(history.skipped, { from: 11, to: 40 });
    assertEquals(history.messages?.map(({ seq }) => seq), range(41, 60));
    assertEquals([history.older, history.more], [undefined, false]);

    // Whoever just comes sees what there is, and that there is nothing before it.
    await using bob = await dial(server);
    await welcomed(bob, {});
    const joined = (await entered(bob, "lobby")).history;
    assertEquals(joined.messages?.map(({ seq }) => seq), range(41, 60));
    assertEquals([joined.older, joined.skipped], [undefined, undefined]);

    const page = (fields: Record<string, unknown>) =>
      ask(bob, { type: "history", room: "lobby", limit: 5, ...fields });
    const across = await page({ before: 43 });
    assertEquals(across.messages?.map(({ seq }) => seq), [41, 42]);
    assertEquals(across.skipped, { from: 38, to: 40 });
    assertEquals([across.older, across.more], [undefined, false]);
    const after = await page({ after: 3 });
    assertEquals(after.messages?.map(({ seq }) => seq), range(41, 45));
    assertEquals([after.skipped, after.more], [{ from: 4, to: 40 }, true]);
    assertEquals((await page({ before: 50 })).older, true);
    const gone = await page({ before: 20 });
    assertEquals([gone.messages, gone.skipped], [[], { from: 15, to: 19 }]);
    assertEquals((await say(bob, "next")).seq, 61);
  },
);

scenario(
  "--disk bounds the files while much is said, and nobody is refused",
  async () => {
    await using server = await Server.start("--rate", "0", "--disk", "16");
    await using ann = await enter(server, { name: "ann" });
    const fill = "lorem ipsum dolor sit amet ".repeat(140);
    let highest = 0;
    for (let round = 0; round < 24; round++) {
      await flood(ann, 500, {}, `${round} ${fill}`);
      const { size } = Deno.statSync(`${server.data}/confab.db`);
      highest = Math.max(highest, size);
    }
    const MIB = 2 ** 20;
    assert(highest <= 18 * MIB, `${highest} bytes`);
    // What was said takes more than twice that.
    await logged(server, "old messages were removed");
    const { messages, older } = await ask(ann, {
      type: "history",
      room: "lobby",
      before: 2_000,
    });
    assertEquals([messages, older], [[], undefined]);
  },
);
