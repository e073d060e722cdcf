/** What the parts of the terminal client share. */
import type { Client } from "../client/client.ts";
import type { Clock } from "../base/clock.ts";
import type { MemoryStore, ServerMemory } from "./memory.ts";
import { NOTHING_KNOWN, withServer } from "./memory.ts";
import {
  alarmLine,
  faultLine,
  type LineOptions,
  noteLines,
} from "./message_lines.ts";
import type { Palette } from "./palette.ts";
import type { View } from "./view.ts";
import { Views } from "./views.ts";

/** What the chat needs of the client. */
export type ChatClient = Pick<
  Client,
  "name" | "current" | "rooms" | "request" | "tell" | "close"
>;

/** Where the chat shows itself. */
export interface ChatHost {
  /** Puts lines above the prompt. */
  print(lines: readonly string[]): void;
  /** Sends something that takes no place on the screen: a bell, a notification. */
  signal(sequence: string): void;
  /** Something about the prompt or the hints is different. */
  changed(): void;
  /** The person goes from one place to another; each keeps what was being typed there. */
  moved(from: View | undefined, to: View | undefined): void;
}

export interface ContextOptions {
  readonly client: ChatClient;
  readonly host: ChatHost;
  readonly memory: MemoryStore;
  readonly clock: Clock;
  readonly palette: Palette;
  /** The server's address, under which things are remembered. */
  readonly address: string;
  /** Makes the id of a message: unique among this person's. */
  readonly newId: () => string;
}

export class Context {
  readonly views: Views;
  readonly client: ChatClient;
  readonly host: ChatHost;
  readonly clock: Clock;
  readonly palette: Palette;
  readonly newId: () => string;
  readonly #memory: MemoryStore;
  readonly #address: string;
  connection: "online" | "offline" = "online";
  /** One's own key, `SHA256:…`. */
  key: string | undefined;
  /** Who said something privately last. */
  lastPrivate: string | undefined;

  constructor(options: ContextOptions) {
    this.client = options.client;
    this.host = options.host;
    this.clock = options.clock;
    this.palette = options.palette;
    this.newId = options.newId;
    this.#memory = options.memory;
    this.#address = options.address;
    this.views = new Views((name) => this.server.read[name]);
  }

  get memory(): MemoryStore["memory"] {
    return this.#memory.memory;
  }

  get server(): ServerMemory {
    const { servers } = this.memory;
    return Object.hasOwn(servers, this.#address)
      ? servers[this.#address]!
      : NOTHING_KNOWN;
  }

  get lineOptions(): LineOptions {
    return {
      palette: this.palette,
      timestamps: this.memory.settings.timestamps,
    };
  }

  /** Changes what is remembered; that it cannot be written is said. */
  remember(edit: Parameters<MemoryStore["change"]>[0]): void {
    this.#memory.change(edit).catch((error) => this.fault(error.message));
  }

  rememberServer(edit: (server: ServerMemory) => ServerMemory): void {
    this.remember((memory) => withServer(memory, this.#address, edit));
  }

  note(text: string): void {
    this.host.print(noteLines(text, this.palette));
  }

  fault(text: string): void {
    this.host.print([faultLine(text, this.palette)]);
  }

  alarm(text: string): void {
    this.host.print([alarmLine(text, this.palette)]);
  }
}
