import { assert, assertEquals } from "@std/assert";
import { emojiNames, findEmoji } from "../../src/text/emoji.ts";
import { parseMarkup } from "../../src/text/markup.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("emoji");

test("completes a name in the order of the alphabet", () => {
  assertEquals(emojiNames("white_c"), ["white_check_mark", "white_circle"]);
  assertEquals(emojiNames("tad"), ["tada"]);
  assertEquals(emojiNames("tada"), ["tada"]);
  assertEquals(emojiNames("+"), ["+1"]);
  assertEquals(emojiNames("no_such"), []);
  assertEquals(emojiNames(":tad"), []);
});

test("has all names for no prefix, each of which is one", () => {
  const names = emojiNames("");
  assert(names.length > 1_800);
  assertEquals(names.slice(0, 2), ["+1", "-1"]);
  for (const name of names) {
    assert(/^[a-z0-9_+-]+$/.test(name), name);
    assertEquals(parseMarkup(`:${name}:`), [
      { text: findEmoji(name)!, emoji: name },
    ]);
  }
});

test("finds nothing under the names of what every object has", () => {
  assertEquals(findEmoji("tada"), "🎉");
  assertEquals(findEmoji("constructor"), undefined);
  assertEquals(findEmoji("__proto__"), undefined);
  assertEquals(findEmoji(""), undefined);
});
