/** The variables of the environment. */

/** A variable of the environment; one that may not be read counts as not there. */
export function env(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined;
  }
}
