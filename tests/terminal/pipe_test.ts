import { assert, assertEquals } from "@std/assert";
import { runPipe } from "../../src/terminal/pipe.ts";
import { eventLoopTurn, FakeClock, NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { hosted } from "../e2e/_hosted.ts";
import { Home, Process, run } from "../e2e/_program.ts";
import { scenario } from "../e2e/_scenario.ts";
import { FakeClient } from "./_fake_client.ts";

const test = testsOf("pipe");
const LINES = 100_000;

test("with --json an answer stands among the events where the server said it", async () => {
  const client = new FakeClient();
  const lines: string[] = [];
  const pipe = runPipe({
    client,
    clock: new FakeClock(),
    input: ReadableStream.from(["hello\n", "again\n"])
      .pipeThrough(new TextEncoderStream()),
    writeLine: async (line) => {
      lines.push(JSON.parse(line).type);
      await eventLoopTurn();
    },
    warn: (text) => lines.push(text),
    format: "json",
    commands: false,
    listen: true,
    history: 0,
  });
  client.connect(true);
  while (client.asked.length < 2) await eventLoopTurn();
  client.say("bob", "one", NOON_MS);
  client.ack(NOON_MS);
  client.say("bob", "two", NOON_MS);
  client.say("bob", "three", NOON_MS);
  client.ack(NOON_MS);
  client.say("bob", "four", NOON_MS);
  while (lines.length < 7) await eventLoopTurn();
  assertEquals(
    lines,
    ["welcome", "chat", "ack", "chat", "chat", "ack", "chat"],
  );
  await client.close();
  await pipe;
});

test("what a server says itself is shown as its own words", async () => {
  const client = new FakeClient();
  const lines: string[] = [];
  const pipe = runPipe({
    client,
    clock: new FakeClock(),
    input: new ReadableStream(),
    writeLine: (line) => Promise.resolve(void lines.push(line)),
    warn: () => {},
    format: "text",
    commands: false,
    listen: true,
    history: 0,
  });
  client.connect(true);
  client.hear({ type: "notice", text: "bob joined lobby" });
  client.hear({ type: "error", code: "busy", text: "later" });
  client.hear({ type: "joined", room: "lobby", name: "bob", at: NOON_MS });
  while (lines.length < 3) await eventLoopTurn();
  assertEquals(lines, [
    "* server: bob joined lobby",
    "! server: later",
    "* bob joined lobby",
  ]);
  await client.close();
  await pipe;
});

scenario(
  "pipe: a hundred thousand lines come through one pipe into another, all and in order",
  async () => {
    await using server = await hosted("--rate", "0");
    await using home = new Home();
    await using listener = new Process(
      ["join", server.address, "--trust-new", "--json", "--listen"],
      home.file("listener"),
    );
    await listener.lines.next((line) => line.includes('"welcome"'), "a start");
    await using speaker = new Process(
      ["join", server.address, "--trust-new", "--name", "pat"],
      home.file("pat"),
    );
    const chunk = 1_000;
    for (let from = 1; from <= LINES; from += chunk) {
      const lines = Array.from({ length: chunk }, (_, n) => `line ${from + n}`);
      await speaker.write(lines.join("\n"));
    }
    await speaker.endInput();
    assertEquals((await speaker.ended()).code, 0, speaker.stderr);
    const { all } = listener.lines;
    // That the speaker left may come behind it.
    const isLast = () =>
      all.slice(-2).some((line) => line.includes(`"line ${LINES}"`));
    await listener.lines.until(isLast, "the last line");
    const heard = all.map((line) => JSON.parse(line) as Record<string, string>)
      .filter(({ type }) => type === "chat").map(({ txt }) => txt);
    assertEquals(heard.length, LINES);
    assert(heard.every((txt, at) => txt === `line ${at + 1}`));
  },
);

scenario(
  "pipe: one whose reader has had enough ends, though its own input goes on",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    await using speaker = new Process(
      ["join", server.address, "--trust-new", "--name", "pat", "--json"],
      home.file("pat"),
    );
    await speaker.lines.next((line) => line.includes('"welcome"'), "a start");
    const allow =
      "--allow-net --allow-read --allow-write --allow-env --allow-sys";
    const program = Deno.env.get("CONFAB_PROGRAM") ??
      `'${Deno.execPath()}' run --no-prompt ${allow} main.ts`;
    const reader =
      `${program} join ${server.address} --trust-new --json --listen`;
    const child = new Deno.Command("sh", {
      args: ["-c", `(${reader}; echo "status $?" >&2) | head -n 3`],
      env: { CONFAB_DATA: home.file("reader") },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const output = child.output();
    await speaker.lines.next((line) => line.includes('"joined"'), "the reader");
    // Three lines are what it wants; one more tells the program that nobody reads.
    for (let n = 1; n <= 4; n++) await speaker.write(`line ${n}`);
    const { stdout, stderr } = await output;
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    assertEquals(lines.length, 3);
    assertEquals(new TextDecoder().decode(stderr), "status 0\n");
    await child.stdin.abort().catch(() => {});
  },
);

scenario(
  "pipe: a command that says goodbye is the end, though the input goes on",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    const flags = ["--trust-new", "--name", "pat", "--commands"];
    await using process = new Process(
      ["join", server.address, ...flags],
      home.file("pat"),
    );
    await process.write("last words\n/close");
    assertEquals((await process.ended()).code, 0, process.stderr);
  },
);

scenario(
  "pipe: with --json what is asked is answered by lines of the wire, in the order in which it was asked",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    const flags = ["--trust-new", "--name", "pat", "--commands", "--json"];
    const lines = ["one", "/two?", "//two", "/topic", "/history 2", "three"];
    const { code, stdout, stderr } = await run(
      ["join", server.address, ...flags],
      home,
      lines,
    );
    assertEquals(code, 1);
    const answers = stdout.trim().split("\n").map((line) => JSON.parse(line))
      .filter(({ id }) => id !== undefined);
    assertEquals(
      answers.map(({ type, seq, code }) => [type, seq ?? code]),
      [
        ["ack", 1],
        ["error", "unknown-command"],
        ["ack", 2],
        ["notice", undefined],
        ["history", undefined],
        ["ack", 3],
      ],
    );
    const [, , , , page] = answers;
    assertEquals(
      page.messages.map(({ txt }: { txt: string }) => txt),
      ["one", "//two"],
    );
    assertEquals(stderr, "");
  },
);

