/** The directory as the hub sees it: all records in memory, with the writes of the present turn. */
import { ProtocolError } from "../base/errors.ts";
import type { DirectoryRecord, RecordWrite } from "../store/store.ts";
import type { UndoLog } from "./undo.ts";

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

/** A conversation of two: how many messages of each wait for the other, by the sender's key. */
export interface ConversationRecord {
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
  talk: ConversationRecord;
  read: ReadRecord;
}

interface Kept {
  readonly version: number;
  readonly value: unknown;
}

/** A record as the store has it. */
interface Stored {
  readonly kind: string;
  readonly key: string;
  readonly kept: Kept | undefined;
}

export const NOT_STORED =
  "the server cannot store anything now: try again later";

export class Records {
  readonly #undo: UndoLog;
  readonly #records = new Map<string, Kept>();
  /** What the store has of those that are different here. */
  readonly #stored = new Map<string, Stored>();
  #storing: "on" | "off" = "on";

  constructor(undo: UndoLog, records: Iterable<DirectoryRecord> = []) {
    this.#undo = undo;
    for (const record of records) this.adopt(record);
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

  /** @throws {ProtocolError} `not-stored` while nothing can be stored. */
  put<K extends keyof RecordKinds>(
    kind: K,
    key: string,
    value: RecordKinds[K],
  ): void {
    this.demandStoring();
    this.putLater(kind, key, value);
  }

  /** As {@linkcode put}; while nothing can be stored it is written as soon as that is possible. */
  putLater<K extends keyof RecordKinds>(
    kind: K,
    key: string,
    value: RecordKinds[K],
  ): void {
    const kept = this.#change(kind, key);
    const version = (kept?.version ?? 0) + 1;
    this.#undo.set(this.#records, idOf(kind, key), { version, value });
  }

  /** Removes a record; as {@linkcode putLater}. */
  removeLater(kind: keyof RecordKinds, key: string): void {
    const id = idOf(kind, key);
    if (!this.#records.has(id)) return;
    this.#change(kind, key);
    this.#undo.delete(this.#records, id);
  }

  /** @throws {ProtocolError} `not-stored` while nothing can be stored. */
  demandStoring(): void {
    if (this.#storing === "on") return;
    throw new ProtocolError("not-stored", NOT_STORED);
  }

  /** The turn's writes: one for each record that changed. */
  writes(): RecordWrite[] {
    const writes: RecordWrite[] = [];
    if (this.#storing === "off") return writes;
    for (const [id, { kind, key, kept }] of this.#stored) {
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
  committed(): void {
    if (this.#storing === "on") this.#stored.clear();
    this.#storing = "on";
  }

  /** Nothing can be stored in this turn. */
  stopStoring(): void {
    this.#storing = "off";
  }

  /** Takes a record as the store has it. */
  adopt({ kind, key, version, value }: DirectoryRecord): void {
    const id = idOf(kind, key);
    this.#stored.delete(id);
    if (value === null) this.#records.delete(id);
    else this.#records.set(id, { version, value });
  }

  /** Notes what the store has of a record that is about to change. */
  #change(kind: string, key: string): Kept | undefined {
    const id = idOf(kind, key);
    const stored = this.#stored.get(id);
    if (stored !== undefined) return stored.kept;
    const kept = this.#records.get(id);
    this.#undo.set(this.#stored, id, { kind, key, kept });
    return kept;
  }
}

function idOf(kind: string, key: string): string {
  return `${kind}\n${key}`;
}
