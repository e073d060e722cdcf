import { assertEquals } from "@std/assert";
import { isMention, wordsIn } from "../../src/memory/mention.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("mention");

test("a name is called as a word of its own, however it is written", () => {
  const called: [string, string][] = [
    ["bob", "bob"],
    ["hi bob!", "bob"],
    ["hi, Bob: look", "bob"],
    ["*bob*", "bob"],
    ["(bob)", "BOB"],
    ["ｂｏｂ", "bob"],
    ["Straße", "STRASSE"],
    // Composed or not.
    ["e\u0301va?", "éva"],
    ["ask mary-ann", "mary-ann"],
    ["mary ann", "mary ann"],
    ["𝒳 bob 🎉", "bob"],
    ["🎉bob🎉", "bob"],
  ];
  for (const [txt, name] of called) {
    assertEquals(isMention(txt, name), true, `${name} in ${txt}`);
  }
});

test("a part of a word is nobody's name", () => {
  const other: [string, string][] = [
    ["bobby", "bob"],
    ["kebob", "bob"],
    ["bob_", "bob"],
    ["bob2", "bob"],
    ["éva", "va"],
    // Letters past the first plane, on both sides; and a mark, which changes the letter.
    ["𝒳bob", "bob"],
    ["bob𝒳", "bob"],
    ["bob\u0301", "bob"],
    ["mary- ann", "mary-ann"],
    ["anything", ""],
    ["", "bob"],
  ];
  for (const [txt, name] of other) {
    assertEquals(isMention(txt, name), false, `${name} in ${txt}`);
  }
});

test("words are found where they stand", () => {
  assertEquals(wordsIn("Deploy: the DEPLOY of deployment", ["deploy"]), [
    [0, 6],
    [12, 18],
  ]);
  assertEquals(wordsIn("🎉 go-live", ["go-live"]), [[3, 10]]);
});
