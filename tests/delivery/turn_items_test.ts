/** What a turn says in a room: encoded once, joined once, and forgotten when it is over. */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { TurnItems } from "../../src/delivery/turn_items.ts";
import { encodeMessage, type ServerMessage } from "../../src/wire/server.ts";
import { testsOf } from "../_testing.ts";
import { CountingEncoder } from "./_stage.ts";

const test = testsOf("the items of a turn");

function notice(text: string): ServerMessage {
  return { type: "notice", text };
}

const [ONE, TWO, THREE] = ["1", "2", "3"].map(notice) as [
  ServerMessage,
  ServerMessage,
  ServerMessage,
];

test("are joined from a mark on", () => {
  const items = new TurnItems();
  const shared = new CountingEncoder();
  items.add("message", ONE);
  assertEquals(items.since(0, shared), encodeMessage(ONE));
  items.add("announcement", TWO);
  items.add("message", THREE);
  assertEquals(items.count, 3);
  assertEquals(items.since(2, shared), encodeMessage(THREE));
  assertEquals(
    items.since(1, shared),
    concat([encodeMessage(TWO), encodeMessage(THREE)]),
  );
  assertEquals(shared.encoded, [ONE, TWO, THREE]);
});

test("are one piece, made once, for all of a dialect who have had as many of them", () => {
  const items = new TurnItems();
  const [one, other] = [new CountingEncoder(), new CountingEncoder("notice")];
  for (const message of [ONE, TWO, THREE]) items.add("message", message);
  const [all, last] = [items.since(0, one), items.since(1, one)];
  assertStrictEquals(items.since(0, one), all);
  assertStrictEquals(items.since(1, one), last);
  assertEquals(items.since(0, other).length, 0);
  assertEquals([one.encoded.length, other.encoded.length], [3, 3]);
});

test("are counted on from turn to turn, and not kept", () => {
  const items = new TurnItems();
  const shared = new CountingEncoder();
  items.add("announcement", ONE);
  items.add("message", TWO);
  items.clear();
  assertEquals(items.count, 2);
  items.add("message", THREE);
  assertEquals(items.since(2, shared), encodeMessage(THREE));
  assertEquals(shared.encoded, [THREE]);
});

test("say of each kind whether there was one since a mark", () => {
  const items = new TurnItems();
  items.add("announcement", ONE);
  items.add("personal", TWO);
  items.clear();
  items.add("message", THREE);
  const kinds = ["announcement", "personal", "message"] as const;
  const since = (mark: number) =>
    kinds.filter((kind) => items.hasSince(mark, kind));
  assertEquals(since(0), [...kinds]);
  assertEquals(since(1), ["personal", "message"]);
  assertEquals(since(2), ["message"]);
  assertEquals(since(3), []);
});
