import { assertEquals, assertRejects } from "@std/assert";
import { SYSTEM_CLOCK } from "../../src/base/clock.ts";
import { ConfabError } from "../../src/base/errors.ts";
import { Client, type Request } from "../../src/client/client.ts";
import { TcpTransport } from "../../src/net/tcp.ts";
import type { CommandSend } from "../../src/wire/client.ts";
import { Server } from "../e2e/_program.ts";
import { scenario } from "../e2e/_scenario.ts";
import { CLIENT } from "../secure/_sealed.ts";
import { testsOf } from "../_testing.ts";
import { goodbye, type Message, Stage, users, type Visit } from "./_stage.ts";

const test = testsOf("current room");

/** Gives a command; the server says these, then that it is done. */
async function done(
  { client, peer }: Visit,
  request: Request,
  ...before: Message[]
): Promise<Message> {
  const answer = client.request(request);
  const asked = await peer.next();
  await peer.send(...before, { type: "ack", id: asked?.id });
  await answer;
  return asked!;
}

function command(name: string, args = ""): CommandSend {
  return { type: "command", name, args };
}

function here(room: string): Message {
  return { type: "here", room };
}

test("is what the server says, when it says it", async () => {
  const visit = await new Stage().enter("lobby");
  const { client, peer, events } = visit;
  await peer.send(here("dev"));
  await events.next("message", here("dev"));
  assertEquals([client.current, client.rooms], ["dev", ["lobby", "dev"]]);
  await peer.send(here(""));
  await events.next("message", here(""));
  assertEquals([client.current, client.rooms], ["", ["lobby", "dev"]]);
  await goodbye(visit);
});

test("is what the welcome says while nothing else is said", async () => {
  const stage = new Stage();
  const connecting = Client.connect(stage.options);
  const peer = await stage.accept();
  await peer.expect({ type: "hello" });
  const server = { server: "test", version: "0" };
  await peer.send({ type: "welcome", name: "ann", room: "dev", ...server });
  const client = await connecting;
  assertEquals([client.current, client.rooms], ["dev", ["dev"]]);
  const closing = client.close();
  peer.cut();
  await closing;
});

test("goes with what is meant for it: chats and commands say where one is", async () => {
  const visit = await new Stage().enter("dev");
  const { peer } = visit;
  const topic = await done(visit, command("topic", "new"));
  assertEquals(topic.room, "dev");
  const said = await done(visit, { type: "chat", txt: "hi" });
  assertEquals(said.room, "dev");
  const whispered = await done(visit, { type: "chat", txt: "hi", to: "bob" });
  assertEquals("room" in whispered, false);
  const named = await done(visit, { ...command("topic"), room: "lobby" });
  assertEquals(named.room, "lobby");
  await peer.send(here(""));
  await visit.events.next("message", here(""));
  assertEquals("room" in await done(visit, command("list")), false);
  await goodbye(visit);
});

test("is left by /leave and by /join, and not by /join +", async () => {
  const visit = await new Stage().enter("lobby");
  const { client } = visit;
  const enter = (room: string) => [here(room), users(room)];
  await done(visit, command("join", "+dev"), ...enter("dev"));
  assertEquals([client.current, client.rooms], ["dev", ["lobby", "dev"]]);
  await done(visit, command("JOIN", " ops "), ...enter("ops"));
  assertEquals([client.current, client.rooms], ["ops", ["lobby", "ops"]]);
  // In another spelling it is the room where one is.
  await done(visit, command("join", "OPS"));
  assertEquals([client.current, client.rooms], ["ops", ["lobby", "ops"]]);
  await done(visit, { type: "chat", txt: "/join lobby" }, here("lobby"));
  assertEquals([client.current, client.rooms], ["lobby", ["lobby"]]);
  await done(visit, command("Part"), here(""));
  assertEquals([client.current, client.rooms], ["", []]);
  await goodbye(visit);
});

test("may be another than the room that is left", async () => {
  const visit = await new Stage().enter("lobby", "dev", "ops");
  const { client } = visit;
  await done(visit, { ...command("leave"), room: "dev" });
  assertEquals([client.current, client.rooms], ["lobby", ["lobby", "ops"]]);
  await done(visit, { ...command("join", "lobby"), room: "ops" });
  assertEquals([client.current, client.rooms], ["lobby", ["lobby"]]);
  await goodbye(visit);
});

test("stays when a command is refused, unless one is not there", async () => {
  const visit = await new Stage().enter("lobby", "dev");
  const { client, peer } = visit;
  for (const [code, rooms] of [["banned", 2], ["no-room", 1]] as const) {
    const answer = client.request({ ...command("join", "x"), room: "dev" });
    const { id } = await peer.expect({ type: "command" });
    await peer.send({ type: "error", code, text: "no", id });
    await assertRejects(() => answer, ConfabError, "no");
    assertEquals([client.current, client.rooms.length], ["lobby", rooms]);
  }
  await goodbye(visit);
});

test("is entered again as new after it was left, and is not resumed meanwhile", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby", "dev");
  await done(visit, command("leave"), here("dev"));
  visit.peer.cut();
  await visit.events.until("message");
  const { peer, hello } = await stage.reenter(visit, "dev");
  assertEquals([hello.room, hello.resume], ["dev", { dev: { seq: 0 } }]);
  await goodbye({ ...visit, peer });
});

test("is none again after a reconnect where it was none", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  await done(visit, command("leave"), here(""));
  visit.peer.cut();
  await visit.events.until("message");
  const { peer, hello } = await stage.reenter(visit);
  assertEquals([hello.room, hello.resume], ["", {}]);
  await goodbye({ ...visit, peer });
});

scenario(
  "current room: the client is where the server is, however a room is written",
  async () => {
    await using server = await Server.start();
    const { port } = server;
    await using client = await Client.connect({
      dial: async () =>
        new TcpTransport(await Deno.connect({ hostname: "127.0.0.1", port })),
      seal: { identity: CLIENT, judgeServer: () => {} },
      clock: SYSTEM_CLOCK,
      random: Math.random,
      newId: () => crypto.randomUUID(),
      hello: { room: "strasse" },
    });
    await client.request(command("join", "+ops"));
    assertEquals(client.current, "ops");
    await client.request(command("join", "+straße"));
    assertEquals(client.current, "strasse");
    const said = await client.request({ type: "chat", txt: "here?" });
    assertEquals((said as Message).room, "strasse");
    assertEquals(client.rooms, ["strasse", "ops"]);
    await client.request(command("join", "Ops"));
    assertEquals([client.current, client.rooms], ["ops", ["ops"]]);
    await client.request(command("leave"));
    assertEquals([client.current, client.rooms], ["", []]);
  },
);
