/** The chat on a screen without cursor motion (`TERM=dumb`): plain lines in, plain lines out. */
import { enterLine } from "./commands/commands.ts";
import { linesOf } from "./input_lines.ts";
import type { ChatHost, ChatOptions } from "./model/chat_host.ts";
import { ChatModel } from "./model/chat_model.ts";
import { takeEvent } from "./model/event_handlers.ts";
import { endChat, unsentCount } from "./model/unsent.ts";

/** How long what was said may take to be sent when the input has ended. */
const PATIENCE_MS = 5_000;

/** What most such screens show. */
const ROWS = 24;

export type PlainOptions = Omit<ChatOptions, "host"> & {
  readonly input: ReadableStream<Uint8Array>;
  readonly writeLine: (line: string) => Promise<void>;
};

/** Runs until the input or the client ends; throws what ended it. */
export async function runPlain(options: PlainOptions): Promise<void> {
  const { client, clock, input, writeLine } = options;
  let written: Promise<void> = Promise.resolve();
  const print = (lines: readonly string[]) => {
    for (const line of lines) {
      written = written.then(() => writeLine(line)).catch(() => client.close());
    }
  };
  const nothing = () => {};
  let cancelPatience: (() => void) | undefined;
  const look = () => {
    if (cancelPatience !== undefined && unsentCount(model) === 0) {
      void client.close();
    }
  };
  const host: ChatHost = {
    print,
    signal: nothing,
    changed: look,
    moved: nothing,
    typed: () => "",
    giveBack: (_, text) => model.out.fault(`not sent: ${text}`),
    leave() {
      cancelPatience ??= clock.after(PATIENCE_MS, () => void client.close());
      look();
    },
    rows: () => ROWS,
    columns: () => Infinity,
  };
  const model = new ChatModel({ ...options, host });
  const reading = new AbortController();
  const typing = (async () => {
    const lines = linesOf(input, reading.signal);
    for await (const line of lines) enterLine(model, line);
    host.leave();
  })();
  try {
    for await (const event of client) {
      takeEvent(model, event);
      await written;
    }
  } finally {
    reading.abort();
    await typing;
    cancelPatience?.();
    endChat(model);
    await written;
  }
}
