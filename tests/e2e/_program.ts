// The real program as processes: `serve` with a data directory of its own, `join` as a pipe, and
// single runs.

import { Inbox } from "./_inbox.ts";
import { within } from "./_scenario.ts";

const ROOT = new URL("../../", import.meta.url);
const PERMISSIONS = ["net", "read", "write", "env", "sys"];
const READY =
  /^confab (\S+) listening on (\S+):(\d+) (SHA256:[A-Za-z0-9+/]{43})$/;

/** The executable in `CONFAB_PROGRAM`, or the sources under the Deno that runs the tests. */
function commandLine(args: string[]): { command: string; args: string[] } {
  const executable = Deno.env.get("CONFAB_PROGRAM");
  if (executable) return { command: executable, args };
  return { command: Deno.execPath(), args: [...denoRun("main.ts"), ...args] };
}

function denoRun(path: string): string[] {
  const allow = PERMISSIONS.map((name) => `--allow-${name}`);
  return ["run", "--no-prompt", ...allow, path];
}

/** How Deno runs this file of the repository as it runs the program. */
export function asProgram(path: string, data: string): Deno.CommandOptions {
  return {
    args: denoRun(path),
    cwd: ROOT,
    clearEnv: true,
    env: environment(data, {}),
  };
}

/**
 * The environment without what a developer may have set for confab, and with a data directory of
 * the test's own.
 */
function environment(data: string, more: Record<string, string>) {
  const kept = Object.entries(Deno.env.toObject())
    .filter(([name]) => !name.startsWith("CONFAB_"));
  return {
    ...Object.fromEntries(kept),
    NO_COLOR: "1",
    CONFAB_DATA: data,
    ...more,
  };
}

/** A directory that the test's end removes. */
export class Home implements AsyncDisposable {
  readonly path = Deno.makeTempDirSync({ prefix: "confab-foreign-" });

  /** A path inside, which need not exist. */
  file(name: string): string {
    return `${this.path}/${name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** One process, its output as lines that can be awaited. */
export class Process implements AsyncDisposable {
  readonly lines = new Inbox<string>((line) => line);
  /** Lines of standard error. */
  readonly errors = new Inbox<string>((line) => line);
  readonly status: Promise<Deno.CommandStatus>;
  stdout = "";
  stderr = "";
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: Promise<unknown>;
  readonly #unended = { lines: "", errors: "" };
  #inputEnded = false;
  #exited = false;

  constructor(
    args: string[],
    data: string,
    env: Record<string, string> = {},
  ) {
    const { command, args: all } = commandLine(args);
    this.#child = new Deno.Command(command, {
      args: all,
      cwd: ROOT,
      clearEnv: true,
      env: environment(data, env),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = Promise.all([this.#readOut(), this.#readErr()]);
    this.status = this.#child.status.then(async (status) => {
      this.#exited = true;
      await this.#output;
      const why = `the process has ended with ${status.code}: ${this.stderr}`;
      this.lines.end(why);
      this.errors.end(why);
      return status;
    });
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Writes a line to its standard input. */
  async write(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  async endInput(): Promise<void> {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    await this.#input.close().catch(() => {}); // it may be gone already
  }

  kill(signal: Deno.Signal): void {
    if (!this.#exited) this.#child.kill(signal);
  }

  /** Waits for its end; fails, with what it wrote, when that does not come. */
  ended(): Promise<Deno.CommandStatus> {
    return within(
      this.status,
      () => `the end of process ${this.pid}: ${this.stdout}${this.stderr}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGKILL");
    await this.endInput();
    await this.status;
  }

  async #readOut(): Promise<void> {
    for await (const text of texts(this.#child.stdout)) {
      this.stdout += text;
      this.#unended.lines = pushLines(this.lines, this.#unended.lines + text);
    }
    if (this.#unended.lines !== "") this.lines.push(this.#unended.lines);
  }

  async #readErr(): Promise<void> {
    for await (const text of texts(this.#child.stderr)) {
      this.stderr += text;
      this.#unended.errors = pushLines(
        this.errors,
        this.#unended.errors + text,
      );
    }
  }
}

function texts(bytes: ReadableStream<Uint8Array<ArrayBuffer>>) {
  return bytes.pipeThrough(new TextDecoderStream());
}

/** Pushes the whole lines of a text; gives what is behind them. */
function pushLines(inbox: Inbox<string>, text: string): string {
  const lines = text.split("\n");
  const rest = lines.pop()!;
  for (const line of lines) inbox.push(line);
  return rest;
}

