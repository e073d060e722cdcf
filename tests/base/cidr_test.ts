import { assertEquals } from "@std/assert";
import {
  canonicalIp,
  contains,
  isWithin,
  networkAround,
  networkText,
  parseNetwork,
  siteOf,
} from "../../src/base/cidr.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("cidr");

/** A network, read and written. */
function written(text: string): string | undefined {
  const network = parseNetwork(text);
  return network && networkText(network);
}

test("writes an address in the one way of RFC 5952", () => {
  const addresses = [
    ["192.0.2.7", "192.0.2.7"],
    ["0.0.0.0", "0.0.0.0"],
    ["255.255.255.255", "255.255.255.255"],
    // Section 4 of the RFC, rule by rule.
    ["2001:0db8::0001", "2001:db8::1"],
    ["2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:DB8::A", "2001:db8::a"],
    ["::", "::"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["1:0:0:0:0:0:0:0", "1::"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
    ["fe80::1%eth0", "fe80::1"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["::FFFF:c000:207", "192.0.2.7"],
  ] as const;
  for (const [text, wanted] of addresses) {
    assertEquals(canonicalIp(text), wanted, text);
    assertEquals(canonicalIp(wanted), wanted, text);
  }
});

test("takes nothing else for an address", () => {
  const others = [
    "",
    "ann",
    "localhost",
    "192.0.2",
    "192.0.2.7.1",
    "192.0.2.256",
    "192.0.2.07",
    "192.0.2.0x7",
    " 192.0.2.7",
    "192.0.2.7\n",
    "192.0.2.7%eth0",
    "192.0.2.-1",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "1::2::3",
    ":::",
    ":1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:",
    "12345::",
    "g::",
    "192.0.2.7::",
    "::192.0.2.7:1",
    "::192.0.2",
    "::1/128",
    "1".repeat(100_000),
    ":".repeat(100_000),
  ];
  assertEquals(others.filter((text) => canonicalIp(text) !== undefined), []);
});

test("writes a network with zeros behind its bits, an address as it is", () => {
  assertEquals(written("192.0.2.7/24"), "192.0.2.0/24");
  assertEquals(written("192.0.2.7/31"), "192.0.2.6/31");
  assertEquals(written("192.0.2.7/32"), "192.0.2.7");
  assertEquals(written("10.1.2.3/0"), "0.0.0.0/0");
  assertEquals(written("2001:db8:1:2:3::4/64"), "2001:db8:1:2::/64");
  assertEquals(written("2001:db8:1:2:3::4/49"), "2001:db8:1::/49");
  assertEquals(written("2001:db8::1/128"), "2001:db8::1");
  assertEquals(written("::/0"), "::/0");
  assertEquals(written("::ffff:192.0.2.7/120"), "192.0.2.0/24");
  assertEquals(written("::ffff:192.0.2.7"), "192.0.2.7");
});

test("takes nothing else for a network", () => {
  const others = [
    "192.0.2.0/33",
    "192.0.2.0/",
    "192.0.2.0/-1",
    "192.0.2.0/024",
    "192.0.2.0/24/24",
    "192.0.2.0/255.255.255.0",
    "192.0.2.0 /24",
    "2001:db8::/129",
    "::ffff:192.0.2.0/95",
    "/24",
    "lobby/24",
  ];
  assertEquals(others.filter((text) => parseNetwork(text) !== undefined), []);
});

test("knows which addresses a network has", () => {
  const has = (network: string, ip: string) =>
    contains(parseNetwork(network)!, ip);
  assertEquals(has("192.0.2.0/25", "192.0.2.127"), true);
  assertEquals(has("192.0.2.0/25", "192.0.2.128"), false);
  assertEquals(has("192.0.2.0/25", "::ffff:192.0.2.1"), true);
  assertEquals(has("192.0.2.7", "192.0.2.7"), true);
  assertEquals(has("192.0.2.7", "192.0.2.8"), false);
  assertEquals(has("2001:db8::/47", "2001:db8:1:ffff::1"), true);
  assertEquals(has("2001:db8::/47", "2001:db8:2::1"), false);
  assertEquals(has("fe80::/10", "fe80::1%eth0"), true);
  assertEquals(has("0.0.0.0/0", "203.0.113.9"), true);
  assertEquals(has("0.0.0.0/0", "::1"), false);
  assertEquals(has("::/0", "192.0.2.7"), false);
  assertEquals(has("::/0", "no address"), false);
});

test("gives the network around an address, and the /48 of what is IPv6", () => {
  const around = (ip: string, bits: number) => {
    const network = networkAround(ip, bits);
    return network && networkText(network);
  };
  assertEquals(around("2001:db8:1:2:3::4", 64), "2001:db8:1:2::/64");
  assertEquals(around("192.0.2.7", 24), "192.0.2.0/24");
  assertEquals(around("192.0.2.7", 64), undefined);
  assertEquals(around("nobody", 24), undefined);
  assertEquals(siteOf("2001:db8:1:2:3::4"), "2001:db8:1::/48");
  assertEquals(siteOf("2001:db8:1:2::/64"), "2001:db8:1::/48");
  assertEquals(siteOf("2001:db8::/32"), undefined);
  assertEquals(siteOf("192.0.2.7"), undefined);
  assertEquals(siteOf("::ffff:192.0.2.7"), undefined);
});

test("tells whether a network is within another one", () => {
  const within = (one: string, other: string) =>
    isWithin(parseNetwork(one)!, parseNetwork(other)!);
  assertEquals(within("127.1.0.0/16", "127.0.0.0/8"), true);
  assertEquals(within("127.0.0.0/8", "127.0.0.0/8"), true);
  assertEquals(within("126.0.0.0/7", "127.0.0.0/8"), false);
  assertEquals(within("128.0.0.0/16", "127.0.0.0/8"), false);
  assertEquals(within("::1", "::/64"), true);
  assertEquals(within("::/64", "::1"), false);
  assertEquals(within("0.0.0.1", "::/0"), false);
});
