// How a server does, as an administrator sees it from a shell; and a stranger does not.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { fingerprint } from "./_keys.ts";
import { enter, say } from "./_people.ts";
import { Home, type Outcome, Process, run, Server } from "./_program.ts";
import { Responder } from "./_responder.ts";
import { scenario } from "./_scenario.ts";

/** A server, and a home whose key is its administrator's. */
async function withAdmin() {
  const home = new Home();
  const identity = ["--identity", home.file("admin.key")];
  const { stdout } = await run(["id", ...identity], home);
  const [key] = /SHA256:\S{43}/.exec(stdout)!;
  const server = await Server.start("--admin", key);
  const status = (...flags: string[]) =>
    run(["status", server.address, ...identity, ...flags], home);
  return { home, server, identity, key, status };
}

function assertFailed({ code, stdout, stderr }: Outcome, said: RegExp): void {
  assertEquals([code, stdout], [1, ""], stderr);
  assertMatch(stderr, said);
  assertEquals(stderr.split("\n").length, 2, stderr);
}

/** Waits for the `hello` of whoever came, and lets it in. */
async function welcomed(responder: Responder): Promise<void> {
  await responder.messages.next(({ type }) => type === "hello", "hello");
  await responder.send([
    { type: "welcome", name: "a", server: "s", version: "0", room: "" },
  ]);
}

scenario(
  "confab status shows an administrator how the server does, and who is connected",
  async () => {
    const { home, server, status } = await withAdmin();
    await using _home = home;
    await using _server = server;
    await using ann = await enter(server, { name: "ann", room: "tea" });
    await say(ann, "hello");
    const { code, stdout, stderr } = await status(
      ...["--fingerprint", server.fingerprint, "--connections"],
    );
    assertEquals([code, stderr], [0, ""], stderr);
    const lines = stdout.split("\n");
    assertEquals(lines[0], `confab at ${server.address}`);
    const fact = (label: string) =>
      lines.find((line) => line.startsWith(label))!.slice(13);
    assertMatch(
      fact("State"),
      /^running for \d+s, since \d{4}-\d\d-\d\d \d\d:\d\d$/,
    );
    assertMatch(
      fact("Version"),
      new RegExp(`${server.address}, process \\d+$`),
    );
    assert(lines.includes(`             ${server.fingerprint}`), stdout);
    assertEquals(fact("Storing"), "survives a crash of the server (process)");
    assertMatch(fact("Disk"), /^\d.* used, \d.* free$/);
    assertEquals(
      fact("People"),
      "2 people and 0 guests in 1 room over 2 connections, none behind",
    );
    assertMatch(fact("Since then"), /^1 message, /);
    for (const label of ["Messages", "Turn p99", "Commit p50", "Memory"]) {
      assertMatch(fact(label), /^ +\d/);
    }
    assertMatch(stdout, /^ID .*\n(.*\n)?1\/1 +ann +.*127\.0\.0\.1 +json/m);
  },
);

scenario(
  "confab status --json writes what the server says, and it is known from then on",
  async () => {
    const { home, server, status } = await withAdmin();
    await using _home = home;
    await using _server = server;
    // Nobody can be asked, and nothing is trusted silently.
    assertFailed(await status("--json"), /not known|--fingerprint/);
    assertFailed(await status("--json"), /not known|--fingerprint/);
    const first = await status("--json", "--connections", "--trust-new");
    assertEquals([first.code, first.stderr], [0, ""]);
    const messages = first.stdout.trim().split("\n")
      .map((line) => JSON.parse(line));
    const { type, server: facts, numbers, history } = messages
      .find((one) => one.type === "status");
    assertEquals(type, "status");
    assertEquals(facts.fingerprint, server.fingerprint);
    assertEquals([numbers.people, numbers.connections], [1, 1]);
    assertEquals(history.stepMs, 10_000);
    const { connections } = messages.find((one) => one.type === "connections");
    assertEquals(connections.length, 1);
    const again = await status("--json");
    assertEquals(again.code, 0, again.stderr);
    assertEquals(JSON.parse(again.stdout).type, "status");
  },
);

scenario(
  "confab status tells who is no administrator so, in one line, and shows nothing",
  async () => {
    const { home, server } = await withAdmin();
    await using _home = home;
    await using _server = server;
    await using own = new Home();
    const identity = ["--identity", own.file("eve.key")];
    const { stdout } = await run(["id", ...identity], own);
    const [key] = /SHA256:\S{43}/.exec(stdout)!;
    for (const flags of [[], ["--watch"], ["--json", "--connections"]]) {
      const refused = await run(
        ["status", server.address, ...identity, "--trust-new", ...flags],
        own,
      );
      assertFailed(refused, /^confab: you are no administrator of /);
      assert(refused.stderr.includes(`--admin ${key}`), refused.stderr);
    }
  },
);

