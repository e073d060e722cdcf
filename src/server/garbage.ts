/** The engine's collector of garbage, where a program may call it. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A full collection: some 20 ms for each 1,000 connections. `undefined` where there is none. */
export function garbageCollector(): (() => void) | undefined {
  try {
    // Contexts that are made from here on have it; it is not put where the rest could call it.
    setFlagsFromString("--expose-gc");
    const collect: unknown = runInNewContext("globalThis.gc");
    return typeof collect === "function" ? () => void collect() : undefined;
  } catch {
    return undefined;
  }
}
