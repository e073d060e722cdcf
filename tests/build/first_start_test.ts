/** The first start of all: nothing is in the cache, and the registry of packages is slow. */
import { assert, assertEquals } from "@std/assert";
import { TextLineStream } from "@std/streams/text-line-stream";
import { FETCHING } from "../_tasks.ts";
import { unless } from "../_testing.ts";
import { Home, Server } from "../e2e/_program.ts";
import { hasTmux, Pane } from "../terminal/_tmux.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const SIZE = { columns: 100, rows: 30 };
/** Each server takes a free one: what is compared does not depend on which. */
const PORT = /(?<=\d):\d{2,5}\b/g;

/** Starts the slow registry; gives its address, or `undefined` where there is none to pass on. */
async function slowRegistry(): Promise<
  { url: string; process: Deno.ChildProcess } | undefined
> {
  const npm = await new Deno.Command("npm", {
    args: ["config", "get", "registry"],
    stderr: "null",
  }).output().catch(() => undefined);
  const other = npm === undefined
    ? ""
    : new TextDecoder().decode(npm.stdout).trim();
  if (!URL.canParse(other)) return undefined;
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--lock=tests/deno.lock",
      "--no-prompt",
      "--allow-net",
      "tests/build/_slow_registry.ts",
      other,
    ],
    cwd: ROOT,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const url of lines) return { url, process };
  return undefined;
}

const registry = await hasTmux() ? await slowRegistry() : undefined;
const missing = registry === undefined
  ? "no tmux, npm or registry"
  : Deno.env.has("CONFAB_PROGRAM")
  ? "an executable is tested"
  : undefined;

Deno.test.afterAll(async () => {
  registry?.process.kill();
  await registry?.process.status;
});

/** What a person sees who runs a task, once the last row is as it should be. */
async function screenOf(
  words: string,
  env: Record<string, string>,
  isWhole: (last: string) => boolean,
): Promise<string[]> {
  const script = `'${Deno.execPath()}' ${words}`;
  const inRoot = `trap : INT; cd '${ROOT}'; ${script}; echo ended; cat`;
  await using pane = await Pane.run(inRoot, env, SIZE);
  const rows = await pane.until(
    (rows) => isWhole(rows.at(-1)!),
    "the last row",
  );
  await pane.press("C-c");
  await pane.last("ended");
  return rows.filter((row) => row !== FETCHING)
    .map((row) => row.replaceAll(PORT, ":PORT"));
}

/** The packages in a cache. */
async function packagesIn(cache: string): Promise<string[]> {
  const packages: string[] = [];
  for await (const { name: host } of Deno.readDir(`${cache}/npm`)) {
    for await (const { name } of Deno.readDir(`${cache}/npm/${host}`)) {
      if (!name.startsWith("@")) packages.push(name);
      else {
        const scope = `${cache}/npm/${host}/${name}`;
        for await (const one of Deno.readDir(scope)) {
          packages.push(`${name}/${one.name}`);
        }
      }
    }
  }
  return packages;
}

const locked = JSON.parse(await Deno.readTextFile(`${ROOT}deno.lock`));
const ofProgram = Object.keys(locked.npm).map((name) =>
  name.slice(0, name.lastIndexOf("@"))
);

/**
 * The first screen is whole, whatever had to be fetched, and no more is than the program needs.
 * Deno's own lines may stand before it, unless it is told to be quiet.
 */
function test(
  name: string,
  task: () => Promise<AsyncDisposable & { words: string }>,
  isWhole: (last: string) => boolean,
): void {
  Deno.test({
    ...unless(missing, `first start: ${name}`),
    async fn() {
      await using home = new Home();
      await using running = await task();
      const env = {
        NO_COLOR: "1",
        TERM: "screen",
        HOME: home.path,
        CONFAB_DATA: home.file("data"),
      };
      const own = Deno.env.get("DENO_DIR") ??
        `${Deno.env.get("HOME")}/.cache/deno`;
      const cached = await screenOf(
        `task -q ${running.words}`,
        { ...env, DENO_DIR: own },
        isWhole,
      );
      const empty = (name: string) => ({
        ...env,
        DENO_DIR: home.file(name),
        NPM_CONFIG_REGISTRY: registry!.url,
      });
      const quiet = await screenOf(
        `task -q ${running.words}`,
        empty("quiet"),
        isWhole,
      );
      assertEquals(quiet, cached);
      const loud = await screenOf(
        `task ${running.words}`,
        empty("loud"),
        isWhole,
      );
      assertEquals(loud.slice(-cached.length), cached);
      const packages = await packagesIn(home.file("quiet"));
      assert(packages.length > 0);
      assertEquals(packages.filter((one) => !ofProgram.includes(one)), []);
    },
  });
}

test(
  "a server's",
  () =>
    Promise.resolve({
      words: "server --port 0",
      async [Symbol.asyncDispose]() {},
    }),
  (last) => last.startsWith("for others"),
);

test("a client's", async () => {
  const server = await Server.start();
  return {
    words: `client 127.0.0.1:${server.port} --name ann`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}, (last) => /\?|\[y/.test(last));
