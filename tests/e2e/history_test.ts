// Pages on request: before, after, the last ones, and never more than asked for.

import { assert, assertEquals } from "@std/assert";
import { hosted } from "./_hosted.ts";
import { type Message, range } from "./_messages.ts";
import { arrived, ask, enter, flood, say } from "./_people.ts";
import type { Served } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

const TOTAL = 250;
const MOST = 100;
/** What joining brings. */
const JOINED = 50;

async function page(
  client: WireClient,
  fields: Record<string, unknown>,
): Promise<Message> {
  const request = { type: "history", room: "lobby", ...fields };
  const answer = await ask(client, request);
  assertEquals(answer.type, "history", JSON.stringify(answer));
  assertEquals(answer.room, "lobby");
  assertEquals(typeof answer.more, "boolean");
  return answer;
}

function seqs(answer: Message): number[] {
  return (answer.messages ?? []).map(({ seq }) => seq as number);
}

/** A server whose lobby has so many texts, and one who asks. */
async function filled(server: Served): Promise<WireClient> {
  await using ann = await enter(server, { name: "ann" });
  await flood(ann, TOTAL);
  return await enter(server, { name: "bob" });
}

scenario(
  "history after a number brings what follows it, ascending",
  async () => {
    await using server = await hosted("--rate", "0");
    await using bob = await filled(server);
    const some = await page(bob, { after: 10, limit: 5 });
    assertEquals(seqs(some), range(11, 15));
    assertEquals(some.more, true);
    const rest = await page(bob, { after: TOTAL - 3, limit: 5 });
    assertEquals(seqs(rest), range(TOTAL - 2, TOTAL));
    assertEquals(rest.more, false);
    const none = await page(bob, { after: TOTAL });
    assertEquals(seqs(none), []);
  },
);

scenario(
  "history before a number brings what leads to it, ascending",
  async () => {
    await using server = await hosted("--rate", "0");
    await using bob = await filled(server);
    assertEquals(seqs(await page(bob, { before: 10, limit: 5 })), range(5, 9));
    assertEquals(seqs(await page(bob, { before: 4, limit: 5 })), range(1, 3));
    assertEquals(seqs(await page(bob, { before: 1 })), []);
  },
);

scenario("history without a number brings the last ones", async () => {
  await using server = await hosted("--rate", "0");
  await using bob = await filled(server);
  const last = await page(bob, { limit: 7 });
  assertEquals(seqs(last), range(TOTAL - 6, TOTAL));
  const first = last.messages?.[0];
  assertEquals(first?.type, "chat");
  assertEquals(first?.from, "ann");
  assertEquals(first?.txt, `${TOTAL - 6} `);
  assertEquals(first?.room, "lobby");
  assertEquals(typeof first?.at, "number");
  assertEquals(first?.id, undefined);
});

scenario(
  "history never brings more than 100, and walking through it leaves nothing out",
  async () => {
    await using server = await hosted("--rate", "0");
    await using bob = await filled(server);
    const greedy = await ask(bob, {
      type: "history",
      room: "lobby",
      after: 0,
      limit: 1_000,
    });
    if (greedy.type !== "error") assert(seqs(greedy).length <= MOST);
    const walked: number[] = [];
    while (walked.length < TOTAL) {
      const next = await page(bob, { after: walked.at(-1) ?? 0, limit: MOST });
      const got = seqs(next);
      assert(got.length > 0 && got.length <= MOST);
      walked.push(...got);
    }
    assertEquals(walked, range(1, TOTAL));
  },
);

scenario(
  "a history request has one answer, also for a room that is not there",
  async () => {
    await using server = await hosted("--rate", "0");
    await using bob = await enter(server, { name: "bob" });
    const id = "where";
    const answer = await ask(bob, { type: "history", room: "no-where", id });
    if (answer.type !== "error") assertEquals(answer.messages, []);
    await say(bob, "after");
    assertEquals(bob.inbox.all.filter((one) => one.id === id).length, 1);
  },
);

scenario(
  "joining without resume brings the last 50 and says whether there are older ones",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    let head = 0;
    for (const count of [50, 1, 99]) {
      await flood(ann, count);
      head += count;
      await using bob = await enter(server);
      const page = arrived(bob, "history")[0] as Message;
      assertEquals(seqs(page), range(head - JOINED + 1, head));
      assertEquals(page.older ?? false, head > JOINED);
      await bob.bye();
    }
  },
);
