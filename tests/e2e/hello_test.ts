// Entering: the order after hello, who is told what, and both ways to speak JSON.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { hosted } from "./_hosted.ts";
import { fingerprint, generateKey } from "./_keys.ts";
import type { Member, Message } from "./_messages.ts";
import {
  arrived,
  dial,
  enter,
  entered,
  greet,
  mark,
  say,
  welcomed,
} from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import { connect } from "./_wire_client.ts";

function member(users: Message, name: string): Member {
  const found = users.users?.find((one) => one.name === name);
  assert(found, `${name} is not in ${JSON.stringify(users)}`);
  return found;
}

scenario(
  "the ready line names the key that the server proves in the handshake, also after a restart",
  async () => {
    await using server = await Server.start();
    const before = server.fingerprint;
    {
      await using client = await connect({ port: server.port, sealed: true });
      assertEquals(client.serverFingerprint, before);
    }
    server.kill("SIGTERM");
    await server.restart();
    assertEquals(server.fingerprint, before);
    await using client = await connect({ port: server.port, sealed: true });
    assertEquals(client.serverFingerprint, before);
  },
);

for (const over of ["sealed", "plain"] as const) {
  scenario(
    `a ${over} hello is answered by welcome, here, users, an empty history, and then live`,
    async () => {
      await using server = await hosted();
      await using ann = await dial(server, { over });
      const welcome = await greet(ann, { name: "ann" });
      assertEquals(welcome.type, "welcome");
      assertEquals(welcome.name, "ann");
      assertEquals(welcome.room, "lobby");
      assertEquals(typeof welcome.server, "string");
      assert(welcome.version !== undefined);
      const { users, history } = await entered(ann, "lobby");
      assertEquals(history.messages, []);
      assertEquals(history.more, false);
      assert(!history.older);
      const own = member(users, "ann");
      if (over === "sealed") assertEquals(own.key, ann.fingerprint);
      else assertEquals(own.key, undefined);
      await using _bob = await enter(server, { name: "bob" });
      const joined = await ann.next({ type: "joined", name: "bob" });
      assertEquals(joined.room, "lobby");
      assertEquals(typeof joined.at, "number");
      const types = ann.inbox.all.map(({ type }) => type);
      const order = ["welcome", "here", "users", "history", "joined"];
      assertEquals(types.filter((type) => type !== "topic"), order);
    },
  );
}

scenario(
  "a keyed person joins with the fingerprint, a keyless one as a guest",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    const key = generateKey();
    await using _bob = await enter(server, { name: "bob", key });
    const bob = await ann.next({ type: "joined", name: "bob" });
    assertEquals(bob.key, fingerprint(key.publicKey));
    assert(!bob.guest);
    await using _cy = await enter(server, { name: "cy", over: "plain" });
    const cy = await ann.next({ type: "joined", name: "cy" });
    assertEquals(cy.guest, true);
    assertEquals(cy.key, undefined);
  },
);

scenario(
  "who says something gets the ack and not the message, everyone else the message",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    const ack = await say(ann, "first", { id: "a-1" });
    assertEquals(ack.id, "a-1");
    assertEquals(ack.room, "lobby");
    assertEquals(ack.seq, 1);
    assert(Number.isSafeInteger(ack.at));
    const heard = await bob.next({ type: "chat" });
    assertEquals(heard.from, "ann");
    assertEquals(heard.txt, "first");
    assertEquals(heard.room, "lobby");
    assertEquals(heard.seq, 1);
    assertEquals(heard.at, ack.at);
    assertEquals(heard.id, undefined);
    await mark(bob, [ann]);
    assertEquals(arrived(ann, "chat").map(({ from }) => from), ["bob"]);
  },
);

scenario("a chat without an id gets no ack and still its number", async () => {
  await using server = await hosted();
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  await ann.send({ type: "chat", txt: "unacknowledged" });
  assertEquals((await say(ann, "acknowledged")).seq, 2);
  assertEquals((await bob.next({ type: "chat" })).seq, 1);
  assertEquals((await bob.next({ type: "chat" })).seq, 2);
  assertEquals(arrived(ann, "ack").length, 1);
});

