import { assert, assertEquals } from "@std/assert";
import { wordlist } from "@scure/bip39/wordlists/english";
import symbols from "markdown-it-emoji/lib/data/full.mjs";
import { packCipher, unpackCipher } from "../../build/packed_cipher.ts";
import { packEmoji, unpackEmoji } from "../../build/packed_emoji.ts";
import { packWords, unpackWords } from "../../build/packed_words.ts";
import { CIPHER_MODULE } from "../../src/secure/cipher/module.ts";

/** What the page has of a function: its text alone. */
function inPage<T>(of: T): T {
  return new Function(`return ${of}`)() as T;
}

Deno.test("the page's words: the packed list is the list", () => {
  assertEquals(inPage(unpackWords)(packWords(wordlist)), wordlist);
});

Deno.test("the page's words: each is what it does not share with the one before", () => {
  assertEquals(packWords(["abandon", "ability", "able"]), "A1bandonC8lityC3e");
});

Deno.test("the page's emoji: the packed table is the table, in its order", () => {
  const entries = Object.entries(symbols);
  const unpacked = Object.entries(inPage(unpackEmoji)(packEmoji(entries)));
  assert(entries.length > 1_900);
  assertEquals(unpacked, entries);
});

Deno.test("the page's emoji: neighbours are distances, and people are put together", () => {
  const { names, symbols, flags } = packEmoji([
    ["smile", "\u{1F604}"],
    ["grin", "\u{1F601}"],
    ["shrug", "\u{1F937}"],
    ["man_shrugging", "\u{1F937}\u{200D}\u{2642}\u{FE0F}"],
    ["finland", "\u{1F1EB}\u{1F1EE}"],
    ["hash", "#\u{FE0F}\u{20E3}"],
  ]);
  assertEquals(names, "smile grin shrug man_shrugging finland hash");
  assertEquals(symbols, "\u{418},M\u{424}_P ~\u{FF03}#\u{20E3}");
  assertEquals(flags, "fi");
});

Deno.test("the page's emoji: names of a man and of a woman are one", () => {
  const named = [..."abcdefg"].entries().map(([index, letter]) =>
    [
      [
        "cook",
        "man_cook",
        "woman_cook",
        "bow_man",
        "bow_woman",
        "man_x",
        "woman_y",
      ][index]!,
      letter,
    ] as const
  );
  assertEquals(packEmoji([...named]).names, "cook <cook >bow man_x woman_y");
});

Deno.test("the page's cipher: the packed module is the module", () => {
  assertEquals(inPage(unpackCipher)(packCipher(CIPHER_MODULE)), CIPHER_MODULE);
});

Deno.test("the page's cipher: a byte is the character that is 40 further on", () => {
  // What a module begins with: 0, "asm", 1, 0, 0, 0.
  assertEquals(
    packCipher("AGFzbQEAAAA="),
    "(\u{89}\u{9B}\u{95})(((",
  );
});
