/** How these tests run: nothing may leak, and nothing is permitted that is not named. */

type TestBody = (context: Deno.TestContext) => void | Promise<void>;

interface Register {
  (name: string, fn: TestBody): void;
  /** Registers a test of something that does not hold yet; it is not run. */
  todo(name: string, fn: TestBody): void;
}

/** A function that registers tests of one subject; each name goes on where the subject ends. */
export function testsOf(
  subject: string,
  permissions: Deno.PermissionOptions = "none",
): Register {
  const register = (ignore: boolean) => (name: string, fn: TestBody) =>
    Deno.test({
      name: `${subject}: ${name}`,
      permissions,
      sanitizeOps: true,
      sanitizeResources: true,
      ignore,
      fn,
    });
  return Object.assign(register(false), { todo: register(true) });
}

const SEED = Number(Deno.env.get("CONFAB_TEST_SEED") ?? 20_251_120);
const RUNS = Deno.env.get("CONFAB_TEST_RUNS");

/** What property tests run with: a fixed seed, or the one of `CONFAB_TEST_SEED`; `CONFAB_TEST_RUNS` makes them longer. */
export function propertyOptions(
  numRuns: number,
): { seed: number; numRuns: number } {
  return { seed: SEED, numRuns: RUNS === undefined ? numRuns : Number(RUNS) };
}
