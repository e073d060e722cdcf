// The first commands, given as `command` and as a text that begins with `/`: one answer each, and
// what the others see.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { hosted } from "./_hosted.ts";
import type { Message } from "./_messages.ts";
import {
  arrived,
  ask,
  command,
  enter,
  entered,
  greet,
  mark,
  say,
} from "./_people.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

/** Gives a command, takes its answer, and fails if that is an error. */
async function done(
  client: WireClient,
  by: "command" | "text",
  name: string,
  args?: string,
): Promise<Message> {
  const answer = await command(client, by, name, args);
  assert(answer.type !== "error", JSON.stringify(answer));
  return answer;
}

/**
 * Every id that this client used was answered exactly once. Something is said and heard in between.
 */
async function answeredOnce(
  client: WireClient,
  other: WireClient,
  fields: Record<string, unknown> = {},
): Promise<void> {
  await mark(client, [other], fields);
  const ids = client.inbox.all
    .filter(({ id, type }) => id !== undefined && type !== "chat")
    .map(({ id }) => id);
  assertEquals(new Set(ids).size, ids.length, client.inbox.listing());
}

for (const by of ["command", "text"] as const) {
  scenario(
    `join by ${by} moves to the room, which both rooms see`,
    async () => {
      await using server = await hosted();
      await using ann = await enter(server, { name: "ann" });
      await using bob = await enter(server, { name: "bob" });
      await using cy = await enter(server, { name: "cy", room: "dev" });
      await done(ann, by, "join", "dev");
      const { users, history } = await entered(ann, "dev");
      const names = (users.users ?? []).map(({ name }) => name).sort();
      assertEquals(names, ["ann", "cy"]);
      assertEquals(history.messages, []);
      const left = await bob.next({ type: "left", name: "ann" });
      assertEquals([left.room, left.reason], ["lobby", "left"]);
      const joined = await cy.next({ type: "joined", name: "ann" });
      assertEquals([joined.room, joined.key], ["dev", ann.fingerprint]);
      assertEquals((await say(ann, "hi")).room, "dev");
      assertEquals((await cy.next({ type: "chat" })).txt, "hi");
      await answeredOnce(ann, cy);
      assertEquals(arrived(bob, "chat"), []);
      assertEquals(arrived(ann, "joined").filter((m) => m.name === "ann"), []);
    },
  );

  scenario(`join +ROOM by ${by} enters without leaving`, async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await using cy = await enter(server, { name: "cy", room: "dev" });
    await done(ann, by, "join", "+dev");
    await entered(ann, "dev");
    await cy.next({ type: "joined", name: "ann" });
    await answeredOnce(ann, cy, { room: "dev" });
    await answeredOnce(ann, bob, { room: "lobby" });
    await mark(bob, [ann]);
    await mark(cy, [ann]);
    assertEquals(arrived(bob, "left"), []);
  });

  scenario(`leave by ${by} leaves the current room`, async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await done(ann, by, "leave");
    const left = await bob.next({ type: "left", name: "ann" });
    assertEquals([left.room, left.reason], ["lobby", "left"]);
    const error = await ask(ann, { type: "chat", txt: "to nobody" });
    assertEquals([error.type, error.code], ["error", "no-room"]);
    await done(ann, by, "join", "lobby");
    await entered(ann, "lobby");
    await answeredOnce(ann, bob);
  });

  scenario(`users by ${by} tells who is in the room`, async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob", over: "plain" });
    await using _cy = await enter(server, { name: "cy", room: "dev" });
    const answer = await done(ann, by, "users");
    assertEquals([answer.type, answer.room], ["users", "lobby"]);
    const users = answer.users ?? [];
    assertEquals(users.map(({ name }) => name).sort(), ["ann", "bob"]);
    const of = (name: string) => users.find((one) => one.name === name);
    assertEquals(of("ann")?.key, ann.fingerprint);
    assertEquals(of("bob")?.key, undefined);
    assertEquals(of("bob")?.guest, true);
    await answeredOnce(ann, bob);
  });

  scenario(
    `list by ${by} tells which rooms there are and how many are in them`,
    async () => {
      await using server = await hosted();
      await using ann = await enter(server, { name: "ann" });
      await using bob = await enter(server, { name: "bob" });
      await using _cy = await enter(server, { name: "cy", room: "dev" });
      const answer = await done(ann, by, "list");
      assertEquals(answer.type, "rooms");
      const rooms = (answer.rooms ?? []).map(({ name, people }) => [
        name,
        people,
      ]);
      assertEquals(rooms.sort(), [["dev", 1], ["lobby", 2]]);
      await answeredOnce(ann, bob);
    },
  );

  scenario(`name by ${by} changes the name, which others see`, async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await done(ann, by, "name", "anna");
    const renamed = await bob.next({ type: "renamed" });
    assertEquals([renamed.from, renamed.name], ["ann", "anna"]);
    assertEquals(typeof renamed.at, "number");
    await say(ann, "under a new name");
    assertEquals((await bob.next({ type: "chat" })).from, "anna");
    const taken = await command(ann, by, "name", "BOB");
    assertEquals([taken.type, taken.code], ["error", "name-taken"]);
    const invalid = await command(ann, by, "name", "no/slash");
    assertEquals([invalid.type, invalid.code], ["error", "name-invalid"]);
    await answeredOnce(ann, bob);
    assertEquals(arrived(bob, "renamed").length, 1);
  });

  scenario(`help by ${by} tells the commands`, async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    const answer = await done(ann, by, "help");
    assertEquals(answer.type, "help");
    const commands = answer.commands ?? [];
    const names = commands.map(({ name }) => name.replace(/^\//, ""));
    const first = ["close", "help", "join", "leave", "list", "name", "users"];
    for (const name of first) assert(names.includes(name), `no ${name}`);
    for (const { args, text } of commands) {
      assertEquals([typeof args, typeof text], ["string", "string"]);
    }
    assertEquals((await done(ann, by, "help", "join")).type, "help");
    await answeredOnce(ann, bob);
  });

  scenario(`close by ${by} is answered with bye and the end`, async () => {
    await using server = await hosted();
    await using bob = await enter(server, { name: "bob" });
    for (const over of ["sealed", "plain"] as const) {
      await using ann = await enter(server, { over });
      if (by === "text") await ann.send({ type: "chat", txt: "/close" });
      else await ann.send({ type: "command", name: "close" });
      assertEquals(await ann.finished("close"), "bye");
      const left = await bob.next({ type: "left" });
      assertMatch(left.reason as string, /^(left|closed)$/);
    }
  });

  scenario(
    `what is no command, or lacks its arguments, is an error by ${by} and is not said`,
    async () => {
      await using server = await hosted();
      await using ann = await enter(server, { name: "ann" });
      await using bob = await enter(server, { name: "bob" });
      const unknown = await command(ann, by, "dance", "now");
      assertEquals([unknown.type, unknown.code], ["error", "unknown-command"]);
      const bare = await command(ann, by, "join");
      assertEquals(bare.type, "error");
      assertMatch(bare.code as string, /^(bad-arguments|room-invalid)$/);
      const room = await command(ann, by, "join", "no/such:room");
      assertEquals([room.type, room.code], ["error", "room-invalid"]);
      await answeredOnce(ann, bob);
      assertEquals(arrived(bob, "chat").length, 1);
    },
  );
}

scenario("a text that begins with two slashes is said with one", async () => {
  await using server = await hosted();
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  await say(ann, "//users are people");
  assertEquals((await bob.next({ type: "chat" })).txt, "/users are people");
  await say(ann, "not /users either");
  assertEquals((await bob.next({ type: "chat" })).txt, "not /users either");
});

scenario("a command without an id gets no ack", async () => {
  await using server = await hosted();
  await using ann = await enter(server, { name: "ann" });
  await ann.send({ type: "command", name: "join", args: "dev" });
  await entered(ann, "dev");
  await ann.send({ type: "chat", txt: "/name anna" });
  await using bob = await enter(server, { name: "bob", room: "dev" });
  await mark(bob, [ann]);
  assertEquals(arrived(ann, "ack"), []);
});

scenario("one who entered no room may join one later", async () => {
  await using server = await hosted();
  await using bob = await enter(server, { name: "bob", room: "dev" });
  await using ann = await enter(server, { name: "ann", room: "other" });
  await done(ann, "command", "leave");
  await done(ann, "command", "join", "dev");
  await entered(ann, "dev");
  await bob.next({ type: "joined", name: "ann" });
  assertEquals((await greet(ann, { name: "ann" })).type, "error");
  await mark(ann, [bob]);
});
