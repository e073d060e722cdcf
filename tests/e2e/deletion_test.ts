// Taking back what was said: who may, what others hear and find afterwards, what is left on disk.

import { assert, assertEquals } from "@std/assert";
import { refused } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { fingerprint, generateKey, type KeyPair } from "./_keys.ts";
import type { Message } from "./_messages.ts";
import {
  arrived,
  ask,
  dial,
  enter,
  entered,
  mark,
  say,
  welcomed,
} from "./_people.ts";
import { Home, run, Server } from "./_program.ts";
import { scenario, within } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

const SECRET = "the parcel lies under the third stone";

/** Deletes a message; fails unless that is acknowledged. */
async function deletes(
  client: WireClient,
  args: string,
  fields: Record<string, unknown> = {},
): Promise<void> {
  const asked = { type: "command", name: "delete", args, ...fields };
  const answer = await ask(client, asked);
  assertEquals(answer.type, "ack", JSON.stringify(answer));
}

/** What somebody who enters is shown of a room. */
async function shown(
  server: Server,
  room = "lobby",
): Promise<Message[]> {
  await using client = await dial(server);
  await welcomed(client, { room });
  const { history } = await entered(client, room);
  return history.messages ?? [];
}

/** Whether a text stands in a file of the data directory. */
function isOnDisk(data: string, text: string): boolean {
  const decoder = new TextDecoder("latin1");
  return [...Deno.readDirSync(data)].filter(({ isFile }) => isFile)
    .some(({ name }) =>
      decoder.decode(Deno.readFileSync(`${data}/${name}`)).includes(text)
    );
}

