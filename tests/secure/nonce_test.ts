import { assertEquals, assertThrows } from "@std/assert";
import { ChannelError } from "../../src/base/errors.ts";
import { NONCE_MAX, nonceOf, REKEY_NONCE } from "../../src/secure/nonce.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("nonce");

test("is 4 zero bytes and the counter as 64 bits, big-endian", () => {
  const forms: [number, string][] = [
    [0, "00000000" + "0000000000000000"],
    [1, "00000000" + "0000000000000001"],
    [255, "00000000" + "00000000000000ff"],
    [256, "00000000" + "0000000000000100"],
    [65_535, "00000000" + "000000000000ffff"],
    [65_536, "00000000" + "0000000000010000"],
    [2 ** 31, "00000000" + "0000000080000000"],
    [2 ** 32 - 1, "00000000" + "00000000ffffffff"],
    [2 ** 32, "00000000" + "0000000100000000"],
    [2 ** 53 - 1, "00000000" + "001fffffffffffff"],
  ];
  for (const [counter, hex] of forms) {
    assertEquals(nonceOf(counter).toHex(), hex);
  }
});

test("gives each time its own bytes", () => {
  nonceOf(5).fill(0xff);
  assertEquals(nonceOf(5).toHex(), "000000000000000000000005");
});

test("has a last counter, after which there is none", () => {
  assertEquals(NONCE_MAX, 2 ** 53 - 1);
  let counter = NONCE_MAX;
  nonceOf(counter);
  for (let i = 0; i < 3; i++) {
    counter++;
    assertThrows(() => nonceOf(counter), ChannelError);
  }
});

test("has a form for REKEY that no counter has: 2^64-1", () => {
  assertEquals(REKEY_NONCE.toHex(), "00000000" + "ffffffffffffffff");
});
