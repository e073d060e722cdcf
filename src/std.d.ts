// Types of what confab uses of the standard library: the npm package `deno-std` has none.

declare module "@std/assert" {
  // deno-lint-ignore no-explicit-any
  type Class<T> = abstract new (...args: any[]) => T;

  function assert(expr: unknown, msg?: string): asserts expr;
  function assertEquals<T>(actual: T, expected: T, msg?: string): void;
  function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;
  function assertStrictEquals<T>(
    actual: unknown,
    expected: T,
  ): asserts actual is T;
  function assertInstanceOf<T>(
    actual: unknown,
    type: Class<T>,
  ): asserts actual is T;
  function assertMatch(actual: string, expected: RegExp, msg?: string): void;
  function assertStringIncludes(actual: string, expected: string): void;
  function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void;
  function assertThrows<E extends Error = Error>(
    fn: () => unknown,
    type?: Class<E>,
    words?: string,
  ): E;
  function assertRejects<E extends Error = Error>(
    fn: () => PromiseLike<unknown>,
    type?: Class<E>,
    words?: string,
  ): Promise<E>;
  function fail(msg?: string): never;
}

declare module "@std/async/abortable" {
  function abortable<T>(p: Promise<T>, signal: AbortSignal): Promise<T>;
}

declare module "@std/bytes/concat" {
  function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>;
}

declare module "@std/encoding/base64" {
  function encodeBase64(data: ArrayBuffer | Uint8Array | string): string;
  function decodeBase64(b64: string): Uint8Array<ArrayBuffer>;
}

declare module "@std/yaml/parse" {
  function parse(text: string, options?: { schema?: "core" }): unknown;
}

declare module "@std/streams/text-line-stream" {
  class TextLineStream extends TransformStream<string, string> {
    constructor(options?: { allowCR?: boolean });
  }
}

// A generated table without types: `tada` → 🎉.
declare module "markdown-it-emoji/lib/data/full.mjs" {
  const symbols: Readonly<Record<string, string>>;
  export default symbols;
}
