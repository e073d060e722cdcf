/**
 * What strangers can do to a server: `deno task strangers [ROOT…]`, for the programs in these
 * directories (this one unless given), one after the other. They come from an address of this
 * machine that is not loopback, with keys made for the purpose; meanwhile a bystander asks how long
 * the server takes to answer. Linux.
 */
import { DatabaseSync } from "node:sqlite";
import { generateKeyPair } from "../src/secure/x25519.ts";
import type { SqliteStore } from "../src/store/sqlite/store.ts";
import type { Entry } from "../src/store/store.ts";
import { Bystander, Program, sleep, Stranger } from "./_stranger.ts";

const LOOPBACK = "127.0.0.1";
const SECONDS = 8;
const LONG = "words that fill a message ".repeat(150).slice(0, 3_900);

const address = Deno.networkInterfaces()
  .find(({ address, family }) =>
    family === "IPv4" && !address.startsWith("127.")
  )?.address ?? LOOPBACK;

interface Scene {
  readonly name: string;
  readonly flags?: readonly string[];
  /** Makes what was said before the server starts. */
  readonly fill?: (store: SqliteStore) => Promise<void>;
  /** Plays it, and says what came of it. */
  play(program: Program): Promise<string>;
}

const comes = (program: Program, hostname = address) =>
  Stranger.connect(hostname, program.port);

/** As many as are let in: the others are refused by a limit. */
async function come(program: Program, count: number): Promise<Stranger[]> {
  const strangers: Stranger[] = [];
  const until = performance.now() + 2_000 + 140 * count;
  while (strangers.length < count && performance.now() < until) {
    try {
      const stranger = await comes(program);
      strangers.push(stranger);
    } catch {
      await sleep(130);
    }
  }
  return strangers;
}

function entriesOf(room: string, count: number, body: string): Entry[] {
  return Array.from({ length: count }, (_, at) => ({
    ...{ room, seq: at + 1, at: 1_768_478_400_000 + at, from: "old" },
    ...{ kind: "text", body: body || `message ${at} of ${room}` },
  }));
}

async function say(store: SqliteStore, room: string, count: number, body = "") {
  const appends = [{
    room,
    expectedHead: 0,
    entries: entriesOf(room, count, body),
  }];
  await store.commit({ appends, writes: [] });
}

const rooms = (count: number) =>
  Array.from({ length: count }, (_, at) => `r${at}`);
const resume = (count: number, seq: number) =>
  Object.fromEntries(rooms(count).map((room) => [room, seq]));

function recordsOf({ data }: Program, kind: string): number {
  using db = new DatabaseSync(`${data}/confab.db`, { readOnly: true });
  return db.prepare("SELECT count(*) AS n FROM records WHERE kind = ?")
    .get(kind)!.n as number;
}

/** For as long as a scene lasts. */
async function during(act: () => Promise<void>): Promise<void> {
  const until = performance.now() + SECONDS * 1_000;
  while (performance.now() < until) {
    try {
      await act();
    } catch {
      await sleep(50);
    }
  }
}

