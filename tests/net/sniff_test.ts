import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Protocol,
  sniff,
  SNIFF_BYTES,
  sniffEnded,
} from "../../src/net/sniff.ts";
import { join, utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("sniff");
const OPTIONS = propertyOptions(1_000);

/** What a connection begins with, what it then speaks, and how many bytes it takes to know. */
type Row = readonly [
  bytes: Uint8Array | string,
  protocol: Protocol,
  decidedBy: number,
];

/** Asserts each row for every prefix: nothing is known before, and nothing changes after. */
function assertRows(rows: readonly Row[]): void {
  for (const [given, protocol, decidedBy] of rows) {
    const bytes = typeof given === "string" ? utf8(given) : given;
    const found = Array.from(
      { length: bytes.length + 1 },
      (_, length) => sniff(bytes.subarray(0, length)),
    );
    const expected = found.map((_, length) =>
      length < decidedBy ? undefined : protocol
    );
    assertEquals(found, expected, JSON.stringify(String(given)));
  }
}

function frame(payload: string): Uint8Array {
  const bytes = utf8(payload);
  return join([
    Uint8Array.of(0, 0, bytes.length >> 8, bytes.length & 0xff),
    bytes,
  ]);
}

test("knows framed JSON by the brace that its first payload begins with", () => {
  assertRows([
    [frame('{"type":"chat","txt":"hi"}'), "framed", 5],
    [frame("{"), "framed", 5],
    [Uint8Array.of(0, 0, 0xff, 0xff, 0x7b), "framed", 5],
    [frame(' {"type":"bye"}'), "unknown", 5],
    [frame("[1]"), "unknown", 5],
    [frame("hello"), "unknown", 5],
  ]);
});

test("knows lines of JSON by the brace that the first begins with", () => {
  assertRows([
    ['{"type":"chat","txt":"hi"}\n', "json-lines", 1],
    ["{\n", "json-lines", 1],
    ["{HELLO ann\n", "json-lines", 1],
    [' {"type":"bye"}\n', "terminal", 1],
    ["[1]\n", "terminal", 1],
    ['"{"\n', "terminal", 1],
  ]);
});

test("knows a sealed connection by the name and version of its first payload", () => {
  assertRows([
    [frame("confab/1" + "e".repeat(32)), "sealed", 12],
    [frame("confab/1"), "sealed", 12],
    [frame("confab/2" + "e".repeat(32)), "sealed-other", 12],
    [frame("confab/ "), "sealed-other", 12],
    [frame("conFab/1"), "unknown", 8],
    [frame("Confab/1"), "unknown", 5],
    [frame("confab-1"), "unknown", 11],
  ]);
});

test("knows no frame that ends within the name", () => {
  assertRows([
    [frame("c"), "unknown", 5],
    [frame("confa"), "unknown", 9],
    [frame("confab/"), "unknown", 11],
    [join([frame("confab/"), frame("1")]), "unknown", 11],
  ]);
});

test("judges the length of a first frame before anything of it is there", () => {
  assertRows([
    [Uint8Array.of(0, 0, 0, 0, 0x7b), "unknown", 4],
    [Uint8Array.of(0, 1, 0, 0, 0x7b), "too-large", 4],
    [Uint8Array.of(0, 0xff, 0xff, 0xff, 0x7b), "too-large", 4],
  ]);
  assertEquals(sniff(Uint8Array.of(0, 0, 0xff, 0xff)), undefined);
});

test("knows HTTP by a method and a space", () => {
  // RFC 9110, section 9.3, and PATCH of RFC 5789.
  const methods = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "CONNECT",
    "OPTIONS",
    "TRACE",
    "PATCH",
  ];
  assertRows(
    methods.map((method) => [
      `${method} / HTTP/1.1\r\n\r\n`,
      "http",
      method.length + 1,
    ]),
  );
});

test("takes what is not quite a method for a terminal", () => {
  assertRows([
    ["GETX /\r\n", "terminal", 7],
    ["get x HTTP/1.1\r\n", "terminal", 5],
    ["Get /x HTML\r\n", "terminal", 10],
    ["GET\t/", "terminal", 4],
    ["GET\n", "terminal", 4],
    ["GE \n", "terminal", 4],
    [" GET / HTTP/1.1\r\n", "terminal", 1],
    ["CONNECTED \n", "terminal", 11],
    ["CONNEXION\n", "terminal", 10],
  ]);
});

test("knows TLS by its first two bytes", () => {
  assertRows([
    [Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00), "tls", 2],
    [Uint8Array.of(0x16, 0x03, 0x03), "tls", 2],
    [Uint8Array.of(0x16, 0x04, 0x00), "unknown", 2],
    [Uint8Array.of(0x16, 0x00), "unknown", 2],
  ]);
});

test("knows the HELLO dialect and IRC by verbs in upper case", () => {
  assertRows([
    ["HELLO ann\n", "hello", 6],
    ["HELLO\r\n", "hello", 6],
    ["CAP LS 302\r\n", "irc", 4],
    ["NICK ann\r\n", "irc", 5],
    ["USER ann 0 * :Ann\r\n", "irc", 5],
    ["PASS secret\r\n", "irc", 5],
  ]);
});

