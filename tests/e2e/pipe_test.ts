// `join` as a pipe: lines in are said in order, lines out are what is heard, and the end is an exit
// code.

import { assert, assertEquals } from "@std/assert";
import { hosted } from "./_hosted.ts";
import type { Message } from "./_messages.ts";
import { arrived, enter, say } from "./_people.ts";
import { Home, openPipe, pipe, run, Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

const TRUST = ["--trust-new", "--name", "pat"];

/** What one heard from pat, until this last text. */
async function heard(client: WireClient, last: string): Promise<string[]> {
  await client.next({ type: "chat", from: "pat", txt: last });
  return arrived(client, "chat").map(({ txt }) => txt as string);
}

scenario(
  "a pipe says each line, in order, and exits with 0 when all are acknowledged",
  async () => {
    await using server = await hosted("--rate", "0");
    await using home = new Home();
    await using ann = await enter(server, { name: "ann" });
    const lines = Array.from({ length: 200 }, (_, i) => `line ${i + 1}`);
    const { code, stderr } = await pipe(
      home,
      server.address,
      "pat",
      TRUST,
      lines,
    );
    assertEquals(code, 0, stderr);
    assertEquals(await heard(ann, "line 200"), lines);
    await ann.next({ type: "left", name: "pat" });
  },
);

scenario(
  "a pipe under the rate of its person says everything all the same",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    await using ann = await enter(server, { name: "ann" });
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`);
    const { code } = await pipe(home, server.address, "pat", TRUST, lines);
    assertEquals(code, 0);
    assertEquals(await heard(ann, "line 30"), lines);
  },
);

scenario(
  "a line of a pipe is text and never a command, an empty one is skipped, a long one is split",
  async () => {
    await using server = await hosted("--rate", "0");
    await using home = new Home();
    await using ann = await enter(server, { name: "ann" });
    const long = "0123456789".repeat(450) + "🐌";
    const lines = ["/close", "", "//x", "exit", "grüße 🐌 一", "", long, "end"];
    const { code } = await pipe(home, server.address, "pat", TRUST, lines);
    assertEquals(code, 0);
    const texts = await heard(ann, "end");
    assertEquals(texts.slice(0, 4), ["/close", "//x", "exit", "grüße 🐌 一"]);
    const parts = texts.slice(4, -1);
    assert(parts.length > 1);
    assertEquals(parts.join(""), long);
    assert(parts.every((part) => [...part].length <= 4_000));
  },
);

scenario("with --commands a line that begins with / is a command", async () => {
  await using server = await hosted();
  await using home = new Home();
  await using ann = await enter(server, { name: "ann", room: "dev" });
  const flags = [...TRUST, "--commands"];
  const lines = ["/join dev", "hello dev"];
  const { code } = await pipe(home, server.address, "pat", flags, lines);
  assertEquals(code, 0);
  assertEquals(await heard(ann, "hello dev"), ["hello dev"]);
});

scenario("a pipe enters the room that --room names", async () => {
  await using server = await hosted();
  await using home = new Home();
  await using ann = await enter(server, { name: "ann", room: "dev" });
  const flags = [...TRUST, "--room", "dev"];
  const { code } = await pipe(home, server.address, "pat", flags, ["hi"]);
  assertEquals(code, 0);
  assertEquals(await heard(ann, "hi"), ["hi"]);
});

scenario(
  "with --json a pipe writes the wire's own messages, one a line",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await using process = openPipe(
      home,
      server.address,
      "pat",
      ...TRUST,
      "--json",
    );
    await ann.next({ type: "joined", name: "pat" });
    await say(ann, 'two\nlines, "quoted"');
    const onWire = await bob.next({ type: "chat", from: "ann" });
    const line = await process.lines.next(
      (one) => one.includes("quoted"),
      "the line of what ann said",
    );
    assertEquals(JSON.parse(line) as Message, onWire);
    await process.endInput();
    assertEquals((await process.ended()).code, 0, process.stderr);
    for (const one of process.lines.all) {
      assertEquals(typeof (JSON.parse(one) as Message).type, "string", one);
    }
  },
);

scenario(
  "a pipe writes what others say, and with --listen stays when its input has ended",
  async () => {
    await using server = await Server.start();
    await using home = new Home();
    await using ann = await enter(server, { name: "ann" });
    await using process = openPipe(
      home,
      server.address,
      "pat",
      ...TRUST,
      "--listen",
    );
    await process.write("hello from a pipe");
    await process.endInput();
    await ann.next({ type: "chat", txt: "hello from a pipe" });
    await say(ann, "still with us?");
    await process.lines.next(
      (line) => line.includes("ann") && line.includes("still with us?"),
      "the line of what ann said",
    );
    server.kill("SIGTERM");
    await server.status;
  },
);

scenario("a pipe shows no history unless it is asked for it", async () => {
  await using server = await hosted();
  await using home = new Home();
  await using ann = await enter(server, { name: "ann" });
  for (const txt of ["one", "two", "three"]) await say(ann, `old ${txt}`);
  const without = await pipe(home, server.address, "pat", TRUST, ["new"]);
  assertEquals(without.code, 0);
  assert(!without.stdout.includes("old"), without.stdout);
  const flags = [...TRUST, "--history", "2"];
  const { code, stdout } = await pipe(home, server.address, "pat", flags, []);
  assertEquals(code, 0);
  assert(!stdout.includes("old two"), stdout);
  assert(stdout.includes("old three") && stdout.includes("new"), stdout);
});

scenario(
  "an identity file is made once, is its owner's alone, and is the person",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    await using ann = await enter(server, { name: "ann" });
    const keys: (string | undefined)[] = [];
    for (const _ of [1, 2]) {
      await pipe(home, server.address, "pat", TRUST, ["hi"]);
      const joined = await ann.next({ type: "joined", name: "pat" });
      keys.push(joined.key);
    }
    assert(keys[0] !== undefined);
    assertEquals(keys[0], keys[1]);
    if (Deno.build.os !== "windows") {
      const { mode } = await Deno.stat(home.file("pat.key"));
      assertEquals((mode ?? 0) & 0o777, 0o600);
    }
    const taken = await pipe(home, server.address, "other", TRUST, ["hi"]);
    assertEquals(taken.code, 1);
    assert(taken.stderr.includes("pat"), taken.stderr);
  },
);

scenario(
  "without --identity the person is the one whose fingerprint `id` tells",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    await using ann = await enter(server, { name: "ann" });
    const said = await run(["join", server.address, ...TRUST], home, ["hi"]);
    assertEquals(said.code, 0, said.stderr);
    const { key } = await ann.next({ type: "joined", name: "pat" });
    const { code, stdout } = await run(["id"], home);
    assertEquals(code, 0);
    assert(key !== undefined && stdout.includes(key), stdout);
  },
);
