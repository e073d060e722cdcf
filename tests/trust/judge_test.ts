import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { ConfabError, UsageError } from "../../src/base/errors.ts";
import { given } from "../../src/base/given.ts";
import { parseFingerprint } from "../../src/secure/fingerprint.ts";
import {
  type Pin,
  type Pins,
  serverAddress,
  ServerJudge,
  type ServerJudgeOptions,
  UnknownServerKey,
} from "../../src/trust/judge.ts";

const ADDRESS = "chat.example:5000";
const NOW = new Date("2027-01-02T03:04:05Z");
// Keys made with openssl; the fingerprints of the first are worked out in fingerprint_test.ts.
const KEY = Uint8Array.fromHex(
  "8918b64fd2e436f70f7d81cc83006d590fa678a794a455cfe901dcff9b9fc246",
);
const FULL = "SHA256:GjIf5rj9HhFvAKtEYDHntmMFCf4kZUtPfJRq+kauYXQ";
const WORDS = "boss-movie-whale-impose-spin-anger-rose-betray";
const OTHER_KEY = Uint8Array.fromHex(
  "46a634ca6fef840577d8d00fdc589c80a1aeaf6d8a7057c5a0d5c8d10b38d90b",
);
const OTHER = "SHA256:fPHsrkX6vgb7TAEi0r4/YfcNVfF4jQMGD/E2j4Wq9ZA";
const OTHER_WORDS = "language-month-clog-message-program-address-unfold-lens";

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name: `server key: ${name}`, permissions: "none", fn });
}

/** Judges `KEY` where `pinned` is known of the server; gives what was pinned then. */
async function judge(
  { pinned, key = KEY, ...rest }: Partial<ServerJudgeOptions> & {
    pinned?: string;
    key?: Uint8Array<ArrayBuffer>;
  },
): Promise<[address: string, fingerprint: string, at: Date][]> {
  const firstSeen = new Date("2026-11-20T12:00:00Z");
  const stored: [string, string, Date][] = [];
  const pins: Pins = {
    lookup: (address) =>
      pinned === undefined || address !== ADDRESS
        ? undefined
        : { address, fingerprint: pinned, firstSeen },
    pin: (...pin) => Promise.resolve(void stored.push(pin)),
    announce: () => Promise.resolve(false),
    refresh: () => Promise.resolve(),
  };
  const options = { address: ADDRESS, pins, now: () => NOW, ...rest };
  await new ServerJudge(options).judge(key);
  return stored;
}

/** What pins `KEY`. */
const PINNED: Awaited<ReturnType<typeof judge>> = [[ADDRESS, FULL, NOW]];

async function faultOf(given: Parameters<typeof judge>[0]): Promise<string> {
  const error = await assertRejects(() => judge(given), ConfabError);
  assertEquals(error.code, "server-key-changed");
  return error.message;
}

test("that is unknown is to be asked about, in both forms", async () => {
  const error = await assertRejects(() => judge({}), UnknownServerKey);
  assertEquals(error.code, "server-key-unknown");
  assertEquals([error.fingerprint, error.words], [FULL, WORDS]);
  assertEquals(
    error.message,
    `the key of ${ADDRESS} is not known here: ${FULL} (${WORDS}); ` +
      `if it is the right one, give it with --fingerprint; confab join --trust-new accepts any first key`,
  );
});

test("that is unknown is stored at once with --trust-new", async () => {
  assertEquals(await judge({ trustNew: true }), PINNED);
});

test("that is the pinned one is accepted, and stays as it is", async () => {
  assertEquals(await judge({ pinned: FULL }), []);
  assertEquals(await judge({ pinned: FULL, trustNew: true }), []);
});

test("that is pinned of another server is unknown of this one", async () => {
  const elsewhere = { pinned: FULL, address: "other.example:5000" };
  await assertRejects(() => judge(elsewhere), UnknownServerKey);
});

test("that changed is refused with both, the day and what to do, --trust-new or not", async () => {
  const expected =
    `the key of ${ADDRESS} has changed: it was ${OTHER} (first seen 2026-11-20) and is now ${FULL}; ` +
    `only if whoever runs the server confirms the new one: confab forget ${ADDRESS}`;
  assertEquals(await faultOf({ pinned: OTHER }), expected);
  assertEquals(await faultOf({ pinned: OTHER, trustNew: true }), expected);
});

for (const form of [FULL, WORDS]) {
  test(`that was given as ${form} is stored, in the place of a pin too`, async () => {
    const given = parseFingerprint(form);
    assertEquals(await judge({ given }), PINNED);
    assertEquals(await judge({ given, pinned: OTHER }), PINNED);
    assertEquals(await judge({ given, pinned: FULL }), []);
    await faultOf({ given, key: OTHER_KEY });
  });
}

