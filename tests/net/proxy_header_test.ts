/** The lines and bytes are those of the specification's section 2, or made by it by hand. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { readProxyHeader } from "../../src/net/proxy_header.ts";
import { join, utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("proxy header");
const SIGNATURE = utf8("\r\n\r\n\0\r\nQUIT\n");

/** A header of version 2: its 13th and 14th byte, and what it carries. */
function binary(command: number, family: number, ...rest: number[]) {
  const length = [rest.length >> 8, rest.length & 255];
  return join([SIGNATURE, Uint8Array.of(command, family, ...length, ...rest)]);
}

/** Asserts what is said at each prefix: nothing before the header is whole, with more behind it. */
function assertRead(header: Uint8Array, hostname: string, port: number): void {
  for (let length = 0; length < header.length; length++) {
    assertEquals(readProxyHeader(header.subarray(0, length)), undefined);
  }
  const found = { peer: { hostname, port }, length: header.length };
  assertEquals(readProxyHeader(header), found);
  assertEquals(readProxyHeader(join([header, utf8("HELLO ann\n")])), found);
}

test("as a line names the client", () => {
  const lines = [
    ["TCP4 255.255.255.255 255.255.255.255 65535 65535", "255.255.255.255"],
    ["TCP4 192.0.2.7 198.51.100.1 56324 443", "192.0.2.7"],
    ["TCP6 2001:DB8::7 2001:db8::1 56324 443", "2001:db8::7"],
    ["TCP6 ::ffff:192.0.2.7 ::1 56324 443", "192.0.2.7"],
  ] as const;
  for (const [line, hostname] of lines) {
    const port = Number(line.split(" ")[3]);
    assertRead(utf8(`PROXY ${line}\r\n`), hostname, port);
  }
  // Section 2.1: "worst case (optional fields set to 0xff)" of TCP6.
  const ip = "ffff:f...f:ffff".replace(
    "f...f",
    Array(6).fill("ffff").join(":"),
  );
  const longest = utf8(`PROXY TCP6 ${ip} ${ip} 65535 65535\r\n`);
  assertEquals(longest.length, 104);
  assertRead(longest, ip, 65_535);
});

test("as a line is invalid as soon as it is another, too long, or names nobody", () => {
  const lines = [
    "PROXY UNKNOWN\r\n",
    "PROXY UNKNOWN 2001:db8::7 2001:db8::1 56324 443\r\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443 \r\n",
    "PROXY  TCP4 192.0.2.7 198.51.100.1 56324 443\r\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 65536 443\r\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 056 443\r\n",
    "PROXY TCP4 192.0.2.7 198.51.100.1 -1 443\r\n",
    "PROXY TCP4 192.0.2.7 nobody 56324 443\r\n",
    "PROXY TCP4 192.0.2.07 198.51.100.1 56324 443\r\n",
    "PROXY TCP4 2001:db8::7 2001:db8::1 56324 443\r\n",
    "PROXY TCP6 192.0.2.7 198.51.100.1 56324 443\r\n",
    "PROXY TCP6 fe80::7%eth0 fe80::1 56324 443\r\n",
    "PROXY TCP5 192.0.2.7 198.51.100.1 56324 443\r\n",
    "PROXY UDP4 192.0.2.7 198.51.100.1 56324 443\r\n",
    "proxy TCP4 192.0.2.7 198.51.100.1 56324 443\r\n",
    "HELLO ann\n",
    "PROXI",
    "x",
    "{",
    "\0",
    "\r\nP",
  ];
  for (const line of lines) {
    assertEquals(readProxyHeader(utf8(line)), "invalid", line);
  }
  const endless = utf8(`PROXY TCP6 ${"f".repeat(200)}`);
  assertEquals(readProxyHeader(endless.subarray(0, 106)), undefined);
  assertEquals(readProxyHeader(endless.subarray(0, 107)), "invalid");
  assertEquals(readProxyHeader(endless), "invalid");
});

test("in binary names the client, whatever else it carries", () => {
  const v4 = [192, 0, 2, 7, 198, 51, 100, 1, 0xdc, 0x04, 0x01, 0xbb];
  assertRead(binary(0x21, 0x11, ...v4), "192.0.2.7", 56_324);
  assertRead(binary(0x21, 0x11, ...v4, 0x04, 0, 1, 0), "192.0.2.7", 56_324);
  const v6 = [0x20, 0x01, 0x0d, 0xb8, ...Array(11).fill(0)];
  const both = [...v6, 7, ...v6, 1, 0xdc, 0x04, 0x01, 0xbb];
  assertRead(binary(0x21, 0x21, ...both), "2001:db8::7", 56_324);
  const mapped = [...Array(10).fill(0), 0xff, 0xff, 127, 0, 0, 1];
  const home = [...mapped, ...mapped, 0, 1, 0, 2];
  assertRead(binary(0x21, 0x21, ...home), "127.0.0.1", 1);
});

test("in binary is invalid where it names nobody, is not TCP, or is too long or too short", () => {
  const v4 = [192, 0, 2, 7, 198, 51, 100, 1, 0xdc, 0x04, 0x01, 0xbb];
  const headers = [
    binary(0x20, 0x11, ...v4),
    binary(0x11, 0x11, ...v4),
    binary(0x22, 0x11, ...v4),
    binary(0x21, 0x12, ...v4),
    binary(0x21, 0x00),
    binary(0x21, 0x31, ...Array(216).fill(1)),
    binary(0x21, 0x11, ...v4.slice(1)),
    binary(0x21, 0x21, ...v4),
    binary(0x21, 0x11, ...v4, ...Array(509).fill(0)),
    join([SIGNATURE.subarray(0, 11), Uint8Array.of(0)]),
  ];
  for (const header of headers) {
    assertEquals(readProxyHeader(header), "invalid", String(header));
  }
  const most = binary(0x21, 0x11, ...v4, ...Array(508).fill(0));
  assertEquals(most.length, 536);
  assertRead(most, "192.0.2.7", 56_324);
});

test("is decided within its bounds, whatever comes", () => {
  const begin = fc.constantFrom(utf8("PROXY "), SIGNATURE, new Uint8Array(0));
  const rest = fc.uint8Array({ minLength: 536, maxLength: 600 });
  fc.assert(
    fc.property(begin, rest, (begin, rest) => {
      const found = readProxyHeader(join([begin, rest]));
      assertEquals(found === undefined, false);
    }),
    propertyOptions(1_000),
  );
});
