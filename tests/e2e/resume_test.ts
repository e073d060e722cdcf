// Coming back: what was missed is replayed in pages, once and in order, and what cannot be is
// named.

import { assert, assertEquals } from "@std/assert";
import { hosted } from "./_hosted.ts";
import { generateKey, type KeyPair } from "./_keys.ts";
import { assertCounts, type Message, range } from "./_messages.ts";
import {
  arrived,
  dial,
  enter,
  entered,
  flood,
  mark,
  say,
  told,
  welcomed,
} from "./_people.ts";
import type { Served } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

const PAGE = 100;
const LAST = 50;
const REPLAYED = 10_000;

/** Comes back, and takes the pages of one room: all but the last say that there are more. */
async function resume(
  server: Served,
  key: KeyPair,
  from: Record<string, unknown>,
  room: string,
): Promise<{ client: WireClient; pages: Message[]; welcome: Message }> {
  const client = await dial(server, { key });
  const welcome = await welcomed(client, { resume: from });
  const pages: Message[] = [];
  do {
    pages.push(await client.next({ type: "history", room }));
  } while (pages.at(-1)?.more);
  return { client, pages, welcome };
}

function seqs(pages: Message[]): number[] {
  return pages.flatMap(({ messages }) => messages ?? [])
    .map(({ seq }) => seq as number);
}

/** Somebody is in the lobby, says so many texts in it, and goes. */
async function said(server: Served, count: number): Promise<Message> {
  await using ann = await enter(server, { name: "ann" });
  const ack = await flood(ann, count);
  await ann.bye();
  return ack;
}

scenario(
  "one who is cut in the middle of traffic comes back and misses nothing",
  async () => {
    await using server = await hosted("--rate", "0");
    const total = 3_000;
    const key = generateKey();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob", key });
    const talking = flood(ann, total);
    await bob.inbox.until(() => told(bob, "lobby").length >= 300, "some chats");
    await bob.cut();
    const first = told(bob, "lobby");
    const last = first.at(-1) as number;
    assertEquals(first, range(1, last));
    const back = await resume(server, key, { lobby: last }, "lobby");
    await using again = back.client;
    const { pages } = back;
    assert(pages.every(({ messages }) => (messages?.length ?? 0) <= PAGE));
    await talking;
    await mark(ann, [again]);
    assertCounts(told(again, "lobby"), last + 1, total + 1);
  },
);

scenario(
  "pages of a resume are ascending, of at most 100, come by themselves, and hold one's own",
  async () => {
    await using server = await hosted("--rate", "0");
    const key = generateKey();
    {
      await using bob = await enter(server, { name: "bob", key });
      await say(bob, "mine", { id: "own-id" });
      await bob.bye();
    }
    await said(server, 249);
    const { client, pages } = await resume(server, key, { lobby: 0 }, "lobby");
    await using _ = client;
    assertEquals(seqs(pages), range(1, 250));
    assert(pages.length >= 3);
    assert(pages.every(({ messages }) => (messages?.length ?? 0) <= PAGE));
    assert(pages.every(({ reset }) => !reset));
    const own = pages[0]?.messages?.[0];
    assertEquals([own?.txt, own?.from, own?.id], ["mine", "bob", "own-id"]);
    assertEquals(pages[0]?.messages?.[1]?.id, undefined);
    const types = client.inbox.all.map(({ type }) => type);
    assert(types.indexOf("users") < types.indexOf("history"));
  },
);

scenario("pages of long texts fit their frames", async () => {
  await using server = await hosted("--rate", "0");
  {
    await using ann = await enter(server, { name: "ann" });
    await flood(ann, 40, {}, "一".repeat(3_900));
  }
  const { client, pages } = await resume(
    server,
    generateKey(),
    { lobby: 0 },
    "lobby",
  );
  await using _ = client;
  assertEquals(seqs(pages), range(1, 40));
});