test("that a link gives is stored, and never in the place of a pin", async () => {
  const linked = {
    given: parseFingerprint(FULL),
    mayReplacePin: "no",
  } as const;
  assertEquals(await judge(linked), PINNED);
  assertEquals(await judge({ ...linked, pinned: FULL }), []);
  const fault = await faultOf({ ...linked, pinned: OTHER });
  assertMatch(fault, /has changed: .* confab forget chat\.example:5000$/);
  await faultOf({ ...linked, key: OTHER_KEY });
  await faultOf({ ...linked, key: OTHER_KEY, pinned: OTHER });
});

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
  await faultOf({ given, pinned: FULL });
  await faultOf({ given, pinned: FULL, trustNew: true });
});

test("that cannot be pinned is not accepted", async () => {
  const pins: Pins = {
    lookup: () => undefined,
    pin: () => Promise.reject(new ConfabError("known-servers", "full")),
    announce: () => Promise.resolve(false),
    refresh: () => Promise.resolve(),
  };
  const error = await assertRejects(
    () => judge({ pins, trustNew: true }),
    ConfabError,
  );
  assertEquals(error.code, "known-servers");
});

/** Pins in memory, of one server. */
class OnePin implements Pins {
  current: Pin | undefined;
  /** What another program has stored meanwhile. */
  stored: Pin | undefined;
  announcements = 0;

  constructor(fingerprint?: string, next?: string) {
    if (fingerprint !== undefined) this.current = onePin(fingerprint, next);
  }

  lookup(): Pin | undefined {
    return this.current;
  }

  pin(_: string, fingerprint: string): Promise<void> {
    this.current = onePin(fingerprint);
    return Promise.resolve();
  }

  announce(_: string, fingerprint: string, next?: string): Promise<boolean> {
    this.announcements++;
    const isNews = this.current?.next !== next;
    this.current = onePin(fingerprint, next);
    return Promise.resolve(isNews);
  }

  refresh(): Promise<void> {
    this.current = this.stored ?? this.current;
    return Promise.resolve();
  }
}

function onePin(fingerprint: string, next?: string): Pin {
  const firstSeen = new Date("2026-11-20T12:00:00Z");
  return { address: ADDRESS, fingerprint, firstSeen, ...given({ next }) };
}

function judgeOf(pins: Pins, more: Partial<ServerJudgeOptions> = {}) {
  const options = { address: ADDRESS, pins, now: () => NOW, ...more };
  return new ServerJudge(options);
}

test("that was announced with the pin is followed, and that is said once", async () => {
  const pins = new OnePin(FULL);
  const before = judgeOf(pins);
  await before.judge(KEY);
  assertEquals(
    await before.learn(`${OTHER}=`),
    `${ADDRESS} will change its key; noted as the next one: ${OTHER}`,
  );
  assertEquals(await before.learn(OTHER), undefined);
  const after = judgeOf(pins);
  await after.judge(OTHER_KEY);
  assertEquals(pins.current, onePin(OTHER));
  assertEquals(
    await after.learn(undefined),
    `${ADDRESS} has changed its key, as it had announced; it is ${OTHER} now`,
  );
  await after.judge(OTHER_KEY);
  assertEquals(await after.learn(undefined), undefined);
  // There is no way back.
  await assertRejects(() => after.judge(KEY), ConfabError);
});

test("that another client was told of meanwhile is followed", async () => {
  const pins = new OnePin(FULL);
  pins.stored = onePin(FULL, OTHER);
  await judgeOf(pins).judge(OTHER_KEY);
  assertEquals(pins.current?.fingerprint, OTHER);
});

test("that was announced is refused where another is given, or its announcement was taken back", async () => {
  const told = new OnePin(FULL, OTHER);
  const only = judgeOf(told, { given: parseFingerprint(FULL) });
  await assertRejects(() => only.judge(OTHER_KEY), ConfabError);
  const judge = judgeOf(told);
  await judge.judge(KEY);
  assertEquals(await judge.learn(undefined), undefined);
  const error = await assertRejects(() => judge.judge(OTHER_KEY), ConfabError);
  assertEquals(error.code, "server-key-changed");
});

test("that is announced in the place of another is noted, and said to be so", async () => {
  const third = `SHA256:${"A".repeat(43)}`;
  const pins = new OnePin(FULL, OTHER);
  const judge = judgeOf(pins);
  await judge.judge(KEY);
  assertEquals(
    await judge.learn(third),
    `${ADDRESS} will change its key; noted as the next one: ${third}, in the place of ${OTHER}; ` +
      "ask whoever runs the server: somebody else may have its key",
  );
  assertEquals(pins.current, onePin(FULL, third));
});

test("is not announced by a server whose key was not judged, nor by what is no fingerprint", async () => {
  const pins = new OnePin(FULL);
  assertEquals(await judgeOf(pins).learn(OTHER), undefined);
  const refused = judgeOf(pins);
  await assertRejects(() => refused.judge(OTHER_KEY), ConfabError);
  assertEquals(await refused.learn(OTHER), undefined);
  assertEquals(pins.announcements, 0);
  const judge = judgeOf(pins);
  await judge.judge(KEY);
  for (
    const odd of ["", "SHA256:x", OTHER_WORDS, `${OTHER}\nx`, "é".repeat(99)]
  ) {
    assertEquals(await judge.learn(odd), undefined);
  }
  assertEquals(pins.current, onePin(FULL));
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