scenario(
  "sealed and plain connections see each other and are told one order",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob", over: "plain" });
    await using cy = await enter(server, { name: "cy" });
    await using dan = await enter(server, { name: "dan", over: "plain" });
    const each = 50;
    const said = [ann, bob].map(async (client) => {
      for (let i = 0; i < each; i++) await say(client, `${i}`);
    });
    await Promise.all(said);
    const heard = [cy, dan].map((client) => () => arrived(client, "chat"));
    for (const [i, client] of [cy, dan].entries()) {
      const all = heard[i] as () => Message[];
      await client.inbox.until(() => all().length === 2 * each, "every chat");
      const seqs = all().map(({ seq }) => seq as number);
      assertEquals(seqs, Array.from({ length: 2 * each }, (_, n) => n + 1));
    }
    assertEquals(heard[0]?.(), heard[1]?.());
    for (const client of [ann, bob]) {
      const acks = arrived(client, "ack");
      assertEquals(acks.length, each);
      assert(acks.every(({ seq }, i) => seq! > (acks[i - 1]?.seq ?? 0)));
    }
  },
);

scenario("hello may name a room, or none", async () => {
  await using server = await hosted();
  await using ann = await dial(server);
  assertEquals((await greet(ann, { name: "ann", room: "dev" })).room, "dev");
  await entered(ann, "dev");
  assertEquals((await say(ann, "in dev")).room, "dev");
  await using bob = await dial(server);
  assertEquals((await greet(bob, { name: "bob", room: "" })).room, "");
  await bob.send({ type: "chat", txt: "to nobody", id: "b-1" });
  const error = await bob.next({ type: "error" });
  assertEquals(error.id, "b-1");
  assertMatch(error.code as string, /^no-(room|such-room)$/);
  assertEquals(arrived(bob, "users"), []);
  assertEquals(arrived(bob, "history"), []);
});

scenario("a refused hello is an error, and another may follow", async () => {
  await using server = await hosted();
  await using ann = await dial(server);
  const refused = await greet(ann, { name: "no blanks" });
  assertEquals(refused.type, "error");
  assertEquals(refused.code, "name-invalid");
  assertEquals((await greet(ann, { name: "ann" })).type, "welcome");
  assertEquals(ann.inbox.all[1]?.type, "welcome");
});

scenario(
  "a ping is answered with its own number, and bye with bye",
  async () => {
    await using server = await hosted();
    for (const over of ["sealed", "plain"] as const) {
      await using client = await enter(server, { over });
      await client.send({ type: "ping", t: 12_345 });
      assertEquals((await client.next({ type: "pong" })).t, 12_345);
      await client.bye();
      const bye = arrived(client, "bye")[0];
      assertEquals(typeof bye?.code, "string");
    }
  },
);

scenario(
  "others see who left, and a keyless one that is cut leaves at once",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await using cy = await enter(server, { name: "cy", over: "plain" });
    await bob.bye();
    const left = await ann.next({ type: "left", name: "bob" });
    assertEquals(left.room, "lobby");
    assertMatch(left.reason as string, /^(left|closed)$/);
    await cy.cut();
    const cut = await ann.next({ type: "left", name: "cy" });
    assertEquals(cut.reason, "cut");
    assertEquals(cut.guest, true);
  },
);

scenario(
  "a keyed connection that is cut may come back before its person counts as left",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    const key = generateKey();
    await using bob = await enter(server, { name: "bob", key });
    await bob.cut();
    await using again = await dial(server, { key });
    await welcomed(again, { name: "bob", resume: { lobby: 0 } });
    await entered(again, "lobby");
    await mark(again, [ann]);
    await mark(ann, [again]);
    assertEquals(arrived(ann, "left"), []);
    assertEquals(arrived(ann, "joined").length, 1);
  },
);
