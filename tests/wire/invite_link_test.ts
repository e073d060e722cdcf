import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "../../src/base/errors.ts";
import {
  formatInviteLink,
  type InviteLink,
  isInviteLink,
  isLinkHost,
  pageLinkOf,
  parseInviteLink,
} from "../../src/wire/invite_link.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("invite link");

// 32 and 16 bytes of 0xfb: base64 of them is full of the two signs that base64url writes otherwise.
const PRINT = "SHA256:+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s";
const FP = "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s";
const T = "-_v7-_v7-_v7-_v7-_v7-w";
const QUERY = `?fp=${FP}&t=${T}`;

const base = { fingerprint: PRINT, token: T };

const BOTH_WAYS: [string, InviteLink][] = [
  [
    `confab://chat.example.org${QUERY}`,
    { ...base, host: "chat.example.org", port: 5000 },
  ],
  [
    `confab://10.0.0.7:5001/tea${QUERY}`,
    { ...base, host: "10.0.0.7", port: 5001, room: "tea" },
  ],
  [
    `confab://[2001:db8::1]:443/%E6%97%A5%E6%9C%AC${QUERY}`,
    { ...base, host: "2001:db8::1", port: 443, room: "日本" },
  ],
];

test("a link is written and read as the wire has it", () => {
  for (const [text, link] of BOTH_WAYS) {
    assertEquals(formatInviteLink(link), text);
    assertEquals(parseInviteLink(text), link);
  }
});

const READ: [string, Partial<InviteLink>][] = [
  [`https://h:5000/#/tea${QUERY}`, { host: "h", port: 5000, room: "tea" }],
  [`https://h/#/${QUERY}`, { host: "h", port: 443 }],
  [`https://[::1]:8443/#${QUERY}`, { host: "::1", port: 8443 }],
  [`CONFAB://h/${QUERY}`, { host: "h", port: 5000 }],
  [`confab://h?t=${T}&fp=${FP}`, { host: "h", port: 5000 }],
  // What another version may add.
  [`confab://h?x=1&fp=${FP}&y&t=${T}`, { host: "h", port: 5000 }],
];

test("a link of the page is read, and what another version may have added is passed over", () => {
  for (const [text, link] of READ) {
    assertEquals<unknown>(parseInviteLink(text), { ...base, ...link }, text);
  }
});

const WRONG: [string, RegExp][] = [
  ["", /begins with/],
  ["chat.example.org:5000", /begins with/],
  [`http://h:5000/#/${QUERY}`, /begins with/],
  ["confab://h", /no fp.*quotes/],
  [`confab://h?fp=${FP}`, /no t:/],
  [`confab://h?t=${T}`, /no fp:/],
  [`confab://h?fp=${FP}&fp=${FP}&t=${T}`, /fp twice/],
  [`confab://h?fp=${FP}&t=${T}&t=${T}`, /t twice/],
  [`confab://h?fp=${FP.slice(1)}&t=${T}`, /43 characters/],
  [`confab://h?fp=${FP.replace("-", "+")}&t=${T}`, /43 characters/],
  // The last character has two bits that must be zero: `t` would say the same as `s`.
  [`confab://h?fp=${FP.slice(0, -1)}t&t=${T}`, /43 characters/],
  [`confab://h?fp=${FP}&t=${T}A`, /22 characters/],
  [`confab://h?fp=${FP}&t=${T.slice(0, -1)}x`, /22 characters/],
  [`confab://h?fp=${FP}&t=${T}=`, /22 characters/],
  [`confab://${QUERY}`, /HOST/],
  [`confab://user@h${QUERY}`, /HOST/],
  [`confab://::1${QUERY}`, /HOST/],
  [`confab://[h]${QUERY}`, /HOST/],
  [`confab://[fe80::1%25eth0]${QUERY}`, /HOST/],
  [`confab://h:${QUERY}`, /HOST/],
  [`confab://h:0${QUERY}`, /port is 0/],
  [`confab://h:65536${QUERY}`, /port is 65536/],
  [`confab://h:123456${QUERY}`, /HOST/],
  [`confab://-h${QUERY}`, /HOST/],
  [`confab://h/a/b${QUERY}`, /room/],
  [`confab://h/a%2Fb${QUERY}`, /room/],
  [`confab://h/a%0Ab${QUERY}`, /room/],
  [`confab://h/a%20b${QUERY}`, /room/],
  [`confab://h/%E2%80%AEa${QUERY}`, /room/],
  [`confab://h/%ff${QUERY}`, /damaged/],
  [`confab://h/%zz${QUERY}`, /damaged/],
  [`confab://h/${"a".repeat(65)}${QUERY}`, /room/],
  [`confab://h/日本${QUERY}`, /U\+65E5/],
  [`confab://h/\u202e${QUERY}`, /U\+202E/],
  [` confab://h${QUERY}`, /U\+0020/],
  [`confab://h${QUERY}\n`, /U\+000A/],
  [`confab://h${QUERY}#x`, /"#"/],
  [`https://h:5000/tea${QUERY}`, /https:\/\/HOST/],
  [`https://h:5000/#/tea${QUERY}#x`, /https:\/\/HOST/],
  [`confab://h${QUERY}&${"x".repeat(2_048)}`, /longer than 2048/],
];