scenario(
  "pipe: in text answers are shown to a person, and acks are not",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    const flags = ["--trust-new", "--name", "pat", "--commands"];
    const { code, stdout } = await run(
      ["join", server.address, ...flags],
      home,
      ["one", "/users", "/history"],
    );
    assertEquals(code, 0);
    assertEquals(
      stdout.replace(/^\[\d\d:\d\d\]/gm, "[12:03]"),
      "* in lobby: pat\n[12:03] pat: one\n",
    );
  },
);

scenario(
  "pipe: each question of --commands is answered to a person, whatever the rate, and a refusal is one line and status 1",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    const flags = ["--trust-new", "--name", "pat", "--commands"];
    const { code, stdout, stderr } = await run(
      ["join", server.address, ...flags],
      home,
      [
        ...["one two", "/history", "/search two", "/users", "/list"],
        ...["/nonsense", "/whois pat", "/whois nobody", "/help topic"],
        ...["/search two", "/history 1", "three", "/history 1"],
      ],
    );
    assertEquals(code, 1);
    const lines = stdout.trimEnd().split("\n");
    assertEquals(lines.filter((line) => line.endsWith(": one two")).length, 4);
    assert(lines.at(-1)!.endsWith("] pat: three"), stdout);
    for (
      const start of ["* in lobby: pat", "* lobby (1)", "* pat is SHA256:"]
    ) {
      assert(lines.some((line) => line.startsWith(start)), stdout);
    }
    assert(stdout.includes("/topic [TEXT]"), stdout);
    assertEquals(stderr.trimEnd().split("\n"), [
      "confab: server: there is no command /nonsense: /help lists the commands",
      "confab: server: nobody is called nobody",
    ]);
    assert(!stdout.includes("nonsense"), stdout);
  },
);

scenario(
  "pipe: a line that cannot be said is the end, though the input goes on",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    const flags = ["--trust-new", "--name", "pat", "--commands"];
    await using process = new Process(
      ["join", server.address, ...flags],
      home.file("pat"),
    );
    await process.write("/leave\nto nobody");
    assertEquals((await process.ended()).code, 1);
    assertEquals(
      process.stderr,
      "confab: server: you are in no room: /join ROOM enters one\n",
    );
  },
);