const SCENES: readonly Scene[] = [
  {
    name: "read marks of fresh keys: records a second",
    fill: async (store) => {
      for (const room of rooms(64)) await say(store, room, 3);
    },
    async play(program) {
      const before = recordsOf(program, "read");
      await during(async () => {
        const stranger = await comes(program);
        await stranger.hello({ room: "", resume: resume(64, 3) });
        await stranger.send(
          ...rooms(64).map((room) => ({ type: "read", room, seq: 3 })),
        );
        await sleep(100);
        stranger.close();
      });
      const made = recordsOf(program, "read") - before;
      return `${(made / SECONDS).toFixed(1)}`;
    },
  },
  {
    name: "32 throw-away keys speak: messages a second before a reader",
    async play(program) {
      const strangers = await come(program, 32);
      await Promise.all(strangers.map((one) => one.hello({ room: "lobby" })));
      const reader = await comes(program, LOOPBACK);
      await reader.hello({ room: "lobby" });
      const before = reader.counts.get("chat") ?? 0;
      await Promise.race([
        sleep(SECONDS * 1_000),
        ...strangers.map((one) =>
          during(() => one.send({ type: "chat", txt: "spam" }))
        ),
      ]);
      const heard = (reader.counts.get("chat") ?? 0) - before;
      return `${(heard / SECONDS).toFixed(1)} of ${strangers.length} keys`;
    },
  },
  {
    name: "8 search for words that never meet, in 300,000 messages",
    fill: async (store) => {
      const appends = [{
        room: "lobby",
        expectedHead: 0,
        entries: entriesOf("lobby", 300_000, "").map((entry, at) => ({
          ...entry,
          body: `${at % 2 === 0 ? "elephant" : "crocodile"} number ${at}`,
        })),
      }];
      await store.commit({ appends, writes: [] });
      while (await store.index(65_536));
    },
    async play(program) {
      const strangers = await come(program, 8);
      await Promise.all(strangers.map((one) => one.hello({ room: "lobby" })));
      let answers = 0;
      await Promise.all(strangers.map((one) =>
        during(async () => {
          const found = one.next("found", 1_000);
          const args = "elephant crocodile";
          await one.send({ type: "command", name: "search", args, id: "s" });
          if (await found !== undefined) answers++;
        })
      ));
      return `${(answers / SECONDS).toFixed(1)} answers a second`;
    },
  },
  {
    name: "256 rooms of 50 long messages are entered: memory in MiB",
    fill: async (store) => {
      for (const room of rooms(256)) await say(store, room, 100, LONG);
    },
    flags: ["--per-address", "0"],
    async play(program) {
      const before = program.memoryMib();
      const strangers = await come(program, 4);
      for (const [at, stranger] of strangers.entries()) {
        const own = rooms(256).slice(64 * at, 64 * at + 64);
        const points = Object.fromEntries(own.map((room) => [room, 99]));
        await stranger.hello({ room: "", resume: points });
      }
      await sleep(3_000);
      return `${before.toFixed(0)} → ${program.memoryMib().toFixed(0)}`;
    },
  },
  {
    name: "1,000 strangers write to somebody: pages at the next hello",
    flags: ["--per-address", "0"],
    async play(program) {
      const identity = await generateKeyPair();
      const victim = await Stranger.connect(LOOPBACK, program.port, identity);
      await victim.hello({ name: "victim", room: "lobby" });
      for (let number = 0; number < 1_000; number++) {
        const stranger = await comes(program);
        await stranger.hello({ room: "" });
        await stranger.send({ type: "chat", txt: "hello you", to: "victim" });
        await stranger.send({ type: "bye" });
      }
      const again = await Stranger.connect(LOOPBACK, program.port, identity);
      await again.hello({ room: "" });
      await sleep(2_000);
      return `${again.counts.get("history") ?? 0}`;
    },
  },
  {
    name: "8 connections resume 64 rooms of 1,000 messages: MiB in 5 s",
    fill: async (store) => {
      for (const room of rooms(64)) {
        await say(store, room, 1_000, LONG.slice(0, 800));
      }
    },
    async play(program) {
      const strangers = await come(program, 8);
      for (const one of strangers) {
        one.send({ type: "hello", room: "", resume: resume(64, 0) })
          .catch(() => {});
      }
      await sleep(5_000);
      const bytes = strangers.reduce((sum, one) => sum + one.bytesIn, 0);
      return `${(bytes / 1_048_576).toFixed(0)}`;
    },
  },
  {
    name: "8 keys fill the disk: MiB in 12 s",
    async play(program) {
      const before = program.diskMib();
      const strangers = await come(program, 8);
      await Promise.all(strangers.map((one) => one.hello({ room: "lobby" })));
      await Promise.race([
        sleep(12_000),
        ...strangers.map(async (one) => {
          for (;;) await one.send({ type: "chat", txt: LONG });
        }),
      ]);
      return (program.diskMib() - before).toFixed(1);
    },
  },
];

async function play(root: string, scene: Scene): Promise<void> {
  const data = await Deno.makeTempDir({ prefix: "confab-strangers-" });
  try {
    if (scene.fill !== undefined) {
      // Its own, since another has another schema.
      const module = await import(`${root}/src/store/sqlite/store.ts`);
      await using store = module.SqliteStore.open(`${data}/confab.db`);
      await scene.fill(store);
    }
    await using program = await Program.start(root, data, ...scene.flags ?? []);
    const quiet = await comes(program, LOOPBACK);
    await quiet.hello({ room: "" });
    const bystander = new Bystander(quiet);
    const outcome = await scene.play(program);
    const answers = await bystander.end();
    console.log(`${scene.name}: ${outcome} (answers in ms ${answers})`);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

const here = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
const wanted = Deno.env.get("CONFAB_SCENE") ?? "";
for (const root of Deno.args.length > 0 ? Deno.args : [here]) {
  console.log(`# ${root}`);
  for (const scene of SCENES) {
    if (scene.name.includes(wanted)) await play(root, scene);
  }
}
