import { assertEquals, assertStrictEquals } from "@std/assert";
import { translated } from "../../src/gateway/translate.ts";
import { memoryPair } from "../_memory_transport.ts";
import { collect, cut, join } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";
import { frame, gatewayFor } from "./_ends.ts";

const test = testsOf("translating");

test("leaves a framed client that says hello as it is", async () => {
  const bytes = join([
    frame({ type: "hello", name: "ann" }),
    frame({ type: "chat", txt: "hi" }),
    Uint8Array.of(0, 0, 0),
  ]);
  for (const lengths of [[], [1], [7], [bytes.length - 2]]) {
    const [near, far] = memoryPair();
    for (const chunk of cut(bytes, lengths)) await near.write(chunk);
    await near.closeWrite();
    const client = await translated("framed", far);
    assertEquals(await collect(client!), bytes, `${lengths}`);
  }
});

test("lets a framed client in that says anything else", async () => {
  for (
    const first of [
      `{"type":"chat","txt":"hi"}`,
      `{"type":"nonsense"}`,
      `{"type":["hello"]}`,
      `{}`,
      `{"type":"hello"`,
    ]
  ) {
    for (const lengths of [[], [1]]) {
      const bytes = join(cut(frame(first), lengths));
      const { client, session } = await gatewayFor("framed", bytes);
      assertEquals(await session.welcome(), { type: "hello" });
      await client.say(frame({ type: "ping", t: 1 }));
      await session.transport.write(frame({ type: "pong", t: 1 }));
      assertEquals(await client.readMessages(), [{ type: "pong", t: 1 }]);
      session.transport.close();
    }
  }
});

test("echoes the chats of a framed client, and ends when its input does", async () => {
  const { client, session } = await gatewayFor(
    "framed",
    join([frame({ type: "chat", txt: "one" }), frame({ type: "bogus" })]),
  );
  await client.say(frame({ type: "chat", txt: "two", id: "mine" }));
  await client.transport.closeWrite();
  await session.welcome();
  const one = { type: "chat", txt: "one", id: "gateway 1" };
  assertEquals(await session.next(), one);
  assertEquals(await session.next(), { type: "bogus" });
  const two = { type: "chat", txt: "two", id: "mine" };
  assertEquals(await session.next(), two);
  const bye = session.bye();
  const ack = { type: "ack", room: "lobby", at: 1 };
  const unknown = { type: "error", code: "unknown-type", text: "unknown" };
  await session.say(
    { ...ack, id: "gateway 1", seq: 1 },
    unknown,
    { ...ack, id: "mine", seq: 2 },
  );
  assertEquals(await client.readMessages(), [
    { type: "chat", txt: "one" },
    unknown,
    two,
  ]);
  assertEquals(await bye, { type: "bye" });
  assertEquals(await client.readMessages(), []);
  session.transport.close();
});

test("tells a framed client what is wrong with a frame", async () => {
  const { client, session } = await gatewayFor(
    "framed",
    frame({ type: "chat", txt: "hi" }),
  );
  await client.say(Uint8Array.of(0, 1, 0, 0));
  await session.welcome();
  assertEquals((await session.next())?.txt, "hi");
  const bye = session.bye();
  await session.say({
    type: "ack",
    id: "gateway 1",
    room: "lobby",
    seq: 1,
    at: 1,
  });
  await bye;
  assertEquals(await client.readMessages(), [{ type: "chat", txt: "hi" }]);
  assertEquals(await client.readMessages(), [{
    type: "error",
    code: "too-large",
    text: "reading a frame: its length is 65536 bytes, allowed are 1 to 65535",
  }]);
  session.transport.close();
});

test("has nothing for a framed client that ends within its first message", async () => {
  const [near, far] = memoryPair();
  await near.write(frame({ type: "chat", txt: "hi" }).subarray(0, 9));
  await near.closeWrite();
  assertEquals(await translated("framed", far), undefined);
});

test("leaves what needs no gateway as it is", async () => {
  const [, far] = memoryPair();
  assertStrictEquals(await translated("sealed", far), far);
});
