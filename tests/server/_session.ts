/** A session whose other end, clock and host are a test's. */
import { assertEquals } from "@std/assert";
import type { ProtocolError } from "../../src/base/errors.ts";
import { memoryPair } from "../_memory_transport.ts";
import type { Transport } from "../../src/net/transport.ts";
import { TokenBucket } from "../../src/server/rate.ts";
import {
  Session,
  type SessionEnd,
  type SessionHost,
} from "../../src/server/session.ts";
import { concat } from "@std/bytes/concat";
import type { ClientMessage } from "../../src/wire/client.ts";
import { frameStream } from "../../src/wire/frame.ts";
import { encodeMessage } from "../../src/wire/server.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

export interface SessionCase {
  /** When hello must have been said; by default never. */
  readonly helloBy?: number;
  /** Its person's bucket; none lifts the limit. */
  readonly bucket?: TokenBucket;
  readonly host?: Partial<SessionHost>;
  /** Puts something between the session and its transport. */
  readonly wrap?: (transport: Transport) => Transport;
}

/** JSON as it came over the wire. */
type Received = Record<string, unknown>;

export class SessionScene {
  readonly clock = new FakeClock();
  readonly session: Session;
  /** What reached the hub: messages, and refusals by their code. */
  readonly said: (ClientMessage | { refused: string; id?: string })[] = [];
  readonly failures: unknown[] = [];
  drainedCount = 0;
  turns = 0;
  readyCount = 0;
  /** How it ended, once it has. */
  ended: SessionEnd | undefined;
  /** Whether the far end has read to the end. */
  isOver = false;
  readonly far: Transport;
  readonly #received: Received[] = [];
  readonly #running: Promise<unknown>;

  constructor(options: SessionCase = {}) {
    const [near, far] = memoryPair();
    this.far = far;
    this.session = new Session({
      id: 7,
      transport: options.wrap?.(near) ?? near,
      clock: this.clock,
      host: { ...this.#host(), ...options.host },
      bucket: () => options.bucket,
      helloBy: options.helloBy ?? Infinity,
    });
    const run = this.session.run().then((how) => this.ended = how);
    this.#running = Promise.all([run, this.#readAll()]);
  }

  /** A bucket as a person has it: 20 at once, 10 a second. */
  static bucket(): TokenBucket {
    return new TokenBucket(20, 10, 0);
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
    this.session.ready();
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
    return this.#received.splice(0);
  }

  /** Types of what the far end got since the last call. */
  takeTypes(): unknown[] {
    return this.take().map(({ type }) => type);
  }

  /** Texts of the chats that reached the hub, and codes of what was refused, since the last call. */
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

  #host(): SessionHost {
    const turn = () => {
      this.turns++;
      return Promise.resolve();
    };
    return {
      message: (_, message) => void this.said.push(message),
      refuse: (_, error: ProtocolError, id = error.id) =>
        void this.said.push({
          refused: error.code,
          ...(id === undefined ? {} : { id }),
        }),
      turnDone: turn,
      answered: turn,
      drained: () => void this.drainedCount++,
      ready: () => void this.readyCount++,
      failed: (_, error) => void this.failures.push(error),
      refuseHello: () => undefined,
      costOf: ({ type }) =>
        type === "history" ? { tokens: 5, isRequest: true } : undefined,
    };
  }

  async #readAll(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const payloads of frameStream(this.far)) {
      for (const payload of payloads) {
        this.#received.push(JSON.parse(decoder.decode(payload)));
      }
    }
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

/** A transport that can be changed in part. */
export function bound(transport: Transport): Transport {
  return {
    peer: transport.peer,
    write: (bytes) => transport.write(bytes),
    closeWrite: () => transport.closeWrite(),
    close: () => transport.close(),
    [Symbol.asyncIterator]: () => transport[Symbol.asyncIterator](),
  };
}

/** Counts the chunks that are read. */
export function countingReads(
  transport: Transport,
  count: () => void,
): Transport {
  return {
    ...bound(transport),
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
    ...bound(transport),
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
