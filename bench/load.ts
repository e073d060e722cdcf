/**
 * Many sealed clients of one server for some time: `deno task load [CLIENTS] [ROOMS] [SECONDS]
 * [MESSAGES_PER_SECOND]`. Starts a server of its own on a free port, and reports errors, deliveries
 * and the server's memory at the start and at the end. Linux only (it reads /proc).
 */
import { Client } from "../src/client/client.ts";
import { SYSTEM_CLOCK } from "../src/base/clock.ts";
import { TcpTransport } from "../src/net/tcp.ts";
import { generateKeyPair } from "../src/secure/x25519.ts";

const [clients = 1_000, rooms = 20, seconds = 60, perSecond = 200] = Deno.args
  .map(Number);
const AT_ONCE = 32;

const root = new URL("../", import.meta.url).pathname;
const data = await Deno.makeTempDir({ prefix: "confab-load-" });
const server = new Deno.Command(Deno.execPath(), {
  args: [
    "run",
    "-A",
    "--no-prompt",
    `${root}main.ts`,
    "serve",
    "--port",
    "0",
    "--data",
    data,
    "--rate",
    "0",
    "--log-level",
    "warn",
  ],
  stdout: "piped",
  stderr: "inherit",
}).spawn();
const { value: ready = "" } = await server.stdout.pipeThrough(
  new TextDecoderStream(),
).getReader().read();
const port = Number(/127\.0\.0\.1:(\d+)/.exec(ready)?.[1]);

/** Resident memory of the server, in MiB. */
function memoryMib(): number {
  const status = Deno.readTextFileSync(`/proc/${server.pid}/status`);
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024);
}

const counts = { chats: 0, acks: 0, errors: 0, ended: 0 };
const open: Client[] = [];

async function start(index: number): Promise<void> {
  const client = await Client.connect({
    dial: async () =>
      new TcpTransport(await Deno.connect({ hostname: "127.0.0.1", port })),
    seal: {
      identity: await generateKeyPair(),
      judgeServer() {},
    },
    clock: SYSTEM_CLOCK,
    random: Math.random,
    newId: () => crypto.randomUUID(),
    hello: { name: `p${index}`, room: `room${index % rooms!}` },
  });
  open.push(client);
  void watch(client);
}

async function watch(client: Client): Promise<void> {
  for await (const event of client) {
    if (event.kind === "message" && event.message.type === "chat") {
      counts.chats++;
    } else if (event.kind === "message" && event.message.type === "error") {
      counts.errors++;
    } else if (
      event.kind === "disconnected" ||
      event.kind === "ended" && event.error !== undefined
    ) counts.ended++;
  }
}

const before = memoryMib();
const connectedIn = performance.now();
for (let index = 0; index < clients!; index += AT_ONCE) {
  await Promise.all(
    Array.from(
      { length: Math.min(AT_ONCE, clients! - index) },
      (_, at) => start(index + at),
    ),
  );
}
console.log(
  `${clients} sealed clients in ${rooms} rooms after ${
    Math.round(performance.now() - connectedIn)
  } ms`,
);
const started = memoryMib();

const until = performance.now() + seconds! * 1_000;
let said = 0;
while (performance.now() < until) {
  const client = open[said++ % open.length]!;
  client.request({ type: "chat", txt: `message ${said} ${"x".repeat(100)}` })
    .then(() => counts.acks++, () => counts.errors++);
  await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond!));
}
await Promise.all(open.map((client) => client.settled()));
const ended = memoryMib();
console.log(
  JSON.stringify({ said, ...counts, memoryMib: { before, started, ended } }),
);
await Promise.all(open.map((client) => client.close()));
server.kill("SIGTERM");
await server.status;
await Deno.remove(data, { recursive: true });
Deno.exit(counts.errors + counts.ended === 0 ? 0 : 1);
