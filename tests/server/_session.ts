/** A session whose other end, clock, hub and delivery are a test's. */
import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import type { ConnectionEnd, Input, Refusal } from "../../src/chat/input.ts";
import type { Codec } from "../../src/gateway/codec.ts";
import { codecFor } from "../../src/gateway/codecs.ts";
import type { Transport } from "../../src/net/transport.ts";
import { Budgets, type Payer } from "../../src/server/budgets.ts";
import { Session } from "../../src/server/session.ts";
import type { SessionHost } from "../../src/server/session_host.ts";
import { Tap } from "../../src/server/tap.ts";
import type { ClientMessage } from "../../src/wire/client.ts";
import { FrameDecoder } from "../../src/wire/frame.ts";
import { encodeMessage } from "../../src/wire/server.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { memoryPair, standIn } from "../_memory_transport.ts";
import { testsOf } from "../_testing.ts";

export interface SessionCase {
  /** When hello must have been said; by default never. */
  readonly helloBy?: number;
  /** Messages a second that its person may say; by default there is no limit. */
  readonly rate?: number;
  /** By default a person whose address does not count. */
  readonly payer?: Payer;
  /** What the client speaks; by default the JSON of full clients, in frames. */
  readonly codec?: Codec;
  /** By default every `hello` reaches the hub. */
  readonly judgeHello?: SessionHost["judgeHello"];
  readonly recall?: SessionHost["recall"];
  /** By default the hub knows the connection at once. */
  readonly opening?: "at once" | "later";
  /** Happens when the hub gets an input. */
  readonly onPut?: (input: Input) => void;
  /** Resolves when all that was asked is answered; by default at once. */
  readonly answered?: () => Promise<void>;
  /** Puts something between the session and its transport. */
  readonly wrap?: (transport: Transport) => Transport;
}

/** JSON as it came over the wire. */
type Received = Record<string, unknown>;

export class SessionScene {
  readonly clock = new FakeClock();
  readonly tap = new Tap();
  readonly budgets: Budgets;
  readonly session: Session;
  /** What reached the hub: messages, and refusals by their code. */
  readonly said: (ClientMessage | { refused: string; id?: string })[] = [];
  readonly refusals: Refusal[] = [];
  readonly failures: unknown[] = [];
  drainedCount = 0;
  turns = 0;
  readyCount = 0;
  /** How it ended, once it has. */
  ended: ConnectionEnd | undefined;
  /** Whether the far end has read to the end. */
  isOver = false;
  readonly far: Transport;
  /** Bytes that the far end got. */
  readonly #chunks: Uint8Array[] = [];
  readonly #running: Promise<unknown>;

  constructor(options: SessionCase = {}) {
    const [near, far] = memoryPair();
    this.far = far;
    this.tap.subscribe((event) => {
      if (event.kind === "fault") this.failures.push(event.error);
    });
    this.budgets = new Budgets(options.rate ?? 0, this.clock);
    this.session = new Session({
      id: "1/7",
      payer: options.payer ?? { person: "ann" },
      transport: options.wrap?.(near) ?? near,
      codec: options.codec ?? codecFor("sealed")!,
      helloBy: options.helloBy ?? Infinity,
    }, {
      clock: this.clock,
      turns: {
        put: (input) => {
          options.onPut?.(input);
          this.#note(input);
        },
        done: () => {
          this.turns++;
          return Promise.resolve();
        },
      },
      delivery: {
        drained: () => void this.drainedCount++,
        answered: options.answered ?? (() => Promise.resolve()),
      },
      tap: this.tap,
      budgets: this.budgets,
      pace: { add: (writer) => writer.begin() },
      recall: options.recall ?? (() => Promise.resolve()),
      meetOwner: () => undefined,
      judgeHello: options.judgeHello ?? (() => Promise.resolve(undefined)),
      nextKey: () => undefined,
      onReady: () => void this.readyCount++,
      onRefused: () => {},
    });
    if (options.opening !== "later") this.session.opened(undefined);
    const run = this.session.run().then((how) => this.ended = how);
    this.#running = Promise.all([run, this.#readAll()]);
  }

  /** Sends messages in one piece; all that they set off has happened then. */
  async send(...messages: object[]): Promise<void> {
    await this.sendBytes(concat(messages.map(encodeMessage)));
  }

