// A process that runs `serve` many times, several at once. Whoever connects to the port that it
// writes says with which flags, in a line of JSON, and gets the line that says that the server is
// ready; when the connection ends the server stops as by a signal.

import { serve } from "../../src/cli/serve.ts";

/** What a `serve` that is being started tells its process: one starts at a time. */
interface Starting {
  ready(line: string): void;
  onStop(stop: () => void): void;
}

let starting: Starting | undefined;
let turn: Promise<void> = Promise.resolve();
const write = console.log;
console.log = (line: string) => starting?.ready(line);
Deno.addSignalListener = (signal, stop) => {
  if (signal !== "SIGHUP") starting?.onStop(stop);
};

/** Starts a server; gives its ready line, and what stops it and waits for its end. */
async function start(args: string[]) {
  let stop = () => {};
  const ready = Promise.withResolvers<string>();
  starting = {
    ready: ready.resolve,
    onStop: (one) => stop = one,
  };
  const ended = serve(args);
  ended.catch(ready.reject);
  const line = await ready.promise;
  return { line, stop: () => (stop(), ended) };
}

async function serveOne(conn: Deno.Conn): Promise<void> {
  const lines = conn.readable.pipeThrough(new TextDecoderStream()).getReader();
  const writer = conn.writable.getWriter();
  let asked = "";
  while (!asked.endsWith("\n")) asked += (await lines.read()).value ?? "\n";
  const started = turn.then(() => start(JSON.parse(asked)));
  turn = started.then(() => {}, () => {});
  const say = (line: string) =>
    writer.write(new TextEncoder().encode(`${line}\n`));
  try {
    const server = await started;
    await say(server.line);
    await lines.read(); // the end
    await server.stop();
  } catch (error) {
    await say(String(error));
  }
  await writer.close();
}

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
write(String(listener.addr.port));
// Whoever started this process has ended: so does it.
Deno.stdin.readable.pipeTo(new WritableStream()).finally(() => Deno.exit());
for await (const conn of listener) {
  serveOne(conn).catch(() => {}); // the test is gone, and says why
}
