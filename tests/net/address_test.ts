import { assertEquals, assertNotEquals } from "@std/assert";
import { addressGroup, isLoopback } from "../../src/net/address.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("address");

test("is loopback at 127.0.0.0/8 and ::1, mapped into IPv6 or not", () => {
  const local = [
    "127.0.0.1",
    "127.255.255.254",
    "::1",
    "::ffff:127.0.0.1",
    "::FFFF:127.0.0.2",
    "localhost",
  ];
  assertEquals(local.filter((host) => !isLoopback(host)), []);
});

test("is not loopback anywhere else", () => {
  const others = [
    "",
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "126.0.0.1",
    "128.0.0.1",
    "1127.0.0.1",
    "127.0.0.1.example.org",
    "127.example.org",
    "localhost.example.org",
    "192.168.127.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "fe80::1",
    "2001:db8::1",
    "::11",
  ];
  assertEquals(others.filter(isLoopback), []);
});

test("is counted by the address of IPv4, mapped into IPv6 or not", () => {
  assertEquals(addressGroup("192.0.2.7"), "192.0.2.7");
  assertEquals(addressGroup("::ffff:192.0.2.7"), "192.0.2.7");
  assertEquals(addressGroup("::FFFF:192.0.2.7"), "192.0.2.7");
  assertNotEquals(addressGroup("192.0.2.8"), addressGroup("192.0.2.7"));
});

test("is counted by the /64 of IPv6, however it is written", () => {
  const group = addressGroup("2001:db8:0:1::1");
  assertEquals(group, "2001:db8:0:1::/64");
  assertEquals(addressGroup("2001:DB8::7"), "2001:db8:0:0::/64");
  for (
    const hostname of [
      "2001:db8:0:1::2",
      "2001:0db8:0000:0001:0000:0000:0000:0001",
      "2001:DB8:0:1:ffff:ffff:ffff:ffff",
      "2001:db8:0:1:0:0:0:1",
      "2001:db8::1:0:0:0:5",
      "2001:db8:0:1::",
    ]
  ) assertEquals(addressGroup(hostname), group, hostname);
  for (
    const hostname of ["2001:db8:0:2::1", "2001:db8::1", "2001:db8:1:1::1"]
  ) {
    assertNotEquals(addressGroup(hostname), group, hostname);
  }
});

test("of a link is counted by its /64, whatever the interface", () => {
  assertEquals(addressGroup("fe80::1%eth0"), addressGroup("fe80::2%eth1"));
  assertNotEquals(addressGroup("fe80::1%eth0"), addressGroup("fe81::1"));
});
