// A server that lets in only whom it knows: invites made over the channel, links that are followed,
// the list in a file, and the link that makes an administrator.

import { assert, assertEquals } from "@std/assert";
import { assertRefused, done, members } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { fingerprint, generateKey, type KeyPair } from "./_keys.ts";
import type { Message } from "./_messages.ts";
import {
  arrived,
  dial,
  enter,
  entered,
  greet,
  mark,
  welcomed,
} from "./_people.ts";
import {
  Home,
  type Outcome,
  pipe,
  run,
  type Served,
  Server,
} from "./_program.ts";
import { scenario } from "./_scenario.ts";
import { LineSocket } from "./_sockets.ts";

const ROOT = generateKey();
const ADMIN = ["--admin", fingerprint(ROOT.publicKey), "--rate", "0"];
const LINK =
  /^confab:\/\/127\.0\.0\.1:\d+(\/[^?]*)?\?fp=[\w-]{43}&t=([\w-]{22})$/;
const DAY_MS = 24 * 3_600_000;

/** An invite that the administrator makes by a command. */
async function invited(
  server: Served,
  args = "",
): Promise<{ link: string; invite: string; answer: Message }> {
  await using root = await enter(server, { name: "root", key: ROOT });
  const answer = await done(root, "server", `invite ${args}`);
  assertEquals(answer.type, "invite");
  const link = answer.link as string;
  const [, , invite] = LINK.exec(link) ?? [];
  assert(invite !== undefined, link);
  return { link, invite, answer };
}

/** What a `hello` of a key comes to: `welcome`, or the code of an error. */
async function comes(
  server: Served,
  key: KeyPair,
  fields: Record<string, unknown> = {},
): Promise<string> {
  await using client = await dial(server, { key });
  const answer = await greet(client, fields);
  return (answer.code ?? answer.type) as string;
}

function assertFailed({ code, stderr }: Outcome, said: RegExp): void {
  assertEquals(code, 1, stderr);
  assert(said.test(stderr) && !/^\s+at /m.test(stderr), stderr);
}

scenario(
  "an administrator's confab invite makes a link, and join needs nothing else, nor later the link",
  async () => {
    await using home = new Home();
    const identity = ["--identity", home.file("admin.key")];
    const { stdout } = await run(["id", ...identity], home);
    const [admin] = stdout.split("\n");
    await using server = await Server.start("--private", "--admin", admin!);
    const told = [...identity, "--fingerprint", server.fingerprint];
    const flags = ["--room", "tea", "--expires", "2h", "--uses", "1"];
    const made = await run(["invite", server.address, ...told, ...flags], home);
    assertEquals(made.code, 0, made.stderr);
    const link = made.stdout.trim();
    assertEquals(LINK.exec(link)?.[1], "/tea", made.stdout);

    await using bobs = new Home();
    const first = await pipe(bobs, link, "bob", ["--name", "bob"], ["by link"]);
    assertEquals(first.code, 0, first.stderr);
    // Pinned and let in: from now on the address is enough.
    const shown = ["--room", "tea", "--history", "9"];
    const next = await pipe(bobs, server.address, "bob", shown, ["by address"]);
    assertEquals(next.code, 0, next.stderr);
    assert(/bob: by link/.test(next.stdout), next.stdout);

    await using eves = new Home();
    const used = await pipe(eves, link, "eve", [], ["unsaid"]);
    assertFailed(used, /this invite is not good/);
    const none = ["--fingerprint", server.fingerprint];
    const bare = await pipe(eves, server.address, "eve", none, ["unsaid"]);
    assertFailed(bare, /who is invited/);
    // One who is no administrator invites nobody.
    const flagsOfBob = ["--identity", bobs.file("bob.key")];
    const bob = await run(["invite", server.address, ...flagsOfBob], bobs);
    assertFailed(bob, /only an administrator/);

    server.kill("SIGKILL");
    await server.restart();
    const again = ["--fingerprint", server.fingerprint];
    const back = await pipe(bobs, server.address, "bob", again, ["still in"]);
    assertEquals(back.code, 0, back.stderr);
  },
);

scenario(
  "confab invite takes a time that is none for no room, and asks no server about it",
  async () => {
    await using home = new Home();
    for (const expires of ["3x", "7", "0d", "2d 5", "tea"]) {
      const args = ["invite", "127.0.0.1:1", "--expires", expires];
      const { code, stderr } = await run(args, home);
      assertEquals(code, 2, stderr);
      assertEquals(
        stderr,
        `confab: --expires ${JSON.stringify(expires)}: ` +
          "give minutes, hours, days or weeks, such as 90m, 12h, 7d\n",
      );
    }
    const room = ["invite", "127.0.0.1:1", "--room", "a b"];
    assertFailed(await run(room, home), /room/);
  },
);

