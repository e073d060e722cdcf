import { assertEquals } from "@std/assert";
import { type Asked, judge } from "../../src/http/guard.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("guard");
const NAMES = ["chat.example.org", "box", "*.team.example"];

/** Why a request is refused; `fine` for one that is not. */
function verdict(asked: Partial<Asked> & { host?: string | undefined }) {
  const request = { host: "localhost:5000", isEncrypted: false, ...asked };
  const refusal = judge(request, NAMES);
  return refusal === undefined
    ? "fine"
    : `${refusal.status.slice(0, 3)} ${refusal.reason}`;
}

const HOSTS: Record<string, string | undefined> = {
  "localhost": "fine",
  "LOCALHOST:5000": "fine",
  "127.0.0.1:5000": "fine",
  "192.0.2.7": "fine",
  "[::1]:5000": "fine",
  "[2001:db8::7]": "fine",
  "chat.example.org:5000": "fine",
  "Chat.Example.ORG": "fine",
  "box:443": "fine",
  "a.team.example": "fine",
  "evil.example": "421 http-host",
  "localhost.evil.example:5000": "421 http-host",
  "127.0.0.1.evil.example": "421 http-host",
  "xchat.example.org": "421 http-host",
  "team.example": "421 http-host",
  "a.b.team.example": "421 http-host",
  "localhost.": "421 http-host",
  "evil.example#localhost": "421 http-host",
  "localhost@evil.example": "421 http-host",
  "localhost/evil": "421 http-host",
  "[::1": "421 http-host",
  "localhost:5000:5000": "421 http-host",
  "localhost:99999": "421 http-host",
  "": "421 http-host",
};

for (const [host, expected] of Object.entries(HOSTS)) {
  test(`takes Host ${JSON.stringify(host)} for: ${expected}`, () => {
    assertEquals(verdict({ host }), expected);
  });
}

test("takes no request without a Host", () => {
  assertEquals(verdict({ host: undefined }), "421 http-host");
});

const ORIGINS: readonly [
  host: string,
  isEncrypted: boolean,
  origin: string,
  expected: string,
][] = [
  ["localhost:5000", false, "http://localhost:5000", "fine"],
  ["LocalHost:5000", false, "http://localhost:5000", "fine"],
  ["localhost", false, "http://localhost", "fine"],
  ["localhost:80", false, "http://localhost", "fine"],
  ["box", true, "https://box", "fine"],
  ["[::1]:5000", true, "https://[::1]:5000", "fine"],
  ["localhost:5000", false, "http://localhost:3000", "403 http-origin"],
  ["localhost:5000", false, "http://localhost", "403 http-origin"],
  ["localhost:5000", false, "http://127.0.0.1:5000", "403 http-origin"],
  ["localhost:5000", false, "https://localhost:5000", "403 http-origin"],
  ["localhost:5000", true, "http://localhost:5000", "403 http-origin"],
  ["localhost:5000", false, "https://evil.example", "403 http-origin"],
  ["localhost:5000", false, "null", "403 http-origin"],
  ["localhost:5000", false, "", "403 http-origin"],
];

for (const [host, isEncrypted, origin, expected] of ORIGINS) {
  const scheme = isEncrypted ? "https" : "http";
  test(`of a page of ${JSON.stringify(origin)} at ${scheme}://${host} says: ${expected}`, () => {
    assertEquals(verdict({ host, isEncrypted, origin }), expected);
  });
}

test("lets another site lead here, and embed or fetch nothing", () => {
  const navigation = { mode: "navigate", destination: "document" };
  for (const site of ["cross-site", "same-site"]) {
    assertEquals(verdict({ site, ...navigation }), "fine");
    const frame = { mode: "navigate", destination: "iframe" };
    const script = { mode: "no-cors", destination: "script" };
    const socket = { mode: "websocket", destination: "websocket" };
    for (const asked of [frame, script, socket, {}]) {
      assertEquals(verdict({ site, ...asked }), "403 http-site");
    }
  }
  for (const site of ["same-origin", "none"]) {
    assertEquals(verdict({ site, mode: "cors", destination: "empty" }), "fine");
  }
});
