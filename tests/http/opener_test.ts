/** Requests over sockets, to a server that takes HTTP. */
import { brotliDecompressSync } from "node:zlib";
import { assert, assertEquals } from "@std/assert";
import { HTTP_REQUESTS } from "../../src/base/limits.ts";
import { PAGE_FILES } from "../../src/http/page/files.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { createHttp } from "../../src/http/opener.ts";
import { open } from "../../src/server/open.ts";
import { utf8 } from "../_chunks.ts";
import { memoryPair } from "../_memory_transport.ts";
import { NO_WEB, unless } from "../_testing.ts";
import { FAR, IDENTITY } from "../server/_served.ts";
import { get, statuses, Web } from "./_web.ts";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ ...unless(NO_WEB, `http: ${name}`), fn });
}
const CLOSE = { Connection: "close" };
const INDEX = PAGE_FILES.find(({ path }) => path === "/")!;

test("serves the page to a browser, with headers that allow it nothing else", async () => {
  await using web = await Web.start();
  const answer = await fetch(`http://${web.host}/`);
  assert(/^<!DOCTYPE html>/i.test(await answer.text()));
  const headers = Object.fromEntries(answer.headers);
  assertEquals(answer.status, 200);
  assertEquals(
    headers["content-security-policy"],
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'none'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  );
  assertEquals(headers["x-content-type-options"], "nosniff");
  assertEquals(headers["referrer-policy"], "no-referrer");
  assertEquals(headers["cross-origin-opener-policy"], "same-origin");
  assertEquals(headers["cross-origin-resource-policy"], "same-origin");
  assertEquals(headers["cache-control"], "no-cache");
  assertEquals(headers["etag"], `W/${INDEX.etag}`);
  const features = headers["permissions-policy"]!.split(", ");
  assert(features.includes("camera=()") && features.includes("microphone=()"));
  assert(features.every((feature) => feature.endsWith("=()")));
  assertEquals("set-cookie" in headers, false);
  assertEquals("strict-transport-security" in headers, false);
});

test("serves each file as it was built, compressed and not", async () => {
  await using web = await Web.start();
  for (const { path, type, brotli } of PAGE_FILES) {
    const encoding = { "Accept-Encoding": "br" };
    const packed = await web.ask(get(path, { ...encoding, ...CLOSE }));
    const body = packed.slice(packed.indexOf("\r\n\r\n") + 4);
    assert(btoa(body) === brotli, path);
    const bytes = Uint8Array.from(body, (one) => one.charCodeAt(0));
    for (const form of ["identity", "gzip"]) {
      const answer = await fetch(`http://${web.host}${path}`, {
        headers: { "accept-encoding": form },
      });
      assertEquals(answer.headers.get("content-type"), type);
      const whole = new Uint8Array(brotliDecompressSync(bytes));
      assertEquals(await answer.bytes(), whole);
    }
  }
});

test("tells browsers to keep to TLS where it is encrypted and the certificate is to last", async () => {
  const http = { tls: () => "lasting" as const };
  await using secure = await Web.start({ http, facts: { isEncrypted: true } });
  await using plain = await Web.start({ http });
  const header = "strict-transport-security: max-age=31536000";
  assert((await secure.ask(get("/", CLOSE))).includes(header));
  assert(!(await plain.ask(get("/", CLOSE))).includes("strict-transport"));
});

test("answers HEAD as GET without the content, and 304 to one that has it", async () => {
  await using web = await Web.start();
  const [whole, head] = [
    await web.ask(get("/", CLOSE)),
    await web.ask(get("/", CLOSE, "HEAD")),
  ];
  const withoutDate = (text: string) => text.replace(/Date: .*\r\n/, "");
  assertEquals(
    withoutDate(head),
    withoutDate(whole.slice(0, whole.indexOf("\r\n\r\n") + 4)),
  );
  const known = await web.ask(
    get("/", { "If-None-Match": INDEX.etag, ...CLOSE }),
  );
  assertEquals(statuses(known), [304]);
  assert(known.endsWith("\r\n\r\n") && !/content-length/i.test(known));
});

