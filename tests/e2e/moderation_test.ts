// What the creator and operators of a room may do there, to whom, and that nobody else may.

import { assert, assertEquals } from "@std/assert";
import { done, members, refused, unsaid, type Way, WAYS } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { arrived, ask, enter, entered, mark, say } from "./_people.ts";
import type { Served } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

/** The commands that take a role. */
const BY_ROLE = [
  "kick bob",
  "ban bob",
  "unban bob",
  "mute bob",
  "unmute bob",
  "op bob",
  "deop bob",
  "lock",
  "unlock",
  "invite bob",
].map((line) => line.split(" ") as [string, string?]);

/**
 * A scenario for both ways to give a command: these people are in a room that the first of them
 * created.
 */
function inRoom(
  name: (by: Way) => string,
  names: string[],
  test: (by: Way, server: Served, ...clients: WireClient[]) => Promise<void>,
): void {
  for (const by of WAYS) {
    scenario(name(by), async () => {
      await using server = await hosted("--rate", "0");
      await using stack = new AsyncDisposableStack();
      const clients: WireClient[] = [];
      for (const name of names) {
        const over = name === "gus" ? "plain" : "sealed";
        const client = await enter(server, { name, room: "dev", over });
        clients.push(stack.use(client));
      }
      await test(by, server, ...clients);
    });
  }
}

inRoom(
  (by) => `by ${by} neither a member nor a guest may do what takes a role`,
  ["ann", "bob", "cy", "gus"],
  async (by, _server, ann, bob, cy, gus) => {
    for (const client of [cy, gus] as WireClient[]) {
      for (const [name, args] of BY_ROLE) {
        const line = args === undefined ? `/${name}` : `/${name} ${args}`;
        const message = by === "command"
          ? { type: "command", name, ...(args && { args }) }
          : { type: "chat", txt: line };
        const answer = await ask(client, message);
        assertEquals(
          [answer.type, answer.code],
          ["error", "not-allowed"],
          line,
        );
      }
      await refused(client, "kick", "ann", "not-allowed");
    }
    await mark(bob!, [ann!, cy!, gus!]);
    assertEquals(arrived(ann!, "left"), []);
    assertEquals([...(await members(ann!)).keys()].length, 4);
    assertEquals(typeof (await members(gus!)).get("ann")?.role, "string");
    assertEquals((await members(gus!)).get("cy")?.role, undefined);
  },
);

inRoom(
  (by) =>
    `/kick by ${by} puts all of a person's connections out, who may come back`,
  ["ann", "bob", "cy", "gus"],
  async (by, server, ann, bob, cy, gus) => {
    await using bob2 = await enter(server, { key: bob!.key, room: "dev" });
    await done(bob2, "join", "+lobby");
    await entered(bob2, "lobby");
    await done(ann!, "kick", "BOB", by);
    await done(ann!, "kick", "gus", by);
    for (const client of [ann!, cy!]) {
      for (const name of ["bob", "gus"]) {
        const left = await client.next({ type: "left", name });
        assertEquals([left.room, left.reason], ["dev", "kicked"]);
      }
      assertEquals([...(await members(client)).keys()].sort(), ["ann", "cy"]);
    }
    for (const client of [bob!, bob2, gus!]) {
      await unsaid(client, { room: "dev" }, "no-room", "no-such-room");
    }
    await say(bob2, "still in the lobby", { room: "lobby" });
    await mark(ann!, [cy!]);
    assertEquals(arrived(bob!, "chat"), []);
    for (const client of [bob!, gus!]) {
      await done(client, "join", "dev");
      await say(client, "back");
      assertEquals((await cy!.next({ type: "chat", txt: "back" })).room, "dev");
    }
    await refused(ann!, "kick", "nobody", "no-such-person");
    await refused(ann!, "kick", undefined, "bad-arguments");
  },
);

