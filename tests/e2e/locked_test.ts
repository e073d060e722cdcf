// A locked room, and one that somebody is banned from, seen from every side: join, hello, resume,
// history, search, list.

import { assert, assertEquals } from "@std/assert";
import {
  assertRefused,
  done,
  listed,
  page,
  refused,
  texts,
  unsaid,
  WAYS,
} from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { generateKey } from "./_keys.ts";
import { arrived, dial, enter, entered, greet, mark, say } from "./_people.ts";
import { type Served, Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

const SECRET = "the herring is in the cellar";

/** Everything of a room that this client was told, as one text. */
function told(client: WireClient): string {
  return JSON.stringify(client.inbox.all);
}

/** Tries every way in and every way to read, and fails where one leads anywhere. */
async function assertOutside(
  server: Served,
  client: WireClient,
  over: "sealed" | "plain",
  code: string,
): Promise<void> {
  await refused(client, "join", "dev", code);
  await refused(client, "join", "+dev", code);
  await refused(client, "join", "DEV", code);
  await unsaid(client, { room: "dev" }, code, "no-room", "no-such-room");
  for (const fields of [{ after: 0 }, { before: 99 }, { limit: 5 }]) {
    assertRefused(await page(client, "dev", fields), code);
  }
  assertEquals(texts(await done(client, "search", "herring")), []);
  await client.send({ type: "typing", room: "dev" });
  await client.send({ type: "read", room: "dev", seq: 1 });
  if (over === "sealed") {
    for (const fields of [{ room: "dev" }, { resume: { dev: 0 } }]) {
      // Refused as a whole, or welcomed without that room.
      await using other = await dial(server, { key: client.key });
      const answer = await greet(other, fields);
      assert(answer.room !== "dev", JSON.stringify(answer));
      const error = answer.type === "error"
        ? answer
        : await other.next({ type: "error" });
      assertRefused(error, code);
      if (answer.type === "error") await greet(other, { room: "" });
      await done(other, "join", "lobby");
      await mark(other, []);
      const entries = arrived(other, "users").map(({ room }) => room);
      assertEquals(entries, ["lobby"]);
      assert(!told(other).includes(SECRET), told(other));
    }
  }
  assert(!told(client).includes(SECRET), told(client));
  assertEquals(arrived(client, "users").filter((m) => m.room === "dev"), []);
}

for (const by of WAYS) {
  scenario(
    `/lock by ${by} keeps a room to those in it and those invited`,
    async () => {
      await using server = await hosted("--rate", "0");
      await using ann = await enter(server, { name: "ann", room: "dev" });
      await using cy = await enter(server, { name: "cy", room: "dev" });
      await say(ann, SECRET);
      await using bob = await enter(server, { name: "bob" });
      await using gus = await enter(server, { name: "gus", over: "plain" });
      await done(ann, "lock", undefined, by);
      await mark(cy, [ann]); // who was in it stays
      await assertOutside(server, bob, "sealed", "room-locked");
      await assertOutside(server, gus, "plain", "room-locked");
      await done(ann, "invite", "bob", by);
      await refused(gus, "join", "dev", "room-locked");
      assertEquals(texts(await page(bob, "dev"))[0], SECRET);
      await done(bob, "join", "dev");
      const { history } = await entered(bob, "dev");
      assertEquals(texts(history)[0], SECRET);
      await done(bob, "leave");
      await done(ann, "unlock", undefined, by);
      await done(gus, "join", "dev");
      assertEquals(texts((await entered(gus, "dev")).history)[0], SECRET);
      assertEquals(arrived(ann, "typing"), []);
    },
  );

  scenario(`/list by ${by} does not show a locked room`, async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann", room: "dev" });
    await using bob = await enter(server, { name: "bob" });
    await using gus = await enter(server, { name: "gus", over: "plain" });
    await done(ann, "topic", "cellar");
    assertEquals(await listed(bob), ["dev", "lobby"]);
    await done(ann, "lock");
    for (const client of [bob, gus]) {
      for (const name of ["list", "rooms"]) {
        const { rooms = [] } = await done(client, name, undefined, by);
        assertEquals(rooms.map(({ name }) => name), ["lobby"]);
      }
    }
    await done(ann, "unlock");
    assertEquals(await listed(gus), ["dev", "lobby"]);
  });
}