for (const format of ["text", "json"] as const) {
  scenario(
    `confab status --watch goes on each second as ${format} until Ctrl+C, which ends it with 0`,
    async () => {
      const { home, server, identity } = await withAdmin();
      await using _home = home;
      await using _server = server;
      const flags = ["--watch", "--fingerprint", server.fingerprint];
      await using watching = new Process(
        [
          ...["status", server.address, ...identity, ...flags],
          ...(format === "json" ? ["--json"] : []),
        ],
        home.file("home"),
      );
      const [first, second] = [
        await watching.lines.next(() => true, "a line"),
        await watching.lines.next(() => true, "another"),
      ];
      if (format === "json") {
        const [before, after] = [JSON.parse(first), JSON.parse(second)];
        assert(after.at > before.at, `${first}\n${second}`);
        assertEquals([before.type, after.type], ["status", "status"]);
      } else {
        const line =
          /^\d{4}-\d\d-\d\dT[\d:]{8}Z messages [\d.]+\/s, .*, connections 1$/;
        assertMatch(first, line);
        assertMatch(second, line);
        assert(second.slice(0, 20) >= first.slice(0, 20), second);
      }
      watching.kill("SIGINT");
      const { code } = await watching.ended();
      assertEquals([code, watching.stderr], [0, ""]);
    },
  );
}

scenario(
  "confab status --watch ends at a second Ctrl+C, though the server does not let it go",
  async () => {
    await using home = new Home();
    await using responder = new Responder();
    const address = `127.0.0.1:${responder.port}`;
    await using watching = new Process(
      [
        ...["status", address, "--identity", home.file("a.key")],
        ...["--trust-new", "--watch"],
      ],
      home.file("home"),
    );
    await welcomed(responder);
    await responder.messages.next(({ type }) => type === "watch", "watch");
    watching.kill("SIGINT");
    await responder.messages.next(({ type }) => type === "bye", "bye");
    watching.kill("SIGINT");
    const { code } = await watching.ended();
    assertEquals([code, watching.stderr], [1, ""]);
  },
);

scenario(
  "confab status stands a server that means no good: nothing moves the cursor, nothing lasts for ever",
  async () => {
    await using home = new Home();
    await using responder = new Responder();
    const address = `127.0.0.1:${responder.port}`;
    await using asking = new Process(
      ["status", address, "--identity", home.file("a.key"), "--trust-new"],
      home.file("home"),
    );
    await welcomed(responder);
    const watch = await responder.messages
      .next(({ type }) => type === "watch", "watch");
    assertEquals(watch.what, ["status"]);
    await responder.send([
      { type: "ack", id: watch.id! },
      {
        type: "status",
        at: 1e300,
        server: {
          name: "\x1b[2Jden\nState        fine",
          version: "\x1b]0;title\x07",
          since: -1,
          address: "\u202eevil",
          fingerprint: "\x1b[31m",
          durability: "\u200f",
        },
        numbers: { people: 1e300, memoryBytes: -5, turnP99Ms: 1e-300 },
        history: {
          stepMs: 1,
          until: 0,
          series: { memoryBytes: [1e300, -1, 0], other: [] },
        },
      } as Record<string, unknown> as { type: string },
    ]);
    await responder.messages.next(({ type }) => type === "bye", "bye");
    responder.hangUp();
    const { code } = await asking.ended();
    assertEquals([code, asking.stderr], [0, ""]);
    // Nothing but the ends of its lines moves the cursor, or turns the direction of a line.
    assertEquals(/[^\n\P{Cc}]|\p{Cf}/u.test(asking.stdout), false);
    const states = asking.stdout.match(/^State .*$/gm)!;
    assertEquals(states.length, 1, asking.stdout);
    // The key that it has proven, not the one that it says.
    const print = fingerprint(responder.key.publicKey);
    assert(asking.stdout.includes(print), asking.stdout);
    assertEquals(responder.fault, undefined);
  },
);

scenario(
  "confab status says of a server that cannot be watched that it is older",
  async () => {
    await using home = new Home();
    await using responder = new Responder();
    const address = `127.0.0.1:${responder.port}`;
    await using asking = new Process(
      ["status", address, "--identity", home.file("a.key"), "--trust-new"],
      home.file("home"),
    );
    await welcomed(responder);
    const { id } = await responder.messages
      .next(({ type }) => type === "watch", "watch");
    const error = { type: "error", code: "unknown-type", text: "unknown" };
    await responder.send([{ ...error, id: id! }]);
    await responder.messages.next(({ type }) => type === "bye", "bye");
    responder.hangUp();
    const { code } = await asking.ended();
    const why =
      `confab: the server at ${address} cannot be watched: it is older\n`;
    assertEquals([code, asking.stdout, asking.stderr], [1, "", why]);
  },
);
