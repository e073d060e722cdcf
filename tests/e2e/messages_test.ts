// Messages that are wrong inside frames that are right: each is refused by its own error, and is
// not said.

import { assertEquals, assertMatch } from "@std/assert";
import { utf8 } from "./_frames.ts";
import { hosted } from "./_hosted.ts";
import type { Message } from "./_messages.ts";
import { arrived, ask, dial, enter, mark, say } from "./_people.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

const BOTH = ["sealed", "plain"] as const;

/** The answer to a payload: an error, or nothing but the end of the connection. */
async function answer(
  client: WireClient,
  payload: Uint8Array,
): Promise<Message | undefined> {
  await client.sendPayload(payload);
  return await client.nextOrEnd({ type: "error" });
}

scenario(
  "what is no JSON object in UTF-8 is bad-message or the end, for its connection only",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    const wrong: [string, Uint8Array][] = [
      ["a byte that is no UTF-8", bytesInside([0xff])],
      ["an overlong slash", bytesInside([0xc0, 0xaf])],
      ["a surrogate in UTF-8", bytesInside([0xed, 0xa0, 0x80])],
      ["half a letter", bytesInside([0xe4, 0xb8])],
      ["no JSON", utf8("{type: chat}")],
      ["half of JSON", utf8('{"type":"chat","txt":"hi"')],
      ["two objects", utf8('{"type":"chat","txt":"a"}{"type":"bye"}')],
      ["an array", utf8('[{"type":"chat","txt":"hi"}]')],
      ["a string", utf8('"chat"')],
      ["a number", utf8("7")],
      ["null", utf8("null")],
    ];
    for (const over of BOTH) {
      for (const [what, payload] of wrong) {
        await using client = await enter(server, { over });
        const error = await answer(client, payload);
        if (error !== undefined) assertEquals(error.code, "bad-message", what);
      }
    }
    await mark(ann, [bob]);
    assertEquals(arrived(bob, "chat").length, 1);
  },
);

/** A chat whose text is these bytes. */
function bytesInside(bytes: number[]): Uint8Array {
  const head = utf8('{"type":"chat","txt":"');
  return new Uint8Array([...head, ...bytes, ...utf8('"}')]);
}

scenario(
  "an unknown type is answered with unknown-type and the session goes on",
  async () => {
    await using server = await hosted();
    for (const over of BOTH) {
      await using client = await enter(server, { over });
      for (const type of ["unheard-of", "", "CHAT", "welcome"]) {
        await client.send({ type, txt: "hi" });
        const error = await client.next({ type: "error" });
        const unknown = {
          type: "error",
          code: "unknown-type",
          text: "unknown",
        };
        assertEquals(error, unknown, type);
      }
      await say(client, "goes on");
    }
  },
);

scenario(
  "a message without a type, or whose type is no string, is refused",
  async () => {
    await using server = await hosted();
    for (const type of [undefined, 7, null, ["chat"], {}, true]) {
      await using client = await enter(server);
      const what = JSON.stringify({ type, txt: "hi" });
      const error = await answer(client, utf8(what));
      if (error === undefined) continue;
      assertMatch(error.code as string, /^(bad-message|unknown-type)$/);
    }
  },
);

scenario("fields of a wrong type are bad-message", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  const wrong: Message[] = [
    { type: "chat" },
    { type: "chat", txt: 5 },
    { type: "chat", txt: null },
    { type: "chat", txt: ["hi"] },
    { type: "chat", txt: { a: "hi" } },
    { type: "chat", txt: "hi", room: 7 },
    { type: "chat", txt: "hi", id: 7 },
    { type: "chat", txt: "hi", id: "" },
    { type: "chat", txt: "hi", id: "i".repeat(65) },
    { type: "command" },
    { type: "command", name: 7 },
    { type: "command", name: "users", args: 7 },
    { type: "history" },
    { type: "history", room: 7 },
    { type: "history", room: "lobby", before: "1" },
    { type: "history", room: "lobby", after: {} },
  ].map((message) => message as unknown as Message);
  for (const message of wrong) {
    await using client = await enter(server);
    const what = JSON.stringify(message);
    await client.send(message);
    const error = await client.next({ type: "error" });
    assertMatch(error.code as string, /^bad-(message|arguments)$/, what);
  }
  await mark(ann, [bob]);
  assertEquals(arrived(bob, "chat").length, 1);
});

scenario("a hello with fields of a wrong type gets no welcome", async () => {
  await using server = await hosted();
  const hellos = [
    { name: 7 },
    { room: 7 },
    { resume: 7 },
    { resume: { lobby: "one" } },
    { resume: { lobby: { seq: "one" } } },
  ];
  for (const fields of hellos) {
    await using client = await dial(server);
    await client.send({ type: "hello", ...fields } as unknown as Message);
    const first = await client.nextOrEnd(() => true);
    if (first !== undefined) {
      assertEquals(first.type, "error", JSON.stringify(fields));
    }
  }
});

scenario(
  "a lone surrogate is bad-message and a pair of them a letter",
  async () => {
    await using server = await hosted();
    await using bob = await enter(server, { name: "bob" });
    for (const over of BOTH) {
      for (
        const escape of ["\\ud800", "\\udc00", "\\udc00\\ud800", "a\\udbff"]
      ) {
        await using client = await enter(server, { over });
        const payload = `{"type":"chat","id":"s","txt":"${escape}"}`;
        const error = await answer(client, utf8(payload));
        assertEquals(error?.code, "bad-message", payload);
      }
      await using client = await enter(server, { over });
      const pair = '{"type":"chat","txt":"\\ud83d\\udc0c"}';
      await client.sendPayload(utf8(pair));
      assertEquals((await bob.next({ type: "chat" })).txt, "🐌");
    }
  },
);

scenario(
  "a text of 4,001 code points gets one error and takes no number",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    for (const letter of ["a", "🜁"]) {
      const txt = letter.repeat(4_001);
      const error = await ask(ann, { type: "chat", txt });
      assertEquals(error.type, "error");
      assertMatch(error.code as string, /^(too-large|bad-message)$/);
    }
    assertEquals((await say(ann, "short")).seq, 1);
    assertEquals(arrived(ann, "error").length, 2);
  },
);

scenario("what is stored and sent is NFC and free of controls", async () => {
  await using server = await hosted();
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  const cleaned: [string, string][] = [
    ["Ame\u0301lie", "Am\u00e9lie"],
    ["\u212bngstrom", "\u00c5ngstrom"],
    ["red\u001b[31m", "red[31m"],
    ["a\u0000b\u007fc\u0085d", "abcd"],
    ["a\u2028b\u2029c", "abc"],
    ["x\u202ey\u2066z", "xyz"],
    ["two\nlines\tand a tab", "two\nlines\tand a tab"],
  ];
  for (const [said, stored] of cleaned) {
    await say(ann, said);
    assertEquals((await bob.next({ type: "chat" })).txt, stored);
  }
  await using cy = await enter(server, { name: "cy" });
  const page = arrived(cy, "history")[0]?.messages ?? [];
  assertEquals(page.map(({ txt }) => txt), cleaned.map(([, txt]) => txt));
});
