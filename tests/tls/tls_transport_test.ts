import { assert, assertEquals, assertRejects } from "@std/assert";
import { ChannelError } from "../../src/base/errors.ts";
import { TcpTransport } from "../../src/net/tcp.ts";
import type { Transport } from "../../src/net/transport.ts";
import { TlsTransport } from "../../src/tls/tls_transport.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { standIn } from "../_memory_transport.ts";
import { NO_WEB, testsOf } from "../_testing.ts";
import { made, read } from "./_certificate.ts";

const LOOPBACK = "127.0.0.1";
const test = testsOf("TLS", { net: [LOOPBACK] }, NO_WEB);
const CERTIFICATE = await made();

/** A client of the runtime, and what the server has of it. */
async function pair(
  change: (transport: Transport) => Transport = (transport) => transport,
): Promise<[Deno.TlsConn, TlsTransport]> {
  using listener = Deno.listen({ hostname: LOOPBACK, port: 0 });
  const tcp = await Deno.connect({
    hostname: LOOPBACK,
    port: listener.addr.port,
  });
  const transport = change(new TcpTransport(await listener.accept()));
  const { context } = read(CERTIFICATE);
  const accepting = TlsTransport.accept(transport, { context });
  const client = await Deno.startTls(tcp, {
    hostname: "localhost",
    caCerts: [CERTIFICATE.chain],
  });
  await client.handshake();
  const inside = await accepting;
  assert(inside instanceof TlsTransport);
  return [client, inside];
}

/** Calls back with what is read, before it is. */
function watched(
  transport: Transport,
  onRead: (chunk: Uint8Array) => void,
): Transport {
  return {
    ...standIn(transport),
    async *[Symbol.asyncIterator]() {
      for await (const chunk of transport) {
        onRead(chunk);
        yield chunk;
      }
      return undefined;
    },
  };
}

/** All that comes to the end. */
async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let all = "";
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    all += decoder.decode(chunk, { stream: true });
  }
  return all;
}

async function* chunksOf(conn: Deno.Conn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) return;
    yield buffer.slice(0, count);
  }
}

const utf8 = (text: string) => new TextEncoder().encode(text);

test("is a transport of its own facts", async () => {
  const [client, server] = await pair();
  assertEquals(server.isEncrypted, true);
  assertEquals(server.isLocal, true);
  assertEquals(server.peer.hostname, LOOPBACK);
  assertEquals("key" in server, false);
  client.close();
  server.close();
});

test("each side ends by itself, and hears the other's end", async () => {
  const ends: string[] = [];
  const [client, server] = await pair((transport) => ({
    ...standIn(transport),
    closeWrite: () => {
      ends.push("TCP's");
      return transport.closeWrite();
    },
  }));
  await client.write(utf8("a question"));
  await client.closeWrite();
  assertEquals(await readAll(server), "a question");
  await server.write(utf8("the answer"));
  await server.closeWrite();
  assertEquals(await readAll(chunksOf(client)), "the answer");
  assertEquals(ends, ["TCP's"]);
  client.close();
  server.close();
});

test("what was written before it was closed arrives, and its end is no cut", async () => {
  const [client, server] = await pair();
  await server.write(utf8("goodbye"));
  server.close();
  server.close();
  assertEquals(await readAll(chunksOf(client)), "goodbye");
  assertEquals(await server.next(), { done: true, value: undefined });
  client.close();
});

test("a cut is told from an end", async () => {
  const cut = Promise.withResolvers<IteratorReturnResult<undefined>>();
  const [client, server] = await pair((transport) => {
    const chunks = transport[Symbol.asyncIterator]();
    const next = () => Promise.race([chunks.next(), cut.promise]);
    return { ...standIn(transport), [Symbol.asyncIterator]: () => ({ next }) };
  });
  await client.write(utf8("half a li"));
  const { value } = await server.next();
  assertEquals(new TextDecoder().decode(value), "half a li");
  const reading = assertRejects(() => server.next(), ChannelError);
  cut.resolve({ done: true, value: undefined });
  await reading;
  await assertRejects(() => server.next(), ChannelError);
  server.close();
  client.close();
});

test("damaged records end it", async () => {
  const damage: { at: number | undefined } = { at: undefined };
  const [client, server] = await pair((transport) =>
    watched(transport, (chunk) => {
      if (damage.at !== undefined) chunk[damage.at]! ^= 1;
    })
  );
  damage.at = 9;
  const reading = assertRejects(() => server.next(), ChannelError);
  await client.write(utf8("hello"));
  await reading;
  server.close();
  client.close();
});

test("reads no more than somebody takes", async () => {
  let taken = 0;
  const [client, server] = await pair((transport) =>
    watched(transport, (chunk) => taken += chunk.length)
  );
  const all = 32 * 1_024 * 1_024;
  const sending = (async () => {
    const piece = new Uint8Array(65_536);
    for (let sent = 0; sent < all; sent += piece.length) {
      for (let at = 0; at < piece.length;) {
        at += await client.write(piece.subarray(at));
      }
    }
    await client.closeWrite();
  })();
  const chunks = server[Symbol.asyncIterator]();
  let got = (await chunks.next()).value?.length ?? 0;
  for (let turn = 0; turn < 100; turn++) await eventLoopTurn();
  const least = taken;
  assert(least < 3 * 65_536, `${least} without anybody who takes it`);
  for await (const chunk of { [Symbol.asyncIterator]: () => chunks }) {
    got += chunk.length;
    assert(chunk.length <= 65_536);
  }
  assertEquals(got, all);
  await sending;
  server.close();
  client.close();
});

test("a write is over when it is sent, and fails when it never will be", async () => {
  const stuck = Promise.withResolvers<void>();
  let isStuck = false;
  const [client, server] = await pair((transport) => ({
    ...standIn(transport),
    write: (bytes) => isStuck ? stuck.promise : transport.write(bytes),
  }));
  isStuck = true;
  let isOver = false;
  const writing = server.write(new Uint8Array(1_000));
  const failing = assertRejects(() => writing).then(() => isOver = true);
  await eventLoopTurn();
  assertEquals(isOver, false);
  server.close();
  await failing;
  await assertRejects(() => server.write(new Uint8Array(1)));
  client.close();
});

test("passes a lot on both ways at once, in order", async () => {
  const [client, server] = await pair();
  const echoing = (async () => {
    for await (const chunk of server) await server.write(chunk);
    await server.closeWrite();
  })();
  const count = 20_000;
  const line = (n: number) => `${n} ${"x".repeat(290)}\n`;
  const sending = (async () => {
    for (let n = 0; n < count; n++) {
      const bytes = utf8(line(n));
      for (let at = 0; at < bytes.length;) {
        at += await client.write(bytes.subarray(at));
      }
    }
    await client.closeWrite();
  })();
  const lines = (await readAll(chunksOf(client))).split("\n");
  assertEquals(lines.length, count + 1);
  const wrong = lines.findIndex((text, n) => `${text}\n` !== line(n));
  assertEquals(wrong, count);
  await sending;
  await echoing;
  server.close();
  client.close();
});
