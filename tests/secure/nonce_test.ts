import { assertEquals, assertThrows } from "@std/assert";
import { ChannelError } from "../../src/base/errors.ts";
import { NONCE_MAX, nonceOf } from "../../src/secure/nonce.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("nonce");

test("is 4 zero bytes and the counter as 64 bits, little-endian", () => {
  const forms: [number, string][] = [
    [0, "00000000" + "0000000000000000"],
    [1, "00000000" + "0100000000000000"],
    [255, "00000000" + "ff00000000000000"],
    [256, "00000000" + "0001000000000000"],
    [65_535, "00000000" + "ffff000000000000"],
    [65_536, "00000000" + "0000010000000000"],
    [2 ** 31, "00000000" + "0000008000000000"],
    [2 ** 32 - 1, "00000000" + "ffffffff00000000"],
    [2 ** 32, "00000000" + "0000000001000000"],
    [2 ** 53 - 1, "00000000" + "ffffffffffff1f00"],
  ];
  for (const [counter, hex] of forms) {
    assertEquals(nonceOf(counter).toHex(), hex);
  }
});

test("gives each time its own bytes", () => {
  nonceOf(5).fill(0xff);
  assertEquals(nonceOf(5).toHex(), "000000000500000000000000");
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