inRoom(
  (by) => `/mute by ${by} lets a person read and not speak, until /unmute`,
  ["ann", "bob", "cy", "gus"],
  async (by, server, ann, bob, cy, gus) => {
    await using bob2 = await enter(server, { key: bob!.key, room: "dev" });
    for (const [name, target] of [["bob", bob!], ["gus", gus!]] as const) {
      await done(ann!, "mute", name, by);
      await unsaid(target, {}, "muted");
      await refused(target, "me", "shouts", "muted");
      await mark(cy!, [target]);
      await done(ann!, "unmute", name, by);
      await mark(target, [cy!]);
    }
    await done(ann!, "mute", "bob", by);
    await unsaid(bob2, {}, "muted");
    await done(bob2, "join", "other");
    await say(bob2, "muted elsewhere only");
    await say(bob2, "also privately", { to: "cy" });
    await mark(ann!, [cy!, gus!]);
    const heard = arrived(cy!, "chat").map(({ txt }) => txt);
    assert(!heard.includes("unsaid") && !heard.includes("shouts"));
    await refused(ann!, "mute", undefined, "bad-arguments");
    await refused(ann!, "mute", "nobody", "no-such-person");
  },
);

inRoom(
  (by) => `/op by ${by} makes an operator who may moderate, and /deop ends it`,
  ["ann", "bob", "cy", "gus"],
  async (by, _server, ann, bob, cy, gus) => {
    await done(ann!, "op", "bob", by);
    assertEquals(typeof (await members(cy!)).get("bob")?.role, "string");
    await done(bob!, "mute", "cy", by);
    await unsaid(cy!, {}, "muted");
    await done(bob!, "unmute", "cy", by);
    await done(bob!, "topic", "an operator's", by);
    assertEquals((await cy!.next({ type: "topic" })).by, "bob");
    await done(bob!, "kick", "gus", by);
    await cy!.next({ type: "left", name: "gus", reason: "kicked" });
    await done(ann!, "deop", "bob", by);
    await refused(bob!, "mute", "cy", "not-allowed");
    assertEquals((await members(cy!)).get("bob")?.role, undefined);
    await done(gus!, "join", "dev");
    await refused(ann!, "op", "gus", "not-allowed");
    assertEquals((await members(cy!)).get("gus")?.role, undefined);
    await refused(ann!, "op", undefined, "bad-arguments");
    await refused(ann!, "deop", undefined, "bad-arguments");
  },
);

inRoom(
  (by) => `/ban by ${by} keeps a key out until /unban, whatever its name`,
  ["ann", "bob", "cy"],
  async (by, server, ann, bob, cy) => {
    await done(ann!, "ban", "bob", by);
    const left = await cy!.next({ type: "left", name: "bob" });
    assertEquals(left.reason, "kicked");
    await refused(bob!, "join", "dev", "banned");
    await done(bob!, "name", "robert");
    await refused(bob!, "join", "+dev", "banned");
    await using bob2 = await enter(server, { key: bob!.key });
    await refused(bob2, "join", "dev", "banned");
    await unsaid(bob2, { room: "dev" }, "banned", "no-room", "no-such-room");
    await done(ann!, "unban", "robert", by);
    await done(bob2, "join", "dev");
    await entered(bob2, "dev");
    await mark(bob2, [cy!]);
    await refused(ann!, "ban", undefined, "bad-arguments");
    await refused(ann!, "ban", "nobody", "no-such-person");
    await refused(ann!, "unban", undefined, "bad-arguments");
  },
);

inRoom(
  (by) => `/ban by ${by} works on one who is away`,
  ["ann", "bob"],
  async (by, server, ann, bob) => {
    await bob!.bye();
    await ann!.next({ type: "left", name: "bob" });
    await done(ann!, "ban", "bob", by);
    await using back = await enter(server, { key: bob!.key });
    await refused(back, "join", "dev", "banned");
    await done(ann!, "unban", "bob", by);
    await done(back, "join", "dev");
  },
);

inRoom(
  (by) =>
    `/ban by ${by} puts a guest out, and never the address of this machine`,
  ["ann", "gus"],
  async (by, server, ann, gus) => {
    await done(ann!, "ban", "gus", by);
    await ann!.next({ type: "left", name: "gus", reason: "kicked" });
    await refused(gus!, "join", "dev", "banned");
    await using hal = await enter(server, {
      name: "hal",
      room: "dev",
      over: "plain",
    });
    await mark(hal, [ann!]);
  },
);
