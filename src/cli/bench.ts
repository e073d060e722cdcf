/** `confab bench`: how many people this machine can hold. */
import { ConfabError } from "../base/errors.ts";
import { VERSION } from "../base/version.ts";
import { type Measured, Measuring } from "../bench/measure.ts";
import { answer, type Asked, faultLine, json, table } from "../bench/report.ts";
import { readProcessOptions, tell } from "./environment.ts";
import type { CommandTable } from "./option_table.ts";
import { row } from "./option_table.ts";

/** Threads of simulated people, at most; one processor is the server's. */
const THREADS_MAX = 4;

export const BENCH = {
  name: "bench",
  summary:
    "find out how many people this machine can hold, with simulated people and a server of its own",
  positionals: [],
  options: {
    people: row.integer("N", 1, 1_000_000, 20_000)
      .help("most people to try"),
    rooms: row.integer("N", 0, 100_000, 0)
      .help("rooms that they share, 0 for rooms of 50 people"),
    rate: row.integer("N", 1, 6_000, 6)
      .help("messages that each person says a minute"),
    seconds: row.integer("N", 10, 3_600, 50).help("time for all of it"),
    plain: row.flag().help("framed JSON in place of sealed connections"),
    json: row.flag().help("write one JSON object in place of the answer"),
  },
} as const satisfies CommandTable;

/** Runs the benchmark; resolves with the exit status. */
export async function bench(argv: readonly string[]): Promise<number> {
  const { options } = readProcessOptions(BENCH, argv);
  const { people, rooms, rate: perMinute, seconds } = options;
  const asked = { people, perMinute, seconds, isSealed: !options.plain };
  const progress = new Progress();
  using directory = new Directory();
  using interrupt = new Interrupt(directory);
  const data = directory.make();
  const threads = Math.min(
    Math.max(1, navigator.hardwareConcurrency - 1),
    THREADS_MAX,
  );
  const onProgress = (text: string) => progress.show(text);
  const measured = await Measuring.run(
    { ...asked, rooms, threads, data, onProgress },
    interrupt.signal,
  ).finally(() => progress.clear());
  print(measured, asked, options.json ? "json" : "text");
  const fault = faultLine(measured);
  if (fault !== undefined) throw new ConfabError("delivery", fault);
  return 0;
}

function print(measured: Measured, asked: Asked, format: "text" | "json") {
  if (format === "json") {
    console.log(JSON.stringify(json(measured, asked, VERSION)));
  } else if (measured.faults.count === 0) {
    const paragraphs = [...answer(measured, asked), ...table(measured)];
    console.log(paragraphs.join("\n"));
  }
}

/** What goes on, on the last line of a terminal; nothing elsewhere. */
class Progress {
  readonly #isTerminal = Deno.stderr.isTerminal();

  show(text: string): void {
    this.#write(`\r\x1b[K${text} …`);
  }

  clear(): void {
    this.#write("\r\x1b[K");
  }

  #write(text: string): void {
    if (!this.#isTerminal) return;
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  }
}

/** Where the server keeps its data for this once. */
class Directory implements Disposable {
  #path: string | undefined;

  make(): string {
    return this.#path = Deno.makeTempDirSync({ prefix: "confab-bench-" });
  }

  [Symbol.dispose](): void {
    try {
      if (this.#path !== undefined) {
        Deno.removeSync(this.#path, { recursive: true });
      }
    } catch {
      // A thread that was ended may still hold the files: the system's own cleaning takes them.
    }
  }
}

/** The first SIGINT asks for what is known so far, the second ends the process at once. */
class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #directory: Directory;

  constructor(directory: Directory) {
    this.#directory = directory;
    Deno.addSignalListener("SIGINT", this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    Deno.removeSignalListener("SIGINT", this.#listener);
  }

  readonly #listener = () => {
    if (this.#controller.signal.aborted) {
      this.#directory[Symbol.dispose]();
      Deno.exit(1);
    }
    this.#controller.abort();
    tell("stopping; once more ends it at once");
  };
}
