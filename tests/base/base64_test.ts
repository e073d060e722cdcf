import { assertEquals, assertThrows } from "@std/assert";
import { decodeBase64, encodeBase64 } from "../../src/base/base64.ts";

/** RFC 4648, section 10, and bytes that are no ASCII. */
const VECTORS = [
  ["", ""],
  ["f", "Zg=="],
  ["fo", "Zm8="],
  ["foo", "Zm9v"],
  ["foob", "Zm9vYg=="],
  ["fooba", "Zm9vYmE="],
  ["foobar", "Zm9vYmFy"],
  ["\u{FB}\u{FF}\u{BF}\u{0}", "+/+/AA=="],
] as const;

Deno.test("base64: the vectors of RFC 4648", () => {
  for (const [chars, text] of VECTORS) {
    const bytes = Uint8Array.from(chars, (char) => char.charCodeAt(0));
    assertEquals(encodeBase64(bytes), text);
    assertEquals(decodeBase64(text), bytes);
    assertEquals(decodeBase64(text.replace(/=+$/, "")), bytes);
  }
});

Deno.test("base64: what is none is refused", () => {
  for (const text of ["Z", "Zm9v!", "Zm9_", "Zg=", "Zg==Zg=="]) {
    assertThrows(() => decodeBase64(text), DOMException);
  }
});
