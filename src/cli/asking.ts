/**
 * Asks a person on the terminal of the process. While it is held, nothing that is typed is echoed:
 * what comes ahead of its question waits for that.
 */
import { delay, SYSTEM_CLOCK } from "../base/clock.ts";
import { windowSize } from "../terminal/process_terminal.ts";
import { ENDED, type Outcome, Question } from "../terminal/question.ts";
import { TypedAhead } from "../terminal/typed_ahead.ts";
import { env } from "./env.ts";

/** As a shell says what signal has ended something. */
const STATUS_OF_SIGNAL = new Map<Deno.Signal, number>(
  Deno.build.os === "windows"
    ? [["SIGINT", 130], ["SIGBREAK", 131]]
    : [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]],
);
const INTERRUPTED = 130;
const LINE_FEED = 0x0a;
/** The system hands out in this time what it holds. */
const HANDED_OUT_MS = 100;
/** More than a terminal holds of what nobody reads. */
const HELD_BYTES = 16_384;

/** The terminal: held by how many, whether signals are answered here, and a question is open. */
let holders = 0;
let isListening = false;
let isAsked = false;
/** What comes of it, but for what is a secret again. */
let typedAhead: "taken" | "dropped" = "taken";
const listeners = Array.from(STATUS_OF_SIGNAL, ([signal, status]) => {
  return [signal, () => void dropSecrets().then(() => end(status))] as const;
});

/** Whoever holds the terminal gives it back as it was by disposing of this. */
export interface Hold extends Disposable {
  /** Something else takes the terminal over as it is, with what was typed ahead or without. */
  handOver(): "taken" | "dropped";
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
    handOver() {
      listen("off");
      return typedAhead;
    },
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

/**
 * What is typed while nobody reads may be a secret from now on: it answers a question for one, and
 * is dropped where it would be seen.
 */
export function expectSecrets(): void {
  typedAhead = "dropped";
}

/** Before the program ends: what was typed ahead and may be a secret is not left to the shell. */
export async function dropSecrets(): Promise<void> {
  if (typedAhead === "taken") return;
  const patience = new AbortController();
  const reading = read(HELD_BYTES).finally(() => patience.abort());
  await Promise.race([
    reading,
    delay(SYSTEM_CLOCK, HANDED_OUT_MS, patience.signal),
  ]);
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
  for (let next = how === "seen" ? readFirst : readByte;; next = readByte) {
    if (how === "seen") say(question.draw(windowSize()));
    const bytes = await next();
    const outcome = bytes === undefined ? ENDED : question.push(bytes);
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
  for (let next = readFirst;; next = readByte) {
    const bytes = await next();
    if (bytes === undefined) say("\n");
    if (bytes === undefined && typed.length === 0) return ENDED;
    typed.push(...bytes ?? []);
    if (bytes === undefined || typed.at(-1) === LINE_FEED) break;
  }
  const text = new TextDecoder().decode(Uint8Array.from(typed));
  return { kind: "answer", text: text.replace(/\r?\n$/, "") };
}

/** One byte, so that nothing is read that is for somebody else. */
function readByte(): Promise<Uint8Array | undefined> {
  return read(1);
}

/** Reads what is not typed ahead, where that is dropped. */
async function readFirst(): Promise<Uint8Array | undefined> {
  if (typedAhead === "taken") return await readByte();
  const ahead = new TypedAhead(typedAhead);
  for (;;) {
    const bytes = await read(HELD_BYTES);
    if (bytes === undefined || !ahead.isDropped(bytes)) return bytes;
  }
}

async function read(most: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(most);
  // A terminal that is gone reads as an error on some systems.
  const count = await Deno.stdin.read(bytes).catch(() => null);
  return count === null ? undefined : bytes.subarray(0, count);
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
