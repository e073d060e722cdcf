/** What the client remembers between sessions: a JSON file that only its owner can read. */
import { ConfabError, describeError } from "../../base/errors.ts";
import { wordsOfFingerprint } from "../../secure/fingerprint.ts";
import {
  lockPrivateFile,
  readPrivateFile,
  writePrivateFile,
} from "../../trust/private_file.ts";
import { foldName } from "../../wire/names.ts";
import { readSettings, type Settings } from "./settings.ts";

/** Servers and, for each, places whose marks are remembered; the least recent are forgotten. */
const SERVERS = 50;
const MARKS = 100;

/** Servers choose the names of rooms: a longer one has no mark. */
const NAME_CHARS = 256;
/** Of the file; far more than all marks of all servers take. */
const MAX_BYTES = 16 * 1_024 * 1_024;

/** A person whose fingerprint was compared. */
export interface Verified {
  readonly name: string;
  /** `SHA256:…` */
  readonly key: string;
  /** ISO 8601. */
  readonly at: string;
}

/** What is remembered of one server, under its address. */
export interface ServerMemory {
  /** Up to which seq each room was read. */
  readonly read: Readonly<Record<string, number>>;
  readonly verified: readonly Verified[];
}

export interface ClientMemory {
  /** The address of the server that was joined last. */
  readonly last?: string;
  readonly settings: Settings;
  /** As `ignored.ts` has them. */
  readonly ignored: readonly string[];
  readonly servers: Readonly<Record<string, ServerMemory>>;
}

const NOTHING_KNOWN: ServerMemory = { read: {}, verified: [] };

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
  const { [address]: _, ...others } = memory.servers;
  const edited = edit(serverMemory(memory, address));
  const read = Object.fromEntries(Object.entries(edited.read).slice(-MARKS));
  const entries = [...Object.entries(others), [address, { ...edited, read }]];
  return { ...memory, servers: Object.fromEntries(entries.slice(-SERVERS)) };
}

/** The memory of a server with places read anew, which are the most recent then. */
export function withRead(
  server: ServerMemory,
  marks: Readonly<Record<string, number>>,
): ServerMemory {
  const known = Object.entries(server.read)
    .filter(([name]) => !Object.hasOwn(marks, name));
  const fresh = Object.entries(marks)
    .filter(([name]) => name.length <= NAME_CHARS);
  return { ...server, read: Object.fromEntries([...known, ...fresh]) };
}

/** Up to which seq a room was read; a room may be called like what every object has. */
export function readOf(
  { read }: ServerMemory,
  room: string,
): number | undefined {
  return Object.hasOwn(read, room) ? read[room] : undefined;
}

export function serverMemory(
  { servers }: ClientMemory,
  address: string,
): ServerMemory {
  return Object.hasOwn(servers, address) ? servers[address]! : NOTHING_KNOWN;
}

/** Somebody as the server shows them. */
export interface Shown {
  readonly name: string;
  /** `SHA256:…`; guests have none. */
  readonly key?: string;
}

type Keyed = Required<Shown>;

/** Whether somebody was verified: with this key, or as somebody else. */
export function standingOf(
  { name, key }: Shown,
  verified: readonly Verified[],
): "verified" | "changed" | "unknown" {
  const known = verified.find((one) => foldName(one.name) === foldName(name));
  if (known !== undefined && known.key !== key) return "changed";
  return key !== undefined && verified.some((one) => one.key === key)
    ? "verified"
    : "unknown";
}

/** The list with a person verified anew. */
export function withVerified(
  verified: readonly Verified[],
  { name, key }: Keyed,
  now: Date,
): Verified[] {
  const others = verified.filter((one) =>
    one.key !== key && foldName(one.name) !== foldName(name)
  );
  return [...others, { name, key, at: now.toISOString() }];
}

/** What both people read to each other. */
export function comparison(own: Keyed, other: Keyed): string {
  return `you, ${own.name}: ${wordsOfFingerprint(own.key)}
${other.name}: ${wordsOfFingerprint(other.key)}
read both to each other, face to face or on the phone; \
when they are the same there: /verify ${other.name} yes`;
}

/** What a file holds, made whole: what is missing or wrong in it is as in the beginning. */
export function readMemory(value: unknown): ClientMemory {
  const given = recordOf(value);
  const servers = Object.entries(recordOf(given.servers))
    .map(([address, server]) => [address, readServer(recordOf(server))]);
  return {
    ...(typeof given.last === "string" ? { last: given.last } : {}),
    settings: readSettings(given.settings),
    ignored: arrayOf(given.ignored).filter((one) => typeof one === "string"),
    servers: Object.fromEntries(servers),
  };
}

function readServer(given: Record<string, unknown>): ServerMemory {
  const read = Object.entries(recordOf(given.read))
    .filter(([, seq]) => Number.isSafeInteger(seq));
  const verified = arrayOf(given.verified).map(recordOf).filter((one) =>
    [one.name, one.key, one.at].every((part) => typeof part === "string")
  );
  return {
    read: Object.fromEntries(read),
    verified,
  } as unknown as ServerMemory;
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

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : {};
}

function arrayOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
