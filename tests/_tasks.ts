/** The commands of the tasks, for tests that do what a task does. */
import config from "../deno.json" with { type: "json" };

/** What a task may say before all else on standard error, where it takes long. */
export const FETCHING = "fetching packages, at the first start only …";

type TaskName = "server" | "client" | "status" | "confab" | "bench-machine";

/**
 * The arguments of the `deno run` that a task of the program ends with, behind which flags come.
 * Another module may be run in its place, with the same permissions.
 */
export function runArgs(task: TaskName, module = "main.ts"): string[] {
  const [, run] = /&& CONFAB_CALLED='[^']*' deno (run .*)$/.exec(
    config.tasks[task].command,
  )!;
  return run!.replaceAll("'", "").split(" ")
    .map((word) => word === "main.ts" ? module : word);
}