test("answers what came at once one after the other, in order", async () => {
  await using web = await Web.start();
  const text = await web.ask(
    get("/") + get("/x") + get("/", {}, "HEAD") + get("/", {}, "PUT") +
      get("/", CLOSE) + get("/never"),
  );
  assertEquals(statuses(text), [200, 404, 200, 405, 200]);
});

test("answers who would like another protocol in this one, and ends", async () => {
  await using web = await Web.start();
  for (const upgrade of ["h2c", "TLS/1.0", "quux"]) {
    const wish = {
      "Connection": "Upgrade, HTTP2-Settings",
      "Upgrade": upgrade,
    };
    const text = await web.ask(
      get("/", { ...wish, "HTTP2-Settings": "AAMAAABk" }) + get("/never"),
    );
    assertEquals(statuses(text), [200], text.slice(0, 400));
    assert(/^connection: close\r$/im.test(text));
    assert(text.includes("default-src 'none'"));
  }
  const elsewhere = { "Connection": "Upgrade", "Upgrade": "h2c" };
  const text = await web.ask(get("/", { Host: "evil.example", ...elsewhere }));
  assertEquals(statuses(text), [421]);
});

test("passes over an empty line in front of a request, and takes two for none", async () => {
  await using web = await Web.start();
  const text = await web.ask(get("/x") + "\r\n" + get("/x") + "\r\n\r\n");
  assertEquals(statuses(text), [404, 404, 400]);
});

test(`ends a connection with the answer to request ${HTTP_REQUESTS}`, async () => {
  await using web = await Web.start();
  const text = await web.ask(get("/x").repeat(HTTP_REQUESTS + 5));
  assertEquals(statuses(text).length, HTTP_REQUESTS);
  assertEquals(text.match(/connection: close/gi)?.length, 1);
});

const REFUSED: Record<string, [request: string, status: number]> = {
  "a request with content": [
    `${get("/", { "Content-Length": "5" }, "POST")}hello`,
    413,
  ],
  "a request with content of any length": [
    get("/", { "Transfer-Encoding": "chunked" }, "POST"),
    413,
  ],
  "one that waits to send content": [
    get("/", { "Content-Length": "5", "Expect": "100-continue" }, "POST"),
    413,
  ],
  "65 headers": [
    get(
      "/",
      Object.fromEntries(
        Array.from({ length: 65 }, (_, n) => [`X-${n}`, "x"]),
      ),
    ),
    431,
  ],
  "8 KiB of headers": [get("/", { "X": "x".repeat(8_192) }), 431],
  "lines that end with LF alone": ["GET / HTTP/1.1\nHost: localhost\n\n", 400],
  "what only begins as a request": ["GET / nonsense\r\n\r\n", 400],
  "a header without a colon": ["GET / HTTP/1.1\r\nHost\r\n\r\n", 400],
  "two hosts": [
    "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    400,
  ],
  "no host": ["GET / HTTP/1.1\r\nA: b\r\n\r\n", 400],
  "another server's target": [get("http://evil.example/"), 400],
  "a tunnel": [
    "CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    400,
  ],
  "a name that is not the server's": [get("/", { Host: "evil.example" }), 421],
  "the page of another site": [
    get("/", { Origin: "http://evil.example" }),
    403,
  ],
};

for (const [what, [request, status]] of Object.entries(REFUSED)) {
  test(`refuses ${what} with ${status}, and ends`, async () => {
    await using web = await Web.start({ http: { names: () => [] } });
    const text = await web.ask(request + get("/"));
    assertEquals(statuses(text), [status]);
    assert(text.includes("nosniff") || status === 400, text);
  });
}

