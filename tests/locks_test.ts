/**
 * Deno fetches at a first start what stands in `deno.lock`, and what `deno.json` imports: the
 * packages that the program reaches, and nothing that only the page, tests and bench need. That is
 * named in `build/packages` and `tests/packages`, and stands in `tests/deno.lock`.
 */
import { assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };

const ROOT = new URL("../", import.meta.url).pathname;
const AGAIN = "`deno task lock` makes it again";

interface Locked {
  readonly specifiers: Record<string, string>;
  readonly npm: Record<string, unknown>;
}

interface Graph {
  readonly modules: readonly { readonly npmPackage?: string }[];
  readonly npmPackages: Record<string, { readonly dependencies: string[] }>;
}

const program = lockedBy("deno.lock");
const tests = lockedBy("tests/deno.lock");

function lockedBy(path: string): Locked {
  return JSON.parse(Deno.readTextFileSync(`${ROOT}${path}`));
}

async function graphOf(module: string): Promise<Graph> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    // That of the tests, which has all packages: nothing is chosen anew, whatever deno.lock lacks.
    args: ["info", "--json", "--lock=tests/deno.lock", module],
    cwd: ROOT,
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The packages that a module reaches, with those that they need themselves. */
async function reachedBy(module: string): Promise<Set<string>> {
  const { modules, npmPackages } = await graphOf(module);
  const reached = new Set<string>();
  const visit = (name: string) => {
    if (reached.has(name)) return;
    reached.add(name);
    npmPackages[name]!.dependencies.forEach(visit);
  };
  for (const { npmPackage } of modules) if (npmPackage) visit(npmPackage);
  return reached;
}

Deno.test("deno.lock names the packages that the program reaches, and no others", async () => {
  const threads = config.tasks.compile.command.matchAll(/--include (\S+)/g);
  const modules = ["main.ts", ...Array.from(threads, ([, path]) => path!)];
  const reached = await Promise.all(modules.map(reachedBy));
  const names = new Set(reached.flatMap((some) => [...some]));
  assertEquals(Object.keys(program.npm).sort(), [...names].sort(), AGAIN);
});

Deno.test("both lock files mean the same packages", () => {
  for (const part of ["specifiers", "npm"] as const) {
    for (const [name, value] of Object.entries(program[part])) {
      assertEquals(tests[part][name], value, `${name}: ${AGAIN}`);
    }
  }
});

Deno.test("deno.json imports the packages of the program, and no others", () => {
  const imported = Object.values(config.imports).flatMap((to) =>
    /^npm:((?:@[^/]+\/)?[^/]+)/.exec(to)?.[1] ?? []
  );
  const others = imported.filter((name) => !(name in program.npm));
  // `deno task` fetches them all: what others need is named in build/packages and tests/packages.
  assertEquals(others, []);
});
