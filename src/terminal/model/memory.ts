/** What the client remembers between sessions: a JSON file that only its owner can read. */
import { ConfabError, describeError } from "../../base/errors.ts";
import {
  arrayOf,
  NOTHING_KNOWN,
  readServerMemory,
  recordOf,
  type ServerMemory,
} from "../../memory/server_memory.ts";
import {
  lockPrivateFile,
  readPrivateFile,
  writePrivateFile,
} from "../../trust/private_file.ts";
import { HIGHLIGHTS } from "./highlights.ts";
import { NOWHERE, readSession, type SessionMemory } from "./session_memory.ts";
import { readSettings, type Settings } from "./settings.ts";

/** Servers that are remembered; the least recent are forgotten. */
const SERVERS = 50;
/** Sessions that are remembered, those that were changed last. */
const SESSIONS = 20;
/** Of the file; far more than all marks of all servers take. */
const MAX_BYTES = 16 * 1_024 * 1_024;

export interface ClientMemory {
  /** The address of the server that was joined last. */
  readonly last?: string;
  readonly settings: Settings;
  /** As `ignored.ts` has them. */
  readonly ignored: readonly string[];
  /** Words that speak to the person here, as they were typed. */
  readonly highlights: readonly string[];
  readonly servers: Readonly<Record<string, ServerMemory>>;
  /** Where one was, by the server's address and one's own key: `HOST:PORT SHA256:…`. */
  readonly sessions: Readonly<Record<string, SessionMemory>>;
}

/** Where the memory is kept. */
export type MemoryKeeper = Pick<MemoryFile, "memory" | "change">;

type Edit = (memory: ClientMemory) => ClientMemory;

export class MemoryFile implements MemoryKeeper {
  readonly #path: string;
  #memory: ClientMemory;
  /** What is not written yet, in order. */
  readonly #waiting: Edit[] = [];
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, memory: ClientMemory) {
    this.#path = path;
    this.#memory = memory;
  }

  /**
   * Reads the file; none is the same as an empty one.
   *
   * @throws {ConfabError} `key-file` when it cannot be read or is damaged.
   */
  static async open(path: string): Promise<MemoryFile> {
    return new MemoryFile(path, await read(path));
  }

  get memory(): ClientMemory {
    return this.#memory;
  }

  /**
   * Changes the file as it is now, which others may have changed, and learns what they have; rejects
   * if it cannot write.
   */
  change(edit: Edit): Promise<void> {
    this.#memory = edit(this.#memory);
    this.#waiting.push(edit);
    this.#writing = this.#writing.catch(() => {}).then(() => this.#write(edit));
    return this.#writing;
  }

  /** Resolves when what was changed is written, or could not be: the program may end then. */
  settled(): Promise<void> {
    return this.#writing.catch(() => {});
  }

  async #write(edit: Edit): Promise<void> {
    try {
      using _lock = await lockPrivateFile(this.#path);
      const now = await read(this.#path).catch(() => this.#memory);
      const text = JSON.stringify(edit(now), undefined, 2);
      await writePrivateFile(this.#path, `${text}\n`);
      this.#memory = this.#waiting.reduce((memory, one) => one(memory), now);
    } finally {
      this.#waiting.shift();
    }
  }
}

/** The memory with what is known of one server changed; that server is the most recent. */
export function withServer(
  memory: ClientMemory,
  address: string,
  edit: (server: ServerMemory) => ServerMemory,
): ClientMemory {
  const edited = edit(serverMemory(memory, address));
  const servers = withLatest(memory.servers, address, edited, SERVERS);
  return { ...memory, servers };
}

export function serverMemory(
  { servers }: ClientMemory,
  address: string,
): ServerMemory {
  return Object.hasOwn(servers, address) ? servers[address]! : NOTHING_KNOWN;
}

/** The memory with what is known of one session changed; that session is the most recent. */
export function withSession(
  memory: ClientMemory,
  id: string,
  edit: (session: SessionMemory) => SessionMemory,
): ClientMemory {
  const edited = edit(sessionMemory(memory, id));
  const sessions = withLatest(memory.sessions, id, edited, SESSIONS);
  return { ...memory, sessions };
}

export function sessionMemory(
  { sessions }: ClientMemory,
  id: string,
): SessionMemory {
  return Object.hasOwn(sessions, id) ? sessions[id]! : NOWHERE;
}

/** Under what a session is remembered; `key` is one's own, `SHA256:…`. */
export function sessionId(address: string, key: string): string {
  return `${address} ${key}`;
}

/** What a file holds, made whole: what is missing or wrong in it is as in the beginning. */
export function readMemory(value: unknown): ClientMemory {
  const given = recordOf(value);
  const servers = Object.entries(recordOf(given.servers))
    .map(([address, server]) => [address, readServerMemory(server)]);
  const sessions = Object.entries(recordOf(given.sessions))
    .map(([id, session]) => [id, readSession(session)]);
  return {
    ...(typeof given.last === "string" ? { last: given.last } : {}),
    settings: readSettings(given.settings),
    ignored: textsOf(given.ignored),
    highlights: textsOf(given.highlights).slice(-HIGHLIGHTS),
    servers: Object.fromEntries(servers),
    sessions: Object.fromEntries(sessions),
  };
}

/** A record with this as its latest; of more than `most`, the first are forgotten. */
function withLatest<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
  value: Value,
  most: number,
): Record<string, Value> {
  const { [key]: _, ...others } = record;
  const entries = [...Object.entries(others), [key, value] as const];
  return Object.fromEntries(entries.slice(-most));
}

function textsOf(value: unknown): string[] {
  return arrayOf(value).filter((one) => typeof one === "string");
}

async function read(path: string): Promise<ClientMemory> {
  const text = await readPrivateFile(path, MAX_BYTES).catch((error) => {
    if (error.cause instanceof Deno.errors.NotFound) return "{}";
    throw error;
  });
  try {
    return readMemory(JSON.parse(text));
  } catch (error) {
    const why = `is not JSON (${describeError(error)})`;
    const text = `${path}: ${why}; correct it or remove it`;
    throw new ConfabError("key-file", text);
  }
}
