/** The file of `serve --allow-list`: fingerprints, one a line; it is read again when it changes. */
import type { Clock } from "../base/clock.ts";
import { ConfabError, describeError } from "../base/errors.ts";
import { ALLOW_LIST_LOOK_MS, ALLOW_LIST_MAX_BYTES } from "../base/limits.ts";
import type { Log } from "../base/log.ts";
import { parseFullFingerprint } from "../secure/fingerprint.ts";
import { decodeUtf8 } from "../wire/text.ts";

export interface AllowListOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes the fingerprints of a file that has changed. */
  readonly onChange: (keys: readonly string[]) => void;
}

export class AllowList implements AsyncDisposable {
  /** The fingerprints that stood in it at the start. */
  readonly keys: readonly string[];
  readonly #options: AllowListOptions;
  /** What tells the file that was read from another one, and that of the last look. */
  #read: string;
  #seen: string;
  /** That of the file that was said not to be read. */
  #told: string | undefined;
  #cancel = () => {};
  #looking = Promise.resolve();
  #isOver = false;

  private constructor(
    options: AllowListOptions,
    keys: readonly string[],
    state: string,
  ) {
    this.#options = options;
    this.keys = keys;
    this.#read = this.#seen = state;
  }

  /** @throws {ConfabError} `key-file` when it cannot be read, or holds something else. */
  static async open(options: AllowListOptions): Promise<AllowList> {
    const { path } = options;
    try {
      const state = await stateOf(path);
      return new AllowList(options, await readKeys(path), state);
    } catch (error) {
      throw fault(path, error);
    }
  }

  /** Looks at the file from now on, until it is disposed of. */
  watch(): void {
    this.#cancel = this.#options.clock.after(ALLOW_LIST_LOOK_MS, () => {
      this.#looking = this.#look().then(() => {
        if (!this.#isOver) this.watch();
      });
    });
  }

  /** Resolves when the last look is over. */
  get looked(): Promise<void> {
    return this.#looking;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#cancel();
    await this.#looking;
  }

  /**
   * Reads a file that has changed, and not since the last look: it may be half written. With a
   * broken one the list before holds on; where it is not the file's fault, as when no descriptor is
   * left, the next look tries again. Never rejects.
   */
  async #look(): Promise<void> {
    const { path, log, onChange } = this.#options;
    const state = await stateOf(path).catch(describeError);
    const isAtRest = state === this.#seen;
    this.#seen = state;
    if (!isAtRest || state === this.#read) return;
    try {
      const keys = await readKeys(path);
      if (this.#isOver) return;
      onChange(keys);
      this.#read = state;
      log.info("allow-list read", { keys: keys.length });
    } catch (error) {
      if (isOfFile(error)) this.#read = state;
      if (this.#told === state) return;
      this.#told = state;
      const { message } = fault(path, error);
      log.warn("allow-list not read: the one before holds on", {
        error: message,
      });
    }
  }
}

/**
 * The fingerprints of a file: `SHA256:…`, one a line; empty lines, and what stands behind `#`, count
 * for nothing.
 *
 * @throws {ConfabError} that says which line is something else.
 */
export function parseAllowList(text: string): string[] {
  const keys = new Set<string>();
  for (const [at, line] of text.replace(/^\ufeff/, "").split("\n").entries()) {
    const item = line.replace(/#.*/, "").trim();
    if (item === "") continue;
    keys.add(readKey(item, at + 1));
  }
  return [...keys];
}

function readKey(item: string, line: number): string {
  try {
    return parseFullFingerprint(item);
  } catch (error) {
    throw new ConfabError("key-file", `line ${line}: ${describeError(error)}`);
  }
}

async function readKeys(path: string): Promise<string[]> {
  const { size } = await Deno.stat(path);
  if (size > ALLOW_LIST_MAX_BYTES) {
    const most = `at most ${ALLOW_LIST_MAX_BYTES} are allowed`;
    throw new ConfabError("key-file", `it has ${size} bytes, ${most}`);
  }
  return parseAllowList(decodeUtf8(await Deno.readFile(path)));
}

/** Whether it is what stands in the file that is wrong. */
function isOfFile(error: unknown): boolean {
  return error instanceof TypeError ||
    error instanceof ConfabError && error.code === "key-file";
}

async function stateOf(path: string): Promise<string> {
  const { mtime, size, ino } = await Deno.stat(path);
  return `${mtime?.getTime()} ${size} ${ino}`;
}

function fault(path: string, error: unknown): ConfabError {
  const why = error instanceof TypeError ? "is not text" : describeError(error);
  const what = `the allow-list ${path}: ${why}`;
  return new ConfabError("key-file", what, { cause: error });
}
