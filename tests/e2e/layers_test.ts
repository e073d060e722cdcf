// Protocols inside each other on the port of the running program: a proxy's header before TLS, HTTP
// and WebSockets in it; and what is never inside of what.

import { assertEquals, assertMatch } from "@std/assert";
import { utf8 } from "../_chunks.ts";
import { unless } from "../_testing.ts";
import { Caller, get, statuses } from "../http/_web.ts";
import { BINARY, frame, UPGRADE } from "../http/_web_socket.ts";
import { Server } from "./_program.ts";
import { within } from "./_scenario.ts";

/** An executable to test may be of a runtime that has no TLS on the port. */
const NO_TLS = Deno.env.has("CONFAB_PROGRAM")
  ? "an executable is tested"
  : undefined;

function scenario(name: string, fn: () => Promise<void>): void {
  Deno.test({ ...unless(NO_TLS, name), fn });
}

/** Says something in the clear, and then it is TLS. */
async function dial(
  { port, data }: Server,
  { before = "" } = {},
): Promise<Caller> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  if (before !== "") await conn.write(utf8(before));
  const caCerts = [await Deno.readTextFile(`${data}/tls.pem`)];
  const tls = await Deno.startTls(conn, { hostname: "localhost", caCerts });
  await within(tls.handshake(), () => "the handshake");
  return new Caller(tls as unknown as Deno.TcpConn);
}

/** What is answered to this, until the server ends. */
async function answer(caller: Caller, said: string | Uint8Array) {
  using _caller = caller;
  await caller.say(said);
  return await within(caller.rest(), () => "the end");
}

const CLOSE = { Connection: "close" };
const broughtFrom = (ip: string) => ({
  before: `PROXY TCP4 ${ip} 127.0.0.1 4000 5000\r\n`,
});

scenario(
  "behind a proxy's header comes TLS, in which everybody is where the header says",
  async () => {
    await using server = await Server.start(
      ...["--tls", "self", "--trust-proxy", "127.0.0.1"],
    );
    const far = broughtFrom("192.0.2.7");
    using ann = await dial(server, far);
    await ann.say("HELLO ann\r\n");
    assertEquals(await ann.until("\n"), "OK ann\n");
    assertMatch(await server.logged(/ connected /), / peer=192\.0\.2\.7 /);
    const metrics = get("/metrics", CLOSE);
    assertEquals(statuses(await answer(await dial(server, far), metrics)), [
      404,
    ]);
    const near = await dial(server, broughtFrom("127.0.0.1"));
    assertEquals(statuses(await answer(near, metrics)), [200]);
    using page = await dial(server, far);
    await page.say(get("/ws", { ...UPGRADE }));
    assertEquals(statuses(await page.until("\r\n\r\n")), [101]);
    await page.say(frame(BINARY, utf8("HELLO bob\n")));
    assertMatch(await page.until("\n"), /OK bob\n$/);
  },
);

scenario(
  "there is no proxy's header in TLS, and neither that nor HTTP nor TLS in a WebSocket",
  async () => {
    await using server = await Server.start(
      ...["--tls", "self", "--log-level", "debug"],
    );
    const { before } = broughtFrom("192.0.2.7");
    assertEquals(await answer(await dial(server), `${before}HELLO a\r\n`), "");
    await server.logged(/ refused .*why=proxy$/);
    for (
      const [inside, why] of [
        [utf8(`${before}HELLO a\r\n`), /why=proxy$/],
        [utf8(get("/")), /why=http$/],
        [Uint8Array.of(0x16, 3, 1, 0, 1, 0), /why=tls$/],
      ] as const
    ) {
      using caller = await dial(server);
      await caller.say(get("/ws", { ...UPGRADE }));
      assertEquals(statuses(await caller.until("\r\n\r\n")), [101]);
      await caller.say(frame(BINARY, inside));
      await server.logged(why);
      const rest = await within(caller.rest(), () => "the end");
      assertEquals(/OK|200/.test(rest), false, rest);
    }
  },
);
