/** Bytes cut into chunks, as a network may deliver them, and put together again. */
import fc from "fast-check";

/** `text` as UTF-8. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** The parts one after the other. */
export function join(
  parts: Iterable<Uint8Array>,
): Uint8Array<ArrayBuffer> {
  const all = [...parts];
  const joined = new Uint8Array(
    all.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * Cuts `bytes` into chunks of the given lengths, in turn and again from the first; no lengths: one
 * chunk.
 */
export function* cut(
  bytes: Uint8Array,
  lengths: readonly number[],
): Generator<Uint8Array<ArrayBuffer>, undefined> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? bytes.length;
    yield bytes.slice(at, at += length);
  }
}

/** Lengths for {@linkcode cut}, mostly such that headers and payloads come in pieces. */
export const lengths: fc.Arbitrary<number[]> = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 700 })),
  { maxLength: 20 },
);

/** Everything that an iterable brings, copied at once: a chunk holds only until the next. */
export async function collect(
  source: AsyncIterable<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const chunk of source) parts.push(chunk.slice());
  return join(parts);
}
