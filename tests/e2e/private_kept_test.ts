// Private messages over time: waiting for who is away, pages of the past, resuming, read marks, and
// a kill.

import { assert, assertEquals } from "@std/assert";
import { arrive, page, texts, unsaid } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { generateKey, type KeyPair } from "./_keys.ts";
import { type Message, range } from "./_messages.ts";
import { arrived, ask, enter, say } from "./_people.ts";
import { type Served, Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

/** How many may wait for one person from another. */
const WAITING = 100;

/** Somebody comes with a key, so that the name is this key's, and goes. */
async function known(
  server: Served,
  name: string,
  key: KeyPair,
): Promise<void> {
  await using client = await enter(server, { name, key });
  await client.bye();
}

/** The pages of a conversation that come by themselves. */
async function replayed(
  client: WireClient,
  room: string,
): Promise<Message[]> {
  const all: Message[] = [];
  let next: Message;
  do {
    next = await client.next({ type: "history", room });
    all.push(...next.messages ?? []);
  } while (next.more);
  return all;
}

function seqs(messages: Message[] = []): number[] {
  return messages.map(({ seq }) => seq as number);
}

scenario(
  "what is said privately to one who is away waits for the next hello",
  async () => {
    await using server = await hosted();
    const key = generateKey();
    await known(server, "bob", key);
    await using ann = await enter(server, { name: "ann" });
    await using cy = await enter(server, { name: "cy" });
    const acks = [
      await say(ann, "one", { to: "bob" }),
      await say(ann, "two", { to: "bob" }),
    ];
    await say(cy, "from cy", { to: "bob" });
    await using bob = await arrive(server, {}, { key });
    const fromAnn = await replayed(bob, "@ann");
    assertEquals(
      fromAnn.map(({ type, from, to, txt }) => [type, from, to, txt]),
      [
        ["private", "ann", "bob", "one"],
        ["private", "ann", "bob", "two"],
      ],
    );
    assertEquals(seqs(fromAnn), [1, 2]);
    assertEquals(fromAnn.map(({ at }) => at), acks.map(({ at }) => at));
    const fromCy = await replayed(bob, "@cy");
    assertEquals(fromCy.map(({ txt }) => txt), ["from cy"]);
    await say(ann, "live", { to: "bob" });
    assertEquals((await bob.next({ type: "private" })).seq, 3);
    assertEquals(bob.inbox.all[0]?.type, "welcome");
  },
);

scenario(
  "a second connection of one who is there does not miss what waited for the person",
  async () => {
    await using server = await hosted();
    const key = generateKey();
    await known(server, "bob", key);
    await using ann = await enter(server, { name: "ann" });
    await say(ann, "one", { to: "bob" });
    for (let times = 0; times < 2; times++) {
      await using bob = await arrive(server, {}, { key });
      // Nothing was marked as read: it starts there again.
      assertEquals(seqs(await replayed(bob, "@ann")), [1]);
    }
  },
);

scenario(
  "a conversation has its history under @name, the same for both",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    for (const n of range(1, 12)) {
      const [one, other] = n % 2 ? [ann, "bob"] : [bob, "ann"];
      await say(one as WireClient, `n ${n}`, { to: other });
    }
    const seen = [];
    for (const [client, room] of [[ann, "@bob"], [bob, "@ann"]] as const) {
      const last = await page(client, room, { limit: 5 });
      assertEquals([last.type, last.room], ["history", room]);
      assertEquals(seqs(last.messages), range(8, 12));
      const before = await page(client, room, { before: 4 });
      assertEquals(seqs(before.messages), [1, 2, 3]);
      const after = await page(client, room, { after: 0, limit: 100 });
      assertEquals(seqs(after.messages), range(1, 12));
      assertEquals(texts(after), range(1, 12).map((n) => `n ${n}`));
      seen.push((after.messages ?? []).map(({ id: _, ...rest }) => rest));
    }
    assertEquals(seen[0], seen[1]);
    const none = await page(ann, "@nobody");
    if (none.type !== "error") assertEquals(texts(none), []);
  },
);

