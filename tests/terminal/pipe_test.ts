import { assert, assertEquals } from "@std/assert";
import { Home, Process, Server } from "../e2e/_program.ts";
import { scenario } from "../e2e/_scenario.ts";

const LINES = 100_000;

scenario(
  "pipe: a hundred thousand lines come through one pipe into another, all and in order",
  async () => {
    await using server = await Server.start("--rate", "0");
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
    const isLast = () => all.at(-1)?.includes(`"line ${LINES}"`) ?? false;
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
    await using server = await Server.start();
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
    await using server = await Server.start();
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
