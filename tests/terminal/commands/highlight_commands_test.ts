import { assert, assertEquals } from "@std/assert";
import { NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { Session } from "../_session.ts";

const test = testsOf("words to look out for", { sys: true });

test("a word calls as one's name does, in all rooms, and is marked", async () => {
  await using session = await Session.open(60, 20, { color: "on" });
  const { client, terminal } = session;
  await session.type("/highlight Deploy\r");
  client.say("bob", "the DEPLOY of *deploy*", NOON_MS);
  client.say("bob", "deployment", NOON_MS);
  client.say("bob", "deploy!", NOON_MS, "dev");
  await session.settle();
  const { written } = terminal;
  assert(written.includes("the \x1b[1;7mDEPLOY\x1b[22;27m of "));
  assert(written.includes("\x1b[1;1;7mdeploy\x1b[22;22;27m"));
  assertEquals(written.split("\x07").length, 3);
  assertEquals(session.last(1), ["[2:dev 1!] lobby ›"]);
  assertEquals(session.memory.highlights, ["Deploy"]);
});

test("all of them are marked, in whatever order they are", async () => {
  const memory = { highlights: ["server", "deploy"] };
  await using session = await Session.open(60, 20, { color: "on", memory });
  session.client.say("bob", "deploy the server", NOON_MS);
  await session.settle();
  const marked = (word: string) => `\x1b[1;7m${word}\x1b[22;27m`;
  const text = `${marked("deploy")} the ${marked("server")}`;
  assert(session.terminal.written.includes(text));
});

test("words are listed, and forgotten however they are written", async () => {
  await using session = await Session.open();
  const { client, terminal } = session;
  for (
    const line of [
      ..."/highlight|/highlight one|/highlight two words".split("|"),
      ..."/highlight|/unhighlight ONE|/unhighlight three|/highlight".split("|"),
    ]
  ) await session.type(`${line}\r`);
  assertEquals(session.shown().slice(1, -1), [
    "* only your name calls you: /highlight WORD adds a word",
    '* "one" calls you now; /unhighlight one ends it',
    '* "two words" calls you now; /unhighlight two words ends it',
    "* besides your name you are called by: one, two words",
    '* "ONE" does not call you any more',
    '! "three" does not call you: /highlight lists what does',
    "* besides your name you are called by: two words",
  ]);
  client.say("bob", "one", NOON_MS);
  await session.settle();
  assert(!terminal.written.includes("\x07"));
});

test("the list has an end, and so has a word", async () => {
  const highlights = Array.from({ length: 50 }, (_, n) => `w${n}`);
  await using session = await Session.open(80, 20, { memory: { highlights } });
  await session.type("/highlight another\r");
  await session.type("/highlight W0\r");
  await session.type(`/highlight ${"x".repeat(65)}\r`);
  assertEquals(session.shown().slice(1, -1), [
    "! there are 50 words already: /unhighlight WORD makes room",
    '* "W0" calls you now; /unhighlight W0 ends it',
    "! a word has at most 64 characters",
  ]);
  assertEquals(session.memory.highlights.length, 50);
});
