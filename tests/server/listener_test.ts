import { assertEquals, assertThrows } from "@std/assert";
import type { Transport } from "../../src/net/transport.ts";
import { Listener } from "../../src/server/listener.ts";
import { collect, utf8 } from "../_chunks.ts";
import { FakeClock } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("listener", { net: ["127.0.0.1"] });

function listen(onConnection: (transport: Transport) => void): Listener {
  return new Listener({
    hostname: "127.0.0.1",
    port: 0,
    clock: new FakeClock(),
    onConnection,
    onFault: (error) => {
      throw error;
    },
  });
}

test("hands over who connects, as a transport", async () => {
  const came = Promise.withResolvers<Transport>();
  const listener = listen(came.resolve);
  const { hostname, port } = listener.address;
  const conn = await Deno.connect({ hostname, port });
  const transport = await came.promise;
  assertEquals(transport.peer, {
    hostname: "127.0.0.1",
    port: (conn.localAddr as Deno.NetAddr).port,
  });
  assertEquals(transport.isLocal, true);
  await conn.write(utf8("hi"));
  await conn.closeWrite();
  assertEquals(await collect(transport), utf8("hi"));
  transport.close();
  conn.close();
  await listener.close();
});

test("accepts nobody any more once it is closed, which may be said twice", async () => {
  let count = 0;
  const listener = listen(() => count++);
  const { port } = listener.address;
  await Promise.all([listener.close(), listener.close()]);
  const refused = await Deno.connect({ hostname: "127.0.0.1", port })
    .then((conn) => conn.close(), () => "refused");
  assertEquals([refused, count], ["refused", 0]);
});

test("throws when it cannot listen", async () => {
  const listener = listen(() => {});
  const { hostname, port } = listener.address;
  assertThrows(
    () =>
      new Listener({
        hostname,
        port,
        clock: new FakeClock(),
        onConnection: () => {},
        onFault: () => {},
      }),
    Deno.errors.AddrInUse,
  );
  await listener.close();
});
