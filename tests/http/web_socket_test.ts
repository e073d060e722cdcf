/** WebSockets byte by byte, and what is in them. */
import { assert, assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import type { Transport } from "../../src/net/transport.ts";
import { createHttp } from "../../src/http/opener.ts";
import { open, type Opener } from "../../src/server/open.ts";
import { utf8 } from "../_chunks.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { tcpPair } from "../net/_tcp_pair.ts";
import { FAR, IDENTITY } from "../server/_served.ts";
import { NO_WEB, unless } from "../_testing.ts";
import { Caller, get, statuses, Web } from "./_web.ts";
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  dialWebSocket,
  frame,
  PING,
  PONG,
  TEXT,
  UPGRADE,
} from "./_web_socket.ts";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ ...unless(NO_WEB, `a WebSocket: ${name}`), fn });
}

/** What a server sends in a frame of these bytes, at most 125, a character a byte. */
function fromServer(opcode: number, text: string): string {
  return String.fromCharCode(0x80 | opcode, text.length) + text;
}

/** A caller whose WebSocket is open. */
async function upgraded(
  web: Web,
  headers: Record<string, string> = {},
): Promise<Caller> {
  const caller = await web.call();
  await caller.say(get("/ws", { ...UPGRADE, ...headers }));
  const head = await caller.until("\r\n\r\n");
  assertEquals(statuses(head), [101]);
  // RFC 6455, section 1.3.
  assert(/sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/i.test(head));
  return caller;
}

test("carries the bytes of a connection, whatever messages they come in", async () => {
  await using web = await Web.start();
  using caller = await upgraded(web);
  await caller.say(frame(BINARY, utf8("HEL")));
  await caller.say(concat([
    frame(BINARY, utf8("LO a"), { isLast: false }),
    frame(CONTINUATION, utf8("nn")),
    frame(BINARY, utf8("")),
    frame(BINARY, utf8("\nMSG ann hi\n")),
  ]));
  const welcome = fromServer(BINARY, "OK ann\n");
  assertEquals(await caller.until(welcome), welcome);
  await caller.say(frame(PING, utf8("x")));
  assertEquals(await caller.until("x"), "\x8a\x01x");
  await caller.say(frame(CLOSE, Uint8Array.of(3, 232)));
  assertEquals(await caller.rest(), fromServer(CLOSE, "\x03\xe8"));
});

test("opens for programs, and for the page of this very server", async () => {
  await using web = await Web.start();
  for (const headers of [{}, { Origin: "http://localhost" }]) {
    using _caller = await upgraded(web, headers);
  }
  const refused: [Record<string, string>, number][] = [
    [{ Origin: "http://evil.example" }, 403],
    [{ Origin: "null" }, 403],
    [{ Origin: "http://localhost:3000" }, 403],
    [{ Origin: "https://localhost" }, 403],
    [{ Host: "evil.example", Origin: "http://evil.example" }, 421],
    [{ "Sec-WebSocket-Version": "7" }, 400],
    [{ "Sec-WebSocket-Key": "short" }, 400],
  ];
  for (const [headers, status] of refused) {
    const text = await web.ask(get("/ws", { ...UPGRADE, ...headers }));
    assertEquals(statuses(text), [status], JSON.stringify(headers));
  }
});

const FAULTS: Record<string, [sent: Uint8Array, code: number]> = {
  "text": [frame(TEXT, utf8("hi")), 1_003],
  "a message longer than a frame of the chat": [
    frame(BINARY, new Uint8Array(0), { length: 65_540 }),
    1_009,
  ],
  "a fragment too many bytes": [
    concat([
      frame(BINARY, new Uint8Array(65_000), { isLast: false }),
      frame(CONTINUATION, new Uint8Array(0), { length: 540 }),
    ]),
    1_009,
  ],
  "a message of 17 pieces": [
    concat(Array.from(
      { length: 17 },
      (_, n) =>
        frame(n === 0 ? BINARY : CONTINUATION, utf8("x"), {
          isLast: n === 16,
        }),
    )),
    1_008,
  ],
  "what is not masked": [frame(BINARY, utf8("hi"), { isMasked: false }), 1_002],
  "an opcode that is none": [frame(3, utf8("hi")), 1_002],
  "the middle of a message first": [frame(CONTINUATION, utf8("hi")), 1_002],
  "a compressed message": [
    Uint8Array.of(0xc2, 0x81, 0, 0, 0, 0, 1),
    1_002,
  ],
};

for (const [what, [sent, code]] of Object.entries(FAULTS)) {
  test(`is closed with ${code} for ${what}`, async () => {
    await using web = await Web.start();
    using caller = await upgraded(web);
    await caller.say(sent);
    const end = await caller.until(String.fromCharCode(code >> 8, code & 255));
    assertEquals([end.charCodeAt(0), end.length], [0x80 | CLOSE, 4]);
  });
}

test("takes a message as long as a frame of the chat", async () => {
  await using web = await Web.start();
  using caller = await upgraded(web);
  // The longest frame, with something in it that is no JSON.
  const longest = new Uint8Array(65_539).fill(0x7b);
  longest.set([0, 0, 0xff, 0xff]);
  await caller.say(frame(BINARY, longest));
  assert((await caller.until("bad-message")).includes('"error"'));
});

