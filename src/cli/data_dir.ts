/** Where a person's keys, pins and, for a server, the history are kept. */
import { UsageError } from "../base/errors.ts";

/**
 * The data directory: `$CONFAB_DATA`, else `confab` in the platform's place for data. Empty
 * variables count as not set.
 *
 * @throws {UsageError} when the platform's place cannot be known.
 */
export function dataDir(
  env: (name: string) => string | undefined,
  os: typeof Deno.build.os,
): string {
  const own = env("CONFAB_DATA");
  if (own) return own;
  if (os === "windows") {
    return `${required(env, "LOCALAPPDATA")}\\confab`;
  }
  if (os === "darwin") {
    return `${required(env, "HOME")}/Library/Application Support/confab`;
  }
  // The XDG Base Directory Specification: a relative path is invalid and must be ignored.
  const xdg = env("XDG_DATA_HOME");
  const base = xdg?.startsWith("/")
    ? xdg
    : `${required(env, "HOME")}/.local/share`;
  return `${base}/confab`;
}

function required(
  env: (name: string) => string | undefined,
  name: string,
): string {
  const value = env(name);
  if (value) return value;
  throw new UsageError(
    `finding the data directory: $${name} is not set; set it, or CONFAB_DATA to a directory of your choice`,
  );
}
