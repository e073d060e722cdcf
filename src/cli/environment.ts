/** What a subcommand has of the process: its words, the environment, files, and where to write. */
import { ConfabError } from "../base/errors.ts";
import type { KeyPair } from "../secure/x25519.ts";
import { loadOrCreateIdentity } from "../trust/identity_file.ts";
import { readPrivateFile } from "../trust/private_file.ts";
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

/** The name of this account, where the environment has it. */
export function accountName(): string | undefined {
  return env("USER") ?? env("USERNAME");
}

/** The key pair of `--identity`, else of this account; made when there is none. */
export async function loadOwnIdentity(
  path: string | undefined,
): Promise<KeyPair> {
  return await loadOrCreateIdentity(path ?? `${ownDataDir()}/identity`);
}

/** Writes a line for a person to standard error. */
export function tell(text: string): void {
  console.error(text);
}

/**
 * The password that a command was given: in a file, less its last line feed, or in the environment.
 *
 * @throws {ConfabError} `key-file` when the file cannot be read, is open to others, or is empty.
 */
export async function readPassword(
  options: Record<"passwordFile" | "password", string | undefined>,
): Promise<string | undefined> {
  const path = options.passwordFile;
  if (path === undefined) return options.password;
  const password = (await readPrivateFile(path)).replace(/\r?\n$/, "");
  if (password !== "") return password;
  throw new ConfabError("key-file", `the password file ${path} is empty`);
}
