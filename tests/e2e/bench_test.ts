/** `confab bench` as a process: a short run of the real thing, and its end by a signal. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Home, Process } from "./_program.ts";

interface Result {
  people: number;
  stop: string;
  sealed: boolean;
  faultCount: number;
  steps: { people: number; isComplete: boolean; messagesPerSecond: number }[];
  room: { people: number; deliveriesPerSecond: number };
}

/** Runs the benchmark, with its temporary files in the home; `start` is called when it has them. */
async function bench(
  home: Home,
  flags: string[],
  start?: (process: Process) => void,
) {
  const temporary = home.file("temporary");
  Deno.mkdirSync(temporary);
  const watcher = Deno.watchFs(temporary);
  const env = { TMPDIR: temporary };
  await using process = new Process(
    ["bench", ...flags],
    home.file("home"),
    env,
  );
  if (start !== undefined) {
    for await (const { kind } of watcher) if (kind === "create") break;
    start(process);
  } else watcher.close();
  const { code } = await process.ended();
  const { stdout, stderr } = process;
  const leftovers = Array.from(Deno.readDirSync(temporary), (one) => one.name)
    .filter((name) => name.startsWith("confab-bench-"));
  return { code, stdout, stderr, leftovers };
}

Deno.test("bench brings simulated people to a server of its own, and says how it went", async () => {
  await using home = new Home();
  // So many a minute as it takes for each to say something in the short time of talking.
  const flags = ["--people", "12", "--seconds", "20", "--rate", "120"];
  const { code, stdout, stderr, leftovers } = await bench(
    home,
    [...flags, "--json"],
  );
  assertEquals([code, stderr, leftovers], [0, "", []]);
  const result: Result = JSON.parse(stdout);
  assertEquals(stdout.trim().split("\n").length, 1);
  assertEquals([result.sealed, result.faultCount], [true, 0]);
  assertEquals(result.steps[0]!.people, 10);
  assert(result.steps.every((step) => step.messagesPerSecond > 0));
  assertEquals(result.room.people, 12);
  assert(result.room.deliveriesPerSecond > 0);
});

Deno.test("bench answers in words, of plain connections too", async () => {
  await using home = new Home();
  const flags = ["--people", "4", "--seconds", "20", "--plain"];
  const { code, stdout, stderr } = await bench(home, flags);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^This machine can(not)? hold .*people/);
  assertMatch(stdout, /^people +rooms +said\/s +delivered\/s/m);
});

Deno.test({
  name: "bench that is interrupted says what is known so far",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using home = new Home();
    const flags = ["--seconds", "3600", "--json"];
    const { code, stdout, stderr, leftovers } = await bench(
      home,
      flags,
      (process) => process.kill("SIGINT"),
    );
    assertEquals([code, leftovers], [0, []], stderr);
    const result: Result = JSON.parse(stdout);
    assertEquals(result.stop, "halted");
  },
});

Deno.test("bench refuses what it cannot do", async () => {
  await using home = new Home();
  const { code, stderr } = await bench(home, ["--people", "none"]);
  assertEquals(code, 2);
  assertMatch(stderr, /--people/);
});
