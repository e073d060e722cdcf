// What people read who use old clients, each line of it: of what they do themselves, and of what is
// done by one who keeps a room.

import { assertEquals } from "@std/assert";
import { done } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { FramedClient, hello, LineClient, sitDown } from "./_old_clients.ts";
import { enter, say } from "./_people.ts";
import { scenario } from "./_scenario.ts";

/** `cat` keeps the room dev; at `nc` and by HELLO there are `zoe` and `hal`, a script has no name. */
async function dev(stack: AsyncDisposableStack) {
  const server = stack.use(await hosted("--rate", "0"));
  const { port } = server;
  const cat = stack.use(await enter(server, { name: "cat", room: "dev" }));
  await say(cat, "hi");
  const nc = stack.use(await LineClient.open(port));
  await sitDown(nc);
  await nc.type("/name zoe");
  assertEquals(await nc.next(), "* you are zoe");
  await nc.type("/join dev");
  await nc.sees("* you are in dev");
  const hal = stack.use(await LineClient.open(port));
  await hello(hal, "hal");
  await hal.type("/join dev");
  await hal.sees("* you are in dev");
  await nc.sees("* hal joined dev");
  const script = stack.use(await FramedClient.open(port));
  await script.chat("/join dev", "/name bot");
  await script.inbox.next(({ text }) => text === "you are bot", "its name");
  await nc.inbox.next((line) => line.endsWith("is now bot"), "the bot's name");
  await hal.sees("JOIN bot");
  for (const { inbox } of [nc, hal, script]) inbox.drain();
  return { server, cat, nc, hal, script };
}

scenario(
  "at old clients each reads in a line what one who keeps the room does",
  async () => {
    await using stack = new AsyncDisposableStack();
    const { server, cat, nc, hal, script } = await dev(stack);
    stack.use(await enter(server, { name: "ned", room: "dev", over: "plain" }));
    await nc.sees("* ned joined dev");
    await hal.sees("JOIN ned");

    await done(cat, "kick", "ned too loud");
    const kicked = "ned left dev (kicked by cat: too loud)";
    assertEquals(await nc.next(), `* ${kicked}`);
    assertEquals(await hal.next(), `* ${kicked}`);
    assertEquals(await hal.next(), "BYE ned");
    assertEquals((await script.next()).text, kicked);

    await done(cat, "mute", "hal");
    assertEquals(await nc.next(), "* cat muted hal in dev");
    assertEquals(
      await hal.next(),
      "* cat muted you in dev: you may read there, and not speak",
    );
    assertEquals((await script.next()).text, "cat muted hal in dev");
    await done(cat, "unmute", "hal");
    assertEquals(await nc.next(), "* cat unmuted hal in dev");
    assertEquals(
      await hal.next(),
      "* cat unmuted you in dev: you may speak there again",
    );
    assertEquals((await script.next()).text, "cat unmuted hal in dev");

    await done(cat, "topic", "tea");
    for (const one of [nc, hal]) {
      assertEquals(await one.next(), "* the topic of dev is: tea (cat)");
    }
    assertEquals((await script.next()).type, "topic");

    // Guests must leave a locked room: each reads that of the others, and why it must itself.
    await done(cat, "kick", "bot");
    assertEquals(await nc.next(), "* bot left dev (kicked by cat)");
    assertEquals(await hal.next(), "* bot left dev (kicked by cat)");
    assertEquals(await hal.next(), "BYE bot");
    assertEquals((await script.next()).text, "cat kicked you from dev");
  },
);

scenario("at old clients each command says in a line what it did", async () => {
  await using stack = new AsyncDisposableStack();
  const { nc, hal } = await dev(stack);
  const asks = async (line: string, ...answer: string[]) => {
    await nc.type(line);
    for (const one of answer) assertEquals(await nc.next(), one, line);
  };
  await asks("/msg hal hi", "* hal is here");
  assertEquals(await hal.next(), "* private from zoe: hi");
  await asks("/away lunch", "* you are away: lunch");
  await hal.type("/msg zoe ho", "/msg zoe ho", "/away tea");
  assertEquals(await hal.next(), "* zoe is away: lunch");
  assertEquals(await hal.next(), "* you are away: tea");
  for (let at = 0; at < 2; at++) {
    await nc.inbox.next((line) => line.endsWith("hal → zoe: ho"), "ho");
  }
  await asks("/msg hal hi", "* hal is away: tea");
  await asks(
    "/users",
    "* in dev: cat (creator), zoe (away: lunch), hal (away: tea), bot",
  );
  await asks("/away", "* you are back");
  await asks("/ops", "* who keeps dev:", "        cat, creator");
  await asks("/bans", "! only an operator may do this in dev");
  await asks("/topic", "* dev has no topic");
  await asks("/whois nobody", "! nobody is called nobody");
  await asks("/leave", "* you left dev and are in no room now");
  await asks("/block", "* you have blocked nobody");
});
