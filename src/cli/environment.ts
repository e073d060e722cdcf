/** What a subcommand has of the process: its words, the environment, files, and where to write. */
import { ConfabError, UsageError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import type { KeyPair } from "../secure/x25519.ts";
import { loadOrCreateIdentity } from "../trust/identity_file.ts";
import { readPrivateFile } from "../trust/private_file.ts";
import { calledAs, withCommandsAs } from "./called.ts";
import { isYamlPath } from "./config_file.ts";
import { env } from "./env.ts";
import type { CommandTable } from "./option_table.ts";
import { type ReadOptions, readOptions } from "./options.ts";
import { passphrasesOf } from "./passphrases.ts";

/** Reads a subcommand's options from the process's own environment and files. */
export function readProcessOptions<const Table extends CommandTable>(
  table: Table,
  argv: readonly string[],
): ReadOptions<Table> {
  return readOptions(table, { argv, env, readText: Deno.readTextFileSync });
}

/**
 * As {@linkcode readProcessOptions}, of a command with `--config`: what reads YAML is loaded where a
 * file of it may be named.
 */
export async function readConfiguredOptions<const Table extends CommandTable>(
  table: Table,
  argv: readonly string[],
): Promise<ReadOptions<Table>> {
  const isYaml = [...argv, env("CONFAB_CONFIG") ?? ""].some(isYamlPath);
  const parseYaml = isYaml
    ? (await import("@std/yaml/parse")).parse
    : undefined;
  const readText = Deno.readTextFileSync;
  const sources = { argv, env, readText, ...given({ parseYaml }) };
  return readOptions(table, sources);
}

/** The data directory of this account. */
export function ownDataDir(): string {
  return dataDir(env, Deno.build.os);
}

/**
 * Where a person's keys, pins and, for a server, the history are kept: `$CONFAB_DATA`, else
 * `confab` in the platform's place for data. Empty variables count as not set.
 *
 * @throws {UsageError} when the platform's place cannot be known.
 */
export function dataDir(
  env: (name: string) => string | undefined,
  os: typeof Deno.build.os,
): string {
  const required = (name: string): string => {
    const value = env(name);
    if (value) return value;
    throw new UsageError(
      `finding the data directory: $${name} is not set; set it, or CONFAB_DATA to a directory of your choice`,
    );
  };
  const own = env("CONFAB_DATA");
  if (own) return own;
  if (os === "windows") return `${required("LOCALAPPDATA")}\\confab`;
  if (os === "darwin") {
    return `${required("HOME")}/Library/Application Support/confab`;
  }
  // The XDG Base Directory Specification: a relative path is invalid and must be ignored.
  const xdg = env("XDG_DATA_HOME");
  const base = xdg?.startsWith("/") ? xdg : `${required("HOME")}/.local/share`;
  return `${base}/confab`;
}

/** The name of this account, where the environment has it. */
export function accountName(): string | undefined {
  return env("USER") ?? env("USERNAME");
}

/** The file of `--identity`, else of this account. */
export function ownIdentityPath(given: string | undefined): string {
  return given ?? `${ownDataDir()}/identity`;
}

/** The passphrase of one's own key, where the environment has it. */
export function givenPassphrase(): string | undefined {
  return env("CONFAB_PASSPHRASE") || undefined;
}

/**
 * The key pair of `--identity`, else of this account; made when there is none. The passphrase
 * is asked for where there is one and it is not given.
 *
 * @throws {ConfabError} `key-file` when the file is not usable, `passphrase` when it does not open.
 */
export function loadOwnIdentity(
  path: string | undefined,
  passphrase = givenPassphrase(),
): Promise<KeyPair> {
  const passphrases = passphrasesOf(passphrase);
  return loadOrCreateIdentity(ownIdentityPath(path), passphrases);
}

/** Writes a line for a person to standard error, with commands as they are typed here. */
export function tell(text: string): void {
  const called = calledAs(env, Deno.version.deno);
  console.error(withCommandsAs(called, text));
}

/**
 * The password that a command was given: in a file, less its last line feed, or in the environment.
 *
 * @throws as {@linkcode readSecret}.
 */
export function readPassword(
  { passwordFile, password }: Record<
    "passwordFile" | "password",
    string | undefined
  >,
): Promise<string | undefined> {
  return readSecret("password", passwordFile, password);
}

/**
 * A secret of a file, less its last line feed, else of the environment.
 *
 * @throws {ConfabError} `key-file` when the file cannot be read, is open to others, or is empty.
 */
export async function readSecret(
  what: string,
  path: string | undefined,
  given: string | undefined,
): Promise<string | undefined> {
  if (path === undefined) return given;
  const secret = (await readPrivateFile(path)).replace(/\r?\n$/, "");
  if (secret !== "") return secret;
  throw new ConfabError("key-file", `the ${what} file ${path} is empty`);
}
