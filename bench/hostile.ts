/**
 * Hostile connections of ten kinds at once, none of which has a key that the server knows; then as
 * many kinds that speak HTTP; then a few that have come in, of which half never read and half flood:
 * `deno task hostile [CONNECTIONS] [SECONDS] [KEYED] [HTTP]` (10,000, 20, 200 and 1,000 unless
 * given; 0 leaves them out; `ulimit -n` must allow them). They are a process of their own and come over loopback, where no limit counts addresses: what holds are the
 * limits of the whole server. Honest people of another address chat meanwhile, sealed, and one more
 * comes and goes each second. Reports what the server holds of memory and how long the honest wait.
 * Linux.
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import { Program, sleep, Stranger } from "./_stranger.ts";

const [connections = 10_000, seconds = 20, keyed = 200, http = 1_000] = Deno
  .args.map(Number);
/** Together they stay below what one address may say. */
const HONEST = 15;
const SAYS_EVERY_MS = 1_000;
/** Handshakes a second that one address may have, and a little less. */
const COMES_EVERY_MS = 150;
const LATE_MS = 10_000;

const address = Deno.networkInterfaces()
  .find(({ address, family }) =>
    family === "IPv4" && !address.startsWith("127.")
  )?.address ?? "127.0.0.1";

/** Waits of one phase, in milliseconds. */
class Waits {
  readonly #ms: number[] = [];
  missed = 0;

  add(ms: number): void {
    this.#ms.push(ms);
  }

  toString(): string {
    const sorted = this.#ms.toSorted((a, b) => a - b);
    const at = (part: number) =>
      (sorted[Math.floor(part * (sorted.length - 1))] ?? NaN).toFixed(1);
    return `${at(0.5)} / ${at(0.99)} / ${
      at(1)
    } (${sorted.length}, missed ${this.missed})`;
  }
}

let [acks, arrivals] = [new Waits(), new Waits()];
let reconnects = 0;
let isOver = false;

/** Chats to the end, and comes back when it is cut. */
async function chats(port: number, number: number): Promise<void> {
  let person: Stranger | undefined;
  const sent = new Map<string, number>();
  for (let n = 0; !isOver; n++) {
    if (person === undefined || person.isOver) {
      if (person !== undefined) reconnects++;
      person = await comes(port);
      if (person === undefined) continue;
      person.onMessage = (message) => {
        if (message.type !== "ack") return;
        const since = sent.get(message.id);
        if (since !== undefined) acks.add(performance.now() - since);
        sent.delete(message.id);
      };
    }
    const id = `${number} ${n}`;
    sent.set(id, performance.now());
    void person.send({ type: "chat", txt: `message ${n}`, id }).catch(() => {});
    await sleep(SAYS_EVERY_MS * (0.5 + Math.random()));
    for (const [id, since] of sent) {
      if (performance.now() - since < LATE_MS) continue;
      sent.delete(id);
      acks.missed++;
    }
  }
  person?.close();
}

/** Somebody new, with a `welcome`. */
async function comes(port: number): Promise<Stranger | undefined> {
  const begun = performance.now();
  try {
    const coming = Stranger.connect(address, port);
    const person = await Promise.race([coming, sleep(LATE_MS)]);
    if (person === undefined) throw new Error("late");
    const welcome = await person.hello({ room: "honest" });
    if (welcome === undefined) throw new Error("late");
    arrivals.add(performance.now() - begun);
    return person;
  } catch {
    arrivals.missed++;
    await sleep(COMES_EVERY_MS);
    return undefined;
  }
}

async function newcomers(port: number): Promise<void> {
  while (!isOver) {
    const person = await comes(port);
    await sleep(1_000);
    person?.close();
  }
}

/** For so long, what the honest notice; then it is said. */
async function phase(program: Program, name: string): Promise<void> {
  [acks, arrivals] = [new Waits(), new Waits()];
  reconnects = 0;
  let most = 0;
  for (let second = 0; second < seconds; second++) {
    await sleep(1_000);
    most = Math.max(most, program.memoryMib());
  }
  console.log([
    name,
    `  server's memory  ${most.toFixed(0)} MiB at most`,
    `  ack, ms          ${acks}`,
    `  welcome, ms      ${arrivals}`,
    `  reconnects       ${reconnects}`,
  ].join("\n"));
}

/** Two phases with a crowd: in the first it comes, in the second it is there. */
async function withCrowd(
  program: Program,
  kinds: "strangers" | "http" | "keyed",
  count: number,
): Promise<void> {
  if (count === 0) return;
  const crowd = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", new URL("_hostile.ts", import.meta.url).pathname],
      ...[`${program.port}`, `${count}`, kinds],
    ],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let last = "";
  const reading = (async () => {
    const lines = crowd.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) last = line;
  })();
  await phase(program, `${count} ${kinds} come`);
  await phase(program, `${count} ${kinds} stay`);
  console.log(`  of them          ${last}`);
  crowd.kill("SIGKILL");
  await reading;
  await crowd.status;
}

const data = await Deno.makeTempDir({ prefix: "confab-hostile-" });
try {
  await using program = await Program.start(
    new URL("..", import.meta.url).pathname,
    data,
    "--log-level=error",
  );
  console.log(`at rest ${program.memoryMib().toFixed(0)} MiB`);
  const people: Promise<void>[] = [];
  for (let number = 0; number < HONEST; number++) {
    people.push(chats(program.port, number));
    await sleep(COMES_EVERY_MS);
  }
  people.push(newcomers(program.port));
  await phase(program, "the honest alone");

  await withCrowd(program, "strangers", connections);
  await withCrowd(program, "http", http);
  await withCrowd(program, "keyed", keyed);
  await phase(program, "when they are gone");
  isOver = true;
  await Promise.all(people);
} finally {
  await Deno.remove(data, { recursive: true });
}
