/**
 * Fetches what the program needs before it runs, at a first start. Deno's own progress would be
 * drawn over what the program prints, so there is a line in its place, where it takes long.
 */

/** Nobody wonders sooner. */
const LONG_MS = 1_500;

const saying = setTimeout(() => {
  console.error("fetching packages, at the first start only …");
}, LONG_MS);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["cache", "--quiet", "main.ts"],
  stdin: "null",
  stdout: "null",
  stderr: "inherit",
}).output().finally(() => clearTimeout(saying));
Deno.exit(code);
