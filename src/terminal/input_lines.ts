/** Input as lines, and those that end it. */
import { TextLineStream } from "@std/streams/text-line-stream";
import type { SlashCommand } from "../wire/slash.ts";

/** Whether a command ends the connection. */
export function isGoodbye({ name }: SlashCommand): boolean {
  return /^(close|quit|exit)$/i.test(name);
}

/** The lines of the input, until it ends or the signal aborts. */
export async function* linesOf(
  input: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const decoder = new TextDecoderStream() as unknown as TransformStream<
    Uint8Array,
    string
  >;
  const lines = input.pipeThrough(decoder, { signal })
    .pipeThrough(new TextLineStream());
  try {
    yield* lines;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
