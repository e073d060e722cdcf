import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConfabError, UsageError } from "../../src/base/errors.ts";
import { parseFingerprint } from "../../src/secure/fingerprint.ts";
import {
  judgeServerKey,
  type Pin,
  serverAddress,
  type ServerKeyCase,
} from "../../src/trust/judge.ts";

const ADDRESS = "chat.example:5000";
// Keys made with openssl; the fingerprints of the first are worked out in fingerprint_test.ts.
const KEY = Uint8Array.fromHex(
  "8918b64fd2e436f70f7d81cc83006d590fa678a794a455cfe901dcff9b9fc246",
);
const FULL = "SHA256:GjIf5rj9HhFvAKtEYDHntmMFCf4kZUtPfJRq+kauYXQ";
const WORDS = "boss-movie-whale-impose-spin-anger-rose-betray";
const OTHER = "SHA256:fPHsrkX6vgb7TAEi0r4/YfcNVfF4jQMGD/E2j4Wq9ZA";
const OTHER_WORDS = "language-month-clog-message-program-address-unfold-lens";
const SAME_PIN = pin(FULL);
const OTHER_PIN = pin(OTHER);

function pin(fingerprint: string): Pin {
  const firstSeen = new Date("2026-11-20T12:00:00Z");
  return { address: ADDRESS, fingerprint, firstSeen };
}

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name: `server key: ${name}`, permissions: "none", fn });
}

test("that is unknown is asked about, with both forms", async () => {
  assertEquals(await judge({}), {
    verdict: "ask",
    fingerprint: FULL,
    words: WORDS,
  });
});

test("that is unknown is stored at once with --trust-new", async () => {
  assertEquals((await judge({ trustNew: true })).verdict, "pin");
});

test("that is the pinned one is accepted", async () => {
  assertEquals((await judge({ pin: SAME_PIN })).verdict, "ok");
  const both = { pin: SAME_PIN, trustNew: true };
  assertEquals((await judge(both)).verdict, "ok");
});

test("that changed is refused with both, the day and what to do, --trust-new or not", async () => {
  const expected =
    `the key of ${ADDRESS} has changed: it was ${OTHER} (first seen 2026-11-20) and is now ${FULL}; ` +
    `only if whoever runs the server confirms the new one: confab forget ${ADDRESS}`;
  assertEquals(await faultOf({ pin: OTHER_PIN }), expected);
  assertEquals(await faultOf({ pin: OTHER_PIN, trustNew: true }), expected);
});

for (const form of [FULL, WORDS]) {
  test(`that was given as ${form} is stored, in the place of a pin too`, async () => {
    const given = parseFingerprint(form);
    assertEquals((await judge({ given })).verdict, "pin");
    assertEquals((await judge({ given, pin: OTHER_PIN })).verdict, "pin");
    assertEquals((await judge({ given, pin: SAME_PIN })).verdict, "ok");
  });
}

test("that is not the given one is refused, shown in the form that was given", async () => {
  assertEquals(
    await faultOf({ given: parseFingerprint(OTHER) }),
    `the key of ${ADDRESS} is ${FULL}, not the one given, ${OTHER}; ask whoever runs the server which is right`,
  );
  assertEquals(
    await faultOf({ given: parseFingerprint(OTHER_WORDS) }),
    `the key of ${ADDRESS} is ${WORDS}, not the one given, ${OTHER_WORDS}; ask whoever runs the server which is right`,
  );
});

test("that is pinned but not the given one is refused all the same", async () => {
  const given = parseFingerprint(OTHER_WORDS);
  await faultOf({ given, pin: SAME_PIN });
  await faultOf({ given, pin: SAME_PIN, trustNew: true });
});

test("has an address with its host in lower case", () => {
  assertEquals(serverAddress("Chat.Example", 5000), "chat.example:5000");
  assertEquals(serverAddress("192.0.2.7", 1), "192.0.2.7:1");
});

test("has one address for all spellings of an IPv6 host", () => {
  // RFC 5952: the shortest form, lower case.
  const address = "[2001:db8::1]:5000";
  assertEquals(serverAddress("2001:db8::1", 5000), address);
  assertEquals(serverAddress("[2001:DB8::1]", 5000), address);
  assertEquals(serverAddress("2001:0db8:0:0:0:0:0:0001", 5000), address);
  assertEquals(serverAddress("FE80::1%eth0", 5000), "[fe80::1%eth0]:5000");
});

test("has no address that could break a line of a file", () => {
  for (const host of ["", "[]", "a b", "a\nb", "#a", "a\x00", "a/b", "[a"]) {
    assertThrows(() => serverAddress(host, 5000), UsageError, "host name");
  }
  for (const port of [-1, 65_536, 1.5, NaN]) {
    assertThrows(() => serverAddress("a", port), UsageError, "0 to 65535");
  }
});

function judge(rest: Partial<ServerKeyCase>) {
  return judgeServerKey({ address: ADDRESS, publicKey: KEY, ...rest });
}

async function faultOf(rest: Partial<ServerKeyCase>): Promise<string> {
  const error = await assertRejects(() => judge(rest), ConfabError);
  assertEquals(error.code, "server-key-changed");
  return error.message;
}
