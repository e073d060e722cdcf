/**
 * The tasks by which people run the program from source, under this Deno and an older one
 * (`COMPILE_DENO`, which has no page).
 */
import { assertEquals, assertMatch } from "@std/assert";
import { FETCHING } from "../_tasks.ts";
import { unless } from "../_testing.ts";
import { Home } from "../e2e/_program.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const older = Deno.env.get("COMPILE_DENO");

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A Deno that runs tasks of the project, for somebody with a data directory of their own. */
class Tasks {
  readonly #deno: string;
  readonly #home: Home;

  constructor(deno: string, home: Home) {
    this.#deno = deno;
    this.#home = home;
  }

  /** Starts `deno task -q` with these words. */
  start(words: readonly string[]): Deno.ChildProcess {
    return new Deno.Command(this.#deno, {
      args: ["task", "-q", ...words],
      cwd: ROOT,
      env: {
        NO_COLOR: "1",
        CONFAB_DATA: this.#home.file("data"),
        // The tests may have been started by npx.
        npm_command: "",
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Runs one with this input to its end. */
  async run(words: readonly string[], input = ""): Promise<Result> {
    const child = this.start(words);
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    // A busy machine is slow enough.
    const err = decoder.decode(stderr).replace(`${FETCHING}\n`, "");
    return { code, out: decoder.decode(stdout), err };
  }
}

function test(name: string, fn: (tasks: Tasks) => Promise<void>): void {
  const denos = [
    { deno: Deno.execPath(), which: "this Deno", reason: undefined },
    {
      deno: older ?? "",
      which: "an older Deno",
      reason: older === undefined ? "none in COMPILE_DENO" : undefined,
    },
  ];
  for (const { deno, which, reason } of denos) {
    Deno.test({
      ...unless(reason, `tasks, ${which}: ${name}`),
      async fn() {
        await using home = new Home();
        await fn(new Tasks(deno, home));
      },
    });
  }
}

test("a server, a client and a look at how it does", async (tasks) => {
  const server = tasks.start(["server", "--port", "0"]);
  const errors = new Response(server.stderr).text();
  const lines = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    const { value: ready = "" } = await lines.read();
    const [, at, fingerprint] =
      /^confab \S+ listening on (127\.0\.0\.1:\d+) (SHA256:\S{43})\n$/
        .exec(ready)!;
    const flags = ["--fingerprint", fingerprint!, "--name", "ann"];
    const said = await tasks.run(["client", at!, ...flags], "hello\n");
    assertEquals(said, { code: 0, out: "", err: "" });
    const heard = await tasks.run(["client", at!, "--history", "1"]);
    assertMatch(heard.out, /^\[\d\d:\d\d\] ann: hello\n$/);
    const status = await tasks.run(["status", at!, "--json"]);
    assertEquals([status.code, status.err], [0, ""]);
    assertEquals(JSON.parse(status.out).server.fingerprint, fingerprint);
    // A signal may reach a launcher of Deno alone.
    const stopped = await tasks.run(
      ["client", at!, "--commands"],
      "/server stop\n",
    );
    assertEquals(stopped.code, 0, stopped.err);
    assertMatch(await errors, /INFO {2}stopped\n$/);
  } finally {
    try {
      server.kill("SIGKILL");
    } catch {
      // It has ended, as it should.
    }
    await lines.cancel();
    await server.stdin.close();
    await server.status;
  }
});

test("what messages tell one to type is there", async (tasks) => {
  const forgotten = await tasks.run(["confab", "forget", "chat.example"]);
  assertEquals([forgotten.code, forgotten.out], [1, ""]);
  const id = await tasks.run(["confab", "id"]);
  assertMatch(id.out, /^SHA256:\S{43}\n/);
  const help = await tasks.run(["confab", "serve", "--nonsense"]);
  assertMatch(help.err, /: deno task -q confab help serve lists them\n$/);
});
