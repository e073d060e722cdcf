/** Where a certificate comes from, again and again. */
import { describeError } from "../base/errors.ts";
import type { Certificate } from "./certificate.ts";

/** A certificate, and what is to be said of its files, though they are usable. */
export interface Loaded {
  readonly certificate: Certificate;
  readonly warnings: readonly string[];
}

/** `now`: milliseconds UTC. */
export interface CertificateSource {
  /** Another text when there may be another certificate. Never rejects. */
  state(now: number): Promise<string>;
  /** @throws {ConfabError} `key-file`, naming the file that is at fault. */
  load(now: number): Promise<Loaded>;
}

/** What tells these files from others of the same names. */
export async function stateOfFiles(paths: readonly string[]): Promise<string> {
  const states = paths.map(async (path) => {
    try {
      const { mtime, size, ino, mode } = await Deno.stat(path);
      return `${mtime?.getTime()} ${size} ${ino} ${mode}`;
    } catch (error) {
      return describeError(error);
    }
  });
  return (await Promise.all(states)).join("; ");
}
