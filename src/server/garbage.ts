/** The engine's collector of garbage, where a program may call it. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What the engine does when nothing is left: it also gives back what it has free. */
const ALL = { type: "major", flavor: "last-resort" };

/**
 * A full collection: some 20 ms for each 1,000 connections. `undefined` where there is none: Deno
 * before 2.9 has it only with `--v8-flags=--expose-gc`.
 */
export function garbageCollector(): (() => void) | undefined {
  const collect = (globalThis as { gc?: unknown }).gc ?? ownCollector();
  return typeof collect === "function" ? () => void collect(ALL) : undefined;
}

/** Contexts that are made after the flag is set have it. */
function ownCollector(): unknown {
  try {
    setFlagsFromString("--expose-gc");
    return runInNewContext("globalThis.gc");
  } catch {
    return undefined;
  }
}
