import { assertEquals, assertRejects } from "@std/assert";
import { Gateway } from "../../src/gateway/gateway.ts";
import { HelloDialect } from "../../src/gateway/hello_dialect.ts";
import type { Transport } from "../../src/net/transport.ts";
import { LineDecoder } from "../../src/wire/lines.ts";
import { utf8 } from "../_chunks.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { gatewayFor, SessionEnd } from "./_ends.ts";

const test = testsOf("gateway");

const WELCOME = {
  type: "welcome",
  name: "ann",
  server: "confab",
  version: "1",
  room: "lobby",
};
const BOB = { room: "lobby", from: "bob", seq: 1, at: 1 };

test("says hello for the client, and translates both ways", async () => {
  const { client, session } = await gatewayFor("hello", "HELLO ann\nhi\n");
  assertEquals(await session.welcome("ann"), { type: "hello", name: "ann" });
  assertEquals(await client.read(), "OK ann\n");
  assertEquals(await session.next(), { type: "chat", txt: "hi" });
  await session.say({ type: "chat", txt: "a\nb", ...BOB });
  assertEquals(await client.read(), "MSG bob a\nMSG bob b\n");
  session.transport.close();
});

test("hands on nothing before hello is answered", async () => {
  const { session } = await gatewayFor("terminal", "hi\nthere\n");
  assertEquals(await session.next(), { type: "hello" });
  let isRead = false;
  const next = session.next().then((message) => {
    isRead = true;
    return message;
  });
  await eventLoopTurn();
  assertEquals(isRead, false);
  await session.say(WELCOME);
  assertEquals(await next, { type: "chat", txt: "hi" });
  assertEquals(await session.next(), { type: "chat", txt: "there" });
  session.transport.close();
});

test("says goodbye for one that is refused, and tells why", async () => {
  const { client, session } = await gatewayFor("hello", "HELLO ann\nhi\n");
  assertEquals(await session.next(), { type: "hello", name: "ann" });
  await session.say({ type: "error", code: "name-taken", text: "taken" });
  assertEquals(await client.read(), "ERR USERNAME_TAKEN\n");
  assertEquals(await session.bye(), { type: "bye" });
  assertEquals(await client.read(), "");
  client.transport.close();
  assertEquals(await session.next(), undefined);
});

test("says goodbye for one whose first line cannot be followed, and no hello", async () => {
  for (
    const [protocol, first, words] of [
      ["hello", "HELLO\n", "ERR USERNAME_INVALID\n"],
      ["terminal", Uint8Array.of(0xc3, 0x0a), "! a line is text in UTF-8\n"],
    ] as const
  ) {
    const { client, session } = await gatewayFor(protocol, first);
    assertEquals(await session.bye(), { type: "bye" });
    assertEquals(await client.read(), words);
    session.transport.close();
  }
});

test("answers what came before a line that cannot be followed, then says why it ends", async () => {
  const { client, session } = await gatewayFor("terminal", "hi\n");
  await session.welcome();
  await client.read();
  await client.say(`/list\n${"a".repeat(16_385)}\n/users\n`);
  assertEquals(await session.next(), { type: "chat", txt: "hi" });
  assertEquals(await session.next(), { type: "chat", txt: "/list" });
  await session.say({ type: "rooms", rooms: [] });
  assertEquals(
    await client.read(),
    "* there are no rooms with people in them\n",
  );
  assertEquals(await session.bye(), { type: "bye" });
  assertEquals(
    await client.read(),
    "! a line has more than 16384 bytes: say it in parts\n",
  );
  assertEquals(await client.read(), "");
  session.transport.close();
});

test("answers what came before the end of the input, and then says goodbye without a word", async () => {
  const { client, session } = await gatewayFor("terminal", "/history 2\nhi");
  await client.transport.closeWrite();
  await session.welcome();
  await client.read();
  const asked = { type: "chat", txt: "/history 2", id: "1" };
  assertEquals(await session.next(), asked);
  assertEquals(await session.next(), { type: "chat", txt: "hi" });
  let hasLeft = false;
  const bye = session.bye().finally(() => hasLeft = true);
  await eventLoopTurn();
  assertEquals(hasLeft, false, "the page is not there yet");
  const page = { room: "lobby", messages: [], more: false, id: "1" };
  await session.say({ type: "history", ...page });
  assertEquals(await client.read(), "* nothing was said in lobby yet\n");
  assertEquals(await bye, { type: "bye" });
  assertEquals(await client.read(), "");
  assertEquals(await session.next(), undefined);
  session.transport.close();
});

test("says goodbye when the client does, and looks at nothing after it", async () => {
  const { client, session } = await gatewayFor(
    "terminal",
    "exit\nand one more thing\n",
  );
  await session.welcome();
  await client.read();
  assertEquals(await session.bye(), { type: "bye" });
  assertEquals(await client.read(), "* goodbye\n");
  await client.say("hello?\n");
  client.transport.close();
  assertEquals(await session.next(), undefined);
});

