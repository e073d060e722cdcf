// The commands for talking: /me, /topic, /away, /whois, /history, given in both ways by people with
// and without keys.

import { assert, assertEquals } from "@std/assert";
import { done, members, refused, texts, WAYS } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { range } from "./_messages.ts";
import { arrived, enter, entered, mark, say } from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";

for (const over of ["sealed", "plain"] as const) {
  for (const by of WAYS) {
    const how = `by ${by} on a ${over} connection`;

    scenario(`/me ${how} is a chat that is an action`, async () => {
      await using server = await hosted();
      await using ann = await enter(server, { name: "ann", over });
      await using bob = await enter(server, { name: "bob" });
      await say(ann, "no action");
      const ack = await done(ann, "me", "waves  twice", by);
      assertEquals([ack.type, ack.room, ack.seq], ["ack", "lobby", 2]);
      const plain = await bob.next({ type: "chat", seq: 1 });
      assert(!plain.action);
      const action = await bob.next({ type: "chat", seq: 2 });
      assertEquals(action.action, true);
      assertEquals([action.from, action.txt], ["ann", "waves  twice"]);
      assertEquals(action.at, ack.at);
      await refused(ann, "me", undefined, "bad-arguments");
      await using cy = await enter(server, { name: "cy" });
      const replayed = arrived(cy, "history")[0]?.messages ?? [];
      assertEquals(replayed.map(({ action }) => action ?? false), [
        false,
        true,
      ]);
      await mark(bob, [ann]);
      assertEquals(arrived(ann, "chat").length, 1);
    });

    scenario(
      `/away ${how} shows in users and whois until it ends`,
      async () => {
        await using server = await hosted();
        await using ann = await enter(server, { name: "ann", over });
        await using bob = await enter(server, { name: "bob" });
        await done(ann, "away", "out for lunch", by);
        assertEquals((await members(bob)).get("ann")?.away, "out for lunch");
        assertEquals((await done(bob, "whois", "ann")).away, "out for lunch");
        assertEquals((await members(bob)).get("bob")?.away, undefined);
        await using cy = await enter(server, { name: "cy" });
        const entering = arrived(cy, "users")[0]?.users ?? [];
        assertEquals(
          entering.map((one) => (one as { away?: string }).away ?? "").sort(),
          ["", "", "out for lunch"],
        );
        await done(ann, "away", undefined, by);
        assertEquals((await members(bob)).get("ann")?.away, undefined);
        assertEquals((await done(bob, "whois", "ann")).away, undefined);
      },
    );

    scenario(`/whois ${how} tells who somebody is`, async () => {
      await using server = await hosted();
      await using ann = await enter(server, { name: "ann", over });
      await using bob = await enter(server, { name: "bob", room: "dev" });
      await using gus = await enter(server, { name: "gus", over: "plain" });
      const keyed = await done(ann, "whois", "BOB", by);
      assertEquals([keyed.type, keyed.name], ["whois", "bob"]);
      assertEquals([keyed.key, keyed.guest ?? false], [bob.fingerprint, false]);
      assertEquals(keyed.rooms as unknown, ["dev"]);
      assert(Number.isSafeInteger(keyed.since));
      assert((keyed.idleMs as number) >= 0);
      const guest = await done(ann, "whois", "gus", by);
      assertEquals([guest.key, guest.guest], [undefined, true]);
      assertEquals(guest.rooms as unknown, ["lobby"]);
      await refused(ann, "whois", "nobody", "no-such-person");
      await refused(ann, "whois", undefined, "bad-arguments");
      await mark(gus, [ann]);
      assertEquals(arrived(bob, "whois").length, 0);
    });

    scenario(`/history N ${how} brings the last N`, async () => {
      await using server = await hosted("--rate", "0");
      await using bob = await enter(server, { name: "bob" });
      for (const n of range(1, 120)) {
        await bob.send({ type: "chat", txt: `${n}` });
      }
      await say(bob, "121");
      await using ann = await enter(server, { name: "ann", over });
      const some = await done(ann, "history", "7", by);
      assertEquals([some.type, some.room], ["history", "lobby"]);
      assertEquals(texts(some), range(115, 121).map(String));
      const most = await done(ann, "history", "100", by);
      assertEquals(texts(most), range(22, 121).map(String));
      const unsaid = texts(await done(ann, "history", undefined, by));
      assert(unsaid.length > 0 && unsaid.length <= 100);
      assertEquals(unsaid.at(-1), "121");
      for (const wrong of ["x", "-1", "1.5", "1 2"]) {
        await refused(ann, "history", wrong, "bad-arguments");
      }
    });

    scenario(`/topic ${how} tells the topic of the room`, async () => {
      await using server = await hosted();
      await using bob = await enter(server, { name: "bob", room: "dev" });
      await using ann = await enter(server, { name: "ann", room: "dev", over });
      await done(bob, "topic", "fish and ships", by);
      for (const client of [ann, bob]) {
        const topic = await client.next({ type: "topic" });
        assertEquals([topic.room, topic.by], ["dev", "bob"]);
        assertEquals(topic.text, "fish and ships");
        assert(Number.isSafeInteger(topic.at));
      }
      const answer = await done(ann, "topic", undefined, by);
      assert(JSON.stringify(answer).includes("fish and ships"));
      const { rooms = [] } = await done(ann, "list", undefined, by);
      const dev = rooms.find(({ name }) => name === "dev");
      assertEquals(dev?.topic, "fish and ships");
    });
  }
}

scenario("who enters a room is told its topic before its history", async () => {
  await using server = await Server.start();
  {
    await using ann = await enter(server, { name: "ann", room: "dev" });
    await done(ann, "topic", "old fish");
    await done(ann, "topic", "fresh fish");
    await say(ann, "there");
  }
  server.kill("SIGKILL");
  await server.restart();
  for (const over of ["sealed", "plain"] as const) {
    await using bob = await enter(server, { room: "dev", over });
    const types = bob.inbox.all.map(({ type }) => type);
    assertEquals(types, ["welcome", "here", "users", "topic", "history"]);
    assertEquals(arrived(bob, "topic")[0]?.text, "fresh fish");
    assertEquals(arrived(bob, "topic")[0]?.by, "ann");
  }
});

scenario(
  "an aside in one room is no business of another",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann", room: "dev" });
    await using bob = await enter(server, { name: "bob" });
    await done(ann, "topic", "dev's own");
    await done(ann, "me", "is in dev");
    await done(ann, "join", "+lobby");
    await entered(ann, "lobby");
    await done(ann, "me", "is in the lobby");
    const action = await bob.next({ type: "chat" });
    assertEquals([action.room, action.action], ["lobby", true]);
    assertEquals(arrived(bob, "topic"), []);
    assertEquals(arrived(bob, "chat").length, 1);
  },
);

scenario(
  "without a room the commands of a room are refused with no-room",
  async () => {
    await using server = await hosted("--rate", "0");
    for (const over of ["sealed", "plain"] as const) {
      await using ann = await enter(server, { over });
      await done(ann, "leave");
      const of = ["me x", "topic x", "users", "leave", "history", "search x"];
      const roles = ["kick x", "ban x", "mute x", "op x", "lock", "invite x"];
      for (const line of [...of, ...roles]) {
        const [name = "", args] = line.split(" ");
        await refused(ann, name, args, "no-room", "no-such-person");
      }
    }
  },
);
