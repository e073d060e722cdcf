/** The directory as the hub sees it: all records in memory, with the writes of the turn that is not committed yet. */
import type { DirectoryRecord, RecordWrite } from "../store/store.ts";

/** A person with a key: the name it holds, and when the person was last here (milliseconds UTC). */
export interface PersonRecord {
  readonly name?: string;
  /** The name before that, folded. */
  readonly former?: string;
  readonly usedAt: number;
}

/** Who holds a name (by its folded form). A former name is kept until a time. */
export interface NameRecord {
  readonly person: string;
  readonly name: string;
  readonly keptUntil?: number;
  /** The name was somebody else's before, until this time. */
  readonly changedHandsAt?: number;
}

/** Somebody who is kept out: by key, or a guest by address. */
export interface Ban {
  readonly name: string;
  readonly key?: string;
  readonly address?: string;
}

/** What is known of a room besides its messages; people are fingerprints. */
export interface RoomRecord {
  readonly name: string;
  /** Who made it. */
  readonly creator?: string;
  readonly operators?: readonly string[];
  readonly bans?: readonly Ban[];
  readonly muted?: readonly { readonly name: string; readonly key: string }[];
  readonly locked?: boolean;
  /** Who may read it while it is locked. */
  readonly invited?: readonly string[];
  readonly topic?: {
    readonly text: string;
    readonly by: string;
    readonly at: number;
  };
}

/** A conversation of two people: how many messages of each wait for the other, by the sender's fingerprint. */
export interface TalkRecord {
  readonly waiting?: Readonly<Record<string, number>>;
}

/** How far a person has read a room. */
export interface ReadRecord {
  readonly seq: number;
}

/** Kinds of records, and what they hold. */
export interface RecordKinds {
  person: PersonRecord;
  name: NameRecord;
  room: RoomRecord;
  talk: TalkRecord;
  read: ReadRecord;
}

interface Kept {
  readonly version: number;
  readonly value: unknown;
}

export class Records {
  readonly #records = new Map<string, Kept>();
  /** What the records of this turn's writes were before it. */
  readonly #before = new Map<
    string,
    { kind: string; key: string; kept: Kept | undefined }
  >();

  constructor(records: Iterable<DirectoryRecord> = []) {
    for (const { kind, key, version, value } of records) {
      this.#records.set(idOf(kind, key), { version, value });
    }
  }

  get<K extends keyof RecordKinds>(
    kind: K,
    key: string,
  ): RecordKinds[K] | undefined {
    return this.#records.get(idOf(kind, key))?.value as
      | RecordKinds[K]
      | undefined;
  }

  /** Keys of all records of a kind. */
  *keys(kind: keyof RecordKinds): Generator<string> {
    for (const id of this.#records.keys()) {
      if (id.startsWith(`${kind}\n`)) yield id.slice(kind.length + 1);
    }
  }

  put<K extends keyof RecordKinds>(
    kind: K,
    key: string,
    value: RecordKinds[K],
  ): void {
    const kept = this.#remember(kind, key);
    this.#records.set(idOf(kind, key), {
      version: (kept?.version ?? 0) + 1,
      value,
    });
  }

  remove(kind: keyof RecordKinds, key: string): void {
    if (
      this.#remember(kind, key) === undefined &&
      !this.#records.has(idOf(kind, key))
    ) return;
    this.#records.delete(idOf(kind, key));
  }

  /** The turn's writes: one for each record that changed. */
  writes(): RecordWrite[] {
    const writes: RecordWrite[] = [];
    for (const [id, { kind, key, kept }] of this.#before) {
      const now = this.#records.get(id);
      if (now === undefined && kept === undefined) continue;
      writes.push({
        kind,
        key,
        expectedVersion: kept?.version ?? 0,
        value: now === undefined ? null : now.value,
      });
    }
    return writes;
  }

  /** The turn is committed. */
  settle(): void {
    this.#before.clear();
  }

  /** The turn was not committed: its writes never were. */
  revert(): void {
    for (const [id, { kept }] of this.#before) {
      if (kept === undefined) this.#records.delete(id);
      else this.#records.set(id, kept);
    }
    this.#before.clear();
  }

  #remember(kind: string, key: string): Kept | undefined {
    const id = idOf(kind, key);
    const before = this.#before.get(id);
    if (before !== undefined) return before.kept;
    const kept = this.#records.get(id);
    this.#before.set(id, { kind, key, kept });
    return kept;
  }
}

function idOf(kind: string, key: string): string {
  return `${kind}\n${key}`;
}
