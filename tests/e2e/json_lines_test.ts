// Newline-delimited JSON at the real program: what a script writes without a library.

import { assertEquals, assertMatch } from "@std/assert";
import { utf8 } from "./_frames.ts";
import { hosted } from "./_hosted.ts";
import { LineClient, sitDown } from "./_old_clients.ts";
import type { Message } from "./_messages.ts";
import { scenario } from "./_scenario.ts";

async function send(client: LineClient, ...messages: object[]): Promise<void> {
  await client.type(...messages.map((message) => JSON.stringify(message)));
}

async function next(client: LineClient): Promise<Message> {
  return JSON.parse(await client.next());
}

/** All that arrives until the server ends the connection. */
async function rest(client: LineClient): Promise<Message[]> {
  return (await client.rest()).map((line) => JSON.parse(line));
}

for (const writing of ["whole", "bytewise"] as const) {
  scenario(
    `who says hello in a line of JSON has a full session, writing ${writing}`,
    async () => {
      await using server = await hosted();
      await using ann = await LineClient.open(server.port, writing);
      await send(ann, { type: "hello", name: "ann" });
      const first = [await next(ann), await next(ann), await next(ann)];
      assertEquals(first.map(({ type }) => type), ["welcome", "here", "users"]);
      assertEquals((await next(ann)).type, "history");
      await send(ann, { type: "chat", txt: "zoë\u2028🎉\nhi", id: "1" });
      const ack = await next(ann);
      assertEquals([ack.type, ack.id, ack.seq], ["ack", "1", 1]);
      await using nc = await LineClient.open(server.port);
      const guest = await sitDown(nc, "hello");
      const joined = await next(ann);
      assertEquals([joined.type, joined.name], ["joined", guest]);
      assertEquals((await next(ann)).txt, "hello");
      await send(ann, { type: "bye" });
      assertEquals((await rest(ann)).map(({ code }) => code), ["closed"]);
    },
  );
}

scenario("who says anything else is a guest with echoes", async () => {
  await using server = await hosted();
  await using nc = await LineClient.open(server.port);
  await sitDown(nc);
  await using script = await LineClient.open(server.port);
  await send(script, { type: "chat", txt: "one" }, { type: "nonsense" });
  await script.write(utf8('\n \r\n{"type":"chat","txt":"two"}'));
  await script.endWriting();
  const [one, error, two, ...more] = await rest(script);
  assertEquals(one, { type: "chat", txt: "one" });
  assertEquals(error, {
    type: "error",
    code: "unknown-type",
    text: "unknown",
  });
  assertEquals(two, { type: "chat", txt: "two" });
  assertEquals(more, []);
  await nc.sees("* guest-2 left lobby");
});

scenario("a line that is no message is bad-message, and no end", async () => {
  await using server = await hosted();
  await using ann = await LineClient.open(server.port);
  await ann.write(Uint8Array.of(...utf8('{"type":'), 0xff, ...utf8("}\n")));
  assertEquals((await next(ann)).code, "bad-message");
  await ann.type("hello?", '["hello"]');
  assertEquals((await next(ann)).code, "bad-message");
  assertEquals((await next(ann)).code, "bad-message");
  await send(ann, { type: "chat", txt: "still here" });
  assertEquals((await next(ann)).txt, "still here");
});

scenario("a line that is too long is too-large, and the end", async () => {
  await using server = await hosted();
  for (const hello of [true, false]) {
    await using ann = await LineClient.open(server.port);
    const first = hello ? { type: "hello" } : { type: "chat", txt: "hi" };
    await send(ann, first, { type: "ping", t: 1 });
    const fits = JSON.stringify({ type: "ping", t: 2, pad: "" });
    await ann.type(fits.replace('""', `"${"x".repeat(65_535 - fits.length)}"`));
    await ann.type(`{${"x".repeat(65_535)}`, '{"type":"ping","t":3}');
    const all = await rest(ann);
    const pongs = all.filter(({ type }) => type === "pong");
    assertEquals(pongs.map(({ t }) => t), [1, 2]);
    const [error, bye] = all.slice(-2);
    assertEquals([error?.type, error?.code], ["error", "too-large"]);
    assertMatch(String(error?.text), /65535 bytes/);
    assertEquals([bye?.type, bye?.code], ["bye", "refused"]);
  }
});
