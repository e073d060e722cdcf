/** `join` where input or output is no terminal: each line in is said, each event out is a line. */
import type { Client, ClientEvent, Request } from "../client/client.ts";
import type { Clock } from "../base/clock.ts";
import { ConfabError, describeError } from "../base/errors.ts";
import {
  HISTORY_PAGE_MESSAGES,
  TEXT_MAX_CODE_POINTS,
  UNANSWERED_MAX,
} from "../base/limits.ts";
import { pauseAfter } from "../base/patience.ts";
import type { ErrorMessage, ServerMessage, Stored } from "../wire/server.ts";
import { enslash, parseSlash } from "../wire/slash.ts";
import { splitText } from "../wire/split.ts";
import { cleanText } from "../wire/text.ts";
import {
  renderCut,
  renderMessage,
  renderStored,
  withSpeaker,
} from "../text/render.ts";
import { isGoodbye, linesOf } from "./input_lines.ts";

export interface PipeOptions {
  readonly clock: Clock;
  readonly client: Pick<
    Client,
    "request" | "close" | typeof Symbol.asyncIterator
  >;
  readonly input: ReadableStream<Uint8Array>;
  /** Writes a line; rejects when nobody reads any more. */
  readonly writeLine: (line: string) => Promise<void>;
  /** Tells a person of something that is no event. */
  readonly warn: (text: string) => void;
  readonly format: "text" | "json";
  /** Lines that begin with a slash are commands. */
  readonly commands: boolean;
  /** Stays when the input has ended. */
  readonly listen: boolean;
  /** Messages said before that are shown first. */
  readonly history: number;
}

/**
 * Runs until the end of the input (and all answers), or the end of the client. Resolves with how
 * many commands were refused.
 *
 * @throws {ConfabError} when a line could not be said, or the server ended it.
 */
export async function runPipe(options: PipeOptions): Promise<number> {
  const { client } = options;
  // Input that nobody can hear any more is not waited for: it may never come (`tail -f`).
  const hearing = new AbortController();
  const showing = showEvents(options).finally(() => hearing.abort());
  const saying = sayLines(options, hearing);
  const parts = [showing, saying];
  try {
    await Promise.all(parts);
    return await saying;
  } catch (error) {
    // Whichever fails first ends both; the other's end is waited for, too.
    await client.close();
    await Promise.allSettled(parts);
    throw error;
  }
}

async function sayLines(
  options: PipeOptions,
  hearing: AbortController,
): Promise<number> {
  const { client, input, commands, listen } = options;
  let refused = 0;
  const failures: unknown[] = [];
  const fail = (error: unknown) => {
    failures.push(error);
    hearing.abort();
  };
  /** Of the last lines: neither the server nor who reads the output is run ahead of. */
  const answers: Promise<void>[] = [];
  let isOver = !listen;
  for await (const line of linesOf(input, hearing.signal)) {
    if (failures.length > 0) break;
    const command = commands ? parseSlash(line) : undefined;
    if (command !== undefined) {
      if (isGoodbye(command)) {
        isOver = true;
        break;
      }
      // In its turn: what follows may depend on where this leads.
      await ask(options, { type: "command", ...command }).catch((error) => {
        if (error instanceof ConfabError && error.code !== "closed") {
          refused++;
          warnOf(options, error);
        } else fail(error);
      });
      continue;
    }
    const text = cleanText(line.toWellFormed());
    if (text.trim() === "") continue;
    // A slash may come before it.
    for (const part of splitText(text, TEXT_MAX_CODE_POINTS - 1)) {
      const said = ask(options, { type: "chat", txt: enslash(part) });
      answers.push(said.catch(fail));
      if (answers.length === UNANSWERED_MAX) await answers.shift();
    }
  }
  await Promise.all(answers);
  if (failures.length > 0) throw failures[0];
  if (isOver) await client.close();
  return refused;
}

/** Says why a command was refused, where its event does not. */
function warnOf({ format, warn }: PipeOptions, error: ConfabError): void {
  const isShown = format === "json" && refusalOf(error) !== undefined &&
    error.code !== "rate-limited";
  if (!isShown) {
    warn(describeError(error));
  }
}

/** The event in which the server refuses. */
function refusalOf(error: unknown): ErrorMessage | undefined {
  const { cause } = error as { cause?: Partial<ErrorMessage> };
  return cause?.type === "error" ? cause as ErrorMessage : undefined;
}

/**
 * Asks the server and shows its answer, behind the events that came before it and before those that
 * came after. That it refuses is thrown, and an event only where each event is shown.
 */
async function ask(options: PipeOptions, request: Request): Promise<void> {
  const settles = "after-events";
  let answer: ServerMessage | undefined;
  for (let tries = 1; answer === undefined; tries++) {
    try {
      // Awaited as it is: each step between would let the next event overtake the answer.
      answer = await options.client.request(request, { settles });
    } catch (error) {
      const refusal = refusalOf(error);
      const isSlow = refusal?.code === "rate-limited";
      if (options.format === "json" && refusal !== undefined && !isSlow) {
        await show(options, refusal);
      }
      await pauseAfter(error, tries, options.clock);
    }
  }
  // What was said itself is an event, too. In text, that it was is not shown.
  if (answer.type === "chat" || answer.type === "private") return;
  if (options.format === "json" || answer.type !== "ack") {
    await show(options, answer);
  }
}

async function showEvents(options: PipeOptions): Promise<void> {
  const { client, format, warn } = options;
  for await (const event of client) {
    if (event.kind === "message") {
      // In text, who is there is shown to those who ask.
      if (format === "json" || event.message.type !== "users") {
        await show(options, event.message);
      }
    } else if (event.kind === "connected") {
      if (format === "json") await show(options, event.welcome);
      else if (!event.isFirst) warn("connected again");
    } else if (event.kind === "note") {
      warn(event.text);
    } else if (event.kind === "disconnected") {
      warn(renderCut(event.reason, event.retryInMs));
    } else if (event.kind === "history") {
      for (const message of await historyOf(options, event)) {
        await show(options, message);
      }
    } else if (event.error !== undefined) {
      throw event.error;
    }
  }
}

/** What of a page is shown: what was missed, and as much of what was before as was asked for. */
async function historyOf(
  { client, history: wanted, warn }: PipeOptions,
  { history, fresh, isReplay }: Extract<ClientEvent, { kind: "history" }>,
): Promise<readonly Stored[]> {
  const { room, skipped } = history;
  if (skipped !== undefined) {
    warn(`${skipped.to - skipped.from + 1} messages were skipped`);
  }
  if (isReplay) return fresh;
  if (wanted === 0) return [];
  let messages = fresh;
  while (messages.length < wanted && (messages[0]?.seq ?? 1) > 1) {
    const before = messages[0]!.seq!;
    const limit = Math.min(HISTORY_PAGE_MESSAGES, wanted - messages.length);
    const asked = { type: "history", room, before, limit } as const;
    const page = await client.request(asked);
    if (page.type !== "history" || page.messages.length === 0) break;
    messages = [...page.messages, ...messages];
  }
  return messages.slice(-wanted);
}

async function show(
  { format, writeLine }: PipeOptions,
  message: ServerMessage | Stored,
): Promise<void> {
  const line = format === "json"
    ? JSON.stringify(message)
    : message.type === "unknown"
    ? renderStored(message)
    : renderMessage(withSpeaker(message));
  if (line !== undefined) await writeLine(line);
}
