import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";
import {
  fingerprint,
  parseFingerprint,
  wordsOfFingerprint,
} from "../../src/secure/fingerprint.ts";

// Made with `openssl genpkey -algorithm X25519`; hashed with `openssl dgst -sha256 -binary` and
// base64. The hash begins 1a321fe6b8fd1e116f00ab, which in groups of 11 bits is 209 1159 1997 911
// 1679 69 1504 171 of BIP-39's english.txt.
const KEY = Uint8Array.fromHex(
  "8918b64fd2e436f70f7d81cc83006d590fa678a794a455cfe901dcff9b9fc246",
);
const FULL = "SHA256:GjIf5rj9HhFvAKtEYDHntmMFCf4kZUtPfJRq+kauYXQ";
const WORDS = "boss-movie-whale-impose-spin-anger-rose-betray";

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name: `fingerprint: ${name}`, permissions: "none", fn });
}

test("is the unpadded base64 of the key's SHA-256", async () => {
  assertEquals(await fingerprint(KEY), FULL);
});

test("reads aloud as 8 words of the first 88 bits", () => {
  assertEquals(wordsOfFingerprint(FULL), WORDS);
});

test("has the words that BIP-39's own test vectors have for the same bits", () => {
  const wordsOf = (base64: string) => wordsOfFingerprint(`SHA256:${base64}`);
  assertEquals(
    wordsOf("f39/f39/f39/f39/f39/f39/f39/f39/f39/f39/f38"),
    "legal-winner-thank-year-wave-sausage-worth-useful",
  );
  assertEquals(
    wordsOf("gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIA"),
    "letter-advice-cage-absurd-amount-doctor-acoustic-avoid",
  );
  assertEquals(
    wordsOf("//////////////////////////////////////////8"),
    "zoo-zoo-zoo-zoo-zoo-zoo-zoo-zoo",
  );
});

test("is read in either form, as people pass it on", () => {
  const full = { form: "sha256", text: FULL } as const;
  const words = { form: "words", text: WORDS } as const;
  assertEquals(parseFingerprint(FULL), full);
  assertEquals(parseFingerprint(`  ${FULL}=\n`), full);
  assertEquals(parseFingerprint(FULL.replace("SHA", "sha")), full);
  assertEquals(parseFingerprint(WORDS), words);
  assertEquals(parseFingerprint(` ${WORDS.toUpperCase()} `), words);
  assertEquals(parseFingerprint(WORDS.replaceAll("-", " ")), words);
  assertEquals(parseFingerprint(WORDS.replaceAll("-", " - ")), words);
});

test("says which word is not in the list, and which was meant", () => {
  assertEquals(
    faultOf(WORDS.replace("whale", "whlae")),
    `fingerprint "boss-movie-whlae-impose-spin-anger-rose-betray": "whlae" is not in the word list, did you mean "whale"?`,
  );
  assertEquals(
    faultOf(WORDS.replace("movie", "qqqqqq")),
    `fingerprint "boss-qqqqqq-whale-impose-spin-anger-rose-betray": "qqqqqq" is not in the word list`,
  );
});

test("says how many words or characters are missing", () => {
  assertEquals(
    faultOf("boss movie whale"),
    `fingerprint "boss movie whale": it has 3 words, there must be 8`,
  );
  assertEquals(
    faultOf("SHA256:GjIf5rj9"),
    `fingerprint "SHA256:GjIf5rj9": after SHA256: are 8 characters, there must be 43`,
  );
});

test("says which character is not base64", () => {
  assertEquals(
    faultOf(FULL.replace("+", "_")),
    `fingerprint "${FULL.replace("+", "_")}": "_" is not base64`,
  );
});

test("refuses an ending that 32 bytes cannot have", () => {
  assertEquals(
    faultOf(FULL.replace(/Q$/, "R")),
    `fingerprint "${FULL.replace(/Q$/, "R")}": no fingerprint ends in "R"`,
  );
});

test("says what a fingerprint is to one who gives something else", () => {
  const expected =
    `a fingerprint is SHA256: and 43 characters, or 8 words joined by "-"`;
  assertEquals(faultOf(""), `fingerprint "": ${expected}`);
  assertEquals(
    faultOf("example.org"),
    `fingerprint "example.org": ${expected}`,
  );
});

test("repeats no control characters and not more than a line of what was given", () => {
  const fault = faultOf(`\x1b[2J${"x".repeat(500)}\ud800`);
  assertEquals(/[^\x20-\x7e…]/.test(fault), false);
  assertEquals(fault.length < 200, true);
});

test("has no words when only words are given", () => {
  assertThrows(() => wordsOfFingerprint(WORDS), UsageError, "SHA256:");
});

function faultOf(text: string): string {
  return assertThrows(() => parseFingerprint(text), UsageError).message;
}