  async sendBytes(bytes: Uint8Array): Promise<void> {
    await this.far.write(bytes);
    await eventLoopTurn();
  }

  /** Says hello and has the welcome. */
  async greet(): Promise<void> {
    await this.send({ type: "hello" });
    this.session.ready("ann");
    this.said.length = 0;
  }

  /** Time goes by; deadlines are looked at each second, as the server does. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1_000) {
      this.clock.advance(Math.min(left, 1_000));
      this.session.sweep(this.clock.monotonic());
      await eventLoopTurn();
    }
  }

  /** Queues more than the outbox may hold; gives the number of messages. */
  fill(): number {
    const frame = encodeMessage({ type: "notice", text: "x".repeat(60_000) });
    let count = 0;
    for (; this.session.spaceBytes > 0; count++) this.session.push(frame);
    this.session.flush();
    return count;
  }

  /** What the far end got since the last call. */
  take(): Received[] {
    const decoder = new FrameDecoder();
    decoder.push(concat(this.#chunks.splice(0)));
    const received: Received[] = [];
    for (let next = decoder.next(); next !== null; next = decoder.next()) {
      received.push(JSON.parse(new TextDecoder().decode(next)));
    }
    assertEquals(decoder.pendingBytes, 0, "half a frame");
    return received;
  }

  /** As {@linkcode take}, where the client speaks in lines. */
  takeText(): string {
    return new TextDecoder().decode(concat(this.#chunks.splice(0)));
  }

  /** Types of what the far end got since the last call. */
  takeTypes(): unknown[] {
    return this.take().map(({ type }) => type);
  }

  /**
   * Texts of the chats that reached the hub, and codes of what was refused, since the last call.
   */
  takeSaid(): string[] {
    return this.said.splice(0).map((one) => {
      if ("refused" in one) return one.refused;
      return one.type === "chat" ? one.txt : one.type;
    });
  }

  /** Both ends are closed, whatever they were doing, and nothing remains. */
  async end(): Promise<void> {
    this.session.abort();
    this.far.close();
    await this.#running;
    assertEquals(this.clock.waiting, 0, "a timer was left behind");
  }

  #now() {
    return { wall: this.clock.wall(), monotonic: this.clock.monotonic() };
  }

  #note(input: Input): void {
    if (!("connection" in input)) throw new Error(`an input ${input.kind}`);
    assertEquals([input.connection, input.at], ["1/7", this.#now()]);
    if (input.kind === "message") this.said.push(input.message);
    if (input.kind !== "refuse") return;
    const { code, id } = input.refusal;
    this.refusals.push(structuredClone(input.refusal));
    this.said.push({ refused: code, ...(id === undefined ? {} : { id }) });
  }

  async #readAll(): Promise<void> {
    for await (const chunk of this.far) this.#chunks.push(chunk);
    this.isOver = true;
  }
}

const test = testsOf("session");

/** Registers a test of one session. */
export function scene(
  name: string,
  options: SessionCase,
  play: (scene: SessionScene) => Promise<void>,
): void {
  test(name, () => inScene(options, play));
}

/** Runs a scene and closes both ends afterwards. */
export async function inScene(
  options: SessionCase,
  play: (scene: SessionScene) => Promise<void>,
): Promise<void> {
  const scene = new SessionScene(options);
  try {
    await play(scene);
  } finally {
    await scene.end();
  }
}

export function chat(txt: string, id?: string): object {
  return { type: "chat", txt, ...(id === undefined ? {} : { id }) };
}

/** Counts the chunks that are read. */
export function countingReads(
  transport: Transport,
  count: () => void,
): Transport {
  return {
    ...standIn(transport),
    async *[Symbol.asyncIterator]() {
      for await (const chunk of transport) {
        count();
        yield chunk;
      }
      return undefined;
    },
  };
}

/** Each write is there only when the test says so. */
export function holdingWrites(
  transport: Transport,
  held: (() => void)[],
): Transport {
  return {
    ...standIn(transport),
    async write(bytes) {
      await new Promise<void>((resolve) => held.push(resolve));
      await transport.write(bytes);
    },
    close() {
      for (const release of held.splice(0)) release();
      transport.close();
    },
  };
}
