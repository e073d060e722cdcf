/**
 * `deno compile`, by the Deno that runs this, with the flags that are given and without what it
 * would take for code: a package that counts for `/metrics` brings two megabytes of words for its
 * own tests, in a file without an ending, and the compiler overflows its stack when it parses them.
 */
import { join } from "node:path";

/** Packages in the cache, and what of them no program needs. */
const LEFT_OUT = [{ name: "bintrees", folder: "test" }];
const ENTRY = "main.ts";
/** Where the executable goes, if not where the flags say. */
const output = Deno.env.get("CONFAB_EXECUTABLE");

async function deno(...args: string[]): Promise<string> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args,
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (code !== 0) Deno.exit(code);
  return new TextDecoder().decode(stdout);
}

/** The folders inside a folder; none where there is no such folder. */
async function foldersOf(path: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(path));
    return entries.filter((one) => one.isDirectory)
      .map(({ name }) => join(path, name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** What is left out lies in a folder of each registry, by the version. */
async function leftOut(): Promise<string[]> {
  const { npmCache } = JSON.parse(await deno("info", "--json"));
  const paths: string[] = [];
  for (const registry of await foldersOf(npmCache)) {
    for (const { name, folder } of LEFT_OUT) {
      const versions = await foldersOf(join(registry, name));
      paths.push(...versions.map((version) => join(version, folder)));
    }
  }
  return paths;
}

// They are in the cache from then on.
await deno("cache", "--quiet", ENTRY);
const excluded = (await leftOut()).flatMap((path) => ["--exclude", path]);
const flags = Deno.args.map((flag, at) =>
  output !== undefined && Deno.args[at - 1] === "--output" ? output : flag
);
await deno("compile", ...excluded, ...flags);
