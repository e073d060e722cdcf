/**
 * A registry of packages that is slow, as it is at the end of a long line: passes on what another
 * has, each answer late and in pieces. Argument: the address of the other. Writes its own, once it
 * has reached that.
 */
import { delay, SYSTEM_CLOCK } from "../../src/base/clock.ts";

/** Long enough for Deno to show that it is downloading. */
const LATENCY_MS = 600;
const PIECE_MS = 50;
const PIECES = 8;
/** Where nothing answers, nobody waits until the system gives up. */
const REACHED_WITHIN_MS = 10_000;

const other = new URL(Deno.args[0]!);
const reached = await fetch(new URL("deno-std", other), {
  method: "HEAD",
  signal: AbortSignal.timeout(REACHED_WITHIN_MS),
});
await reached.body?.cancel();

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(`http://127.0.0.1:${port}/`),
}, async (request) => {
  const { origin, pathname } = new URL(request.url);
  const accept = request.headers.get("accept") ?? "*/*";
  const answer = await fetch(new URL(pathname.slice(1), other), {
    headers: { accept },
  });
  const type = answer.headers.get("content-type") ?? "";
  const bytes = await answer.bytes();
  const body = type.includes("json")
    // The packages themselves are fetched from here, too.
    ? new TextEncoder().encode(
      new TextDecoder().decode(bytes).replaceAll(other.origin, origin),
    )
    : bytes;
  await delay(SYSTEM_CLOCK, LATENCY_MS);
  return new Response(ReadableStream.from(pieces(body)), {
    status: answer.status,
    headers: { "content-type": type },
  });
});

async function* pieces(body: Uint8Array): AsyncGenerator<Uint8Array> {
  const size = Math.ceil(body.length / PIECES);
  for (let at = 0; at < body.length; at += size) {
    yield body.subarray(at, at + size);
    await delay(SYSTEM_CLOCK, PIECE_MS);
  }
}
