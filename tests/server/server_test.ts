/**
 * Connections as the server takes them: what is refused holds few of them, and a low rate still
 * lets everything be asked.
 */
import { assertEquals } from "@std/assert";
import { NO_LOG } from "../../src/base/log.ts";
import { generateKeyPair } from "../../src/secure/x25519.ts";
import { Server, type ServerOptions } from "../../src/server/server.ts";
import { MemoryStore } from "../_memory_store.ts";
import { concat } from "@std/bytes/concat";
import { FrameDecoder } from "../../src/wire/frame.ts";
import { encodeMessage, readServerMessage } from "../../src/wire/server.ts";
import { FakeClock } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Served } from "./_served.ts";
import { TestStore } from "./_store.ts";

const test = testsOf("server", { net: ["127.0.0.1"] });

async function started(options: Partial<ServerOptions>): Promise<Server> {
  return await Server.start({
    hostname: "127.0.0.1",
    port: 0,
    identity: await generateKeyPair(),
    store: new MemoryStore(),
    log: NO_LOG,
    version: "1",
    clock: new FakeClock(),
    ...options,
  });
}

function dial(server: Server): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname: "127.0.0.1", port: server.address.port });
}

/** Types of what the server says, until one is `last` or the connection ends. */
async function heard(conn: Deno.TcpConn, last = ""): Promise<string[]> {
  const decoder = new FrameDecoder();
  const types: string[] = [];
  const buffer = new Uint8Array(4_096);
  for (;;) {
    const count = await conn.read(buffer).catch(() => null);
    if (count === null) return types;
    decoder.push(buffer.subarray(0, count));
    for (let next = decoder.next(); next !== null; next = decoder.next()) {
      types.push(readServerMessage(next)?.type ?? "none");
    }
    if (types.includes(last)) return types;
  }
}

test("tells no more than 64 at once why they are refused, and closes the others", async () => {
  const conns: Deno.TcpConn[] = [];
  {
    await using server = await started({ maxConnections: 1 });
    // One place, and eight more for this machine; those who come then are read from until they end,
    // which they do not.
    for (let n = 0; n < 73; n++) conns.push(await dial(server));
    assertEquals(await heard(conns[72]!), ["error"]);
    conns.push(await dial(server));
    assertEquals(await heard(conns[73]!), []);
    for (const conn of conns) conn.close();
  }
});

test("answers what costs most also where one message a second may be said", async () => {
  await using server = await started({ rate: 1 });
  using conn = await dial(server);
  await conn.write(concat([
    encodeMessage({ type: "hello" }),
    encodeMessage({ type: "command", name: "search", args: "word" }),
  ]));
  const types = await heard(conn, "found");
  assertEquals(types.filter((type) => type === "error"), []);
});

test("notes when it starts what the names of before look like, or does so another time", async () => {
  const store = new TestStore();
  const name = { person: "SHA256:bob", name: "BobI" };
  const write = { kind: "name", key: "bobi", value: name, expectedVersion: 0 };
  await store.commit({ appends: [], writes: [write] });
  const looks = () => store.list("look", "", 9).map(({ key }) => key);
  store.failingCommits = 1;
  {
    await using served = await Served.start({ store });
    assertEquals(served.log.map(([event]) => event), [
      "looks of names not noted",
    ]);
    assertEquals(looks(), []);
  }
  await using served = await Served.start({ store });
  assertEquals(served.log, []);
  // As it is written, with a capital I; and in small letters.
  assertEquals(looks(), ["bobi", "bobl"]);
});