test("tells the log of names and sites that are refused, and not of all that is asked", async () => {
  await using web = await Web.start();
  await web.ask(get("/", CLOSE));
  await web.ask(get("/x", CLOSE));
  await web.ask("GET / nonsense\r\n\r\n");
  for (let n = 0; n < 7; n++) {
    await web.ask(get("/", { Host: "evil.example" }));
  }
  await web.ask(get("/ws", { Origin: "null" }));
  const refused = { "http-request": 1, "http-host": 7, "http-origin": 1 };
  while (Object.keys(web.refused).length < 3) await eventLoopTurn();
  assertEquals(web.refused, refused);
  const of = (why: string) =>
    web.log.filter(([event, fields]) =>
      event === "refused" && fields?.why === why
    ).length;
  assertEquals([of("http-host"), of("http-origin"), web.log.length], [5, 1, 6]);
});

test("shows numbers on this machine and to the token, and 404 to all else", async () => {
  const metrics = () => Promise.resolve("confab_rooms 1\n");
  const http = { metrics, metricsToken: "s3cret" };
  await using near = await Web.start({ http });
  await using far = await Web.start({ http, facts: FAR });
  const bearer = { Authorization: "Bearer s3cret" };
  const ask = async (web: Web, headers: Record<string, string>) =>
    statuses(await web.ask(get("/metrics", { ...headers, ...CLOSE })));
  assertEquals(await ask(near, {}), [200]);
  assertEquals(await ask(near, { Host: "evil.example" }), [421]);
  assertEquals(await ask(near, { Origin: "http://evil.example" }), [403]);
  assertEquals(await ask(near, { "Sec-Fetch-Site": "cross-site" }), [403]);
  assertEquals(await ask(far, {}), [404]);
  assertEquals(await ask(far, bearer), [200]);
});

test("takes nobody for local whom a proxy of this machine passes on", async () => {
  const metrics = () => Promise.resolve("confab_rooms 1\n");
  await using web = await Web.start({
    http: { metrics, metricsToken: "s3cret" },
  });
  const ask = async (headers: Record<string, string>) =>
    statuses(await web.ask(get("/metrics", { ...headers, ...CLOSE })));
  const token = { Authorization: "Bearer s3cret" };
  for (
    const forwarded of [
      { "Forwarded": "for=192.0.2.60;proto=http;by=203.0.113.43" },
      { "X-Forwarded-For": "192.0.2.60" },
      { "x-forwarded-for": "" },
      { "X-Forwarded-Proto": "https" },
      { "X-Forwarded-Host": "chat.example.org" },
      { "X-Real-IP": "192.0.2.60" },
      { "Via": "1.1 vegur" },
    ]
  ) {
    assertEquals(await ask(forwarded), [404], JSON.stringify(forwarded));
    assertEquals(await ask({ ...forwarded, ...token }), [200]);
  }
  assertEquals(await ask({ "X-Forwarded": "no such header" }), [200]);
});

test("says 500 when the numbers cannot be made, and to its owner why", async () => {
  const faults: unknown[] = [];
  const fault = new Error("no numbers");
  await using web = await Web.start({
    http: {
      metrics: () => Promise.reject(fault),
      onFault: (error) => void faults.push(error),
    },
  });
  const text = await web.ask(get("/metrics") + get("/", CLOSE));
  assertEquals([statuses(text), faults], [[500, 200], [fault]]);
  assert(!text.includes("no numbers"));
});

test("charges an address for what it is answered, and says when it may ask again", async () => {
  const clock = new FakeClock();
  const http = {
    metrics: () => Promise.resolve("x".repeat(8 * 2 ** 20 - 1)),
    metricsToken: "s3cret",
  };
  await using web = await Web.start({ clock, http, facts: FAR });
  const large = get("/metrics", { Authorization: "Bearer s3cret", ...CLOSE });
  for (let n = 0; n < 4; n++) {
    assertEquals(statuses((await web.ask(large)).slice(0, 20)), [200]);
  }
  // 4 answers of 8 MiB and 4 KiB each, of 32 MiB and 2 MiB a second.
  const text = await web.ask(get("/x") + get("/x"));
  assertEquals(statuses(text), [429]);
  assert(text.includes("\r\nretry-after: 1\r\n"), text);
  assertEquals(web.refused, { "http-answers": 1 });
  clock.advance(7);
  assertEquals(statuses(await web.ask(get("/x", CLOSE))), [429]);
  clock.advance(1);
  assertEquals(statuses(await web.ask(get("/x", CLOSE))), [404]);
});

