import { assert, assertEquals } from "@std/assert";
import {
  allEmoji,
  emojiNames,
  emojiNamesWith,
  findEmoji,
  searchEmoji,
} from "../../src/text/emoji.ts";
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

test("finds names that begin with a word before those that have it inside", () => {
  assertEquals(emojiNamesWith("tad"), ["tada", "stadium"]);
  assertEquals(emojiNamesWith("adium"), ["stadium"]);
  assertEquals(emojiNamesWith("no_such"), []);
});

test("has each emoji once, with all its names, faces before flags", () => {
  const all = allEmoji();
  const names = all.flatMap(({ names }) => names);
  assertEquals(names.toSorted(), emojiNames(""));
  assertEquals(new Set(all.map(({ symbol }) => symbol)).size, all.length);
  const laughing = all.findIndex(({ names }) => names.includes("laughing"));
  assertEquals(all[laughing]!.names, ["laughing", "satisfied"]);
  assert(laughing < all.findIndex(({ names }) => names.includes("wales")));
});

test("is searched by words, as one writes them", () => {
  const found = (words: string) =>
    searchEmoji(words).map(({ names }) => names[0]);
  assertEquals(found("Tad"), ["tada", "stadium"]);
  assertEquals(found("cowboy hat"), ["cowboy_hat_face"]);
  assertEquals(found(":cowboy_hat"), ["cowboy_hat_face"]);
  assertEquals(found("no such"), []);
  assertEquals(searchEmoji("  "), allEmoji());
});

test("finds nothing under the names of what every object has", () => {
  assertEquals(findEmoji("tada"), "🎉");
  assertEquals(findEmoji("constructor"), undefined);
  assertEquals(findEmoji("__proto__"), undefined);
  assertEquals(findEmoji(""), undefined);
});
