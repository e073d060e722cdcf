import { assertEquals } from "@std/assert";
import { nearest } from "../../src/base/nearest.ts";

const COMMANDS = ["name", "list", "join", "users", "help", "history", "me"];

function test(name: string, fn: () => void): void {
  Deno.test({ name: `nearest: ${name}`, permissions: "none", fn });
}

test("forgives one letter left out, inserted, replaced or swapped", () => {
  assertEquals(nearest("jon", COMMANDS), "join");
  assertEquals(nearest("joiin", COMMANDS), "join");
  assertEquals(nearest("jain", COMMANDS), "join");
  assertEquals(nearest("jion", COMMANDS), "join");
});

test("counts a swap of neighbours as one slip, so two swaps are still near", () => {
  assertEquals(nearest("ihtsory", COMMANDS), "history");
});

test("finds nothing beyond two slips", () => {
  assertEquals(nearest("hstry", COMMANDS), "history");
  assertEquals(nearest("hsty", COMMANDS), undefined);
});

test("suggests no short word that shares less than half of its letters", () => {
  assertEquals(nearest("xy", COMMANDS), undefined);
  assertEquals(nearest("x", COMMANDS), undefined);
  assertEquals(nearest("m", COMMANDS), "me");
});

test("ignores case", () => {
  assertEquals(nearest("JOIN", COMMANDS), "join");
});

test("prefers the nearer of two, and the first of equals", () => {
  assertEquals(nearest("port", ["ports!", "part"]), "part");
  assertEquals(nearest("cat", ["bat", "hat"]), "bat");
});

test("finds nothing for an empty or a very long word", () => {
  assertEquals(nearest("", COMMANDS), undefined);
  assertEquals(nearest("j".repeat(100_000), COMMANDS), undefined);
});