test("charges an answer without content for its work", async () => {
  const charged: number[] = [];
  const answers = {
    charge: (bytes: number) => void charged.push(bytes),
    debtMs: () => 0,
  };
  const [near, far] = memoryPair();
  const http = createHttp({ files: PAGE_FILES });
  const opening = open(near, {
    ...{ identity: IDENTITY, openers: { http }, answers },
    onSealing() {},
  });
  const head = get("/", {}, "HEAD");
  const known = get("/", { "If-None-Match": INDEX.etag });
  await far.write(utf8(get("/x") + head + known + get("/x", CLOSE)));
  await far.closeWrite();
  for await (const _ of far);
  assertEquals(await opening, undefined);
  assertEquals(charged, [4_106, 4_096, 4_096, 4_106]);
});

// ---- Time and place ----

test("waits 5 s for the next request, on this machine, too", async () => {
  const clock = new FakeClock();
  await using web = await Web.start({ clock });
  using caller = await web.call();
  await caller.say(get("/x"));
  await caller.until("not found\n");
  await clock.advanceSlowly(5_000, 100);
  assertEquals(await caller.rest(), "");
});

test("says 408 to one that asks bit by bit", async () => {
  const clock = new FakeClock();
  await using web = await Web.start({ clock });
  const before = clock.waiting;
  using caller = await web.call();
  await caller.say("GET / HTTP/1.1\r\nHost:");
  while (clock.waiting === before) await eventLoopTurn();
  await clock.advanceSlowly(5_000, 100);
  assertEquals(statuses(await caller.rest()), [408]);
});

test("ends one that does not read its answer after 30 s, and builds no other meanwhile", async () => {
  const clock = new FakeClock();
  let built = 0;
  const metrics = () => {
    built++;
    return Promise.resolve("x".repeat(16 * 2 ** 20));
  };
  await using web = await Web.start({ clock, http: { metrics } });
  using caller = await web.call();
  await caller.say(get("/metrics").repeat(10));
  while (built === 0) await eventLoopTurn();
  await clock.advanceSlowly(29_000, 1_000);
  assertEquals([built, web.server.connections], [1, 1]);
  await clock.advanceSlowly(2_000, 1_000);
  while (web.server.connections > 0) await eventLoopTurn();
  assertEquals(built, 1);
});

test("makes way for others as whoever is not ready, without a frame in its answer", async () => {
  await using web = await Web.start();
  using first = await web.call();
  await first.say(get("/x"));
  await first.until("not found\n");
  const others = [];
  for (let n = 0; n < 256; n++) {
    const caller = await web.call();
    await caller.say(get("/x"));
    await caller.until("not found\n");
    others.push(caller);
  }
  assertEquals(await first.rest(), "");
  assertEquals(web.refused, { "made-way": 1 });
  for (const caller of others) caller[Symbol.dispose]();
});

test("ends with the server, whoever is in the middle of what", async () => {
  const metrics = () => new Promise<string>(() => {});
  const web = await Web.start({ http: { metrics } });
  using idle = await web.call();
  await idle.say(get("/x"));
  await idle.until("not found\n");
  using half = await web.call();
  await half.say("GET / HT");
  using waiting = await web.call();
  await waiting.say(get("/metrics"));
  while (web.server.connections < 3) await eventLoopTurn();
  const stopped = web[Symbol.asyncDispose]();
  for (const one of [idle, half, waiting]) assertEquals(await one.rest(), "");
  await stopped;
});
