/**
 * What a person types to run this program: messages name its commands as `confab …`, which exists
 * where the executable is installed; run from source it is a task.
 */

/** A command of the program in a message; `confab: …` and `confab 0.1.0` are none. */
const COMMANDS =
  /\bconfab(?= (?:serve|join|invite|status|id|forget|purge|rotate-key|bench|help|--help)\b)/g;

/**
 * What stands for `confab`: `CONFAB_CALLED` of the task that runs this, behind `npx` where that has
 * brought the runtime.
 */
export function calledAs(
  env: (name: string) => string | undefined,
  runtime: string,
): string {
  const called = env("CONFAB_CALLED");
  if (!called) return "confab";
  // What npm says of itself to what it runs.
  return env("npm_command") === "exec"
    ? called.replace(/^deno /, `npx -y deno@${runtime} `)
    : called;
}

/** A text for a person, with the commands in it as they are typed here. */
export function withCommandsAs(called: string, text: string): string {
  return called === "confab" ? text : text.replace(COMMANDS, () => called);
}
