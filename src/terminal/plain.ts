/** The chat on a screen without cursor motion (`TERM=dumb`): plain lines in, plain lines out. */
import { enterLine } from "./commands/commands.ts";
import { linesOf } from "./input_lines.ts";
import { ChatModel, type ChatOptions } from "./model/chat_model.ts";
import { takeEvent } from "./model/event_handlers.ts";
import { endChat } from "./model/sending.ts";

/** What most such screens show. */
const ROWS = 24;

export type PlainOptions = Omit<ChatOptions, "host"> & {
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
  const nothing = () => {};
  const host = {
    ...{ print, signal: nothing, changed: nothing, moved: nothing },
    typed: () => "",
    rows: () => ROWS,
    columns: () => Infinity,
  };
  const model = new ChatModel({ ...options, host });
  const reading = new AbortController();
  const typing = (async () => {
    const lines = linesOf(input, reading.signal);
    for await (const line of lines) enterLine(model, line);
    await client.close();
  })();
  try {
    for await (const event of client) {
      takeEvent(model, event);
      await written;
    }
  } finally {
    reading.abort();
    await typing;
    endChat(model);
    await written;
  }
}
