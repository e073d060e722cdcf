/** Small functions over bytes that frames, Noise and the key files share. */

/** The parts one after the other, in a new array. */
export function concat(
  ...parts: readonly Uint8Array[]
): Uint8Array<ArrayBuffer> {
  return concatAll(parts);
}

/** As {@linkcode concat}, for any number of parts. */
export function concatAll(
  parts: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
