/** What is remembered on this machine, as a chat at one server has it. */
import type { ServerMemory } from "../../memory/server_memory.ts";
import {
  type ClientMemory,
  type MemoryKeeper,
  serverMemory,
  sessionId,
  sessionMemory,
  withServer,
  withSession,
} from "./memory.ts";
import type { SessionMemory } from "./session_memory.ts";

export interface RememberedOptions {
  readonly keeper: MemoryKeeper;
  /** The server's address. */
  readonly address: string;
  /** The fingerprint of one's own key. */
  readonly person: string;
  /** Says that something cannot be written. */
  readonly fault: (text: string) => void;
}

export class Remembered {
  readonly #options: RememberedOptions;
  readonly #session: string;

  constructor(options: RememberedOptions) {
    this.#options = options;
    this.#session = sessionId(options.address, options.person);
  }

  /** All of it. */
  get memory(): ClientMemory {
    return this.#options.keeper.memory;
  }

  /** What is known of the server and its people. */
  get server(): ServerMemory {
    return serverMemory(this.memory, this.#options.address);
  }

  /** Where one was there. */
  get session(): SessionMemory {
    return sessionMemory(this.memory, this.#session);
  }

  /** Changes what is remembered; that it cannot be written is said. */
  change(edit: (memory: ClientMemory) => ClientMemory): void {
    const { keeper, fault } = this.#options;
    keeper.change(edit).catch((error) => fault(error.message));
  }

  changeServer(edit: (server: ServerMemory) => ServerMemory): void {
    const { address } = this.#options;
    this.change((memory) => withServer(memory, address, edit));
  }

  changeSession(edit: (session: SessionMemory) => SessionMemory): void {
    this.change((memory) => withSession(memory, this.#session, edit));
  }
}