scenario(
  "a link is for the key that it names, and no other server gets its secret",
  async () => {
    await using server = await hosted("--private", ...ADMIN);
    await using other = await hosted();
    await using home = new Home();
    const { link } = await invited(server);
    const elsewhere = link.replace(/:\d+\?/, `:${other.port}?`);
    const outcome = await pipe(home, elsewhere, "bob", [], ["unsaid"]);
    assertFailed(outcome, /the key of .* is .*, not the one given/);
    // It was not shown, so it is not used.
    const right = await pipe(home, link, "bob", [], ["hello"]);
    assertEquals(right.code, 0, right.stderr);
  },
);

scenario(
  "the server of a link does not get the password that is meant for another",
  async () => {
    await using home = new Home();
    await Deno.writeTextFile(home.file("word"), "elsewhere", { mode: 0o600 });
    const flags = ["--password-file", home.file("word")];
    await using server = await Server.startWith(
      { CONFAB_PASSWORD: "open" },
      ...ADMIN,
    );
    await using root = await enter(server, {
      ...{ name: "root", key: ROOT, password: "open" },
    });
    const { link } = await done(root, "server", "invite");
    // A wrong one would be refused.
    const outcome = await pipe(home, link as string, "bob", flags, ["hello"]);
    assertEquals(outcome.code, 0, outcome.stderr);
    assert(!server.stderr.includes("password-wrong"), server.stderr);
  },
);

scenario(
  "an invite says what it is good for, and is an answer like any other",
  async () => {
    await using server = await hosted(...ADMIN);
    const before = Date.now();
    const { answer } = await invited(server, "12h 3");
    assertEquals(answer.uses, 3);
    const kept = answer.expires as number - before;
    assert(kept >= DAY_MS / 2 && kept < DAY_MS / 2 + 60_000, String(kept));
    const { link } = await invited(server, "日本 3");
    assert(link.includes("/%E6%97%A5%E6%9C%AC?"), link);
  },
);

scenario(
  "nothing enters a private server without an invite, in no dialect",
  async () => {
    await using server = await hosted("--private", ...ADMIN);
    await using root = await enter(server, { name: "root", key: ROOT });
    await mark(root, []);
    const tries: Message[] = [
      { type: "hello", name: "eve", resume: { lobby: 0 } },
      { type: "hello", invite: "AAAAAAAAAAAAAAAAAAAAAA" },
      { type: "chat", txt: "let me in", id: "1" },
      { type: "command", name: "users", id: "1" },
      { type: "history", room: "lobby", id: "1" },
    ];
    for (const over of ["sealed", "plain"] as const) {
      for (const message of tries) {
        await using eve = await dial(server, { over });
        await eve.send(message);
        await eve.send({ type: "bye" });
        await eve.finished(JSON.stringify(message));
        const [first] = eve.inbox.all;
        assert(first?.type === "error", eve.inbox.listing());
        for (const { type } of eve.inbox.all) {
          assert(type === "error" || type === "bye", eve.inbox.listing());
        }
      }
    }
    const lines = [
      ["HELLO eve", /^ERR INVITE_REQUIRED /],
      ["let me in", /^! .*invited/],
      ['{"type":"chat","txt":"let me in"}', /"code":"invite-required"/],
    ] as const;
    for (const [line, said] of lines) {
      await using eve = await LineSocket.open(server.port);
      await eve.send(line);
      await eve.closed(line);
      const told = eve.lines.all.join("\n");
      assert(said.test(told) && !/\broot\b/.test(told), told);
    }
    await mark(root, []);
    assertEquals([...arrived(root, "joined"), ...arrived(root, "chat")], []);
  },
);

scenario(
  "with a password an invite lets in as the password does, private or not",
  async () => {
    for (
      const [flags, refusal] of [
        [[], "password-required"],
        [["--private"], "invite-required"],
      ] as const
    ) {
      const env = { CONFAB_PASSWORD: "sesame" };
      await using server = await Server.startWith(env, ...ADMIN, ...flags);
      const [ann, bob] = [generateKey(), generateKey()];
      const { invite } = await invited(server);
      assertEquals(await comes(server, ann), refusal);
      assertEquals(await comes(server, ann, { invite }), "welcome");
      assertEquals(await comes(server, ann), "welcome");
      assertEquals(await comes(server, bob, { password: "sesame" }), "welcome");
      assertEquals(await comes(server, bob), refusal);
      await using guest = await dial(server, { over: "plain" });
      assertRefused(await greet(guest, { invite }), "password-required");
      await welcomed(guest, { password: "sesame" });
    }
  },
);

scenario("a wrong invite stands in the log, without its secret", async () => {
  await using server = await Server.start("--private", ...ADMIN);
  const invite = "AAAAAAAAAAAAAAAAAAAAAA";
  assertEquals(await comes(server, ROOT, { invite }), "welcome");
  assertEquals(
    await comes(server, generateKey(), { invite }),
    "invite-invalid",
  );
  const line = await server.logged(/denied/);
  assert(
    / INFO +denied peer=127\.0\.0\.1 why=invite-invalid id=1\/2$/.test(line),
    line,
  );
  assert(!server.stderr.includes(invite), server.stderr);
});

