/** `join` where input or output is no terminal: each line in is said, each event out is a line. */
import type { Client, ClientEvent } from "../client/client.ts";
import { ConfabError, describeError } from "../base/errors.ts";
import { HISTORY_PAGE_MESSAGES, TEXT_MAX_CODE_POINTS } from "../base/limits.ts";
import type { ServerMessage, Stored } from "../wire/server.ts";
import { splitText } from "../wire/split.ts";
import { cleanText } from "../wire/text.ts";
import { renderMessage, renderStored } from "../text/render.ts";
import { linesOf } from "./input_lines.ts";

/** Commands that end the connection. */
const GOODBYES: ReadonlySet<string> = new Set(["close", "quit", "exit"]);

export interface PipeOptions {
  readonly client: Client;
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
 * Runs until the end of the input (and all acks), or the end of the client.
 *
 * @throws {ConfabError} when a line could not be said, or the server ended it.
 */
export async function runPipe(options: PipeOptions): Promise<void> {
  const { client } = options;
  // Input that nobody can hear any more is not waited for: it may never come (`tail -f`).
  const hearing = new AbortController();
  const showing = showEvents(options).finally(() => hearing.abort());
  const saying = sayLines(options, hearing.signal);
  // Whichever fails ends both; the other's end is waited for, too.
  saying.catch(() => client.close());
  showing.catch(() => client.close());
  const outcomes = await Promise.allSettled([saying, showing]);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}

async function sayLines(
  { client, input, warn, commands, listen }: PipeOptions,
  signal: AbortSignal,
): Promise<void> {
  let failure: unknown;
  const fail = (error: unknown) => failure ??= error;
  const isOver = (): boolean => failure !== undefined;
  let isGoodbye = false;
  for await (const line of linesOf(input, signal)) {
    if (isOver()) break;
    if (commands && line.startsWith("/") && !line.startsWith("//")) {
      const [, name = "", args = ""] = /^\/(\S*)\s*(.*)$/.exec(line)!;
      isGoodbye = GOODBYES.has(name);
      if (isGoodbye) break;
      // In its turn: what follows may depend on where this leads.
      await client.request({ type: "command", name, args: args.trimEnd() })
        .catch((error) => {
          if (error instanceof ConfabError && error.code === "closed") {
            fail(error);
          } else warn(describeError(error));
        });
      continue;
    }
    const text = cleanText(line.toWellFormed());
    if (text.trim() === "") continue;
    // A slash may come before it.
    for (const part of splitText(text, TEXT_MAX_CODE_POINTS - 1)) {
      const txt = part.startsWith("/") ? `/${part}` : part;
      await underWay(client.request({ type: "chat", txt }), client, fail);
    }
  }
  await client.settled();
  if (isOver()) throw failure;
  if (!listen || isGoodbye) await client.close();
}

/** Lets a request go on; the client itself bounds how many there are. */
async function underWay(
  request: Promise<ServerMessage>,
  client: Client,
  fail: (error: unknown) => void,
): Promise<void> {
  request.catch(fail);
  await client.mayAsk();
}

async function showEvents(options: PipeOptions): Promise<void> {
  const { client, format, warn } = options;
  const show = (message: ServerMessage | Stored): Promise<void> | undefined => {
    const line = format === "json"
      ? JSON.stringify(message)
      : renderLine(message);
    return line === undefined ? undefined : options.writeLine(line);
  };
  for await (const event of client) {
    if (event.kind === "message") {
      if (format === "json" || isShown(event.message)) {
        await show(event.message);
      }
    } else if (event.kind === "connected") {
      if (format === "json") await show(event.welcome);
      else if (!event.isFirst) warn("connected again");
    } else if (event.kind === "disconnected") {
      warn(
        `${event.reason}, trying again in ${
          Math.ceil(event.retryInMs / 1_000)
        } s`,
      );
    } else if (event.kind === "history") {
      for (const message of await historyOf(options, event)) {
        await show(message);
      }
    } else if (event.error !== undefined) {
      throw event.error;
    }
  }
}

/** What of a page is shown: what was missed, and as much of what was said before as was asked for. */
async function historyOf(
  { client, history: wanted, warn }: PipeOptions,
  { history, fresh, isReplay }: Extract<ClientEvent, { kind: "history" }>,
): Promise<readonly Stored[]> {
  if (history.skipped !== undefined) {
    warn(
      `${history.skipped.to - history.skipped.from + 1} messages were skipped`,
    );
  }
  if (isReplay) return fresh;
  if (wanted === 0) return [];
  let messages: Stored[] = [...fresh];
  while (messages.length < wanted && (messages[0]?.seq ?? 1) > 1) {
    const before = messages[0]!.seq!;
    const limit = Math.min(HISTORY_PAGE_MESSAGES, wanted - messages.length);
    const page = await client.request({
      type: "history",
      room: history.room,
      before,
      limit,
    });
    if (page.type !== "history" || page.messages.length === 0) break;
    messages = [...page.messages, ...messages];
  }
  return messages.slice(-wanted);
}

/** In text, what concerns only the start or one's own words is left out. */
function isShown(message: ServerMessage): boolean {
  return message.type !== "ack" &&
    (message.type !== "users" || message.id !== undefined);
}

function renderLine(message: ServerMessage | Stored): string | undefined {
  return message.type === "unknown"
    ? renderStored(message)
    : renderMessage(message);
}
