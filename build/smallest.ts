/**
 * The compiler that Deno brings along writes a script for speed of the build. A second one, which
 * takes its time, saves the page another 2 KB after the compression.
 */
import { minify } from "terser";

/** Nothing that it calls unsafe: the page breaks. */
const OPTIONS = {
  module: true,
  ecma: 2020,
  compress: { passes: 3 },
} as const;

/** The script in fewer bytes. */
export async function smallest(script: string): Promise<string> {
  const { code } = await minify(script, OPTIONS);
  if (code === undefined) throw new Error("no script");
  return code;
}
