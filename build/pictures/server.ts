/**
 * The program's server at another time of day: a picture shows when things were said. Each line of
 * standard input moves its clocks on by so many minutes.
 */
import { serve } from "../../src/cli/serve.ts";
import { BEGIN } from "./talk.ts";

const now = Date.now;
const monotonic = performance.now.bind(performance);
const beginAheadMs = BEGIN - now();
let movedMs = 0;
Date.now = () => now() + beginAheadMs + movedMs;
performance.now = () => monotonic() + movedMs;

const { promise: ended, resolve } = Promise.withResolvers<number>();
serve(Deno.args).then(resolve);
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
for await (const text of lines) {
  for (const minutes of text.trim().split("\n")) {
    movedMs += Number(minutes) * 60_000;
  }
  console.log("moved");
}
Deno.exit(await ended);
