// The table of commands as a whole: /help, aliases, what is near to a command, and one answer for
// each that is asked.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assertRefused, CODES, done, refused, WAYS } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import type { Message } from "./_messages.ts";
import { arrived, ask, command, enter, entered, mark, say } from "./_people.ts";
import { scenario } from "./_scenario.ts";

const NAMES =
  ("name list join users leave help close msg me topic away whois history search " +
    "kick ban unban bans mute unmute mutes op deop ops lock unlock invite block unblock delete server")
    .split(" ");

/** Every command, right and wrong, in an order in which nobody is put out. */
const LINES = [
  "name zoe",
  "name zoe",
  "name no/name",
  "name",
  "nick zoey",
  "list",
  "rooms",
  "join +side",
  "join dev",
  "join",
  "join no/room",
  "users",
  "who",
  "help",
  "help kick",
  "help dance",
  "msg bob hello",
  "msg bob",
  "msg",
  "msg nobody hello",
  "me waves",
  "me",
  "topic",
  "topic new",
  "away",
  "away lunch",
  "whois bob",
  "whois nobody",
  "whois",
  "history",
  "history 5",
  "history many",
  "search hello",
  "search",
  "kick bob",
  "kick nobody",
  "kick",
  "ban bob",
  "bans",
  "unban bob",
  "mute bob",
  "mutes",
  "unmute bob",
  "op bob",
  "ops",
  "deop bob",
  "block",
  "block bob",
  "unblock bob",
  "server",
  "server kick bob",
  "lock",
  "unlock",
  "invite bob",
  "dance",
  "delete nothing",
  "leave",
  "part",
  "leave",
].map((line) => {
  const [name = "", ...args] = line.split(" ");
  return args.length === 0 ? { name } : { name, args: args.join(" ") };
});

/** What a command may be answered with. */
const ANSWERS = new Set(
  "ack error users rooms help whois history found notice topic".split(" "),
);

function asMessage(
  by: (typeof WAYS)[number],
  { name, args }: { name: string; args?: string },
): Message {
  if (by === "command") {
    return { type: "command", name, ...(args === undefined ? {} : { args }) };
  }
  const txt = args === undefined ? `/${name}` : `/${name} ${args}`;
  return { type: "chat", txt };
}

for (const over of ["sealed", "plain"] as const) {
  for (const by of WAYS) {
    scenario(
      `every command by ${by} on a ${over} connection has exactly one answer with its id`,
      async () => {
        await using server = await hosted("--rate", "0");
        await using bob = await enter(server, { name: "bob" });
        await using ann = await enter(server, { name: "ann", over });
        for (const line of LINES) {
          const answer = await ask(ann, asMessage(by, line));
          const what = `${JSON.stringify(line)}: ${JSON.stringify(answer)}`;
          assert(ANSWERS.has(answer.type), what);
          // What was said tells by its place; all else tells in words.
          if (answer.type === "ack") {
            const isSaid = answer.seq !== undefined;
            assert(isSaid !== (typeof answer.text === "string"), what);
            assert(isSaid || answer.text !== "", what);
          }
          if (answer.type !== "error") continue;
          assert(CODES.has(answer.code as string), what);
          assert(answer.text, what);
        }
        await done(ann, "join", "lobby");
        await mark(ann, [bob]);
        await mark(bob, [ann]);
        const ids = ann.inbox.all.flatMap(({ id }) => id ?? []);
        assertEquals(new Set(ids).size, ids.length, ann.inbox.listing());
      },
    );

    scenario(
      `no command by ${by} on a ${over} connection has an ack without an id`,
      async () => {
        await using server = await hosted("--rate", "0");
        await using bob = await enter(server, { name: "bob" });
        await using ann = await enter(server, { name: "ann", over });
        await ann.sendPacked(LINES.map((line) => asMessage(by, line)));
        await done(ann, "join", "lobby");
        await mark(ann, [bob]);
        assertEquals(arrived(ann, "ack").length, 2, ann.inbox.listing());
        assert(arrived(ann, "error").every(({ code }) => CODES.has(code!)));
        assert(arrived(ann, "error").length > 10);
        const said = arrived(bob, "chat").map(({ txt }) => txt as string);
        assertEquals(said.filter((txt) => txt.startsWith("/")), []);
      },
    );

    scenario(
      `/help by ${by} on a ${over} connection lists every command, and explains one`,
      async () => {
        await using server = await hosted("--rate", "0");
        await using ann = await enter(server, { name: "ann", over });
        const all = await done(ann, "help", undefined, by);
        const names = (all.commands ?? []).map(({ name }) => name);
        for (const name of NAMES) assert(names.includes(name), name);
        assertEquals(new Set(names).size, names.length);
        for (const name of NAMES) {
          const { type, commands = [] } = await done(ann, "help", name, by);
          assertEquals([type, commands.length], ["help", 1]);
          assertEquals(commands[0], all.commands?.find((c) => c.name === name));
          assert(commands[0]?.text);
        }
        const none = await command(ann, by, "help", "dance");
        assertRefused(none, "unknown-command", "bad-arguments");
      },
    );
  }
}

for (const by of WAYS) {
  scenario(`an alias by ${by} does what its command does`, async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await done(ann, "nick", "anna", by);
    const renamed = await bob.next({ type: "renamed" });
    assertEquals([renamed.from, renamed.name], ["ann", "anna"]);
    for (
      const [alias, name] of [["rooms", "list"], ["who", "users"]] as const
    ) {
      const { id: _, ...one } = await done(ann, alias, undefined, by);
      const { id: __, ...other } = await done(ann, name, undefined, by);
      assertEquals(one, other);
    }
    await done(ann, "part", undefined, by);
    assertEquals((await bob.next({ type: "left" })).name, "anna");
    for (const alias of ["quit", "exit"]) {
      await using cy = await enter(server);
      await cy.send(asMessage(by, { name: alias }));
      assertEquals(await cy.finished(alias), "bye");
    }
  });

  scenario(
    `what is nearly a command by ${by} is answered with the command meant`,
    async () => {
      await using server = await hosted("--rate", "0");
      await using ann = await enter(server, { name: "ann" });
      await using gus = await enter(server, { name: "gus", over: "plain" });
      const near = [
        ["kikc", "kick"],
        ["serach", "search"],
        ["usres", "users"],
        ["hlep", "help"],
        ["invit", "invite"],
        ["historyy", "history"],
      ];
      for (const client of [ann, gus]) {
        for (const [wrong = "", meant = ""] of near) {
          const answer = await command(client, by, wrong, "bob");
          assertRefused(answer, "unknown-command");
          assertStringIncludes(answer.text as string, meant);
        }
        const far = await command(client, by, "xyzzyxyzzy");
        assertRefused(far, "unknown-command");
      }
      assertEquals(arrived(ann, "chat"), []);
    },
  );
}

scenario(
  "bare words that end a line client are said like any others",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    for (const txt of ["exit", "quit", "help", "BYE ann", " /users"]) {
      await say(ann, txt);
      assertEquals((await bob.next({ type: "chat" })).txt, txt);
    }
    await refused(
      ann,
      "",
      undefined,
      "unknown-command",
      "bad-message",
      "bad-arguments",
    );
    await done(ann, "join", "dev");
    await entered(ann, "dev");
  },
);
