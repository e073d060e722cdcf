/**
 * The one executable: made by the task `compile`, then server and client of it talk.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { unless } from "../_testing.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

interface Built {
  readonly path?: string;
  /** Why there is none. */
  readonly reason?: string;
}

/**
 * Runs the task by the Deno that `COMPILE_DENO` names, or this one, into a directory of its own.
 */
async function build(directory: string): Promise<Built> {
  const path = `${directory}/confab`;
  const compiler = Deno.env.get("COMPILE_DENO");
  const { success, stderr } = await new Deno.Command(
    compiler ?? Deno.execPath(),
    {
      args: ["task", "-q", "compile"],
      cwd: ROOT,
      // Colours would stand in the reason, and that in a test's name.
      env: { NO_COLOR: "1", CONFAB_EXECUTABLE: path },
      stdout: "null",
      stderr: "piped",
    },
  ).output();
  if (success) return { path };
  const said = new TextDecoder().decode(stderr).trim();
  // With a compiler that was given, a failure is one of the program.
  if (compiler !== undefined) throw new Error(`compiling failed: ${said}`);
  const line =
    said.split("\n").find((text) => /error|denort|download/i.test(text)) ??
      said;
  return { reason: line };
}

const directory = await Deno.makeTempDir({ prefix: "confab-compile-" });
const built = await build(directory);
globalThis.addEventListener(
  "unload",
  () => Deno.removeSync(directory, { recursive: true }),
);

const missing = built.path === undefined
  ? `no runtime to compile with: ${built.reason}`
  : undefined;

Deno.test({
  ...unless(missing, "the executable serves, and pipes of it talk"),
  async fn() {
    const program = built.path!;
    const env = { CONFAB_DATA: `${directory}/data`, NO_COLOR: "1" };
    const server = new Deno.Command(program, {
      args: ["serve", "--port", "0"],
      env,
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const lines = server.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    try {
      const { value: ready = "" } = await lines.read();
      assertMatch(
        ready,
        /^confab \S+ listening on 127\.0\.0\.1:\d+ SHA256:\S{43}\n$/,
      );
      const [, address, fingerprint] = /on (\S+) (\S+)/.exec(ready)!;
      const say = await pipe(program, env, [
        "join",
        address!,
        "--fingerprint",
        fingerprint!,
      ], "hello\nfrom one file\n");
      assertEquals(say, { code: 0, lines: [] });
      const hear = await pipe(program, env, [
        "join",
        address!,
        "--json",
        "--history",
        "2",
      ], "");
      assertEquals(hear.code, 0);
      const texts = hear.lines.map((line) => JSON.parse(line)).filter((
        { type },
      ) => type === "chat").map(({ txt }) => txt);
      assertEquals(texts, ["hello", "from one file"]);
    } finally {
      server.kill("SIGTERM");
      await lines.cancel();
      assert((await server.status).success);
    }
  },
});

Deno.test({
  ...unless(missing, "the executable has the threads of its benchmark"),
  async fn() {
    const { code, stdout, stderr } = await new Deno.Command(built.path!, {
      args: ["bench", "--people", "4", "--seconds", "20", "--json"],
      env: { CONFAB_DATA: `${directory}/data` },
    }).output();
    const decoder = new TextDecoder();
    assertEquals([code, decoder.decode(stderr)], [0, ""]);
    const { faultCount, room } = JSON.parse(decoder.decode(stdout));
    assertEquals([faultCount, room.people], [0, 4]);
  },
});

async function pipe(
  program: string,
  env: Record<string, string>,
  args: string[],
  input: string,
): Promise<{ code: number; lines: string[] }> {
  const child = new Deno.Command(program, {
    args,
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout } = await child.output();
  return {
    code,
    lines: new TextDecoder().decode(stdout).split("\n").filter((line) =>
      line !== ""
    ),
  };
}
