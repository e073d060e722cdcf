// Who has a role: the creator of a room, the admins of the server; what survives a restart, and
// that guests have none.

import { assert, assertEquals } from "@std/assert";
import { done, members, refused, unsaid } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { fingerprint, generateKey } from "./_keys.ts";
import { arrived, enter, entered, mark, say } from "./_people.ts";
import { Home, Process, run, Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

/** The role of somebody in the current room, as this client is told. */
async function role(client: WireClient, name: string): Promise<unknown> {
  return (await members(client)).get(name)?.role;
}

/** What only a role allows is refused, the whole table of it. */
async function assertNoRole(client: WireClient, name: string): Promise<void> {
  for (const command of ["kick", "ban", "mute", "op", "deop", "invite"]) {
    await refused(client, command, name, "not-allowed");
  }
  for (const command of ["lock", "unlock"]) {
    await refused(client, command, undefined, "not-allowed");
  }
}

scenario("who creates a room has a role there, and only there", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann", room: "dev" });
  await using bob = await enter(server, { name: "bob", room: "dev" });
  assertEquals(typeof await role(bob, "ann"), "string");
  assertEquals(await role(bob, "bob"), undefined);
  await done(ann, "mute", "bob");
  await done(ann, "unmute", "bob");
  await done(bob, "join", "+ops");
  await entered(bob, "ops");
  await done(ann, "join", "+ops");
  await entered(ann, "ops");
  assertEquals(typeof await role(ann, "bob"), "string");
  assertEquals(await role(ann, "ann"), undefined);
  await refused(ann, "kick", "bob", "not-allowed");
  await done(bob, "kick", "ann");
});

scenario("nobody creates the lobby, and nobody has a role there", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  await using gus = await enter(server, { name: "gus", over: "plain" });
  for (const client of [ann, bob, gus]) {
    await assertNoRole(client, client === bob ? "ann" : "bob");
  }
  for (const { role } of (await members(ann)).values()) {
    assertEquals(role, undefined);
  }
  await mark(ann, [bob, gus]);
  assertEquals(arrived(ann, "left"), []);
});

scenario("a guest who creates a room has no role there", async () => {
  await using server = await hosted("--rate", "0");
  await using gus = await enter(server, {
    name: "gus",
    room: "dev",
    over: "plain",
  });
  await using bob = await enter(server, { name: "bob", room: "dev" });
  await assertNoRole(gus, "bob");
  assertEquals(await role(bob, "gus"), undefined);
});

scenario(
  "creator, operators and topic are what they were after a kill, also under a new name",
  async () => {
    await using server = await Server.start("--rate", "0");
    await using ann = await enter(server, { name: "ann", room: "dev" });
    await using bob = await enter(server, { name: "bob", room: "dev" });
    await using cy = await enter(server, { name: "cy", room: "dev" });
    await done(ann, "op", "bob");
    await say(cy, "history");
    server.kill("SIGKILL");
    await cy.finished("a kill");
    await server.restart();
    await using cy2 = await enter(server, { key: cy.key, room: "dev" });
    await refused(cy2, "lock", undefined, "not-allowed");
    await using bob2 = await enter(server, { key: bob.key, room: "dev" });
    await done(bob2, "name", "robert");
    await done(bob2, "mute", "cy");
    await unsaid(cy2, {}, "muted");
    await done(bob2, "unmute", "cy");
    await using ann2 = await enter(server, { key: ann.key, room: "dev" });
    await done(ann2, "deop", "robert");
    await refused(bob2, "mute", "cy", "not-allowed");
    assertEquals(typeof await role(cy2, "ann"), "string");
    assertEquals(await role(cy2, "robert"), undefined);
  },
);

scenario(
  "another key with the creator's former name has no role",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann", room: "dev" });
    await say(ann, "history");
    await ann.bye();
    await using eve = await enter(server, { name: "eve", room: "dev" });
    await refused(eve, "name", "ann", "name-taken");
    await assertNoRole(eve, "ann");
    await using bob = await enter(server, { name: "bob", room: "dev" });
    assertEquals(await role(bob, "eve"), undefined);
  },
);

scenario(
  "those named by --admin may do everything, in the lobby and in every room",
  async () => {
    const [rootKey, otherKey] = [generateKey(), generateKey()];
    await using server = await hosted(
      "--rate",
      "0",
      "--admin",
      fingerprint(rootKey.publicKey),
      "--admin",
      fingerprint(otherKey.publicKey),
    );
    await using ann = await enter(server, { name: "ann", room: "dev" });
    await using bob = await enter(server, { name: "bob" });
    for (
      const [name, key] of [["root", rootKey], ["other", otherKey]] as const
    ) {
      await using root = await enter(server, { name, key });
      assertEquals(typeof await role(bob, name), "string");
      await done(root, "topic", `${name}'s lobby`);
      const topic = await bob.next({ type: "topic", by: name });
      assertEquals(topic.text, `${name}'s lobby`);
      await done(root, "mute", "bob");
      await unsaid(bob, {}, "muted");
      await done(root, "unmute", "bob");
      await done(root, "kick", "bob");
      await unsaid(bob, {}, "no-room");
      await done(bob, "join", "lobby");
      await done(root, "join", "dev");
      await entered(root, "dev");
      await done(root, "lock");
      await refused(bob, "join", "dev", "room-locked");
      await done(root, "unlock");
      await done(root, "kick", "ann");
      await unsaid(ann, {}, "no-room");
      await done(ann, "join", "dev");
    }
  },
);

scenario(
  "the identity of the account that runs the server is an admin of it",
  async () => {
    await using home = new Home();
    const shown = await run(["id"], home);
    assertEquals(shown.code, 0, shown.stderr);
    const own = /SHA256:[A-Za-z0-9+/]{43}/.exec(shown.stdout)?.[0];
    assert(own, shown.stdout);
    const account = home.file("home");
    await using server = await Server.startWith(
      { CONFAB_DATA: account },
      "--rate",
      "0",
    );
    await using bob = await enter(server, { name: "bob" });
    const flags = ["--fingerprint", server.fingerprint, "--name", "root"];
    const join = ["join", server.address, "--commands", "--listen"];
    await using root = new Process([...join, ...flags], account);
    const joined = await bob.next({ type: "joined", name: "root" });
    assertEquals(joined.key, own);
    assertEquals(typeof await role(bob, "root"), "string");
    await root.write("/topic a herring");
    assertEquals((await bob.next({ type: "topic" })).text, "a herring");
    await root.write("/kick bob");
    await bob.inbox.until(
      () => arrived(bob, "left").length + arrived(bob, "notice").length > 0,
      "word of the kick",
    );
    await unsaid(bob, {}, "no-room");
    await done(bob, "join", "lobby");
    await refused(bob, "kick", "root", "not-allowed");
  },
);
