/** Input as lines. */
import { TextLineStream } from "@std/streams/text-line-stream";

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
