// A server with a password: what it answers without, with a wrong and with the right one, and that
// nothing enters before.

import { assert, assertEquals } from "@std/assert";
import { assertRefused } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { generateKey } from "./_keys.ts";
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
  joinArgs,
  pipe,
  Process,
  type Served,
  Server,
} from "./_program.ts";
import { scenario } from "./_scenario.ts";
import { LineSocket } from "./_sockets.ts";
import type { WireClient } from "./_wire_client.ts";

const PASSWORD = "open 日本 sesame";
/** A file with a secret is its owner's only. */
const OWN = { mode: 0o600 };
/** Starts with the password in the environment, or in a file as an editor leaves it. */
async function guarded(
  where: "the environment" | "a file",
  stack: AsyncDisposableStack,
): Promise<Server> {
  const flags = ["--rate", "0"];
  if (where === "the environment") {
    const env = { CONFAB_PASSWORD: PASSWORD };
    return stack.use(await Server.startWith(env, ...flags));
  }
  const home = stack.use(new Home());
  await Deno.writeTextFile(home.file("password"), `${PASSWORD}\n`, OWN);
  const given = ["--password-file", home.file("password")];
  return stack.use(await Server.start(...flags, ...given));
}

/** Somebody who has the password, and sees who comes. */
async function watcher(
  server: Served,
  stack: AsyncDisposableStack,
): Promise<WireClient> {
  const ann = stack.use(await dial(server));
  await welcomed(ann, { name: "ann", password: PASSWORD });
  await entered(ann, "lobby");
  return ann;
}

/** Nobody came, and nothing was said but by the one that asks. */
async function assertAlone(ann: WireClient): Promise<void> {
  await mark(ann, []);
  assertEquals([...arrived(ann, "joined"), ...arrived(ann, "chat")], []);
}

for (const where of ["the environment", "a file"] as const) {
  for (const over of ["sealed", "plain"] as const) {
    scenario(
      `with the password in ${where} a ${over} hello without it is refused, and with it another may follow`,
      async () => {
        await using stack = new AsyncDisposableStack();
        const server = await guarded(where, stack);
        const ann = await watcher(server, stack);
        await using bob = await dial(server, { over });
        const none = await greet(bob, { name: "bob", room: "lobby" });
        assertRefused(none, "password-required");
        // A word after a wrong one waits a second: that of a file is a wrong one to `join`, below.
        if (where === "the environment") {
          const wrong = await greet(bob, { name: "bob", password: "wrong" });
          assertRefused(wrong, "password-wrong");
        }
        await assertAlone(ann);
        assertEquals([...new Set(bob.inbox.all.map((m) => m.type))], ["error"]);
        const right = await greet(bob, { name: "bob", password: PASSWORD });
        assertEquals([right.type, right.name], ["welcome", "bob"]);
        await entered(bob, "lobby");
        await ann.next({ type: "joined", name: "bob" });
        await mark(bob, [ann]);
      },
    );
  }
}

scenario(
  "a key that was let in before needs the password again, also after a restart",
  async () => {
    await using stack = new AsyncDisposableStack();
    const server = await guarded("the environment", stack);
    const key = generateKey();
    {
      await using bob = await dial(server, { key });
      await welcomed(bob, { name: "bob", password: PASSWORD });
      await bob.bye();
    }
    server.kill("SIGKILL");
    await server.restart();
    await using bob = await dial(server, { key });
    assertRefused(await greet(bob, { name: "bob" }), "password-required");
    await welcomed(bob, { password: PASSWORD });
  },
);

scenario(
  "before the password nothing is answered that tells who is there or what was said",
  async () => {
    await using stack = new AsyncDisposableStack();
    const server = await guarded("the environment", stack);
    const ann = await watcher(server, stack);
    await mark(ann, []);
    const tries: Message[] = [
      { type: "chat", txt: "let me in", id: "1" },
      { type: "chat", txt: "/users", id: "1" },
      { type: "command", name: "users", id: "1" },
      { type: "command", name: "join", args: "lobby", id: "1" },
      { type: "command", name: "name", args: "ann", id: "1" },
      { type: "history", room: "lobby", id: "1" },
      { type: "typing", room: "lobby" },
      { type: "read", room: "lobby", seq: 1 },
    ];
    for (const over of ["sealed", "plain"] as const) {
      await Promise.all(tries.map(async (message) => {
        await using eve = await dial(server, { over });
        await eve.send(message);
        await eve.send({ type: "bye" });
        await eve.finished(JSON.stringify(message));
        for (const { type, code } of eve.inbox.all) {
          assert(type === "error" || type === "bye", eve.inbox.listing());
          assert(code !== undefined, eve.inbox.listing());
        }
      }));
    }
    await assertAlone(ann);
  },
);

scenario(
  "a plain chat without hello is password-required, and closed",
  async () => {
    await using stack = new AsyncDisposableStack();
    const server = await guarded("the environment", stack);
    const ann = await watcher(server, stack);
    await using eve = await dial(server, { over: "plain" });
    await eve.send({ type: "chat", txt: "let me in" });
    const error = await eve.next({ type: "error" });
    assertEquals(error.code, "password-required");
    await eve.finished("a chat without the password");
    await assertAlone(ann);
  },
);

scenario("nothing enters by lines without the password", async () => {
  await using stack = new AsyncDisposableStack();
  const server = await guarded("the environment", stack);
  const ann = await watcher(server, stack);
  for (const line of ["HELLO eve", "let me in", "/users", "NICK eve"]) {
    await using eve = await LineSocket.open(server.port);
    await eve.send(line);
    await eve.closed(line);
    const told = eve.lines.all.join("\n");
    assert(!/\bann\b/.test(told), told);
  }
  await assertAlone(ann);
});

scenario(
  "join takes the password from a file and the environment",
  async () => {
    await using stack = new AsyncDisposableStack();
    const server = await guarded("a file", stack);
    const ann = await watcher(server, stack);
    await using home = new Home();
    await Deno.writeTextFile(home.file("right"), `${PASSWORD}\n`, OWN);
    await Deno.writeTextFile(home.file("wrong"), "wrong\n", OWN);
    const pinned = ["--fingerprint", server.fingerprint, "--name", "bob"];
    const right = [...pinned, "--password-file", home.file("right")];
    const said = await pipe(home, server.address, "bob", right, ["by a file"]);
    assertEquals(said.code, 0, said.stderr);
    assertEquals((await ann.next({ type: "chat" })).txt, "by a file");
    const args = joinArgs(home, server.address, "bob", ...pinned);
    const env = { CONFAB_PASSWORD: PASSWORD };
    await using join = new Process(args, home.file("home"), env);
    await join.write("by the environment");
    assertEquals((await ann.next({ type: "chat" })).txt, "by the environment");
    await join.endInput();
    assertEquals((await join.ended()).code, 0, join.stderr);
    const wrong = [...pinned, "--password-file", home.file("wrong")];
    for (const flags of [pinned, wrong]) {
      const outcome = await pipe(home, server.address, "bob", flags, [
        "unsaid",
      ]);
      assertEquals(outcome.code, 1, outcome.stderr);
      assert(
        outcome.stderr.trim() !== "" && !outcome.stderr.includes("    at "),
      );
    }
    await mark(ann, []);
    assertEquals(arrived(ann, "chat").length, 2);
  },
);

scenario(
  "without a password to ask for, one that is given is no matter",
  async () => {
    await using server = await hosted();
    await using ann = await dial(server);
    await welcomed(ann, { name: "ann", password: "anything" });
    await entered(ann, "lobby");
    await using bob = await enter(server, { name: "bob" });
    await mark(ann, [bob]);
  },
);
