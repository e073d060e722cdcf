/**
 * The program's server at another time of day: a picture shows when things were said. Each line of
 * standard input moves its clock on by so many minutes.
 */
import { serve } from "../../src/cli/serve.ts";
import { BEGIN } from "./talk.ts";

const now = Date.now;
let aheadMs = BEGIN - now();
Date.now = () => now() + aheadMs;

const { promise: ended, resolve } = Promise.withResolvers<number>();
serve(Deno.args).then(resolve);
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
for await (const text of lines) {
  for (const minutes of text.trim().split("\n")) {
    aheadMs += Number(minutes) * 60_000;
  }
  console.log("moved");
}
Deno.exit(await ended);