scenario(
  "a resume from the head brings an empty page, with or without the time",
  async () => {
    await using server = await hosted("--rate", "0");
    const { seq, at } = await said(server, 120);
    for (const from of [{ lobby: seq }, { lobby: { seq, at } }]) {
      const { client, pages } = await resume(
        server,
        generateKey(),
        from,
        "lobby",
      );
      await using _ = client;
      assertEquals(seqs(pages), []);
      assert(!pages[0]?.reset);
    }
  },
);

scenario(
  "a time that matches resumes, another resets to the last 50",
  async () => {
    await using server = await hosted("--rate", "0");
    const key = generateKey();
    await using bob = await enter(server, { name: "bob", key });
    const mine = await say(bob, "mine");
    await bob.bye();
    await said(server, 119);
    const at = mine.at as number;
    const right = await resume(
      server,
      key,
      { lobby: { seq: 1, at } },
      "lobby",
    );
    await using _right = right.client;
    assertEquals(seqs(right.pages), range(2, 120));
    assert(right.pages.every(({ reset }) => !reset));
    const wrong = await resume(
      server,
      generateKey(),
      { lobby: { seq: 1, at: at - 1 } },
      "lobby",
    );
    await using _wrong = wrong.client;
    assertEquals(wrong.pages[0]?.reset, true);
    assertEquals(seqs(wrong.pages), range(120 - LAST + 1, 120));
  },
);

scenario("a number beyond the head resets to the last 50", async () => {
  await using server = await hosted("--rate", "0");
  await said(server, 60);
  for (const from of [{ lobby: 61 }, { lobby: { seq: 9_999, at: 1 } }]) {
    const { client, pages } = await resume(
      server,
      generateKey(),
      from,
      "lobby",
    );
    await using _ = client;
    assertEquals(pages[0]?.reset, true);
    assertEquals(seqs(pages), range(11, 60));
  }
});

scenario(
  "a resume enters the rooms that it names and no other, the first being current",
  async () => {
    await using server = await hosted("--rate", "0");
    {
      await using ann = await enter(server, { name: "ann", room: "one" });
      await flood(ann, 3);
      await using bob = await enter(server, { name: "bob", room: "two" });
      await flood(bob, 4);
    }
    const key = generateKey();
    await using cy = await dial(server, { key });
    const rooms = { two: 1, one: 2 };
    assertEquals((await welcomed(cy, { resume: rooms })).room, "two");
    assertEquals(seqs([(await entered(cy, "two")).history]), [2, 3, 4]);
    assertEquals(seqs([(await entered(cy, "one")).history]), [3]);
    assertEquals((await say(cy, "here")).room, "two");
    await cy.bye();
    await using dan = await dial(server);
    const named = await welcomed(dan, { room: "one", resume: rooms });
    assertEquals(named.room, "one");
    await entered(dan, "two");
    await entered(dan, "one");
    assertEquals((await say(dan, "there")).room, "one");
    const entries = [...arrived(cy, "users"), ...arrived(dan, "users")];
    assert(entries.every(({ room }) => room !== "lobby"));
  },
);

scenario(
  "who missed more than 10,000 is told the exact range that is not replayed",
  async () => {
    await using server = await hosted("--rate", "0");
    const total = REPLAYED + 120;
    await said(server, total);
    const { client, pages } = await resume(
      server,
      generateKey(),
      { lobby: 0 },
      "lobby",
    );
    await using _ = client;
    const skipped = pages.flatMap((page) => {
      const range = page.skipped as { from: number; to: number } | undefined;
      return range === undefined ? [] : [range];
    });
    assertEquals(skipped.length, 1);
    const { from, to } = skipped[0] as { from: number; to: number };
    const replayed = seqs(pages);
    assert(replayed.length <= REPLAYED);
    const all = [...range(from, to), ...replayed].sort((a, b) => a - b);
    assertCounts(all, 1, total);
  },
);
