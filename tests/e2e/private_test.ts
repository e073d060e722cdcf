// Private messages between people who are there: who hears them, who does not, and what guests have
// of them.

import { assert, assertEquals } from "@std/assert";
import { done, page, refused, texts, unsaid, WAYS } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { generateKey } from "./_keys.ts";
import { range } from "./_messages.ts";
import { arrived, ask, command, enter, mark, say } from "./_people.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

/** The privates that a client was told live, without those of histories. */
function heard(client: WireClient): unknown[] {
  return arrived(client, "private").map(({ txt }) => txt);
}

scenario(
  "a private message is acked with to, seq and at, and reaches every connection of both but the one that said it",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using ann2 = await enter(server, { key: ann.key, room: "dev" });
    await using bob = await enter(server, { name: "bob" });
    await using bob2 = await enter(server, { key: bob.key, room: "ops" });
    const ack = await say(ann, "between us", { id: "p-1", to: "bob" });
    assertEquals([ack.id, ack.to, ack.seq], ["p-1", "bob", 1]);
    assert(Number.isSafeInteger(ack.at));
    assertEquals(ack.room, undefined);
    for (const client of [bob, bob2, ann2]) {
      const got = await client.next({ type: "private" });
      assertEquals([got.from, got.to], ["ann", "bob"]);
      assertEquals([got.txt, got.seq, got.at], ["between us", 1, ack.at]);
    }
    const reply = await say(bob2, "agreed", { to: "ann" });
    assertEquals([reply.to, reply.seq], ["ann", 2]);
    for (const client of [ann, ann2, bob]) {
      const got = await client.next({ type: "private", txt: "agreed" });
      assertEquals([got.from, got.to, got.seq], ["bob", "ann", 2]);
    }
    await mark(ann, [bob]);
    await mark(bob, [ann]);
    assertEquals(heard(ann), ["agreed"]);
    assertEquals(heard(bob2), ["between us"]);
  },
);

scenario(
  "a third hears nothing of a private message and finds it nowhere",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await using cy = await enter(server, { name: "cy" });
    await using gus = await enter(server, { name: "gus", over: "plain" });
    await say(ann, "the secret herring", { to: "bob" });
    await bob.next({ type: "private" });
    await mark(ann, [bob, cy, gus]);
    for (const client of [cy, gus]) {
      for (const room of ["@ann", "@bob", "@ann,bob", "lobby"]) {
        const answer = await page(client, room);
        if (answer.type === "error") continue;
        assert(!texts(answer).includes("the secret herring"), room);
      }
      assertEquals(texts(await done(client, "search", "herring")), []);
      assertEquals(arrived(client, "private"), []);
    }
    assertEquals(arrived(bob, "chat").length, 1);
    assertEquals(texts(await page(bob, "lobby")).length, 1);
  },
);

for (const by of WAYS) {
  scenario(
    `/msg by ${by} is the same as a chat with to`,
    async () => {
      await using server = await hosted();
      await using ann = await enter(server, { name: "ann" });
      await using bob = await enter(server, { name: "bob" });
      const first = await say(ann, "one  two", { to: "bob" });
      const second = await command(ann, by, "msg", "bob one  two");
      assertEquals(second.type, "ack", JSON.stringify(second));
      assertEquals([second.to, second.seq], [first.to, 2]);
      const got = await bob.next({ type: "private", seq: 1 });
      const also = await bob.next({ type: "private", seq: 2 });
      assertEquals(also, { ...got, seq: 2, at: second.at as number });
      const kept = await page(bob, "@ann");
      assertEquals(texts(kept), ["one  two", "one  two"]);
    },
  );
}

scenario(
  "a name that is nobody's gets no-such-person, and nothing is said",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await using gus = await enter(server, { name: "gus", over: "plain" });
    for (const client of [ann, gus]) {
      await unsaid(client, { to: "nobody" }, "no-such-person");
      await refused(client, "msg", "nobody hello", "no-such-person");
      await refused(client, "msg", "bob", "bad-arguments");
      await refused(client, "msg", undefined, "bad-arguments");
    }
    await mark(ann, [bob, gus]);
    assertEquals([...heard(bob), ...heard(gus)], []);
    assertEquals(arrived(bob, "chat").length, 1);
  },
);

scenario("a private message finds a name as it folds", async () => {
  await using server = await hosted();
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "Bøb" });
  for (const to of ["bøb", "BØB", "Ｂøb"]) {
    await say(ann, `to ${to}`, { to });
    const got = await bob.next({ type: "private" });
    assertEquals([got.txt, got.to], [`to ${to}`, "Bøb"]);
  }
});

