import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";
import { destinationOf } from "../../src/cli/destination.ts";
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