scenario("a conversation resumes under @name, beside rooms", async () => {
  await using server = await hosted("--rate", "0");
  const key = generateKey();
  await using ann = await enter(server, { name: "ann" });
  {
    await using bob = await enter(server, { name: "bob", key });
    for (const n of range(1, 130)) await say(ann, `${n}`, { to: "bob" });
    await say(bob, "mine", { to: "ann", id: "own" });
    await bob.bye();
  }
  await say(ann, "in the lobby");
  for (const after of [0, 128]) {
    const resume = { lobby: 0, "@ann": after };
    await using bob = await arrive(server, { resume }, { key });
    assertEquals(texts(await bob.next({ type: "history", room: "lobby" })), [
      "in the lobby",
    ]);
    const messages = await replayed(bob, "@ann");
    assertEquals(seqs(messages), range(after + 1, 131));
    const own = messages.at(-1);
    assertEquals([own?.from, own?.txt, own?.id], ["bob", "mine", "own"]);
    const pages = arrived(bob, "history");
    assert(pages.every(({ messages = [] }) => messages.length <= 100));
    assertEquals(arrived(bob, "private"), []);
    await bob.bye();
  }
});

scenario(
  "a conversation that is not resumed starts at the stored read mark",
  async () => {
    await using server = await Server.start();
    const key = generateKey();
    await known(server, "bob", key);
    await using ann = await enter(server, { name: "ann" });
    for (const n of range(1, 5)) await say(ann, `${n}`, { to: "bob" });
    {
      await using bob = await arrive(server, {}, { key });
      assertEquals(seqs(await replayed(bob, "@ann")), range(1, 5));
      await bob.send({ type: "read", room: "@ann", seq: 3 });
      await bob.bye();
    }
    server.kill("SIGKILL");
    await server.restart();
    await using bob = await arrive(server, {}, { key });
    assertEquals(seqs(await replayed(bob, "@ann")), [4, 5]);
  },
);

scenario(
  "an acked private message is there after a kill, for both",
  async () => {
    await using server = await Server.start();
    const [annKey, bobKey] = [generateKey(), generateKey()];
    await known(server, "bob", bobKey);
    const first = await enter(server, { name: "ann", key: annKey });
    const ack = await say(first, "kept", { to: "bob", id: "kept-1" });
    server.kill("SIGKILL");
    await first.finished("a kill");
    await first[Symbol.asyncDispose]();
    await server.restart();
    await using bob = await arrive(server, {}, { key: bobKey });
    const [got] = await replayed(bob, "@ann");
    assertEquals([got?.txt, got?.seq, got?.at], ["kept", ack.seq, ack.at]);
    await using ann = await enter(server, { name: "ann", key: annKey });
    assertEquals(texts(await page(ann, "@bob")), ["kept"]);
    const again = await say(ann, "kept", { to: "bob", id: "kept-1" });
    const { later, ...place } = ack;
    assertEquals([later, again], [true, place]);
    assertEquals((await say(bob, "next", { to: "ann" })).seq, 2);
  },
);

scenario(
  "100 messages of one sender wait for one receiver, and no more",
  async () => {
    await using server = await hosted("--rate", "0");
    const key = generateKey();
    await known(server, "bob", key);
    await using ann = await enter(server, { name: "ann" });
    await using cy = await enter(server, { name: "cy" });
    for (const n of range(1, WAITING)) await say(ann, `${n}`, { to: "bob" });
    await unsaid(ann, { to: "bob" }, "limit-reached");
    await say(cy, "another sender", { to: "bob" });
    await say(ann, "another receiver", { to: "cy" });
    {
      await using bob = await arrive(server, {}, { key });
      assertEquals(seqs(await replayed(bob, "@ann")), range(1, WAITING));
      const ack = await say(ann, "here you are", { to: "bob" });
      assertEquals(ack.seq, WAITING + 1);
      await bob.next({ type: "private", from: "ann" });
      await bob.send({ type: "read", room: "@ann", seq: WAITING + 1 });
      await bob.bye();
    }
    const more = { type: "chat", txt: "more", to: "bob" };
    assertEquals((await ask(ann, more)).seq, WAITING + 2);
  },
);

scenario(
  "a conversation resumes from a number with its time, and resets when they do not match",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    const acks: Message[] = [];
    for (const n of range(1, 60)) {
      acks.push(await say(ann, `${n}`, { to: "bob" }));
    }
    const at = acks[2]?.at as number;
    const cases: [unknown, number[], boolean][] = [
      [{ seq: 3, at }, range(4, 60), false],
      [{ seq: 3, at: at - 1 }, range(11, 60), true],
      [61, range(11, 60), true],
    ];
    for (const [from, expected, reset] of cases) {
      const resume = { lobby: 0, "@ann": from };
      await using again = await arrive(server, { resume }, { key: bob.key });
      const first = await again.next({ type: "history", room: "@ann" });
      assertEquals(first.reset ?? false, reset);
      assertEquals(first.more, false);
      assertEquals(seqs(first.messages), expected);
    }
  },
);
