/**
 * The pins of servers' keys, in a text file that people may edit: a line for each server,
 * `HOST:PORT SHA256:… TIME`, perhaps with `next=SHA256:…` for the key that was announced, and `#`
 * comments.
 */
import { ConfabError, describeError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { secondText } from "../base/time.ts";
import { fullFingerprint } from "../secure/fingerprint.ts";
import {
  lockPrivateFile,
  OpenToOthers,
  readOwnFile,
  writePrivateFile,
} from "./private_file.ts";
import { type Pin, type Pins, serverAddress } from "./judge.ts";

/** Host, port, fingerprint, time, and the next fingerprint. */
const PIN =
  /^(\[[^\]\s]+\]|[^:\s]+):(\d{1,5})\s+(\S+)\s+(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?:\s+next=(\S+))?$/;

/** A line as it stands in the file; comments and empty lines have no pin. */
interface Line {
  readonly text: string;
  readonly pin: Pin | undefined;
}

/** The pins of one file. Addresses are those of {@linkcode serverAddress}. */
export class KnownServers implements Pins {
  readonly #path: string;
  #lines: readonly Line[];

  private constructor(path: string, lines: readonly Line[]) {
    this.#path = path;
    this.#lines = lines;
  }

  /**
   * Reads the file; none is the same as an empty one.
   *
   * @throws {ConfabError} `known-servers` when it cannot be read, others can write it, or a line of
   * it is damaged.
   */
  static async open(path: string): Promise<KnownServers> {
    return new KnownServers(path, await readLines(path));
  }

  /** The pin of a server, as of the last read or write. */
  lookup(address: string): Pin | undefined {
    return this.#lines.find((line) => line.pin?.address === address)?.pin;
  }

  /**
   * Stores a key as seen first at `now`, in the place of another one that {@linkcode lookup} gives.
   * The same key keeps its day.
   *
   * @throws {ConfabError} `known-servers` when the file is damaged or cannot be written;
   * `server-key-changed` when it has another key by now, which nobody has held this one against.
   */
  async pin(address: string, fingerprint: string, now: Date): Promise<void> {
    const line = lineOf(address, fingerprint, now);
    await this.#change((lines) => {
      const at = lines.findIndex((line) => line.pin?.address === address);
      if (at === -1) return [...lines, line];
      const stored = lines[at]!.pin!.fingerprint;
      if (stored === fingerprint) return lines;
      if (stored !== this.lookup(address)?.fingerprint) {
        throw new ConfabError(
          "server-key-changed",
          `another client has just stored another key of ${address}, ${stored}: connect again`,
        );
      }
      return lines.with(at, line);
    });
  }

  /**
   * Stores with a pin of this key which one is announced to come next, and says whether that is
   * news. A pin of another key stays as it is.
   *
   * @throws {ConfabError} as {@linkcode pin}.
   */
  async announce(
    address: string,
    fingerprint: string,
    next: string | undefined,
  ): Promise<boolean> {
    const isIt = ({ pin }: Line) =>
      pin?.address === address && pin.fingerprint === fingerprint &&
      pin.next !== next && next !== fingerprint;
    // Most of the time there is nothing to note, and nothing to write then.
    if (!this.#lines.some(isIt)) return false;
    let isNews = false;
    await this.#change((lines) => {
      const at = lines.findIndex(isIt);
      if (at === -1) return lines;
      isNews = true;
      const { firstSeen } = lines[at]!.pin!;
      return lines.with(at, lineOf(address, fingerprint, firstSeen, next));
    });
    return isNews;
  }

  /**
   * Reads the file anew.
   *
   * @throws {ConfabError} as {@linkcode open}.
   */
  async refresh(): Promise<void> {
    this.#lines = await readLines(this.#path);
  }

  /**
   * Drops the pin of a server, and says whether there was one.
   *
   * @throws {ConfabError} as {@linkcode pin}.
   */
  async forget(address: string): Promise<boolean> {
    let found = false;
    await this.#change((lines) => {
      const others = lines.filter((line) => line.pin?.address !== address);
      found = others.length < lines.length;
      return found ? others : lines;
    });
    return found;
  }

  /**
   * Changes the file as it is now, not as it was when it was opened.
   */
  async #change(edit: (lines: readonly Line[]) => readonly Line[]) {
    try {
      using _lock = await lockPrivateFile(this.#path);
      const before = await readLines(this.#path);
      const after = edit(before);
      if (after !== before) {
        const text = after.map((line) => `${line.text}\n`).join("");
        await writePrivateFile(this.#path, text);
      }
      this.#lines = after;
    } catch (error) {
      if (error instanceof ConfabError) throw error;
      throw fault(this.#path, `cannot be written: ${describeError(error)}`);
    }
  }
}

async function readLines(path: string): Promise<readonly Line[]> {
  let text: string;
  try {
    text = await readOwnFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    if (error instanceof OpenToOthers) throw fault(path, error.message);
    throw fault(path, `cannot be read: ${describeError(error)}`);
  }
  const texts = text.split(/\r?\n/);
  if (texts.at(-1) === "") texts.pop();
  const seen = new Set<string>();
  return texts.map((text, at) => {
    const where = `${path}:${at + 1}`;
    const pin = parseLine(where, text);
    if (pin !== undefined) {
      const { address } = pin;
      if (seen.has(address)) throw fault(where, `${address} is there twice`);
      seen.add(address);
    }
    return { text, pin };
  });
}

function parseLine(where: string, text: string): Pin | undefined {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.startsWith("#")) return undefined;
  try {
    return pinOf(trimmed);
  } catch {
    const form = "HOST:PORT SHA256:… TIME";
    throw fault(where, `is not ${form}; correct the line or remove it`);
  }
}

/** The pin of a line; throws if it is none. */
function pinOf(line: string): Pin {
  const [, host, port, fingerprint, time, announced] = line.match(PIN)!;
  const text = fullFingerprint(fingerprint!);
  const firstSeen = new Date(time!);
  // `Date` takes the 31st of February for a day of March.
  if (text === undefined || secondText(firstSeen) !== time) {
    throw new RangeError();
  }
  const address = serverAddress(host!, Number(port));
  const next = announced && fullFingerprint(announced);
  if (announced !== undefined && next === undefined) throw new RangeError();
  return { address, fingerprint: text, firstSeen, ...given({ next }) };
}

function lineOf(
  address: string,
  fingerprint: string,
  now: Date,
  next?: string,
): Line {
  const time = secondText(now);
  const firstSeen = new Date(time);
  const pin = { address, fingerprint, firstSeen, ...given({ next }) };
  const more = next === undefined ? "" : ` next=${next}`;
  return { text: `${address} ${fingerprint} ${time}${more}`, pin };
}

function fault(where: string, reason: string): ConfabError {
  return new ConfabError("known-servers", `${where}: ${reason}`);
}