/** What others need to know of a server. */
export interface Served {
  readonly port: number;
  readonly host: string;
  readonly version: string;
  readonly fingerprint: string;
  /** `HOST:PORT`, as a person would write it. */
  readonly address: string;
}

/** What a server says when it is ready. */
export function readyLine(line: string): Omit<Served, "address"> {
  const [, version, host, port, fingerprint] = READY.exec(line) ?? [];
  if (fingerprint === undefined) throw new Error(`not ready: ${line}`);
  return { version: version!, host: host!, port: Number(port), fingerprint };
}

/** A running server, in a process of its own. */
export class Server implements Served, AsyncDisposable {
  port = 0;
  host = "";
  version = "";
  fingerprint = "";
  readonly #home = new Home();
  readonly #flags: string[];
  readonly #env: Record<string, string>;
  #process: Process;

  private constructor(flags: string[], env: Record<string, string>) {
    this.#flags = flags;
    this.#env = env;
    this.#process = this.#spawn();
  }

  /**
   * Starts `serve` on a free port with these flags added, and resolves when it says that it is
   * ready.
   */
  static start(...flags: string[]): Promise<Server> {
    return Server.startWith({}, ...flags);
  }

  /**
   * Like `start`, with more in the environment; `CONFAB_DATA` there is another account than the
   * server's own.
   */
  static async startWith(
    env: Record<string, string>,
    ...flags: string[]
  ): Promise<Server> {
    const server = new Server(flags, env);
    try {
      await server.#ready();
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Its data directory. */
  get data(): string {
    return this.#home.file("data");
  }

  get address(): string {
    return `${this.host}:${this.port}`;
  }

  get stdout(): string {
    return this.#process.stdout;
  }

  get stderr(): string {
    return this.#process.stderr;
  }

  /** Waits for a line of standard error, and gives it. */
  logged(line: RegExp): Promise<string> {
    return this.#process.errors.next((one) => line.test(one), String(line));
  }

  get status(): Promise<Deno.CommandStatus> {
    return this.#process.ended();
  }

  kill(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** Starts it again on the same data, after its end. The port is another. */
  async restart(): Promise<void> {
    await this.#process.ended();
    await this.#process[Symbol.asyncDispose]();
    this.#process = this.#spawn();
    await this.#ready();
  }

  /** What the process holds in memory, in bytes (Linux only). */
  async residentBytes(): Promise<number> {
    // Deno reads nothing under /proc itself, short of --allow-all.
    const path = `/proc/${this.pid}/status`;
    const cat = await new Deno.Command("cat", { args: [path] }).output();
    const status = new TextDecoder().decode(cat.stdout);
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    if (kib === undefined) throw new Error(`no VmRSS in ${status}`);
    return Number(kib) * 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await this.#home[Symbol.asyncDispose]();
  }

  #spawn(): Process {
    const args = ["serve", "--port", "0", "--data", this.data];
    const home = this.#home.file("home");
    return new Process([...args, ...this.#flags], home, this.#env);
  }

  async #ready(): Promise<void> {
    const line = await this.#process.lines.next(
      (one) => READY.test(one),
      "the line that says that the server is ready",
    );
    Object.assign(this, readyLine(line));
  }
}

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the program to its end with this standard input. */
export async function run(
  args: string[],
  home: Home,
  input: string[] = [],
): Promise<Outcome> {
  await using process = new Process(args, home.file("home"));
  for (const line of input) await process.write(line).catch(() => {});
  await process.endInput();
  const { code } = await process.ended();
  return { code, stdout: process.stdout, stderr: process.stderr };
}

/** The arguments of a `join` with an identity file of the given name in the home. */
export function joinArgs(
  home: Home,
  address: string,
  identity: string,
  ...flags: string[]
): string[] {
  const file = home.file(`${identity}.key`);
  return ["join", address, "--identity", file, ...flags];
}

/** Runs `join` as a pipe: says the lines, and ends when its input has. */
export function pipe(
  home: Home,
  address: string,
  identity: string,
  flags: string[],
  input: string[] = [],
): Promise<Outcome> {
  return run(joinArgs(home, address, identity, ...flags), home, input);
}

/** Starts `join` as a pipe whose input stays open. */
export function openPipe(
  home: Home,
  address: string,
  identity: string,
  ...flags: string[]
): Process {
  return new Process(
    joinArgs(home, address, identity, ...flags),
    home.file("home"),
  );
}
