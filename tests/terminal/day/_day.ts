/** A day of seven people, each on a line of their own, and a server that ends and begins again. */
import { Home, Server } from "../../e2e/_program.ts";
import { type Kept, Ledger, tokenIn } from "./_ledger.ts";
import { Bare, Piped, Script, type Speaker } from "./_others.ts";
import { Random } from "./_random.ts";
import { Terminal } from "./_terminal.ts";

const DELAY_MS = 300;
const WORDS =
  "well so the build is green again and nobody knows why it was red before 日本語 übrigens café 🙂 tea at four then"
    .split(" ");
const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 100, rows: 30 },
  { columns: 72, rows: 20 },
  { columns: 90, rows: 24 },
];

/** What somebody can be watched saying. */
export interface Person {
  readonly id: string;
  say(text: string): Promise<void>;
}

export class Day implements AsyncDisposable {
  readonly random: Random;
  readonly ledger = new Ledger();
  readonly terminals: Terminal[];
  readonly script: Script;
  readonly speakers: Speaker[];
  readonly server: Server;
  readonly home = new Home();
  readonly #names = new Map<string, string>();
  #rooms = 0;

  private constructor(server: Server, seed: number) {
    this.server = server;
    this.random = new Random(seed);
    const { port } = server;
    const { ledger } = this;
    const options = { port, ledger, delayMs: DELAY_MS };
    this.terminals = ["ann", "bob", "cat", "dan"].map((id, at) =>
      new Terminal({
        ...{ ...options, id, size: SIZES[at]! },
        data: this.home.file(id),
        nameOf: (id) => this.nameOf(id),
      })
    );
    this.script = new Script({ ...options, id: "gus" });
    const piped = new Piped({ ...options, id: "eve" }, this.home);
    this.speakers = [piped, new Bare({ ...options, id: "fay" }), this.script];
    for (const { id } of [...this.terminals, piped, this.script]) {
      ledger.called(id, id);
    }
  }

  /** Everybody comes; the four with terminals are in the rooms dev and ops besides. */
  static async begin(seed: number): Promise<Day> {
    const day = new Day(await Server.start(), seed);
    await day.all(day.terminals, (one) => one.start());
    // Who makes a room is its operator, also after a restart if something was said there.
    for (const room of ["dev", "ops"]) {
      const [first, ...others] = day.terminals;
      for (const some of [[first!], others]) {
        await day.all(some, async (one) => {
          await one.enter(`/join +${room}`);
          one.place = room;
          one.places.add(room);
          await one.prompt();
          if (one === first) await one.say(day.text(one.id));
          await one.settled();
        });
      }
    }
    return day;
  }

  get people(): Person[] {
    return [...this.terminals.filter((one) => one.isHere), ...this.speakers];
  }

  /** What somebody is called today. */
  nameOf(id: string): string {
    return this.#names.get(id) ?? id;
  }

  renamed(id: string, name: string): void {
    this.#names.set(id, name);
    this.ledger.called(id, name);
  }

  /** A room that nobody has been in. */
  newRoom(): string {
    return `room${++this.#rooms}`;
  }

  /** Does something for each at once. */
  async all<T>(
    some: readonly T[],
    act: (one: T) => PromiseLike<unknown>,
  ): Promise<void> {
    await Promise.all(some.map(act));
  }

  /** A text that somebody may say. */
  text(id: string, words = this.random.between(1, 9)): string {
    const some = Array.from({ length: words }, () => this.random.pick(WORDS));
    return [this.ledger.next(id), ...some].join(" ");
  }

  /** Everybody else says something, where they are. */
  async chatter(...silent: Terminal[]): Promise<void> {
    const some = this.people.filter((one) =>
      !silent.some(({ id }) => id === one.id)
    );
    const sayings = some.map((one) => ({
      one,
      texts: Array.from(
        { length: this.random.between(1, 2) },
        () => this.text(one.id),
      ),
    }));
    await this.all(sayings, async ({ one, texts }) => {
      for (const text of texts) await one.say(text);
    });
  }

  /** All that was entered has its answer. */
  async settle(): Promise<void> {
    const here = this.terminals.filter((one) => one.isHere);
    await this.all([
      ...here.map((one) => () => one.settled()),
      ...this.speakers.map((one) => () => one.settle()),
    ], (settle) => settle());
  }

  /** The server ends by a signal, and another begins on the same data. */
  async restartServer(
    signal: "SIGKILL" | "SIGTERM",
    meanwhile: () => Promise<void>,
  ): Promise<void> {
    this.server.kill(signal);
    await this.server.status;
    await meanwhile();
    await this.server.restart();
    for (const { relay } of [...this.terminals, ...this.speakers]) {
      relay.target = this.server.port;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.all(
      [...this.terminals, ...this.speakers],
      (one) => one[Symbol.asyncDispose](),
    );
    await this.server[Symbol.asyncDispose]();
    await this.home[Symbol.asyncDispose]();
  }
}

/** Where each token stands in the histories of all places. */
export function standing(
  histories: ReadonlyMap<string, readonly Kept[]>,
): Map<string, { readonly place: string; readonly seq: number }> {
  return new Map(
    [...histories].flatMap(([place, kept]) =>
      kept.map(({ seq, txt }) => [tokenIn(txt) ?? txt, { place, seq }] as const)
    ),
  );
}
