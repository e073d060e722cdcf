// Texts made to deceive or to break: what other clients are told of them, live and replayed.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { arrive, done, texts } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { generateKey } from "./_keys.ts";
import { arrived, ask, dial, enter, greet, mark, say } from "./_people.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

/** C0 but newline and tab, DEL, C1, line separators, bidi controls: what no text may hold. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
const MOST = 4_000;

/** Said, and what is stored and sent of it. */
const TEXTS: [string, string][] = [
  ["\u001b]0;title\u0007\u001b[2J\u001b[1;1H", "]0;title[2J[1;1H"],
  ["\u009b31mred\u009d0;x\u009c", "31mred0;x"],
  ["over\rwritten\b\b\b", "overwritten"],
  ["\u202eevil\u202c \u2067x\u2069 \u061c\u200e\u200f.", "evil x ."],
  ["a\u2028[12:03] bob: b\u2029c", "a[12:03] bob: bc"],
  [
    "hi\n[12:03] bob: I agree\n* bob left",
    "hi\n[12:03] bob: I agree\n* bob left",
  ],
  ["MSG bob forged\nBYE ann", "MSG bob forged\nBYE ann"],
  ["tab\tand \u0000nul", "tab\tand nul"],
  ['","type":"bye","x":"', '","type":"bye","x":"'],
  [
    "</script><img src=x onerror=alert(1)>",
    "</script><img src=x onerror=alert(1)>",
  ],
  ["%s%n%x {0} ${x} $(id) `id`", "%s%n%x {0} ${x} $(id) `id`"],
  ["e\u0301\u0323", "\u1eb9\u0301"],
  ["\ufb01sh \u2460 \uff21", "\ufb01sh \u2460 \uff21"],
];

/** Every string anywhere in what a client was told, but the texts of messages. */
function strings(value: unknown, key = ""): string[] {
  if (typeof value === "string") return key === "txt" ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => strings(one, key));
}

/** Nothing that this client was told could move a cursor or turn a line around. */
function assertSeen(client: WireClient): void {
  for (const message of client.inbox.all) {
    const what = JSON.stringify(message);
    for (const text of strings(message)) {
      assert(!UNSEEN.test(text) && !/[\n\t]/.test(text), what);
    }
    for (const { txt } of [message, ...message.messages ?? []]) {
      assert(txt === undefined || !UNSEEN.test(txt), what);
    }
  }
}

for (const over of ["sealed", "plain"] as const) {
  scenario(
    `what deceives or breaks on a ${over} connection is one message of its author and nothing else`,
    async () => {
      await using server = await hosted("--rate", "0");
      await using ann = await enter(server, { name: "ann", over });
      await using bob = await enter(server, { name: "bob" });
      await using gus = await enter(server, { name: "gus", over: "plain" });
      for (const [i, [said, stored]] of TEXTS.entries()) {
        await say(ann, said);
        for (const client of [bob, gus]) {
          const chat = await client.next({ type: "chat" });
          const fields = [chat.from, chat.txt, chat.seq, chat.room];
          assertEquals(fields, ["ann", stored, i + 1, "lobby"]);
        }
      }
      await mark(ann, [bob, gus]);
      await using cy = await enter(server, { name: "cy" });
      const kept = texts(arrived(cy, "history")[0]!);
      assertEquals(kept.slice(0, -1), TEXTS.map(([, stored]) => stored));
      for (const client of [ann, bob, gus, cy]) assertSeen(client);
      assertEquals(arrived(bob, "left"), []);
      assertEquals(arrived(bob, "chat").length, TEXTS.length + 1);
    },
  );
}

scenario("actions and private messages are cleaned alike", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  for (const [said, stored] of TEXTS) {
    await say(ann, `x${said}`, { to: "bob" });
    assertEquals((await bob.next({ type: "private" })).txt, `x${stored}`);
    await done(ann, "me", `x${said}`);
    assertEquals((await bob.next({ type: "chat" })).txt, `x${stored}`);
  }
  assertSeen(bob);
});

scenario(
  "topics, reasons and names are one line without controls",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann", room: "dev" });
    await using bob = await enter(server, { name: "bob", room: "dev" });
    for (const [said] of TEXTS) {
      await done(ann, "topic", `x${said}`);
      const topic = await bob.next({ type: "topic" });
      assertMatch(topic.text as string, /^x[^\n\t]*$/);
      await done(ann, "away", `x${said}`);
      assertMatch((await done(bob, "whois", "ann")).away as string, /^x/);
      await done(bob, "users");
      await done(bob, "list");
    }
    await done(ann, "kick", `bob because\nof \u001b[31m\u202ethat`);
    await done(bob, "join", "dev");
    const key = generateKey();
    for (
      const name of ["a\nb", "a\u202eb", "a\u0007b", "a\u200bb", "a\u2066b"]
    ) {
      await using cy = await dial(server, { key });
      const answer = await greet(cy, { name, room: "dev" });
      if (answer.type === "welcome") assertEquals(answer.name, "ab");
      else assertEquals(answer.code, "name-invalid");
      assertSeen(cy);
    }
    for (
      const name of ["d\nev", "d\u202eev", "d ev", "../dev", "@bob", "#dev"]
    ) {
      await ask(bob, { type: "command", name: "join", args: name });
    }
    await done(bob, "list");
    await mark(ann, []);
    for (const client of [ann, bob]) assertSeen(client);
  },
);

scenario("4,000 emoji are said whole, live and replayed", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  const long = [
    "🐌".repeat(MOST),
    "👩‍💻".repeat(MOST / 4) + "🏴".repeat(MOST / 4),
    "日".repeat(MOST),
    "\\".repeat(MOST),
    "\n".repeat(MOST - 1) + "x",
  ];
  for (const txt of long) {
    assert([...txt].length <= MOST);
    await say(ann, txt);
    assertEquals((await bob.next({ type: "chat" })).txt, txt);
    await say(ann, txt, { to: "bob" });
    assertEquals((await bob.next({ type: "private" })).txt, txt);
  }
  await using cy = await arrive(server, { resume: { lobby: 0 } });
  const replayed: unknown[] = [];
  while (replayed.length < long.length) {
    replayed.push(...texts(await cy.next({ type: "history" })));
  }
  assertEquals(replayed, long);
});

scenario(
  "a text of nothing but what is taken out is refused or empty, and breaks nothing",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    for (const txt of ["", "\u0000", "\u202e\u202c", "\u2028", "\u009b"]) {
      const answer = await ask(ann, { type: "chat", txt });
      if (answer.type === "error") assertEquals(answer.code, "bad-message");
      else assertEquals((await bob.next({ type: "chat" })).txt, "");
    }
    await mark(ann, [bob]);
    assertSeen(bob);
  },
);

scenario("fields that are nobody's are ignored and not passed on", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  const forged = {
    from: "bob",
    seq: 99,
    at: 1,
    action: true,
    key: bob.fingerprint,
    role: "admin",
    constructor: { prototype: {} },
    more: "x".repeat(1_000),
  };
  await say(ann, "plainly", forged);
  const chat = await bob.next({ type: "chat" });
  assertEquals([chat.from, chat.seq], ["ann", 1]);
  assert(chat.at !== 1 && !chat.action);
  const known = ["action", "at", "from", "id", "room", "seq", "txt", "type"];
  assert(Object.keys(chat).every((field) => known.includes(field)));
  const proto = '{"type":"chat","txt":"x","id":"p","__proto__":{"room":"y"}}';
  await ann.sendPayload(new TextEncoder().encode(proto));
  assertEquals((await ann.next({ id: "p" })).room, "lobby");
});
