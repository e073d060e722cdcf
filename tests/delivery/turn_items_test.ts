/** What a turn says in a room: encoded once, joined once, and forgotten when it is over. */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import type { SharedEncoder } from "../../src/delivery/sink.ts";
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

/** What is pushed to one who has had as many of them. */
function pushed(items: TurnItems, mark: number, shared: SharedEncoder) {
  const pieces: Uint8Array[] = [];
  items.push(mark, { shared, push: (bytes) => pieces.push(bytes) });
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  assertEquals(items.bytesSince(mark, shared), bytes);
  return pieces;
}

test("are pushed from a mark on as they are, while the turn may say more", () => {
  const items = new TurnItems();
  const shared = new CountingEncoder();
  items.add("message", ONE);
  assertEquals(pushed(items, 0, shared), [encodeMessage(ONE)]);
  items.add("announcement", TWO);
  items.add("message", THREE);
  assertEquals(items.count, 3);
  assertEquals(pushed(items, 2, shared), [encodeMessage(THREE)]);
  const rest = [encodeMessage(TWO), encodeMessage(THREE)];
  assertEquals(pushed(items, 1, shared), rest);
  assertEquals(pushed(items, 0, shared), [encodeMessage(ONE), ...rest]);
  assertEquals(shared.encoded, [ONE, TWO, THREE]);
});

test("are one piece in the end, made once, for all of a dialect who had none of them", () => {
  const items = new TurnItems();
  const [one, other] = [new CountingEncoder(), new CountingEncoder("notice")];
  for (const message of [ONE, TWO, THREE]) items.add("message", message);
  items.complete();
  const [all] = pushed(items, 0, one);
  assertEquals(all, concat([ONE, TWO, THREE].map(encodeMessage)));
  assertEquals(pushed(items, 0, other).length, 0);
  assertStrictEquals(pushed(items, 0, one)[0], all);
  assertEquals(pushed(items, 2, one), [encodeMessage(THREE)]);
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
  assertEquals(pushed(items, 2, shared), [encodeMessage(THREE)]);
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
