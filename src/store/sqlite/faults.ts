/** What goes wrong in the database is told as the store's, with what was being done. */
import { ConfabError } from "../../base/errors.ts";

/** The result of work that is done at once. Its faults are told as the store's. */
export function work<T>(doing: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw faultOf(doing, error);
  }
}

export function faultOf(doing: string, error: unknown): ConfabError {
  if (error instanceof ConfabError) return error;
  const what = `${doing}: ${(error as Error).message}`;
  return new ConfabError("store", what, { cause: error });
}

/** As `work`, but what it throws is a rejection: whoever asks may be in the midst of something. */
// deno-lint-ignore require-await
export async function attempt<T>(doing: string, run: () => T): Promise<T> {
  return work(doing, run);
}
