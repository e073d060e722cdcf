import { assertEquals, assertRejects } from "@std/assert";
import { TcpTransport } from "../../src/net/tcp.ts";
import { collect, cut, join, utf8 } from "../_chunks.ts";
import { factsOf } from "../_memory_transport.ts";
import { testsOf } from "../_testing.ts";
import { tcpPair } from "./_tcp_pair.ts";

const test = testsOf("tcp transport");
const testOnNet = testsOf("tcp transport", { net: ["127.0.0.1"] });

type Reading = number | null | Error;

/** A connection that reads and writes as it was told, and notes what was asked of it. */
class ScriptedConn {
  readonly remoteAddr = { transport: "tcp", hostname: "192.0.2.1", port: 7 };
  readonly settings: string[] = [];
  readonly bufferBytes: number[] = [];
  readonly sent: number[][] = [];
  closed = 0;
  #next = 0;
  readonly #readings: Iterator<Reading>;
  readonly #sendBytes: number;

  constructor(readings: Iterable<Reading>, sendBytes = Infinity) {
    this.#readings = readings[Symbol.iterator]();
    this.#sendBytes = sendBytes;
  }

  setNoDelay(on: boolean): void {
    this.settings.push(`noDelay ${on}`);
  }

  setKeepAlive(on: boolean): void {
    this.settings.push(`keepAlive ${on}`);
  }

  read(buffer: Uint8Array): Promise<number | null> {
    this.bufferBytes.push(buffer.length);
    const { done, value } = this.#readings.next();
    if (done || value === null) return Promise.resolve(null);
    if (value instanceof Error) return Promise.reject(value);
    const count = Math.min(value, buffer.length);
    for (let at = 0; at < count; at++) buffer[at] = this.#next++;
    return Promise.resolve(count);
  }

