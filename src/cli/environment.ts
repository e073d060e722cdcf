/** What a subcommand has of the world around it: its words, the environment, files, and where to write. */
import { describeError } from "../errors.ts";
import { dataDir } from "./data_dir.ts";
import type { CommandTable } from "./option_table.ts";
import { type ReadOptions, readOptions } from "./options.ts";

/** Reads a subcommand's options from the process's own environment and files. */
export function readProcessOptions<const Table extends CommandTable>(
  table: Table,
  argv: readonly string[],
): ReadOptions<Table> {
  return readOptions(table, {
    argv,
    env,
    readText: (path) => Deno.readTextFileSync(path),
  });
}

/** A variable of the environment; one that may not be read counts as not there. */
export function env(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined;
  }
}

/** The data directory of this account. */
export function ownDataDir(): string {
  return dataDir(env, Deno.build.os);
}

/** Writes a line for a person to standard error. */
export function tell(text: string): void {
  console.error(text);
}

/** Writes an error as the one line that it is. */
export function tellError(error: unknown): void {
  tell(`confab: ${describeError(error)}`);
}