scenario("what its author deletes is gone everywhere", async () => {
  await using server = await Server.start("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  await say(ann, "first");
  const { seq, at } = await say(ann, SECRET);
  await bob.next({ type: "chat", txt: SECRET });
  await deletes(ann, `${seq}`);
  for (const client of [ann, bob]) {
    const deleted = await client.next({ type: "deleted" });
    assertEquals([deleted.room, deleted.target, deleted.by], [
      "lobby",
      seq,
      "ann",
    ]);
    assertEquals(deleted.seq, 3);
  }
  const [, gone, deleted] = await shown(server);
  assertEquals(gone, { type: "gone", room: "lobby", seq: seq!, at: at! });
  assertEquals([deleted?.type, deleted?.target], ["deleted", seq]);
  const history = { type: "history", room: "lobby", after: 1, limit: 1 };
  assertEquals((await ask(bob, history)).messages, [gone]);
  const search = { type: "command", name: "search", args: "parcel" };
  assertEquals((await ask(bob, search)).messages, []);

  // The files, soon, and when the server has ended.
  const leaves = async () => {
    while (isOnDisk(server.data, SECRET)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await within(leaves(), () => "the files without the text");
  server.kill("SIGTERM");
  await server.status;
  assert(!isOnDisk(server.data, SECRET));
  assert(isOnDisk(server.data, "first"));
  await server.restart();
  assertEquals((await shown(server))[1], gone);
});

scenario(
  "what was deleted is not said again by who sends it again",
  async () => {
    await using server = await Server.start("--rate", "0");
    const key = generateKey();
    const chat = { type: "chat", txt: SECRET, id: "mine" };
    {
      await using ann = await enter(server, { name: "ann", key });
      const { seq } = await ask(ann, chat);
      await deletes(ann, "");
      assertEquals((await ask(ann, chat)).seq, seq);
    }
    server.kill("SIGKILL");
    await server.status;
    await server.restart();
    await using ann = await enter(server, { name: "ann", key });
    const again = await ask(ann, chat);
    assertEquals([again.type, again.seq], ["ack", 1]);
    const types = (await shown(server)).map(({ type }) => type);
    assertEquals(types, ["gone", "deleted"]);
  },
);

scenario(
  "only its author and who keeps the room delete a message",
  async () => {
    const root = generateKey();
    await using server = await hosted(
      "--rate",
      "0",
      "--admin",
      fingerprint(root.publicKey),
    );
    await using ann = await enter(server, { name: "ann", room: "dev" });
    await using bob = await enter(server, { name: "bob", room: "dev" });
    await using guest = await enter(server, { over: "plain", room: "dev" });
    await using admin = await enter(server, {
      name: "root",
      room: "dev",
      key: root,
    });
    const said: unknown[] = [];
    for (const one of [ann, bob, guest, ann]) {
      said.push(
        (await say(one, "so")).seq,
      );
    }
    const [anns, bobs, guests, annsOther] = said.map(String);
    await refused(bob, "delete", anns, "not-allowed");
    // A guest is told from others by its connection alone.
    await refused(guest, "delete", guests, "not-allowed");
    await deletes(bob, bobs!);
    await deletes(ann, guests!);
    await deletes(admin, annsOther!);
    for (const gone of [bobs, guests, annsOther]) {
      await refused(admin, "delete", gone, "no-such-message");
    }
    const { seq } = await bob.next({ type: "deleted" });
    await refused(admin, "delete", `${seq}`, "no-such-message");
    await refused(admin, "delete", "99", "no-such-message");
    await refused(ann, "delete", "one", "bad-arguments");
    await refused(guest, "delete", "", "no-such-message");
  },
);

scenario("without a number it is one's own last message", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  await say(ann, "one");
  await say(ann, "two");
  await mark(bob, [ann]);
  for (const target of [2, 1]) {
    await deletes(ann, "");
    assertEquals((await ann.next({ type: "deleted" })).target, target);
  }
  await refused(ann, "delete", "", "no-such-message");
});

scenario("in a private conversation only who said it deletes", async () => {
  await using server = await hosted("--rate", "0");
  const keys: KeyPair[] = [generateKey(), generateKey()];
  await using ann = await enter(server, { name: "ann", key: keys[0]! });
  await using bob = await enter(server, { name: "bob", key: keys[1]! });
  const { seq } = await say(ann, SECRET, { to: "bob" });
  await bob.next({ type: "private", txt: SECRET });
  const asked = { type: "command", name: "delete", args: `${seq}` };
  const refusal = await ask(bob, { ...asked, room: "@ann" });
  assertEquals([refusal.type, refusal.code], ["error", "not-allowed"]);
  await deletes(ann, `${seq}`, { room: "@bob" });
  const heard = await bob.next({ type: "deleted" });
  assertEquals([heard.room, heard.target], ["@ann", seq]);
  assertEquals((await ann.next({ type: "deleted" })).room, "@bob");
  const page = await ask(bob, { type: "history", room: "@ann" });
  assertEquals(page.messages?.map(({ type }) => type), ["gone", "deleted"]);
  assertEquals(page.messages?.[0]?.room, "@ann");
});

scenario(
  "JSON without hello hears nothing of a deletion",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using old = await dial(server, { over: "plain" });
    await old.send({ type: "chat", txt: "here" });
    await ann.next({ type: "chat", txt: "here" });
    await say(ann, SECRET);
    await deletes(ann, "");
    await mark(ann, [old]);
    assertEquals(arrived(old, "deleted"), []);
  },
);

scenario(
  "a person is purged, with what it said, while the server is stopped",
  async () => {
    await using server = await Server.start("--rate", "0");
    const bobs = generateKey();
    const key = generateKey();
    {
      await using ann = await enter(server, { name: "ann", key });
      await using bob = await enter(server, { name: "bob", key: bobs });
      await say(ann, SECRET);
      await say(ann, `${SECRET}, bob`, { to: "bob" });
      await say(bob, "I stay");
      await ann.send({ type: "command", name: "away", args: SECRET, id: "a" });
      await ann.next({ type: "ack", id: "a" });
    }
    await using home = new Home();
    const purging = ["purge", "ann", "--data", server.data];
    const early = await run([...purging, "--yes"], home);
    assertEquals(early.code, 1);
    assert(early.stderr.includes("is in use by process"), early.stderr);
    server.kill("SIGTERM");
    await server.status;
    assert(isOnDisk(server.data, SECRET));
    const unsure = await run(purging, home);
    assertEquals(unsure.code, 2, unsure.stderr);
    const done = await run([...purging, "--yes"], home);
    assertEquals(done.code, 0, done.stderr);
    const print = fingerprint(key.publicKey);
    assertEquals(done.stdout, `removed 2 messages and 7 records of ${print}\n`);
    assert(!isOnDisk(server.data, SECRET));
    assertEquals((await run([...purging, "--yes"], home)).code, 1);
    const again = ["purge", print, "--data", server.data, "--yes"];
    await run(again, home);
    const { stdout } = await run(again, home);
    assertEquals(stdout, `nothing was kept of ${print}\n`);
    await server.restart();
    const [gone, stays] = await shown(server);
    assertEquals([gone?.type, stays?.txt], ["gone", "I stay"]);
    await using back = await enter(server, { name: "bob", key: bobs });
    await back.send({ type: "ping", t: 1 });
    await back.next({ type: "pong" });
    assertEquals(arrived(back, "conversations"), []);
    assert(!arrived(back, "history").some(({ room }) => room !== "lobby"));
    await using other = await enter(server, { name: "ann" });
    assertEquals(other.inbox.all[0]?.name, "ann");
  },
);