scenario(
  "one who is banned neither enters nor reads, by any way in",
  async () => {
    await using server = await Server.start("--rate", "0");
    await using ann = await enter(server, { name: "ann", room: "dev" });
    await say(ann, SECRET);
    await using bob = await enter(server, { name: "bob" });
    await done(ann, "ban", "bob");
    await assertOutside(server, bob, "sealed", "banned");
    server.kill("SIGKILL");
    await ann.finished("a kill");
    await server.restart();
    await using back = await enter(server, { key: bob.key });
    await assertOutside(server, back, "sealed", "banned");
    await using again = await enter(server, { key: ann.key, room: "dev" });
    await done(again, "unban", "bob");
    await done(back, "join", "dev");
    assertEquals(texts((await entered(back, "dev")).history)[0], SECRET);
  },
);

scenario("a guest who was banned does not read what went on", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann", room: "dev" });
  await using gus = await enter(server, {
    name: "gus",
    room: "dev",
    over: "plain",
  });
  await done(ann, "ban", "gus");
  await say(ann, SECRET);
  await refused(gus, "join", "dev", "banned");
  assertRefused(await page(gus, "dev"), "banned");
  await done(gus, "join", "lobby");
  await entered(gus, "lobby");
  assert(!told(gus).includes(SECRET), told(gus));
});

scenario(
  "a lock, its invitations and a mute outlive a kill",
  async () => {
    await using server = await Server.start("--rate", "0");
    const [annKey, bobKey] = [generateKey(), generateKey()];
    const [cyKey, danKey] = [generateKey(), generateKey()];
    await using ann = await enter(server, {
      name: "ann",
      room: "dev",
      key: annKey,
    });
    for (const [name, key] of [["bob", bobKey], ["cy", cyKey]] as const) {
      await using _ = await enter(server, { name, key });
    }
    await using dan = await enter(server, {
      name: "dan",
      room: "dev",
      key: danKey,
    });
    await say(ann, SECRET);
    await done(ann, "mute", "dan");
    await done(ann, "lock");
    await done(ann, "invite", "bob");
    server.kill("SIGKILL");
    await dan.finished("a kill");
    await server.restart();
    await using bob = await enter(server, { key: bobKey, room: "dev" });
    assertEquals(texts(arrived(bob, "history")[0]!), [SECRET]);
    await using cy = await enter(server, { key: cyKey });
    await assertOutside(server, cy, "sealed", "room-locked");
    assertEquals(await listed(cy), ["lobby"]);
    await using back = await enter(server, { key: annKey, room: "dev" });
    await done(back, "invite", "dan");
    await using mute = await enter(server, { key: danKey, room: "dev" });
    await unsaid(mute, {}, "muted");
    await done(back, "unlock");
    await done(cy, "join", "dev");
  },
);

scenario(
  "a locked room sends guests out and keeps its name taken",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann", room: "dev" });
    await using gus = await enter(server, {
      name: "gus",
      room: "dev",
      over: "plain",
    });
    await done(ann, "lock");
    await say(ann, SECRET);
    await unsaid(gus, { room: "dev" }, "no-room", "room-locked");
    await refused(gus, "join", "dev", "room-locked");
    assert(!told(gus).includes(SECRET), told(gus));
    await ann.bye();
    await using bob = await enter(server, { name: "bob" });
    await refused(bob, "join", "dev", "room-locked");
    await refused(bob, "join", "Dev", "room-locked");
    await using again = await enter(server, { key: ann.key, room: "dev" });
    await mark(again, []);
  },
);
