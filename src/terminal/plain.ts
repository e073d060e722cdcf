/** The chat on a screen without cursor motion (`TERM=dumb`): plain lines in, plain lines out. */
import type { ClientEvent } from "../client/client.ts";
import { Chat } from "./chat.ts";
import { linesOf } from "./input_lines.ts";
import type { ChatClient, ChatHost, ContextOptions } from "./context.ts";

export type PlainOptions = Omit<ContextOptions, "host" | "client"> & {
  readonly client: ChatClient & AsyncIterable<ClientEvent>;
  readonly input: ReadableStream<Uint8Array>;
  readonly writeLine: (line: string) => Promise<void>;
};

/** Runs until the input or the client ends; throws what ended it. */
export async function runPlain(options: PlainOptions): Promise<void> {
  const { client, input, writeLine } = options;
  let written: Promise<void> = Promise.resolve();
  const print = (lines: readonly string[]) => {
    for (const line of lines) {
      written = written.then(() => writeLine(line)).catch(() => client.close());
    }
  };
  const host: ChatHost = {
    print,
    signal: () => {},
    changed: () => {},
    moved: () => {},
  };
  const chat = new Chat({ ...options, host });
  const reading = new AbortController();
  const typing = takeLines(input, chat, reading.signal);
  try {
    for await (const event of client) {
      chat.take(event);
      if (event.kind === "ended" && event.error) throw event.error;
      await written;
    }
  } finally {
    reading.abort();
    await typing;
    chat.end();
    print(chat.unsent());
    await written;
  }
}

async function takeLines(
  input: ReadableStream<Uint8Array>,
  chat: Chat,
  signal: AbortSignal,
): Promise<void> {
  for await (const line of linesOf(input, signal)) chat.enter(line);
  await chat.leave();
}
