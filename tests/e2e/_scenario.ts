// How these tests run: sanitizers on, and a watchdog on everything that is awaited.

/** A watchdog is there to fail a test that hangs, never to pace one. */
export const WATCHDOG_MS = 60_000;

/** A test with Deno's sanitizers on, whatever the defaults of the runtime are. */
export function scenario(name: string, fn: () => Promise<void> | void): void {
  Deno.test({ name, fn, sanitizeOps: true, sanitizeResources: true });
}

/**
 * The promise's outcome, or an error that says what was awaited (`what` is made only then) after
 * `ms`.
 */
export async function within<T>(
  promise: Promise<T>,
  what: () => string,
  ms: number = WATCHDOG_MS,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const barked = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`after ${ms} ms still waiting for ${what()}`)),
      ms,
    );
  });
  try {
    return await Promise.race([promise, barked]);
  } finally {
    clearTimeout(timer);
  }
}