  write(bytes: Uint8Array): Promise<number> {
    const count = Math.min(bytes.length, this.#sendBytes);
    this.sent.push([...bytes.subarray(0, count)]);
    return Promise.resolve(count);
  }

  close(): void {
    if (this.closed++ > 0) throw new Deno.errors.BadResource();
  }
}

function transportOf(conn: ScriptedConn): TcpTransport {
  return new TcpTransport(conn as unknown as Deno.TcpConn);
}

test("is set up for messages, and knows its peer", () => {
  const conn = new ScriptedConn([]);
  const { peer } = transportOf(conn);
  assertEquals(peer, { hostname: "192.0.2.1", port: 7 });
  assertEquals(conn.settings, ["noDelay true", "keepAlive true"]);
});

test("is not encrypted, has no key, and is local where its address is", () => {
  const facts = (hostname: string) =>
    factsOf(
      transportOf(
        Object.assign(new ScriptedConn([]), {
          remoteAddr: { transport: "tcp", hostname, port: 7 },
        }),
      ),
    );
  assertEquals(facts("192.0.2.1"), {
    peer: { hostname: "192.0.2.1", port: 7 },
    isEncrypted: false,
    isLocal: false,
  });
  assertEquals(facts("127.0.0.1").isLocal, true);
  assertEquals(facts("::1").isLocal, true);
});

test("reads into 512 bytes, four times as much whenever that was full, up to 64 KiB", async () => {
  const conn = new ScriptedConn(new Array(7).fill(Infinity));
  const bytes = await collect(transportOf(conn));
  const sizes = [512, 2_048, 8_192, 32_768, 65_536, 65_536, 65_536, 65_536];
  assertEquals(conn.bufferBytes, sizes);
  const total = 512 + 2_048 + 8_192 + 32_768 + 3 * 65_536;
  assertEquals(bytes, Uint8Array.from({ length: total }, (_, at) => at));
});

test("reads into 512 bytes again once a larger buffer stays nearly empty", async () => {
  const readings = [511, 512, 2_047, 2_048, 8_191, 512, 511, 5, 512, 1];
  const conn = new ScriptedConn(readings);
  const bytes = await collect(transportOf(conn));
  assertEquals(
    conn.bufferBytes,
    [512, 512, 2_048, 2_048, 8_192, 8_192, 8_192, 512, 512, 2_048, 512],
  );
  const total = readings.reduce((sum, count) => sum + count);
  assertEquals(bytes, Uint8Array.from({ length: total }, (_, at) => at));
});

test("writes on until everything is sent", async () => {
  const conn = new ScriptedConn([], 3);
  await transportOf(conn).write(Uint8Array.of(1, 2, 3, 4, 5, 6, 7));
  assertEquals(conn.sent, [[1, 2, 3], [4, 5, 6], [7]]);
});

test("takes a peer that is gone for the end, and any other error for one", async () => {
  const { errors } = Deno;
  const gone = [
    new errors.ConnectionReset(),
    new errors.BrokenPipe(),
    new errors.TimedOut(),
    new errors.BadResource(),
    new errors.Interrupted(),
  ];
  for (const error of gone) {
    assertEquals(
      (await collect(transportOf(new ScriptedConn([2, error]))))
        .length,
      2,
    );
  }
  const conn = new ScriptedConn([2, new errors.PermissionDenied()]);
  await assertRejects(
    () => collect(transportOf(conn)),
    errors.PermissionDenied,
  );
});

test("closes its connection once, and reads no more", async () => {
  const conn = new ScriptedConn([1, 1, 1]);
  const transport = transportOf(conn);
  for await (const _ of transport) {
    transport.close();
    transport.close();
  }
  assertEquals([conn.closed, conn.bufferBytes.length], [1, 1]);
});

test("closes what the runtime has closed already", () => {
  const conn = new ScriptedConn([]);
  conn.closed = 1;
  transportOf(conn).close();
});

testOnNet(
  "carries 1 MB in pieces of all sizes, both ways at once",
  async () => {
    const [client, server] = await tcpPair();
    const bytes = new Uint8Array(1_000_000).map((_, at) => at ^ (at >> 8));
    const send = async (transport: TcpTransport, lengths: number[]) => {
      for (const piece of cut(bytes, lengths)) await transport.write(piece);
      await transport.closeWrite();
    };
    const [atServer, atClient] = await Promise.all([
      collect(server),
      collect(client),
      send(client, [1, 1_023, 1_024, 1_025, 70_000, 3, 40_000, 2, 2, 16_384]),
      send(server, [100_000, 17, 4_096, 4_097]),
    ]);
    assertEquals(atServer, bytes);
    assertEquals(atClient, bytes);
    client.close();
    server.close();
  },
);

testOnNet(
  "hands out chunks that hold until the next is asked for",
  async () => {
    const [client, server] = await tcpPair();
    const chunks = server[Symbol.asyncIterator]();
    await client.write(utf8("first"));
    const first = (await chunks.next()).value!;
    await client.write(utf8("later"));
    assertEquals(first, utf8("first"));
    assertEquals((await chunks.next()).value, utf8("later"));
    client.close();
    server.close();
  },
);

testOnNet("ends one direction and still hears the other", async () => {
  const [client, server] = await tcpPair();
  await client.write(utf8("question"));
  await client.closeWrite();
  assertEquals(await collect(server), utf8("question"));
  await assertRejects(() => client.write(utf8("more")));
  await server.write(utf8("answer"));
  await server.closeWrite();
  assertEquals(await collect(client), utf8("answer"));
  client.close();
  server.close();
});

testOnNet("ends a reading of its own when it is closed", async () => {
  const [client, server] = await tcpPair();
  const reading = collect(client);
  client.close();
  client.close();
  assertEquals(await reading, join([]));
  await client.closeWrite();
  await assertRejects(() => client.write(utf8("x")));
  assertEquals(await collect(server), join([]));
  server.close();
});

testOnNet("refuses to write to a peer that is gone", async () => {
  const [client, server] = await tcpPair();
  server.close();
  await assertRejects(async () => {
    // What the kernel takes before it knows is bounded by its buffers.
    for (;;) await client.write(new Uint8Array(65_536));
  });
  client.close();
});