test("from elsewhere is for sealed connections, unless TLS is around it", async () => {
  await using far = await Web.start({ facts: FAR });
  using refused = await upgraded(far);
  await refused.say(frame(BINARY, utf8("HELLO ann\n")));
  const words =
    "ERR PLAINTEXT_REFUSED this server accepts sealed connections only: use `confab join`\n";
  assertEquals(await refused.until("\n"), fromServer(BINARY, words));
  assertEquals(far.refused, { "plaintext-refused": 1 });
  await using secure = await Web.start({
    facts: { ...FAR, isEncrypted: true },
  });
  using let_in = await upgraded(secure);
  await let_in.say(frame(BINARY, utf8("HELLO ann\n")));
  assertEquals(await let_in.until("\n"), fromServer(BINARY, "OK ann\n"));
});

test("that a proxy of this machine passes on is from elsewhere", async () => {
  await using web = await Web.start();
  using brought = await upgraded(web, { "X-Forwarded-For": "192.0.2.60" });
  await brought.say(frame(BINARY, utf8("HELLO ann\n")));
  const words = await brought.until("\n");
  assert(words.includes("ERR PLAINTEXT_REFUSED"), words);
  using own = await upgraded(web);
  await own.say(frame(BINARY, utf8("HELLO ann\n")));
  assertEquals(await own.until("\n"), fromServer(BINARY, "OK ann\n"));
});

test("has no HTTP and no TLS in it", async () => {
  await using web = await Web.start();
  using http = await upgraded(web);
  await http.say(frame(BINARY, utf8(get("/"))));
  assertEquals(statuses(await http.until("\r\n\r\n")), [501]);
  using tls = await upgraded(web);
  await tls.say(frame(BINARY, Uint8Array.of(0x16, 3, 1, 0)));
  assert((await tls.until("\x15\x03\x03")).endsWith("\x15\x03\x03"));
  assertEquals(web.refused, { http: 1, tls: 1 });
});

test("has as long for its hello as any connection of a program", async () => {
  await using web = await Web.start();
  using caller = await upgraded(web);
  await caller.say(frame(BINARY, utf8("HELLO ann\n")));
  await caller.until("OK ann\n");
  const [ann] = web.server.tap.connections();
  assertEquals([ann!.peer, ann!.dialect], ["127.0.0.1", "hello"]);
});

// ---- As a transport ----

/** The server's end of a WebSocket, as what is inside sees it, and the client's socket. */
async function pair(): Promise<[inside: Transport, caller: Caller]> {
  const [client, server] = await tcpPair();
  const http: Opener = createHttp({ files: [] });
  const opened = open({
    ...{ peer: server.peer, isEncrypted: false, isLocal: true },
    write: (bytes) => server.write(bytes),
    closeWrite: () => server.closeWrite(),
    close: () => server.close(),
    [Symbol.asyncIterator]: () => server[Symbol.asyncIterator](),
  }, { identity: IDENTITY, onSealing: () => {}, openers: { http } });
  const caller = new Caller(connOf(client));
  await caller.say(get("/ws", UPGRADE));
  await caller.until("\r\n\r\n");
  await caller.say(frame(BINARY, utf8("HELLO ann\n")));
  const inside = (await opened)!.transport;
  const chunks = inside[Symbol.asyncIterator]();
  assertEquals((await chunks.next()).value, utf8("HELLO ann\n"));
  return [inside, caller];
}

/** A transport as what a caller reads and writes. */
function connOf(client: Transport): Deno.TcpConn {
  const chunks = client[Symbol.asyncIterator]();
  return {
    async read(into: Uint8Array) {
      const { done, value } = await chunks.next();
      if (done) return null;
      into.set(value);
      return value.length;
    },
    write: (bytes: Uint8Array) => client.write(bytes).then(() => bytes.length),
    close: () => client.close(),
  } as unknown as Deno.TcpConn;
}

test("echoes 20,000 messages, in order", async () => {
  const [inside, caller] = await pair();
  using _caller = caller;
  const size = 300;
  const count = 20_000;
  const echo = (async () => {
    let left = count * size;
    for await (const chunk of inside) {
      await inside.write(chunk.slice());
      left -= chunk.length;
      if (left === 0) await inside.closeWrite();
    }
  })();
  const sent = Array.from({ length: count }, (_, n) => {
    const bytes = new Uint8Array(size);
    new DataView(bytes.buffer).setUint32(0, n);
    return bytes;
  });
  const sending = (async () => {
    for (let n = 0; n < count; n += 200) {
      const frames = sent.slice(n, n + 200).map((one) => frame(BINARY, one));
      await caller.say(concat(frames));
    }
  })();
  const text = await caller.until(fromServer(CLOSE, "\x03\xe8"));
  await sending;
  await caller.say(frame(CLOSE, Uint8Array.of(3, 232)));
  const got = contentOf(text);
  assertEquals(got.length, count * size);
  const view = new DataView(got.buffer);
  for (let n = 0; n < count; n++) assertEquals(view.getUint32(n * size), n);
  inside.close();
  await echo;
});