test("a link is written for the page of its server, and read there as the same", () => {
  const origin = "https://chat.example:5001";
  const query = `?fp=${"A".repeat(43)}&t=${"A".repeat(22)}`;
  for (
    const [link, page] of [
      [`confab://chat.example:5001${query}`, `${origin}/#/${query}`],
      [`confab://[::1]:1/caf%C3%A9${query}`, `${origin}/#/caf%C3%A9${query}`],
    ] as const
  ) {
    assertEquals(pageLinkOf(link, origin), page);
    const { room, token, fingerprint } = parseInviteLink(link);
    const read = parseInviteLink(page);
    assertEquals([read.room, read.token], [room, token]);
    assertEquals(read.fingerprint, fingerprint);
  }
  assertEquals(pageLinkOf("javascript:alert(1)", origin), undefined);
});

test("what is wrong with a link is said, and never its secret", () => {
  for (const [text, expected] of WRONG) {
    const { message } = assertThrows(() => parseInviteLink(text), UsageError);
    assert(expected.test(message), `${text}: ${message}`);
    assert(!message.includes(T.slice(0, 8)), message);
  }
});

const base64url = (bytes: Uint8Array) =>
  bytes.toBase64({ alphabet: "base64url", omitPadding: true });

const link = fc.record({
  host: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
  port: fc.integer({ min: 1, max: 65_535 }),
  room: fc.option(fc.constantFrom("tea", "日本", "Ελένη", "a.-_", "हिन्दी"), {
    nil: undefined,
  }),
  print: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  secret: fc.uint8Array({ minLength: 16, maxLength: 16 }),
});

test("every link that is written is read as what it was made of", () => {
  fc.assert(fc.property(link, ({ room, print, secret, ...where }) => {
    fc.pre(isLinkHost(where.host));
    const whole: InviteLink = {
      ...where,
      ...(room === undefined ? {} : { room }),
      fingerprint: `SHA256:${print.toBase64({ omitPadding: true })}`,
      token: base64url(secret),
    };
    const text = formatInviteLink(whole);
    assertEquals(parseInviteLink(text), whole);
    // The page has the same behind `#`, and a port that is always written.
    const [, host, rest] = /^confab:\/\/(\[[^\]]*\]|[^:/?]*)(?::\d+)?(.*)$/
      .exec(text)!;
    const path = rest!.startsWith("/") ? rest! : `/${rest}`;
    const page = `https://${host}:${whole.port}/#${path}`;
    assertEquals(parseInviteLink(page), whole);
  }));
});

test("whatever is read, only a UsageError is thrown, and a link says one thing", () => {
  const noise = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.tuple(fc.string(), fc.string(), fc.string()).map(([a, b, c]) =>
      `confab://${a}/${b}?fp=${FP}&t=${T}${c}`
    ),
    fc.tuple(
      fc.constantFrom(...BOTH_WAYS.map(([text]) => text)),
      fc.nat(),
      fc.string(),
    )
      .map(([text, at, more]) => {
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + more + text.slice(cut + more.length);
      }),
  );
  fc.assert(
    fc.property(noise, (text) => {
      let read: InviteLink;
      try {
        read = parseInviteLink(text);
      } catch (error) {
        assert(error instanceof UsageError, String(error));
        return;
      }
      assert(isInviteLink(text));
      assertMatch(read.token, /^[\w-]{22}$/);
      assertEquals(parseInviteLink(formatInviteLink(read)), read);
    }),
    { numRuns: 2_000 },
  );
});

test("a server by its address is no link", () => {
  for (const text of ["h", "h:5000", "[::1]:5000", "::1", "confab:5000"]) {
    assertEquals(isInviteLink(text), false, text);
  }
  for (const text of ["confab://h", "https://h", "HTTP://h"]) {
    assertEquals(isInviteLink(text), true, text);
  }
});
