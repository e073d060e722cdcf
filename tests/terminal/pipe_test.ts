import { assert, assertEquals } from "@std/assert";
import { Home, Process, Server } from "../foreign/program.ts";
import { scenario } from "../foreign/scenario.ts";

const LINES = 100_000;

scenario(
  "pipe: a hundred thousand lines come through a pipe into another, all and in order",
  async () => {
    await using server = await Server.start("--rate", "0");
    await using home = new Home();
    await using listener = new Process(
    ["join", server.address, "--trust-new", "--json", "--listen"],
    home.file("listener"),
  );
  await listener.lines.next((line) => line.includes('"welcome"'), "a start");
  const flags = ["--trust-new", "--name", "pat"];
  await using speaker = new Process(
    ["join", server.address, ...flags],
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
  const isLast = () => all.at(-1)?.includes('"type":"left"') ?? false;
  await listener.lines.until(isLast, "the speaker's leaving");
  const heard = all.map((line) => JSON.parse(line) as Record<string, string>)
    .filter(({ type }) => type === "chat").map(({ txt }) => txt);
  assertEquals(heard.length, LINES);
  assert(heard.every((txt, at) => txt === `line ${at + 1}`));
});
  },
);

scenario(
  "pipe: one whose server ends is over at once, though its input goes on",
  async () => {
    await using server = await Server.start();
    await using home = new Home();
    const flags = ["--trust-new", "--name", "lis", "--commands"];
    await using process = new Process(
      ["join", server.address, ...flags],
      home.file("lis"),
    );
    await process.write("/close");
    const { code } = await process.ended();
    assertEquals(code, 1);
    assert(process.stderr.includes("confab: "), process.stderr);
  },
);
