// Searching: whole words, whatever the script and the case; any input is words and no query
// language.

import { assert, assertEquals } from "@std/assert";
import { assertRefused, done, refused, texts, WAYS } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { range } from "./_messages.ts";
import { ask, command, enter, entered, flood, say } from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

/** The index may follow behind what is said: after this it holds what has been said so far. */
async function indexed(client: WireClient): Promise<void> {
  const word = `mark${crypto.randomUUID().replaceAll("-", "")}`;
  await say(client, word);
  for (let tries = 0; tries < 5_000; tries++) {
    if (texts(await done(client, "search", word)).includes(word)) return;
  }
  throw new Error(`${word} is not found`);
}

/** What a search finds, as texts in the order of the room. */
async function found(client: WireClient, words: string): Promise<unknown[]> {
  const answer = await done(client, "search", words);
  assertEquals([answer.type, answer.room], ["found", "lobby"]);
  assertEquals(answer.query, words);
  const { messages = [] } = answer;
  return messages.toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
    .map(({ txt }) => txt);
}

for (const over of ["sealed", "plain"] as const) {
  for (const by of WAYS) {
    scenario(
      `/search by ${by} on a ${over} connection finds what was said`,
      async () => {
        await using server = await hosted("--rate", "0");
        await using ann = await enter(server, { name: "ann" });
        await using bob = await enter(server, { name: "bob", over });
        const ack = await say(ann, "a red herring");
        await say(ann, "a blue whale");
        await indexed(ann);
        const answer = await done(bob, "search", "herring", by);
        assertEquals([answer.type, answer.room], ["found", "lobby"]);
        assertEquals(answer.query, "herring");
        const [chat, more] = answer.messages ?? [];
        assertEquals(more, undefined);
        assertEquals([chat?.type, chat?.from, chat?.txt], [
          "chat",
          "ann",
          "a red herring",
        ]);
        assertEquals([chat?.seq, chat?.at], [ack.seq, ack.at]);
        const none = await done(bob, "search", "haddock", by);
        assertEquals([none.type, none.messages as unknown], ["found", []]);
        await refused(bob, "search", undefined, "bad-arguments");
      },
    );
  }
}

scenario("every word must be there, in any order", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await say(ann, "red fish, blue fish");
  await say(ann, "one fish");
  await say(ann, "blue moon");
  await indexed(ann);
  assertEquals(await found(ann, "fish"), ["red fish, blue fish", "one fish"]);
  assertEquals(await found(ann, "blue red"), ["red fish, blue fish"]);
  assertEquals(await found(ann, "red moon"), []);
});

scenario(
  "what has a meaning in a query language is words here, and never an error",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await say(ann, 'they say "well done" and NOT medium OR rare');
    await say(ann, "it's 100% sure: a-b, c* (d) x^2 {e}");
    await indexed(ann);
    const inputs = [
      '"',
      '""',
      '"well',
      'well"',
      '"well done"',
      "NOT",
      "AND",
      "OR",
      "AND OR NOT NEAR",
      "well AND",
      "NEAR(well done)",
      "NEAR(well done, 2",
      "txt:well",
      "rowid:1",
      "-well",
      "^it",
      "c*",
      "*",
      "(",
      ")",
      "(d",
      "{e}",
      "a-b",
      "it's",
      "'",
      "';--",
      "100%",
      "%",
      "_",
      "+",
      "\\",
      "x^2",
      "a:b:c",
      "!!!",
      "?",
      "\u0000",
      "🐌",
    ];
    for (const by of WAYS) {
      for (const words of inputs) {
        const answer = await command(ann, by, "search", words);
        if (answer.type === "error") assertRefused(answer, "bad-arguments");
        else assertEquals(answer.type, "found", words);
      }
    }
    const [first, second] = [
      'they say "well done" and NOT medium OR rare',
      "it's 100% sure: a-b, c* (d) x^2 {e}",
    ];
    assertEquals(await found(ann, "NOT medium"), [first]);
    assertEquals(await found(ann, "well OR nothing"), []);
    assertEquals(await found(ann, '"well done"'), [first]);
    assertEquals(await found(ann, "100% sure"), [second]);
    assertEquals(await found(ann, "it's"), [second]);
    await say(ann, "goes on");
  },
);

scenario("upper and lower case are the same, in every script", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await say(ann, "Hello World");
  await say(ann, "Привет, МИР");
  await say(ann, "Ωμέγα ΚΑΛΗΜΕΡΑ");
  await indexed(ann);
  for (const words of ["hello", "HELLO", "hELLO wORLD"]) {
    assertEquals(await found(ann, words), ["Hello World"], words);
  }
  for (const words of ["привет", "ПРИВЕТ", "мир", "Мир Привет"]) {
    assertEquals(await found(ann, words), ["Привет, МИР"], words);
  }
  for (const words of ["ωμέγα", "ΩΜΈΓΑ", "καλημερα"]) {
    assertEquals(await found(ann, words), ["Ωμέγα ΚΑΛΗΜΕΡΑ"], words);
  }
});

