import { assertEquals } from "@std/assert";
import {
  isWhole,
  type Known,
  offersAt,
  tabOffersAt,
} from "../../../src/web/model/completion.ts";

const KNOWN: Known = {
  commands: () => [
    { name: "invite", args: "NAME", text: "invite somebody" },
    { name: "join", args: "ROOM", text: "enter a room" },
    { name: "kick", args: "NAME [WHY]", text: "remove somebody" },
    { name: "me", args: "TEXT", text: "say what you do" },
    { name: "members", args: "", text: "list them" },
    { name: "help", args: "[COMMAND]", text: "explain" },
    { name: "server", args: "COMMAND", text: "the server" },
  ],
  people: () => ["zoe", "Bob", "bert", "Ændra"],
  rooms: () => [{ name: "lobby", people: 3 }, { name: "ops" }],
};

/** What the text before `|` would become, for each offer. */
function become(
  written: string,
  offers: typeof offersAt = offersAt,
): string[] | undefined {
  const caret = written.indexOf("|");
  const text = written.replace("|", "");
  const found = offers(text, caret, KNOWN);
  return found?.list.map(({ insert }) =>
    text.slice(0, found.from) + insert + "|" + text.slice(found.to)
  );
}

const OFFERED: Record<string, string[] | undefined> = {
  // Commands, at the beginning only; two slashes say one.
  "/m|": ["/me |", "/members |"],
  "/ME|": ["/me |", "/members |"],
  "/me|x": ["/me |x", "/members |x"],
  "//m|": undefined,
  "say /m|": undefined,
  " /m|": undefined,
  "/nothing|": undefined,
  // What they take, by its place in the help.
  "/kick b|": ["/kick Bob |", "/kick bert |"],
  "/kick @b|": ["/kick Bob |", "/kick bert |"],
  "/KICK b|": ["/KICK Bob |", "/KICK bert |"],
  "/kick bob b|": undefined,
  "/kick bob @be|": ["/kick bob @bert |"],
  "/join l|": ["/join lobby |"],
  "/join +o|": ["/join +ops |"],
  "/join |": ["/join lobby |", "/join ops |"],
  "/join lobby |": undefined,
  "/help m|": ["/help me |", "/help members |"],
  // The server's commands are its own.
  "/server k|": undefined,
  "/me b|": undefined,
  "//kick b|": undefined,
  // People, where the word begins with the sign.
  "@|": ["@zoe |", "@Bob |", "@bert |", "@Ændra |"],
  "hi @B|, you": ["hi @Bob |, you", "hi @bert |, you"],
  "@æ|": ["@Ændra |"],
  "a@b|": undefined,
  "@x|": undefined,
  "b|": undefined,
  "|": undefined,
  "line\n@z|": ["line\n@zoe |"],
  // Emoji: names that begin so, then those that have it inside; the character is inserted.
  "so :tad|": ["so 🎉 |", "so 🏟️ |"],
  "so :TAD|": ["so 🎉 |", "so 🏟️ |"],
  ":cowboy|": ["🤠 |"],
  "at 12:30|": undefined,
  "at :30|": undefined,
  "so :t|": undefined,
  ":no_such|": undefined,
  ":+1|": ["👍 |"],
  ":tada:|": undefined,
};

Deno.test("what is offered for the word at the caret", () => {
  const found = Object.keys(OFFERED).map((text) => [text, become(text)]);
  assertEquals(Object.fromEntries(found), OFFERED);
});

Deno.test("names of emoji that begin with a word come before those that have it inside", () => {
  const found = offersAt(":hea", 4, KNOWN)!.list.map(({ label }) => label);
  const begins = found.map((label) => / :hea/.test(label));
  assertEquals(
    begins,
    begins.toSorted((one, two) => Number(two) - Number(one)),
  );
  assertEquals([begins[0], begins.at(-1)], [true, false]);
});

Deno.test("Tab completes names without their sign, as at the terminal", () => {
  const cases: Record<string, string[] | undefined> = {
    // At the beginning somebody is addressed.
    "b|": ["Bob: |", "bert: |"],
    "hi b|": ["hi Bob |", "hi bert |"],
    "hi @b|": ["hi @Bob |", "hi @bert |"],
    "/ki|": ["/kick |"],
    "x|": undefined,
    "hi |": undefined,
    "|": undefined,
  };
  const found = Object.keys(cases).map((text) => [
    text,
    become(text, tabOffersAt),
  ]);
  assertEquals(Object.fromEntries(found), cases);
});

Deno.test("Enter is meant for a word that is whole already", () => {
  const whole = (text: string) => {
    const offers = offersAt(text, text.length, KNOWN)!;
    return isWhole(text, offers, offers.list[0]!);
  };
  assertEquals(["/me", "/m", "/mE", "@zoe", "@zo"].map(whole), [
    true,
    false,
    false,
    true,
    false,
  ]);
});

Deno.test("no more than fifty are offered", () => {
  const many = Array.from({ length: 2_000 }, (_, n) => `person${n}`);
  const known = { ...KNOWN, people: () => many };
  assertEquals(offersAt("@p", 2, known)!.list.length, 50);
});
