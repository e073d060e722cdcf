import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { TextLineStream } from "@std/streams/text-line-stream";
import { ConfabError } from "../../../src/base/errors.ts";
import { lockData } from "../../../src/store/sqlite/data_lock.ts";
import { testsOf } from "../../_testing.ts";
import { inDirectory } from "../_helpers.ts";

const test = testsOf("data lock", { read: true, write: true, run: true });

test("is taken, given back, and taken again", () =>
  inDirectory((directory) => {
    for (let time = 0; time < 3; time++) {
      using _ = lockData(directory);
    }
  }));

test("may be given back twice", () =>
  inDirectory((directory) => {
    const lock = lockData(directory);
    lock[Symbol.dispose]();
    lock[Symbol.dispose]();
    lockData(directory)[Symbol.dispose]();
  }));

test("is of one directory only", () =>
  inDirectory((directory) => {
    Deno.mkdirSync(`${directory}/a`);
    Deno.mkdirSync(`${directory}/b`);
    using _a = lockData(`${directory}/a`);
    using _b = lockData(`${directory}/b`);
  }));

test("is refused to a second in the same process", () =>
  inDirectory((directory) => {
    using _ = lockData(directory);
    assertInUse(directory, `by process ${Deno.pid}`);
  }));

test("that this process has is refused to another, which is told this process's number", () =>
  inDirectory(async (directory) => {
    using _ = lockData(directory);
    const other = await Other.start(directory);
    assertEquals(
      other.word,
      `data-in-use ${directory} is in use by process ${Deno.pid}: stop that, or give another --data`,
    );
    await other.end("SIGTERM");
  }));

test("that another process has is refused, naming it, and is free when that was killed", () =>
  inDirectory(async (directory) => {
    const other = await Other.start(directory);
    assertEquals(other.word, "taken");
    assertInUse(directory, `by process ${other.pid}`);
    assertInUse(directory, `by process ${other.pid}`);
    await other.end("SIGKILL");
    using _ = lockData(directory);
  }));

test("names nobody when the holder's number cannot be read", () =>
  inDirectory((directory) => {
    using _ = lockData(directory);
    Deno.writeTextFileSync(`${directory}/server.pid`, "12; rm -rf\n");
    assertInUse(directory, "by another process");
    Deno.removeSync(`${directory}/server.pid`);
    assertInUse(directory, "by another process");
  }));

test("of a directory that is missing is an error that names it", () =>
  inDirectory((directory) => {
    const path = `${directory}/missing`;
    const error = assertThrows(() => lockData(path), ConfabError);
    assertEquals(error.code, "store");
    assertStringIncludes(error.message, path);
  }));

function assertInUse(directory: string, who: string): void {
  const error = assertThrows(() => lockData(directory), ConfabError);
  assertEquals(error.code, "data-in-use");
  assertStringIncludes(error.message, `${directory} is in use ${who}:`);
}

/** Another process that takes the lock, says in a word how that went, and keeps it. */
class Other {
  readonly word: string;
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;

  private constructor(
    child: Deno.ChildProcess,
    lines: ReadableStreamDefaultReader<string>,
    word: string,
  ) {
    this.#child = child;
    this.#lines = lines;
    this.word = word;
  }

  static async start(directory: string): Promise<Other> {
    const source = new URL(
      "../../../src/store/sqlite/data_lock.ts",
      import.meta.url,
    );
    const code = `
      import { lockData } from ${JSON.stringify(source.href)};
      try {
        globalThis.lock = lockData(${JSON.stringify(directory)});
        console.log("taken");
      } catch (error) {
        console.log(error.code, error.message);
      }
      await Deno.stdin.read(new Uint8Array(1));`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", code],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
    const { value } = await lines.read();
    return new Other(child, lines, value ?? "");
  }

  get pid(): number {
    return this.#child.pid;
  }

  async end(signal: Deno.Signal): Promise<void> {
    this.#child.kill(signal);
    await this.#child.status;
    await this.#lines.cancel();
    await this.#child.stdin.close().catch(() => {}); // Nobody reads it any more.
  }
}