test("takes what is not quite a verb for a terminal", () => {
  assertRows([
    ["HELLOX\n", "terminal", 7],
    ["hello ann\n", "terminal", 7],
    ["Hello ann\n", "terminal", 7],
    ["HELL\n", "terminal", 5],
    ["CAPS\n", "terminal", 5],
    ["nick ann\n", "terminal", 6],
    ["PASSWORD x\n", "terminal", 10],
    ["USERS\n", "terminal", 6],
    ["MSG ann hi\n", "terminal", 5],
  ]);
});

test("waits while a word may still become one of several", () => {
  for (const word of ["P", "PA", "PO", "H", "HE", "C", "N", "U", "OPTIONS"]) {
    assertEquals(sniff(utf8(word)), undefined, word);
  }
  assertRows([
    ["PUT x", "http", 4],
    ["PASS x", "irc", 5],
    ["HEAD x", "http", 5],
  ]);
});

test("takes other text for a terminal, whatever its script", () => {
  assertRows([
    ["hi\n", "terminal", 3],
    ["hi there", "terminal", 4],
    ["well, hi\n", "terminal", 5],
    ["a".repeat(17), "terminal", 17],
    ["\n", "terminal", 1],
    ["\r\n", "terminal", 1],
    ["\tindented\n", "terminal", 1],
    ["/list\n", "terminal", 1],
    ["~", "terminal", 1],
    ["été\n", "terminal", 1],
    ["привет\n", "terminal", 1],
    ["日本\n", "terminal", 1],
    ["😀\n", "terminal", 1],
    ["H\u00e9\n", "terminal", 2],
  ]);
});

test("knows nothing that begins with a byte of no text", () => {
  const text = new Set([0x09, 0x0a, 0x0d]);
  for (let byte = 0x20; byte <= 0x7e; byte++) text.add(byte);
  // The lead bytes of UTF-8 (The Unicode Standard, table 3-7).
  for (let byte = 0xc2; byte <= 0xf4; byte++) text.add(byte);
  for (let byte = 0x01; byte <= 0xff; byte++) {
    if (byte === 0x16) continue;
    if (byte === 0x7b) continue; // `{`
    const found = sniff(Uint8Array.of(byte, 0x21));
    assertEquals(found, text.has(byte) ? "terminal" : "unknown", `${byte}`);
  }
});

test("knows a request of HTTP by its first line, whatever its method is called", () => {
  assertRows([
    // RFC 4918, UPnP 2.0 (1.3.2), RFC 9113 (3.4), and what no specification has.
    ["PROPFIND /dav HTTP/1.1\r\n\r\n", "http", 19],
    ["M-SEARCH * HTTP/1.1\r\n\r\n", "http", 16],
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "http", 11],
    ["GETX / HTTP/1.1\r\n", "http", 12],
    ["get / http/1.1\r\n", "http", 11],
    ["Post /login?a=b HTTP/1.0\n", "http", 21],
  ]);
  const long = `PROPFIND /${"x".repeat(2_000)} HTTP/1.1\r\n`;
  assertRows([[long, "http", 1_024]]);
});

test("takes talk of paths for talk as soon as it is", () => {
  assertRows([
    ["see /etc/hosts\n", "terminal", 15],
    ["see /etc/hosts first\n", "terminal", 16],
    ["rate * 2 is too much\n", "terminal", 8],
    ["in /docs HTTP is explained\n", "terminal", 14],
  ]);
});

test("knows the header of a proxy, as a line and in binary", () => {
  const line = "PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n";
  assertRows([[line, "proxy", 6], ["PROXY\n", "terminal", 6]]);
  const binary = utf8("\r\n\r\n\0\r\nQUIT\n");
  assertEquals(sniff(binary), "proxy");
  // A blank line is somebody's at a terminal, who is not kept waiting.
  assertEquals(sniff(utf8("\r\n")), "terminal");
});

test("takes text that has ended without the end of a line as if it had one", () => {
  const ended = (text: string) => sniffEnded(utf8(text));
  const texts = ["HELLO", "HELL", "hi", "GET", "see /x", "NICK", ""];
  assertEquals(texts.map(ended), [
    ...["hello", "terminal", "terminal", "terminal", "terminal", "irc"],
    undefined,
  ]);
  assertEquals(sniffEnded(Uint8Array.of(0, 0)), undefined);
  assertEquals(sniffEnded(Uint8Array.of(0, 0, 0, 5)), undefined);
  assertEquals(sniffEnded(Uint8Array.of(0x16)), undefined);
});

test("tells what a whole line is, and does not think otherwise when more comes", () => {
  assertEquals(sniff(new Uint8Array(0)), undefined);
  assertEquals(SNIFF_BYTES, 1_024);
  const first = fc.constantFrom(0x00, 0x16, ...utf8("GHPCNUDOT{"));
  const next = fc.oneof(fc.nat(255), fc.constantFrom(...utf8("aZ-/ *HTP")));
  const bytes = fc.tuple(
    fc.oneof(first, fc.nat(255)),
    fc.array(next, { minLength: 11, maxLength: 30 }),
  );
  fc.assert(
    fc.property(bytes, ([head, tail]) => {
      const all = Uint8Array.of(head, ...tail, 0x20, 0x0a);
      const found = sniff(all);
      assertEquals(typeof found, "string");
      let isDecided = false;
      for (let length = 0; length <= all.length; length++) {
        const now = sniff(all.subarray(0, length));
        isDecided ||= now !== undefined;
        assertEquals(now, isDecided ? found : undefined);
      }
    }),
    OPTIONS,
  );
});