scenario(
  "words of two letters, and words in a script without blanks, are found",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    const sentence = "私は昨日日本へ行きました";
    await say(ann, "go to it");
    await say(ann, sentence);
    await say(ann, "한국어로 말하기");
    await indexed(ann);
    assertEquals(await found(ann, "go"), ["go to it"]);
    assertEquals(await found(ann, "it"), ["go to it"]);
    assertEquals(await found(ann, "日本"), [sentence]);
    assertEquals(await found(ann, "昨日日本へ"), [sentence]);
    assertEquals(await found(ann, "本"), [sentence]);
    assertEquals(await found(ann, "中国"), []);
    assertEquals(await found(ann, "한국어로"), ["한국어로 말하기"]);
  },
);

scenario("composed and decomposed letters are the same", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await say(ann, "une cafetie\u0300re");
  await indexed(ann);
  const answer = await done(ann, "search", "cafetie\u0300re");
  assertEquals(texts(answer), ["une cafeti\u00e8re"]);
});

scenario("a search stays in its room", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann", room: "dev" });
  await say(ann, "a herring in dev");
  await using bob = await enter(server, { name: "bob" });
  await say(bob, "a herring in the lobby");
  await indexed(ann);
  await indexed(bob);
  assertEquals(await found(bob, "herring"), ["a herring in the lobby"]);
  await done(bob, "join", "dev");
  await entered(bob, "dev");
  const answer = await done(bob, "search", "herring");
  assertEquals(answer.room, "dev");
  assertEquals(texts(answer), ["a herring in dev"]);
});

scenario("a search that finds too much answers with one message", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await flood(ann, 300, {}, "fish ".repeat(700));
  await indexed(ann);
  const answer = await ask(ann, {
    type: "command",
    name: "search",
    args: "fish",
  });
  assertEquals(answer.type, "found");
  const { messages = [] } = answer;
  assert(messages.length > 0 && messages.every(({ type }) => type === "chat"));
  await say(ann, "goes on");
});

scenario(
  "a search goes on before what the one before it has found",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await flood(ann, 120, {}, "fish");
    const seen: unknown[] = [];
    let before = "";
    for (let searches = 0; searches < 1_000; searches++) {
      const answer = await done(ann, "search", `${before}fish`);
      assertEquals([answer.type, answer.query], ["found", "fish"]);
      seen.unshift(...texts(answer));
      const { searched } = answer as { searched?: { seq: number } };
      if (searched === undefined) break;
      if (answer.more) assertEquals(searched.seq, answer.messages?.[0]?.seq);
      before = `before:${searched.seq} `;
    }
    assertEquals(seen, range(1, 120).map((n) => `${n} fish`));
  },
);

scenario("what was said before a kill is found after it", async () => {
  await using server = await Server.start("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  for (const n of range(1, 50)) {
    await ann.send({ type: "chat", txt: `herring number ${n}` });
  }
  await say(ann, "the last haddock");
  server.kill("SIGKILL");
  await ann.finished("a kill");
  await server.restart();
  await using bob = await enter(server, { name: "bob" });
  await indexed(bob);
  assertEquals(await found(bob, "haddock"), ["the last haddock"]);
  assertEquals(await found(bob, "number 50"), ["herring number 50"]);
});

scenario(
  "a search in all finds what one may read, in the order it was said, and goes on; nothing else is in it",
  async () => {
    await using server = await hosted("--rate", "0");
    await using cat = await enter(server, { name: "cat", room: "den" });
    await say(cat, "a red herring in the den");
    await done(cat, "lock");
    await using bob = await enter(server, { name: "bob", room: "ops" });
    await using ann = await enter(server, { name: "ann" });
    await say(ann, "a red herring in lobby");
    await say(bob, "a red herring in ops");
    await say(bob, "a red herring for ann", { to: "ann" });
    await flood(bob, 60, {}, "whale");
    await indexed(ann);
    const answer = await done(ann, "search", "in:all red herring");
    assertEquals([answer.room, answer.where], ["*", "all"]);
    assertEquals([answer.query, answer.searched], ["red herring", undefined]);
    const shown = (answer.messages ?? []).map((
      { type, room, to, txt },
    ) => [type, room ?? to, txt]);
    assertEquals(shown, [
      ["chat", "lobby", "a red herring in lobby"],
      ["chat", "ops", "a red herring in ops"],
      ["private", "ann", "a red herring for ann"],
    ]);
    const both = await done(cat, "search", "in:all red herring");
    assertEquals(
      (both.messages ?? []).map(({ txt }) => txt),
      [
        "a red herring in the den",
        "a red herring in lobby",
        "a red herring in ops",
      ],
    );
    // Sixty: the newest fifty, and the others from where it says.
    const whales = await done(ann, "search", "in:all whale");
    assertEquals([whales.messages?.length, whales.more], [50, true]);
    const { room, seq } = whales.searched as { room: string; seq: number };
    assertEquals([room, seq], ["ops", whales.messages?.[0]?.seq]);
    const rest = await done(
      ann,
      "search",
      `in:all before:${room}:${seq} whale`,
    );
    assertEquals([rest.messages?.length, rest.searched], [10, undefined]);
    await refused(ann, "search", "in:den red", "room-locked");
    await refused(ann, "search", "in:all before:den:9 red", "room-locked");
  },
);
