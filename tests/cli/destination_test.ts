import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";
import { destinationOf, placeNamed } from "../../src/cli/destination.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("destination");

const FP = "GjIf5rj9HhFvAKtEYDHntmMFCf4kZUtPfJRq-kauYXQ";
const PRINT = "SHA256:GjIf5rj9HhFvAKtEYDHntmMFCf4kZUtPfJRq+kauYXQ";
const T = "AAAAAAAAAAAAAAAAAAAAAA";
const NOTHING = { room: undefined, fingerprint: undefined };

test("an address is a server, and what else is asked for stays", () => {
  assertEquals(destinationOf("h:5001", { room: "tea", fingerprint: PRINT }), {
    target: { host: "h", port: 5001, address: "h:5001" },
    room: "tea",
    fingerprint: PRINT,
    invite: undefined,
  });
});

test("a link gives the server, its key, the room and the invite", () => {
  const link = `confab://[2001:DB8:0::1]/tea?fp=${FP}&t=${T}`;
  const expected = {
    target: {
      host: "2001:DB8:0::1",
      port: 5000,
      address: "[2001:db8::1]:5000",
    },
    room: "tea",
    fingerprint: PRINT,
    invite: T,
  };
  assertEquals(destinationOf(link, NOTHING), expected);
  assertEquals(
    destinationOf(link, { ...NOTHING, room: "den" }),
    { ...expected, room: "den" },
  );
});

test("another fingerprint beside that of a link is refused", () => {
  const link = `confab://h?fp=${FP}&t=${T}`;
  const asked = { ...NOTHING, fingerprint: PRINT };
  assertThrows(() => destinationOf(link, asked), UsageError, "fingerprint");
});

test("a link that is damaged is refused as one, without its secret", () => {
  const rests = [`h/tea?fp=${FP}&t=${T}`, `confab:/h?fp=${FP}&t=${T}`];
  for (const rest of [...rests, `h?fp=${FP.slice(1)}&t=${T}`]) {
    const error = assertThrows(() => destinationOf(rest, NOTHING), UsageError);
    assertEquals(
      error.message,
      "this is no link of confab: it begins with confab:// or https://",
    );
  }
});

const none = { host: undefined, port: undefined };

test("the server is named by HOST:PORT, by flags, or by both where they agree", () => {
  assertEquals(placeNamed(undefined, none), undefined);
  assertEquals(placeNamed("h:5001", none), "h:5001");
  assertEquals(placeNamed(undefined, { host: "h", port: 5001 }), "h:5001");
  assertEquals(placeNamed(undefined, { ...none, host: "h" }), "h:5000");
  assertEquals(placeNamed(undefined, { ...none, port: 1 }), "127.0.0.1:1");
  assertEquals(placeNamed("h", { ...none, port: 5001 }), "h:5001");
  assertEquals(placeNamed("h:5001", { host: "h", port: 5001 }), "h:5001");
  for (const host of ["::1", "[::1]"]) {
    assertEquals(placeNamed(undefined, { host, port: 5001 }), "[::1]:5001");
  }
});

test("two servers at once are refused, as is one beside a link", () => {
  const clashes = [
    ["h:5001", { ...none, port: 5002 }],
    ["h", { ...none, host: "g" }],
    [undefined, { host: "h:1", port: 2 }],
    [`confab://h?fp=${FP}&t=${T}`, { ...none, port: 5000 }],
  ] as const;
  for (const [where, flags] of clashes) {
    assertThrows(() => placeNamed(where, flags), UsageError, "--host and");
  }
});