test("answers ping while the client is silent, and does not show it", async () => {
  const { client, session } = await gatewayFor("terminal", "\n");
  await session.welcome();
  await client.read();
  const pong = session.next();
  await session.say({ type: "ping", t: 42 });
  assertEquals(await pong, { type: "pong", t: 42 });
  await session.say({ type: "ping", t: 43 }, {
    type: "chat",
    txt: "a",
    ...BOB,
  });
  assertEquals(await session.next(), { type: "pong", t: 43 });
  assertEquals((await client.read()).slice(7), " bob: a\n");
  session.transport.close();
});

test("takes messages in whatever pieces they are written", async () => {
  const { client, session } = await gatewayFor("hello", "HELLO ann\n");
  await session.welcome("ann");
  await client.read();
  const message = utf8(
    `{"type":"chat","room":"lobby","from":"bob","txt":"é","seq":1,"at":1}`,
  );
  await session.transport.write(Uint8Array.of(0, 0, 0, message.length));
  for (const byte of message) {
    await session.transport.write(Uint8Array.of(byte));
  }
  assertEquals(await client.read(), "MSG bob é\n");
  session.transport.close();
});

test("skips what is no message, or of a type to come", async () => {
  const { client, session } = await gatewayFor("hello", "HELLO ann\n");
  await session.welcome("ann");
  await client.read();
  await session.say("{", `{"type":"new"}`, { type: "notice", text: "hi" });
  assertEquals(await client.read(), "* hi\n");
  session.transport.close();
});

test("does not read ahead of the session", async () => {
  const source = new CountingTransport("HELLO ann\n", "one\n", "two\n");
  const session = new SessionEnd(hello(source));
  assertEquals(await session.next(), { type: "hello", name: "ann" });
  const one = session.next();
  await eventLoopTurn();
  assertEquals(source.reads, 1, "hello is not answered");
  await session.say(WELCOME);
  assertEquals(await one, { type: "chat", txt: "one" });
  await eventLoopTurn();
  assertEquals(source.reads, 2, "the session does not ask");
  session.transport.close();
});

test("waits for its own answers to be sent before it reads on", async () => {
  const source = new CountingTransport("HELLO ann\n", "MSG bob hi\n", "two\n");
  const session = new SessionEnd(hello(source));
  await session.welcome("ann");
  source.stopWriting();
  const next = session.next();
  await eventLoopTurn();
  assertEquals(source.reads, 2);
  source.goOnWriting();
  assertEquals(await next, { type: "chat", txt: "two" });
  assertEquals(source.written, "OK ann\nERR NOT_YOU\n");
  session.transport.close();
});

test("hands a fault of the carrier to the session, and the failure of a write", async () => {
  const source = new CountingTransport("HELLO ann\n", new Error("broken"));
  const session = new SessionEnd(hello(source));
  await session.welcome("ann");
  await assertRejects(() => session.next(), Error, "broken");
  source.stopWriting();
  const write = session.say({ type: "notice", text: "hi" });
  source.goOnWriting(new Error("gone"));
  await assertRejects(() => write, Error, "gone");
  session.transport.close();
});

test("ends when it is closed, in whatever state it is", async () => {
  const { session: first } = await gatewayFor("terminal", "a");
  const unsaid = first.next();
  first.transport.close();
  assertEquals(await unsaid, undefined);
  const { session: second } = await gatewayFor("terminal", "hi\n");
  assertEquals(await second.next(), { type: "hello" });
  const unwelcome = second.next();
  second.transport.close();
  assertEquals(await unwelcome, undefined);
});

function hello(client: Transport): Transport {
  return new Gateway({
    client,
    dialect: new HelloDialect(),
    decoder: new LineDecoder(),
    encode: (text) => utf8(`${text}\n`),
  });
}

/** A client whose reads are counted, and to whom writing can be held up. */
class CountingTransport implements Transport {
  readonly peer = { hostname: "127.0.0.1", port: 1 };
  reads = 0;
  written = "";
  readonly #chunks: (string | Error)[];
  readonly #closed = Promise.withResolvers<void>();
  #mayWrite = Promise.withResolvers<void>();

  constructor(...chunks: (string | Error)[]) {
    this.#chunks = chunks;
    this.goOnWriting();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    for (const chunk of this.#chunks) {
      this.reads++;
      if (chunk instanceof Error) throw chunk;
      yield utf8(chunk);
    }
    await this.#closed.promise;
  }

  stopWriting(): void {
    this.#mayWrite = Promise.withResolvers<void>();
  }

  goOnWriting(error?: Error): void {
    if (error === undefined) this.#mayWrite.resolve();
    else this.#mayWrite.reject(error);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#mayWrite.promise;
    this.written += new TextDecoder().decode(bytes);
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.#closed.resolve();
  }
}
