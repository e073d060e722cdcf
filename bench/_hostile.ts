/**
 * The process of the hostile: `_hostile.ts PORT CONNECTIONS CROWD`, until it is killed. Each of its
 * connections is of one kind of the crowd; when the server ends it, it comes back a few seconds
 * later. Writes once a second how many of each kind are open, as JSON.
 */
import { TcpTransport } from "../src/net/tcp.ts";
import { initiate } from "../src/secure/handshake.ts";
import { HandshakeState } from "../src/secure/noise.ts";
import { generateKeyPair } from "../src/secure/x25519.ts";
import { encodeFrame } from "../src/wire/frame.ts";
import { encodeMessage } from "../src/wire/server.ts";
import { HTTP_KINDS } from "./_hostile_http.ts";
import { sleep } from "./_stranger.ts";

const [port, connections] = Deno.args.map(Number) as [number, number];
const [, , crowd = ""] = Deno.args;
const MAGIC = new TextEncoder().encode("confab/1");
/** They come back after this, and half of it more or less. */
const AGAIN_MS = 4_000;
const identity = await generateKeyPair();

type Act = (conn: Deno.Conn) => Promise<unknown>;

const text = (words: string) => new TextEncoder().encode(words);
const write = (bytes: Uint8Array): Act => (conn) => conn.write(bytes);

async function firstMessage(): Promise<Uint8Array> {
  const fixed = { pattern: "XX", role: "initiator", prologue: MAGIC } as const;
  const noise = new HandshakeState({ ...fixed, s: identity });
  const message = await noise.write();
  noise.wipe();
  return encodeFrame(Uint8Array.from([...MAGIC, ...message]));
}

async function sealed(conn: Deno.Conn, key = identity) {
  const carrier = new TcpTransport(conn as Deno.TcpConn);
  return await initiate(carrier, { identity: key, judgeServer() {} });
}

async function welcomed(conn: Deno.Conn, room: string) {
  const channel = await sealed(conn, await generateKeyPair());
  await channel.write(encodeMessage({ type: "hello", room }));
  await channel[Symbol.asyncIterator]().next();
  return channel;
}

/** What each kind does after it has connected; then it reads to the end. */
const STRANGERS: Readonly<Record<string, Act>> = {
  "silent": () => Promise.resolve(),
  "a byte a second": async (conn) => {
    for (const byte of await firstMessage()) {
      await conn.write(Uint8Array.of(byte));
      await sleep(1_000);
    }
  },
  "half a header": write(Uint8Array.of(0, 0)),
  "too long a frame": write(Uint8Array.of(0, 0xff, 0xff, 0xff, 0x7b)),
  "random bytes": (conn) =>
    conn.write(crypto.getRandomValues(new Uint8Array(1_000))),
  "TLS": write(Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3)),
  "HTTP": write(text("GET / HTTP/1.1\r\nhost: a\r\n\r\n")),
  "half a handshake": async (conn) => conn.write(await firstMessage()),
  "no hello": (conn) => sealed(conn),
  "comes and goes": (conn) => Promise.resolve(conn.close()),
};

/** Those who have their `welcome`, each with a key of its own. */
const KEYED: Readonly<Record<string, Act>> = {
  "deaf": async (conn) => {
    await welcomed(conn, "flood");
    await sleep(3_600_000);
  },
  "floods": async (conn) => {
    const channel = await welcomed(conn, "flood");
    const drain = (async () => {
      for await (const _ of channel);
    })();
    const said = ["/list", "/users", "flood ".repeat(100), "/search flood ood"];
    for (let n = 0;; n++) {
      const txt = said[n % said.length]!;
      await Promise.race([
        channel.write(encodeMessage({ type: "chat", txt })),
        drain.then(() => Promise.reject(new Error("over"))),
      ]);
    }
  },
};

const CROWDS: Readonly<Record<string, Readonly<Record<string, Act>>>> = {
  keyed: KEYED,
  http: HTTP_KINDS,
};
const KINDS = CROWDS[crowd] ?? STRANGERS;
const open = new Map(Object.keys(KINDS).map((kind) => [kind, 0]));
let [came, refused] = [0, 0];

async function live(kind: string, act: Act): Promise<never> {
  const buffer = new Uint8Array(512);
  await sleep(AGAIN_MS * Math.random());
  for (;;) {
    let conn: Deno.TcpConn | undefined;
    try {
      conn = await Deno.connect({ hostname: "127.0.0.1", port });
      came++;
      open.set(kind, open.get(kind)! + 1);
      await act(conn);
      while (await conn.read(buffer) !== null);
    } catch {
      // The server has ended it, or it has ended itself.
    }
    if (conn === undefined) refused++;
    else {
      open.set(kind, open.get(kind)! - 1);
      try {
        conn.close();
      } catch {
        // It is closed.
      }
    }
    await sleep(AGAIN_MS * (0.5 + Math.random()));
  }
}

const kinds = Object.entries(KINDS);
for (let n = 0; n < connections; n++) {
  const [kind, act] = kinds[n % kinds.length]!;
  live(kind, act);
}
for (;;) {
  await sleep(1_000);
  console.log(
    JSON.stringify({ came, refused, open: Object.fromEntries(open) }),
  );
}