scenario("the same id said privately again is acked alike", async () => {
  await using server = await hosted();
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  const once = { id: "once", to: "bob" };
  const ack = await say(ann, "just once", once);
  assertEquals(await say(ann, "just once", once), ack);
  await unsaid(ann, { ...once, txt: "else" }, "id-reused");
  await unsaid(ann, { id: "once", txt: "just once" }, "id-reused");
  await say(ann, "done", { to: "bob" });
  await bob.next({ type: "private", txt: "done" });
  assertEquals(heard(bob), ["just once", "done"]);
  assertEquals(arrived(bob, "private").map(({ seq }) => seq), [1, 2]);
});

scenario(
  "with a guest on either side a private message is heard and not stored",
  async () => {
    await using server = await hosted("--rate", "0");
    const key = generateKey();
    const ann = await enter(server, { name: "ann", key });
    await using gus = await enter(server, { name: "gus", over: "plain" });
    await using hal = await enter(server, { name: "hal", over: "plain" });
    assertEquals((await say(ann, "to a guest", { to: "gus" })).to, "gus");
    assertEquals((await gus.next({ type: "private" })).txt, "to a guest");
    assertEquals((await say(gus, "from a guest", { to: "ann" })).to, "ann");
    const got = await ann.next({ type: "private" });
    assertEquals([got.from, got.to], ["gus", "ann"]);
    await say(gus, "among guests", { to: "hal" });
    assertEquals((await hal.next({ type: "private" })).from, "gus");
    const asked = [[ann, "@gus"], [gus, "@ann"], [hal, "@gus"]] as const;
    for (const [client, room] of asked) {
      const answer = await page(client, room);
      if (answer.type !== "error") assertEquals(texts(answer), []);
    }
    await ann.bye();
    await ann[Symbol.asyncDispose]();
    await using again = await enter(server, { key });
    await mark(gus, [again]);
    const replayed = arrived(again, "history").flatMap(texts);
    assertEquals(replayed.filter((txt) => txt === "from a guest"), []);
  },
);

scenario("to a guest who is gone nothing can be said", async () => {
  await using server = await hosted();
  await using ann = await enter(server, { name: "ann" });
  {
    await using gus = await enter(server, { name: "gus", over: "plain" });
    await say(ann, "still there", { to: "gus" });
    await gus.next({ type: "private" });
    await gus.bye();
  }
  await ann.next({ type: "left", name: "gus" });
  await unsaid(ann, { to: "gus" }, "no-such-person");
  await using _ = await enter(server, { name: "gus", over: "plain" });
  await mark(ann, [_]);
  assertEquals(heard(_), []);
});

scenario(
  "a guest's message to a key that is away is not kept for it",
  async () => {
    await using server = await hosted();
    const key = generateKey();
    {
      await using bob = await enter(server, { name: "bob", key });
      await bob.bye();
    }
    await using gus = await enter(server, { name: "gus", over: "plain" });
    const answer = await ask(gus, { type: "chat", txt: "lost", to: "bob" });
    await using bob = await enter(server, { key });
    await mark(gus, [bob]);
    const all = [bob.inbox.all, ...arrived(bob, "history").map(texts)];
    assert(!JSON.stringify(all).includes("lost"), JSON.stringify(answer));
    // An ack would promise what nobody keeps.
    assertEquals(answer.type, "error", JSON.stringify(answer));
  },
);

scenario(
  "answers come in the order of what they answer, whether said to a room, a person or nobody",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    const targets = [{ to: "bob" }, {}, { to: "nobody" }, { room: "lobby" }];
    const ids = range(1, 120).map((n) => `o-${n}`);
    await ann.sendPacked(
      ids.map((id, i) => ({ type: "chat", txt: id, id, ...targets[i % 4] })),
    );
    await ann.next({ id: "o-120" });
    const acks = arrived(ann, "ack").map(({ id }) => id);
    assertEquals(acks, ids.filter((_, i) => i % 4 !== 2));
    const errors = arrived(ann, "error").map(({ id }) => id);
    assertEquals(errors, ids.filter((_, i) => i % 4 === 2));
    await bob.next({ type: "private", seq: 30 });
    const seqs = arrived(bob, "private").map(({ seq }) => seq);
    assertEquals(seqs, range(1, 30));
  },
);