scenario(
  "the list of a file lets in, changes while the server runs, and a broken one does not count",
  async () => {
    await using home = new Home();
    const file = home.file("allowed");
    const [ann, bob] = [generateKey(), generateKey()];
    const line = ({ publicKey }: KeyPair) =>
      `${fingerprint(publicKey)}  # friend\n`;
    await Deno.writeTextFile(file, `# who may come\n\n${line(ann)}`);
    const flags = ["--private", "--allow-list", file, "--log-format", "text"];
    await using server = await Server.start(...flags, ...ADMIN);
    assertEquals(await comes(server, bob), "invite-required");
    await using there = await dial(server, { key: ann });
    await welcomed(there, { name: "ann" });
    await entered(there, "lobby");

    await Deno.writeTextFile(file, "SHA256:nonsense\n");
    await server.logged(/allow-list not read.*line 1/);
    await mark(there, []);

    await Deno.writeTextFile(file, line(bob));
    const bye = await there.next({ type: "bye" });
    assertEquals([bye.code, bye.reconnectAfterMs], ["refused", undefined]);
    await there.finished("the end of one who is not listed any more");
    assertEquals(await comes(server, bob), "welcome");
    assertEquals(await comes(server, ann), "invite-required");
  },
);

scenario(
  "serve does not start with an allow-list that is broken or that nobody needs",
  async () => {
    await using home = new Home();
    const file = home.file("allowed");
    await Deno.writeTextFile(file, "ann\n");
    const serve = ["serve", "--port", "0", "--data", home.file("data")];
    const list = ["--allow-list", file];
    const broken = await run([...serve, "--private", ...list], home);
    assertFailed(broken, /allowed: line 1: /);
    await Deno.writeTextFile(file, "");
    const open = await run([...serve, ...list], home);
    assertEquals(open.code, 2, open.stderr);
  },
);

scenario(
  "the admin link makes one key an administrator, for good",
  async () => {
    await using server = await Server.start(
      "--private",
      "--admin-link",
      "--rate",
      "0",
    );
    const told = await server.logged(/administrator/);
    const [, link] = /confab join '(confab:[^']+)'/.exec(told) ?? [];
    assert(link !== undefined && LINK.test(link), told);
    const [, , invite] = LINK.exec(link)!;
    const [ann, eve] = [generateKey(), generateKey()];
    await using guest = await dial(server, { over: "plain" });
    assertRefused(await greet(guest, { invite }), "invite-required");
    await using there = await dial(server, { key: ann });
    await welcomed(there, { name: "ann", invite });
    await entered(there, "lobby");
    assertEquals((await members(there)).get("ann")?.role, "admin");
    assertEquals((await done(there, "server", "invite")).type, "invite");
    assertEquals(await comes(server, eve, { invite }), "invite-invalid");
    server.kill("SIGKILL");
    await server.restart();
    await using back = await enter(server, { key: ann });
    assertEquals((await done(back, "server", "invite")).type, "invite");
  },
);

scenario(
  "serve says what is wrong with where others are to find it",
  async () => {
    await using home = new Home();
    for (
      const [told, what] of [
        ["http://foo", "give HOST or HOST:PORT"],
        ["a b", "give HOST or HOST:PORT"],
        ["chat.example:0", "a link cannot lead there"],
      ] as const
    ) {
      const { code, stderr } = await run(["serve", "--public", told], home);
      assertEquals(code, 2, stderr);
      assertEquals(
        stderr,
        `confab: --public ${JSON.stringify(told)}: ${what}\n`,
      );
    }
  },
);

scenario("links lead where serve is told that others find it", async () => {
  for (
    const [told, expected] of [
      ["chat.example.org", /^confab:\/\/chat\.example\.org:\d+\?/],
      ["[2001:db8::7]:443", /^confab:\/\/\[2001:db8::7\]:443\?/],
      ["chat.example.org:5000", /^confab:\/\/chat\.example\.org\?/],
    ] as const
  ) {
    await using server = await hosted("--public", told, ...ADMIN);
    await using root = await enter(server, { name: "root", key: ROOT });
    const { link } = await done(root, "server", "invite");
    assert(expected.test(link as string), String(link));
  }
});

scenario(
  "who has no key yet is told how to come to invite others",
  async () => {
    {
      await using server = await Server.start("--private");
      await server.logged(/start with --admin-link, or run confab id once/);
    }
    await using server = await Server.start("--private", "--admin-link");
    await server.logged(/become an administrator/);
    assert(!server.stderr.includes("start with --admin-link"), server.stderr);
  },
);

scenario(
  "the line for others has the name that they find the server by",
  async () => {
    const join = async (told: string) => {
      await using server = await Server.start("--public", told);
      return await server.logged(/^others join with: /);
    };
    assert(
      /^others join with: confab join chat\.example\.org:\d+$/.test(
        await join("chat.example.org"),
      ),
    );
    assertEquals(
      await join("[2001:db8::7]:443"),
      "others join with: confab join [2001:db8::7]:443",
    );
  },
);
