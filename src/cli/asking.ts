/**
 * Asks a person on the terminal of the process. While it is held, nothing that is typed is echoed:
 * what comes ahead of its question waits for that.
 */
import { windowSize } from "../terminal/process_terminal.ts";
import { ENDED, type Outcome, Question } from "../terminal/question.ts";
import { env } from "./env.ts";

/** As a shell says what signal has ended something. */
const STATUS_OF_SIGNAL = new Map<Deno.Signal, number>(
  Deno.build.os === "windows"
    ? [["SIGINT", 130], ["SIGBREAK", 131]]
    : [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]],
);
const INTERRUPTED = 130;
const LINE_FEED = 0x0a;

/** The terminal: held by how many, whether signals are answered here, and a question is open. */
let holders = 0;
let isListening = false;
let isAsked = false;
const listeners = Array.from(STATUS_OF_SIGNAL, ([signal, status]) => {
  return [signal, () => end(status)] as const;
});

/** Whoever holds the terminal gives it back as it was by disposing of this. */
export interface Hold extends Disposable {
  /** Something else takes the terminal over as it is, with what was typed ahead. */
  handOver(): void;
}

/** Holds the terminal of the process, if its input is one. */
export function holdTerminal(): Hold {
  const isTerminal = Deno.stdin.isTerminal();
  if (isTerminal && holders++ === 0) {
    setMode("quiet");
    listen("on");
  }
  let isHeld = isTerminal;
  return {
    handOver: () => listen("off"),
    [Symbol.dispose]() {
      if (isHeld && --holders === 0) {
        listen("off");
        setMode("before");
      }
      isHeld = false;
    },
  };
}

/** The line that the person types; `undefined` when there is no input any more, or no terminal. */
export function askLine(question: string): Promise<string | undefined> {
  const isDumb = env("TERM") === "dumb" || !env("TERM");
  return isDumb && Deno.build.os !== "windows"
    ? ask(() => plainLine(question))
    : ask(() => answerTo(new Question({ question, answer: "shown" })));
}

/** As {@linkcode askLine}; what is typed is not shown. */
export function askSecret(question: string): Promise<string | undefined> {
  return ask(() => {
    say(`${question} `);
    return answerTo(new Question({ question, answer: "hidden" }), "unseen");
  });
}

async function ask(
  outcome: () => Promise<Outcome>,
): Promise<string | undefined> {
  if (!Deno.stdin.isTerminal()) return undefined;
  using _held = holdTerminal();
  let ended: Outcome;
  setMode("keys");
  isAsked = true;
  try {
    ended = await outcome();
  } finally {
    isAsked = false;
    setMode("quiet");
  }
  if (ended.kind === "interrupt") end(INTERRUPTED);
  return ended.kind === "answer" ? ended.text : undefined;
}

/** Reads key by key: what is behind the answer stays for the next question, and for the chat. */
async function answerTo(
  question: Question,
  how: "seen" | "unseen" = "seen",
): Promise<Outcome> {
  for (;;) {
    if (how === "seen") say(question.draw(windowSize()));
    const byte = await readByte();
    const outcome = byte === undefined ? ENDED : question.push(byte);
    if (outcome === undefined) continue;
    say("\n");
    return outcome;
  }
}

/** A line of a terminal without cursor motion, which edits and echoes by itself. */
async function plainLine(question: string): Promise<Outcome> {
  const typed: number[] = [];
  setMode("before");
  say(`${question} `);
  for (;;) {
    const byte = await readByte();
    if (byte?.[0] === LINE_FEED) break;
    if (byte === undefined) say("\n");
    if (byte === undefined && typed.length === 0) return ENDED;
    if (byte === undefined) break;
    typed.push(byte[0]!);
  }
  const text = new TextDecoder().decode(Uint8Array.from(typed));
  return { kind: "answer", text: text.replace(/\r$/, "") };
}

/** One, so that nothing is read that is for somebody else. */
async function readByte(): Promise<Uint8Array | undefined> {
  const byte = new Uint8Array(1);
  // A terminal that is gone reads as an error on some systems.
  const count = await Deno.stdin.read(byte).catch(() => null);
  return count === null ? undefined : byte;
}

/** To the terminal, also where the output or the errors go elsewhere. */
function say(text: string): void {
  const to = Deno.stderr.isTerminal() || !Deno.stdout.isTerminal()
    ? Deno.stderr
    : Deno.stdout;
  let rest: Uint8Array = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(to.writeSync(rest));
}

/**
 * `keys`: each comes by itself, Ctrl+C as well. `quiet`: nothing is echoed, and Ctrl+C is a signal,
 * as nobody reads; where the system has no such mode it waits like any other key.
 */
function setMode(mode: "quiet" | "keys" | "before"): void {
  const cbreak = mode === "quiet" && Deno.build.os !== "windows";
  try {
    if (mode === "before") Deno.stdin.setRaw(false);
    else Deno.stdin.setRaw(true, { cbreak });
  } catch {
    // The terminal is gone.
  }
}

function listen(to: "on" | "off"): void {
  if (isListening === (to === "on")) return;
  isListening = to === "on";
  for (const [signal, listener] of listeners) {
    if (isListening) Deno.addSignalListener(signal, listener);
    else Deno.removeSignalListener(signal, listener);
  }
}

function end(status: number): never {
  if (isAsked) say("\n");
  setMode("before");
  Deno.exit(status);
}
