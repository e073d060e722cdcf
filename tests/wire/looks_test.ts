import { assert, assertEquals } from "@std/assert";
import { isAllowed, looksOf, skeletonOf } from "../../src/wire/looks.ts";
import { foldName } from "../../src/wire/fold.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("looks");

// Worked out by hand from IdentifierStatus.txt and confusables.txt of Unicode 17.0.0, whose lines
// stand behind what is taken from them.

test("allow the characters that Unicode allows, at the edges of its ranges", () => {
  for (const char of ["-", ".", "_", "0", "9", "A", "Z", "a", "z"]) {
    assert(isAllowed(char), char); // 002D..002E, 0030..003A, 0041..005A, 005F, 0061..007A
  }
  for (const char of ["\u00c0", "\u00d6", "\u00d8", "\u00f6", "\u{2070e}"]) {
    assert(isAllowed(char), char); // 00C0..00D6, 00D8..00F6, 2070E
  }
  for (
    const char of ["\u00d7", "\u00f7", "\u{2070d}", "\u{2070f}", "\u{10ffff}"]
  ) {
    assert(!isAllowed(char), char); // In none of the ranges.
  }
  assert(!isAllowed(" ") && !isAllowed("ab c"));
  assert(isAllowed(""));
});

test("allow no letters that are phonetic, ornamental or other forms of letters", () => {
  for (const char of ["ɑ", "ɴ", "ˈ", "ꜱ", "ａ", "ﬁ", "\u{1d41a}", "ſ", "ᴀ"]) {
    assert(!isAllowed(char), char);
  }
});

test("are the prototypes of the letters, which are small ones", () => {
  assertEquals(skeletonOf("ѕоар"), "soap"); // 0455→s, 043E→o, 0430→a, 0440→p
  assertEquals(skeletonOf("ЅОАР"), "soap"); // 0405→S, 041E→O, 0410→A, 0420→P
  assertEquals(skeletonOf("Вуе"), "bye"); // 0412→B, 0443→y, 0435→e
  assertEquals(skeletonOf("paypa1"), "paypal"); // 31→l
  assertEquals(skeletonOf("aIice"), "alice"); // 49→l
  assertEquals(skeletonOf("b0b"), "bob"); // 30→O
  assertEquals(skeletonOf("Tom"), "torn"); // 6D→rn
  assertEquals(skeletonOf("MOM"), "rnorn");
  assertEquals(skeletonOf("Æsop"), "aesop"); // C6→AE
});

test("keep accents apart, however they are composed", () => {
  assertEquals(skeletonOf("\u00e9"), skeletonOf("e\u0301"));
  assert(skeletonOf("\u00e9") !== skeletonOf("e"));
  assertEquals(skeletonOf("\u011b"), skeletonOf("\u0115")); // 030C→0306
});

/** Whether two names may be taken for each other. */
function areAlike(one: string, other: string): boolean {
  const looks = looksOf(one, foldName(one));
  return looksOf(other, foldName(other)).some((look) => looks.includes(look));
}

test("tell which names may be taken for each other", () => {
  for (
    const [one, other] of [
      ["soap", "ѕоар"],
      ["bob", "ВОВ"], // as it is written
      ["bob", "вов"], // in capitals
      ["Вера", "BEPA"],
      ["вера", "BEPA"],
      ["nan", "ναν"], // ΝΑΝ, as its holder may write it any time
      ["alice", "aIice"],
      ["alice", "a1ice"],
      ["Ian", "lan"],
      ["bob1", "bobl"],
      ["bobo", "bob0"],
      ["modern", "modem"],
      ["BOBO", "B0B0"],
    ] as const
  ) {
    assert(areAlike(one, other), `${one} and ${other}`);
    assert(areAlike(other, one), `${other} and ${one}`);
  }
});

test("leave ordinary names apart", () => {
  for (
    const [one, other] of [
      ["ann", "anna"],
      ["Neil", "Nell"],
      ["ian", "lan"],
      ["user1", "user2"],
      ["Célia", "Célla"],
      ["vic", "nic"],
      ["jo", "jö"],
      ["a.b", "a-b"],
      ["a_b", "a-b"],
    ] as const
  ) assert(!areAlike(one, other), `${one} and ${other}`);
});
