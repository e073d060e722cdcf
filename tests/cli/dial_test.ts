import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConfabError, UsageError } from "../../src/base/errors.ts";
import { dial, parseTarget } from "../../src/cli/dial.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("dialling", { net: ["127.0.0.1"] });
const TARGET = parseTarget("chat.example:5000");
const NEVER = new AbortController().signal;

/** A runtime that connects when it is told to, and takes no notice of the signal. */
function runtime() {
  const connected = Promise.withResolvers<Deno.TcpConn>();
  const asked: unknown[] = [];
  const connect = ((options: Deno.ConnectOptions) => {
    asked.push([options.hostname, options.port]);
    return connected.promise;
  }) as typeof Deno.connect;
  return { asked, connect, connected };
}

/** A connection of which only its end is looked at. */
class FakeConn {
  readonly remoteAddr = { hostname: "192.0.2.7", port: 5_000 };
  #closed = Promise.withResolvers<void>();
  readonly closed = this.#closed.promise;
  setNoDelay(): void {}
  setKeepAlive(): void {}
  close(): void {
    this.#closed.resolve();
  }
}

test("connects to where a server listens", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const transport = await dial(parseTarget(`127.0.0.1:${port}`), NEVER);
  using conn = await listener.accept();
  assertEquals(transport.peer, { hostname: "127.0.0.1", port });
  await transport.write(Uint8Array.of(7));
  const buffer = new Uint8Array(2);
  assertEquals(await conn.read(buffer), 1);
  assertEquals(buffer[0], 7);
  transport.close();
});

test("asks where no server listens whether one runs there", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const error = await assertRejects(
    () => dial(parseTarget(`127.0.0.1:${port}`), NEVER),
    ConfabError,
  );
  assertEquals([error.code, error.message], [
    "connection",
    `connection refused: is a server running at 127.0.0.1:${port}?`,
  ]);
});

test("says that there is no host of a name", async () => {
  const { connect, connected } = runtime();
  connected.reject(
    new Error("failed to lookup address information: Name not known"),
  );
  const error = await assertRejects(
    () => dial(TARGET, NEVER, connect),
    ConfabError,
  );
  assertEquals(
    error.message,
    "there is no host chat.example: is the name right?",
  );
});

test("does not begin when it was given up before", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const reason = new Error("enough");
  const error = await assertRejects(() =>
    dial(parseTarget(`127.0.0.1:${port}`), AbortSignal.abort(reason))
  );
  assertEquals(error, reason);
});

test("ends at once when it is given up, and closes a connection that comes late", async () => {
  const { asked, connect, connected } = runtime();
  const giveUp = new AbortController();
  const dialling = dial(TARGET, giveUp.signal, connect);
  const reason = new Error("too late");
  giveUp.abort(reason);
  assertEquals(await assertRejects(() => dialling), reason);
  assertEquals(asked, [["chat.example", 5_000]]);
  const late = new FakeConn();
  connected.resolve(late as unknown as Deno.TcpConn);
  await late.closed;
});

test("closes a connection that comes in the moment it is given up", async () => {
  const { connect, connected } = runtime();
  const giveUp = new AbortController();
  const dialling = dial(TARGET, giveUp.signal, connect);
  const conn = new FakeConn();
  connected.resolve(conn as unknown as Deno.TcpConn);
  const reason = new Error("too late");
  giveUp.abort(reason);
  assertEquals(await assertRejects(() => dialling), reason);
  await conn.closed;
});

test("a bare IPv6 address is a server, with a zone behind two colons", () => {
  for (
    const host of ["::1", "2001:db8::7", "::ffff:192.0.2.1", "fe80::1%eth0"]
  ) {
    assertEquals(parseTarget(host), {
      host,
      port: 5_000,
      address: `[${
        host === "::ffff:192.0.2.1" ? "::ffff:c000:201" : host
      }]:5000`,
    });
  }
  for (const where of [":", "1:%2:3", "g::1", "::1 ", "1::2!"]) {
    assertThrows(() => parseTarget(where), UsageError);
  }
});
