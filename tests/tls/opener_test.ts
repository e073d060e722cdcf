import { assert, assertEquals, assertRejects } from "@std/assert";
import type { ConnectionInfo } from "../../src/server/tap.ts";
import { fingerprint } from "../../src/secure/fingerprint.ts";
import { initiate } from "../../src/secure/handshake.ts";
import { generateKeyPair } from "../../src/secure/x25519.ts";
import { encodeMessage } from "../../src/wire/server.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { NO_WEB, testsOf } from "../_testing.ts";
import { made } from "./_certificate.ts";
import { TlsServed } from "./_served.ts";

const test = testsOf("TLS on the port", { net: ["127.0.0.1"] }, NO_WEB);
const HELLO = `{"type":"hello","v":1,"name":"ann","client":"test"}`;
/** handshake_failure (RFC 8446, section 6.2). */
const ALERT = Uint8Array.of(0x15, 3, 3, 0, 2, 2, 40);

/** Who connects next, as the server knows it. */
function connected(served: TlsServed): Promise<ConnectionInfo> {
  const { promise, resolve } = Promise.withResolvers<ConnectionInfo>();
  const end = served.server.tap.subscribe((event) => {
    if (event.kind !== "connected") return;
    end();
    resolve(event.connection);
  });
  return promise;
}

test("old clients, terminals and programs from elsewhere are let in", async () => {
  await using served = await TlsServed.start();
  for (
    const [dialect, said, answer] of [
      ["hello", "HELLO ann\n", "OK ann"],
      ["terminal", "bob\n", "guest-1"],
      ["json", `${HELLO.replace("ann", "cyd")}\n`, `"name":"cyd"`],
      ["json", encodeMessage({ ...JSON.parse(HELLO), name: "dan" }), "dan"],
    ] as const
  ) {
    const description = connected(served);
    const client = await served.call();
    await client.write(said);
    await client.until(answer);
    const { isEncrypted, key, peer, dialect: found } = await description;
    assertEquals([isEncrypted, key, peer], [true, undefined, "192.0.2.7"]);
    assert(found.includes(dialect), found);
  }
});

test("without it they are not", async () => {
  await using served = await TlsServed.start();
  const client = await served.dial();
  await client.write("HELLO ann\n");
  await client.until("ERR PLAINTEXT_REFUSED");
});

test("a sealed client proves its key inside", async () => {
  await using served = await TlsServed.start();
  const identity = await generateKeyPair();
  const description = connected(served);
  const client = await served.call();
  const channel = await initiate(client.transport, {
    identity,
    judgeServer: () => {},
  });
  await channel.write(encodeMessage(JSON.parse(HELLO)));
  const chunks = channel[Symbol.asyncIterator]();
  const { value } = await chunks.next();
  assert(new TextDecoder().decode(value).includes(`"welcome"`));
  assertEquals(
    (await description).key,
    await fingerprint(identity.publicKey),
  );
  channel.close();
});

test("there is no TLS in TLS", async () => {
  await using served = await TlsServed.start();
  const client = await served.call();
  await client.write(Uint8Array.of(0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0));
  assertEquals(await client.rest(), ALERT);
});

test("another opener finds inside what it is for, and who has a page says so", async () => {
  const asked: string[][] = [];
  await using served = await TlsServed.start({
    openers: {
      http: async ({ transport, first }, { openers = {} }) => {
        asked.push(Object.keys(openers));
        assertEquals(transport.isEncrypted, true);
        await transport.write(first);
        await transport.closeWrite();
        for await (const _ of transport);
        return undefined;
      },
    },
  });
  for (const alpnProtocols of [undefined, ["h2", "http/1.1"]]) {
    const client = await served.call(
      alpnProtocols === undefined ? {} : { alpnProtocols },
    );
    await client.write("GET / HTTP/1.1\r\n\r\n");
    const echo = new TextDecoder().decode(await client.rest());
    assertEquals(echo, "GET / HTTP/1.1\r\n\r\n");
    client.close();
    await client.serving;
  }
  assertEquals(asked, [["http"], ["http"]]);
  await assertRejects(() => served.call({ alpnProtocols: ["h2"] }));
});

test("what is no handshake is refused with an alert, and is no fault", async () => {
  await using served = await TlsServed.start();
  for (const garbage of ["\x16\x03\x01\x00\x05hello", "\x16\x03\xff\xff\xff"]) {
    const client = await served.dial();
    const bytes = Uint8Array.from(garbage, (char) => char.charCodeAt(0));
    const more = new Uint8Array(garbage.length > 6 ? 0 : 70_000);
    await client.write(Uint8Array.of(...bytes, ...more));
    assertEquals(await client.rest(), ALERT);
    client.close();
    await client.serving;
  }
  const why = { peer: "192.0.2.7", why: "tls-failed" };
  assertEquals(served.logged, [["refused", why], ["refused", why]]);
});

test("a client that does not take the certificate is refused, and is no fault", async () => {
  await using served = await TlsServed.start();
  const { chain } = await made();
  const calling = served.call({ caCerts: [chain] });
  await assertRejects(() => calling);
  while (served.logged.length === 0) await eventLoopTurn();
  assertEquals(served.logged[0]?.[0], "refused");
});

test("a handshake that does not come to its end has ten seconds, on this machine, too", async () => {
  await using served = await TlsServed.start();
  const timers = served.clock.waiting;
  const client = await served.dial("here");
  // A record of 512 bytes that never comes.
  await client.write(Uint8Array.of(0x16, 3, 1, 2, 0, 1));
  while (served.clock.waiting === timers) await eventLoopTurn();
  await served.clock.advanceSlowly(9_000, 1_000);
  let isOver = false;
  const over = client.rest().catch(() => {}).then(() => isOver = true);
  assertEquals(isOver, false);
  await served.clock.advanceSlowly(1_000, 1_000);
  await over;
  await client.serving;
  const { size } = new Set(served.logged.map(([event]) => event));
  assert(size <= 1, JSON.stringify(served.logged));
});

test("who is connected keeps on, and who comes sees the next certificate", async () => {
  await using served = await TlsServed.start();
  const old = await served.call();
  await old.write("HELLO ann\n");
  await old.until("OK ann");
  const before = served.made;
  await served.show(await made());
  await assertRejects(() => served.call({ caCerts: [before.chain] }));
  const young = await served.call();
  await young.write("HELLO bob\n");
  await young.until("OK bob");
  await young.write("MSG bob hello\n");
  await old.until("bob hello");
});

test("who ends its side gets what was said to it, and an end that is none by force", async () => {
  await using served = await TlsServed.start();
  const client = await served.call();
  await client.write("HELLO ann\n");
  await client.endWriting();
  // Its reading would fail if the connection were only cut.
  const text = new TextDecoder().decode(await client.rest());
  assert(text.startsWith("OK ann"), text);
  await client.serving;
});

test("half a line that was cut off is not said, one that was ended is", async () => {
  await using served = await TlsServed.start();
  const ann = await served.call();
  await ann.write("HELLO ann\n");
  await ann.until("OK ann");
  let heard = "";
  const begin = async () => {
    const bob = await served.call();
    await bob.write("HELLO bob\n");
    await bob.until("OK bob");
    await bob.write("MSG bob a whole line\nMSG bob not to leave be");
    heard += await ann.until("a whole line");
    return bob;
  };
  const first = await begin();
  first.cut();
  await first.serving;
  const second = await begin();
  await second.endWriting();
  heard += await ann.until("not to leave be");
  // What was cut off would have been heard before.
  assertEquals(heard.match(/not to leave be/g)?.length, 1, heard);
});