/** What is in the binary frames of a server, joined. */
function contentOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(text, (one) => one.charCodeAt(0));
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length && bytes[at] === 0x82;) {
    const short = bytes[at + 1]!;
    const view = new DataView(bytes.buffer);
    const [header, length] = short < 126
      ? [2, short]
      : short === 126
      ? [4, view.getUint16(at + 2)]
      : [10, Number(view.getBigUint64(at + 2))];
    parts.push(bytes.subarray(at + header, at + header + length));
    at += header + length;
  }
  return concat(parts);
}

test("is not read from while nobody asks, and its writes wait for who reads", async () => {
  const [inside, caller] = await pair();
  using _caller = caller;
  let taken = 0;
  const flood = async () => {
    const bytes = frame(BINARY, new Uint8Array(60_000));
    for (; taken < 1_000; taken++) await caller.say(bytes);
  };
  const flooding = flood().catch(() => {});
  await stuck(() => taken);
  assert(taken < 900, `${taken} messages of 60,000 bytes were taken`);
  let written = 0;
  const write = async () => {
    for (; written < 1_000; written++) {
      await inside.write(new Uint8Array(60_000));
    }
  };
  const writing = write().catch(() => {});
  await stuck(() => written);
  assert(written < 900, `${written} messages of 60,000 bytes were written`);
  inside.close();
  await Promise.all([flooding, writing]);
});

/** Resolves when a count has not changed for a thousand turns of the event loop. */
async function stuck(count: () => number): Promise<void> {
  let last = -1;
  for (let same = 0; same < 1_000; same++) {
    if (count() !== last) same = 0;
    last = count();
    await eventLoopTurn();
  }
}

test("ends what is read when it is cut, and writes fail", async () => {
  const [inside, caller] = await pair();
  const reading = inside[Symbol.asyncIterator]().next();
  await caller.say(frame(BINARY, utf8("half"), { length: 100 }));
  caller[Symbol.dispose]();
  assertEquals((await reading).done, true);
  let fault: unknown;
  await inside.write(utf8("x")).catch((error) => fault = error);
  assert(fault instanceof Error);
  inside.close();
  inside.close();
});

test("holds no more for pings than it answers", async () => {
  const [inside, caller] = await pair();
  const reading = inside[Symbol.asyncIterator]().next();
  const pings = concat(Array.from(
    { length: 1_000 },
    () => frame(PING, new Uint8Array(125)),
  ));
  let taken = 0;
  const flood = async () => {
    for (; taken < 200; taken++) await caller.say(pings);
  };
  const flooding = flood().catch(() => {});
  await stuck(() => taken);
  // None of the answers is read: it either stops to read pings or drops what it has no room for.
  caller[Symbol.dispose]();
  assertEquals((await reading).done, true);
  await flooding;
});

test("is one that browsers have", async () => {
  await using web = await Web.start();
  const ann = await dialWebSocket(`ws://${web.host}/ws`);
  await ann.write(utf8("HELLO ann\n"));
  const chunks = ann[Symbol.asyncIterator]();
  assertEquals((await chunks.next()).value, utf8("OK ann\n"));
  const closed = new Promise<CloseEvent>((resolve) =>
    ann.socket.addEventListener("close", resolve)
  );
  await ann.write(utf8("BYE\n"));
  const { code, wasClean } = await closed;
  assertEquals([code, wasClean], [1_000, true]);
});

for (
  const [what, one] of [
    ["pongs", frame(PONG, utf8(""))],
    ["empty messages", frame(BINARY, utf8(""))],
    ["messages of 15 bytes", frame(BINARY, utf8(" ".repeat(15)))],
  ] as const
) {
  test(`is cut for 257 ${what} at once, or 33 in a second after that`, async () => {
    const clock = new FakeClock();
    await using web = await Web.start({ clock });
    using caller = await upgraded(web);
    const many = (count: number) => concat(Array(count).fill(one));
    const hears = async () => {
      await caller.say(frame(PING, utf8("here")));
      return (await caller.until("here")).endsWith("here");
    };
    await caller.say(many(255));
    assert(await hears());
    clock.advance(1_000);
    await caller.say(many(31));
    assert(await hears());
    await caller.say(one);
    assertEquals(await hears().catch(() => false), false);
  });
}

test("is cut for 1,025 messages of 255 bytes at once, and for none of 256", async () => {
  await using web = await Web.start({ clock: new FakeClock() });
  using caller = await upgraded(web);
  const hello = frame(BINARY, utf8("HELLO annabel-lee\n"));
  const [one, free] = [255, 256].map((length) =>
    frame(BINARY, utf8("\n".repeat(length)))
  );
  const here = frame(PING, utf8("here"));
  await caller.say(concat([hello, ...Array(1_022).fill(one), here]));
  assert((await caller.until("here")).endsWith("here"));
  await caller.say(concat(Array(300).fill(free)));
  await caller.say(one!);
  await caller.say(here).catch(() => {});
  assert(!(await caller.until("here").catch(() => "")).endsWith("here"));
});
