/** How these tests run: nothing may leak, and nothing is permitted that is not named. */

type TestBody = (context: Deno.TestContext) => void | Promise<void>;

/** Why what takes a transport for a socket of Node cannot be tested here, if so. */
export const NO_WEB = /^2\.[0-8]\./.test(Deno.version.deno)
  ? "Deno 2.9 is needed"
  : undefined;

/**
 * A function that registers tests of one subject; each name goes on where the subject ends. They
 * are skipped if there is a reason.
 */
export function testsOf(
  subject: string,
  permissions: Deno.PermissionOptions = "none",
  reason?: string,
): (name: string, fn: TestBody) => void {
  return (name, fn) =>
    Deno.test({
      ...unless(reason, `${subject}: ${name}`),
      permissions,
      sanitizeOps: true,
      sanitizeResources: true,
      fn,
    });
}

/** The name of a test that is skipped if there is a reason; the name says it then, on one line. */
export function unless(
  reason: string | undefined,
  name: string,
): { name: string; ignore: boolean } {
  if (reason === undefined) return { name, ignore: false };
  const why = reason.replace(/\s+/g, " ").trim().slice(0, 120);
  return { name: `${name} (skipped: ${why})`, ignore: true };
}

/** What all random tests begin with: always the same, or `CONFAB_SEED`. */
export const SEED = Number(Deno.env.get("CONFAB_SEED") ?? 20_251_120);
const RUNS = Deno.env.get("CONFAB_TEST_RUNS");

/** What property tests run with; `CONFAB_TEST_RUNS` makes them longer. */
export function propertyOptions(
  numRuns: number,
): { seed: number; numRuns: number } {
  return { seed: SEED, numRuns: RUNS === undefined ? numRuns : Number(RUNS) };
}
