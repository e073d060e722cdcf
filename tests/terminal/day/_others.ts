/** People without a terminal: a script of the wire, a pipe, and `nc`. */
import { delay, SYSTEM_CLOCK } from "../../../src/base/clock.ts";
import { generateKey } from "../../e2e/_keys.ts";
import type { Message } from "../../e2e/_messages.ts";
import { type Home, openPipe, type Process } from "../../e2e/_program.ts";
import { Relay } from "../../e2e/_relay.ts";
import { within } from "../../e2e/_scenario.ts";
import { LineSocket } from "../../e2e/_sockets.ts";
import { connect, type WireClient } from "../../e2e/_wire_client.ts";
import { between, type Ledger, type Line } from "./_ledger.ts";

/** Between two tries to get a connection. */
const AGAIN_MS = 100;

/** Somebody who says lines, and can tell when all of them are there, or may not be. */
export interface Speaker extends AsyncDisposable {
  readonly id: string;
  readonly relay: Relay;
  say(text: string): Promise<void>;
  settle(): Promise<void>;
}

export interface OtherOptions {
  readonly id: string;
  readonly port: number;
  readonly delayMs: number;
  readonly ledger: Ledger;
}

/** A program that says each line again, with its `id`, until it is acknowledged. */
export class Script implements Speaker {
  readonly id: string;
  readonly key = generateKey();
  readonly relay: Relay;
  readonly #ledger: Ledger;
  #client: WireClient | undefined;
  #last: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor({ id, port, delayMs, ledger }: OtherOptions) {
    this.id = id;
    this.relay = new Relay(port, delayMs);
    this.#ledger = ledger;
  }

  say(text: string): Promise<void> {
    this.#ledger.add(this.id, "lobby", text);
    return this.#deliver({ type: "chat", room: "lobby", txt: text });
  }

  /** Says something privately to somebody of this name. */
  tell(id: string, name: string, text: string): Promise<void> {
    this.#ledger.add(this.id, between(this.id, id), text);
    return this.#deliver({ type: "chat", to: name, txt: text });
  }

  async settle(): Promise<void> {
    await within(this.#last, () => `what ${this.id} says`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#client?.[Symbol.asyncDispose]();
    await this.relay[Symbol.asyncDispose]();
    await this.#last.catch(() => {});
  }

  #deliver(chat: Message): Promise<void> {
    const message = { ...chat, id: crypto.randomUUID() };
    this.#last = this.#last.then(() => this.#untilAnswered(message));
    this.#last.catch(() => {}); // settle() tells
    return Promise.resolve();
  }

  async #untilAnswered(message: Message & { id: string }): Promise<void> {
    while (!this.#isOver) {
      const client = await this.#connected();
      if (client === undefined) continue;
      await client.send(message);
      const answer = await client.nextOrEnd((one) =>
        one.id === message.id && one.type !== "chat"
      );
      if (answer?.type === "ack") return;
      if (answer !== undefined) throw new Error(JSON.stringify(answer));
      await client[Symbol.asyncDispose]();
      this.#client = undefined;
    }
  }

  async #connected(): Promise<WireClient | undefined> {
    if (this.#client !== undefined) return this.#client;
    const port = Number(this.relay.address.split(":")[1]);
    try {
      const client = await connect({ port, sealed: true, key: this.key });
      this.#client = client;
      await client.send({ type: "hello", name: this.id });
      const welcome = await client.nextOrEnd({ type: "welcome" });
      if (welcome !== undefined) return client;
      await client[Symbol.asyncDispose]();
    } catch {
      // There is no server now.
    }
    this.#client = undefined;
    await delay(SYSTEM_CLOCK, AGAIN_MS);
  }
}

/** `confab join` with a pipe as its input, which stays open. */
export class Piped implements Speaker {
  readonly id: string;
  readonly relay: Relay;
  readonly #ledger: Ledger;
  readonly #process: Process;
  #said = 0;

  constructor({ id, port, delayMs, ledger }: OtherOptions, home: Home) {
    this.id = id;
    this.relay = new Relay(port, delayMs);
    this.#ledger = ledger;
    const flags = ["--trust-new", "--name", id, "--json", "--commands"];
    this.#process = openPipe(home, this.relay.address, id, ...flags);
  }

  async say(text: string): Promise<void> {
    this.#ledger.add(this.id, "lobby", text);
    this.#said++;
    await this.#process.write(text);
  }

  /** Every line has its answer: an ack, or itself in what was missed. */
  async settle(): Promise<void> {
    const { lines } = this.#process;
    const isAnswered = () => {
      const answers = lines.all.map((line) => JSON.parse(line) as Message)
        .filter(({ type, from, seq }) =>
          seq !== undefined &&
          (type === "ack" || (type === "chat" && from === this.id))
        );
      return new Set(answers.map(({ seq }) => seq)).size >= this.#said;
    };
    await lines.until(isAnswered, `${this.#said} answers for ${this.id}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await this.relay[Symbol.asyncDispose]();
  }
}

/** `nc`: what is said on a connection that ends may be there or not. */
export class Bare implements Speaker {
  readonly id: string;
  readonly relay: Relay;
  readonly #ledger: Ledger;
  #socket: LineSocket | undefined;
  #unsure: Line[] = [];
  #isEntered = false;

  constructor({ id, port, ledger }: OtherOptions) {
    this.id = id;
    this.relay = new Relay(port);
    this.#ledger = ledger;
  }

  async say(text: string): Promise<void> {
    this.#socket ??= await LineSocket.open(
      Number(this.relay.address.split(":")[1]),
    );
    this.#unsure.push(this.#ledger.add(this.id, "lobby", text));
    await this.#socket.send(text);
  }

  /** An answer to a later question means that what was before it is said. */
  async settle(): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined) return;
    await socket.send("/users");
    const isAnswer = (line: string) => line.startsWith("* in lobby: ");
    const next = () =>
      socket.next(isAnswer, "who is there").catch(() => undefined);
    // The first says it where one enters.
    if (!this.#isEntered) await next();
    this.#isEntered = true;
    const answer = await next();
    if (answer === undefined) {
      for (const line of this.#unsure) line.fate = "perhaps";
      await socket[Symbol.asyncDispose]();
      this.#socket = undefined;
      this.#isEntered = false;
    }
    this.#unsure = [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket?.[Symbol.asyncDispose]();
    await this.relay[Symbol.asyncDispose]();
  }
}
