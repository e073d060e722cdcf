/** The directory as the hub sees it: what is committed, with the writes of the present turn. */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { RECORDS_KNOWN } from "../base/limits.ts";
import { Recent } from "../base/recent.ts";
import { compareKeys } from "../store/directory.ts";
import type {
  Directory,
  DirectoryRecord,
  RecordWrite,
} from "../store/store.ts";
import type { RecordKinds } from "./record_kinds.ts";
import type { UndoLog } from "./undo.ts";

/** What holds in the directory, or will. */
interface Kept {
  readonly version: number;
  readonly value: unknown;
}

/** A record that is about to change: what the directory has of it, and what it will have. */
interface Change {
  readonly kind: string;
  readonly key: string;
  readonly stored: Kept | undefined;
  readonly next: Kept | undefined;
  readonly until?: number;
}

export interface PutOptions {
  /** Milliseconds UTC: from then on the record counts for nothing. Who reads it looks at that. */
  readonly until?: number;
}

/** A record as a list has it. */
export interface Listed<K extends keyof RecordKinds> {
  readonly key: string;
  readonly value: RecordKinds[K];
}

export const NOT_STORED =
  "the server cannot store anything now: try again later";

export class Records {
  readonly #undo: UndoLog;
  readonly #directory: Directory;
  /** Some of what the directory has; `null` for what it has not. */
  readonly #known = new Recent<string, Kept | null>(RECORDS_KNOWN, weightOf);
  /** What is different here. */
  readonly #changes = new Map<string, Change>();
  /** Ids of these by kind and first word of the key: many may be of one kind. */
  readonly #groups = new Map<string, Set<string>>();
  #storing: "on" | "off" = "on";

  constructor(undo: UndoLog, directory: Directory) {
    this.#undo = undo;
    this.#directory = directory;
  }

  get<K extends keyof RecordKinds>(
    kind: K,
    key: string,
  ): RecordKinds[K] | undefined {
    const change = this.#changes.get(idOf(kind, key));
    const kept = change === undefined ? this.#stored(kind, key) : change.next;
    return kept?.value as RecordKinds[K] | undefined;
  }

  /**
   * Records of a kind whose keys begin with `prefix`, ascending from behind the key `after` on, at
   * most `limit`.
   */
  list<K extends keyof RecordKinds>(
    kind: K,
    prefix: string,
    limit: number,
    after = "",
  ): Listed<K>[] {
    const changes = this.#changesOf(kind, prefix).filter((change) =>
      change.kind === kind && change.key.startsWith(prefix) &&
      (after === "" || compareKeys(change, { key: after }) > 0)
    );
    const listed: Pick<DirectoryRecord, "key" | "value">[] = this.#directory
      .list(kind, prefix, limit + changes.length, after)
      .filter(({ key }) => !this.#changes.has(idOf(kind, key)));
    for (const { key, next } of changes) {
      if (next !== undefined) listed.push({ key, value: next.value });
    }
    if (changes.length > 0) listed.sort(compareKeys);
    return listed.slice(0, limit) as Listed<K>[];
  }

  /** @throws {ProtocolError} `not-stored` while nothing can be stored. */
  put<K extends keyof RecordKinds>(
    kind: K,
    key: string,
    value: RecordKinds[K],
    options?: PutOptions,
  ): void {
    this.demandStoring();
    this.putLater(kind, key, value, options);
  }

  /** As {@linkcode put}; while nothing can be stored it is written as soon as that is possible. */
  putLater<K extends keyof RecordKinds>(
    kind: K,
    key: string,
    value: RecordKinds[K],
    { until }: PutOptions = {},
  ): void {
    const stored = this.#storedBefore(kind, key);
    const next = { version: (stored?.version ?? 0) + 1, value };
    this.#change({ kind, key, stored, next, ...given({ until }) });
  }

  /** Removes a record; as {@linkcode putLater}. */
  removeLater(kind: keyof RecordKinds, key: string): void {
    if (this.get(kind, key) === undefined) return;
    const stored = this.#storedBefore(kind, key);
    this.#change({ kind, key, stored, next: undefined });
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
    for (const { kind, key, stored, next, until } of this.#changes.values()) {
      if (next === undefined && stored === undefined) continue;
      writes.push({
        kind,
        key,
        expectedVersion: stored?.version ?? 0,
        value: next === undefined ? null : next.value,
        ...given({ until }),
      });
    }
    return writes;
  }

  /** The turn is committed. */
  committed(): void {
    if (this.#storing === "on") {
      for (const [id, { next }] of this.#changes) {
        this.#known.set(id, next ?? null);
      }
      this.#changes.clear();
      this.#groups.clear();
    }
    this.#storing = "on";
  }

  /** Nothing can be stored in this turn. */
  stopStoring(): void {
    this.#storing = "off";
  }

  /** Takes a record as the directory has it. */
  adopt({ kind, key, version, value }: DirectoryRecord): void {
    const id = idOf(kind, key);
    this.#changes.delete(id);
    this.#known.set(id, value === null ? null : { version, value });
  }

  /** Others have written, and may have changed anything. */
  askAnew(): void {
    this.#known.clear();
  }

  #change(change: Change): void {
    const { kind, key } = change;
    const id = idOf(kind, key);
    this.#undo.set(this.#changes, id, change);
    const group = groupOf(kind, key);
    const ids = this.#groups.get(group);
    if (ids === undefined) this.#undo.set(this.#groups, group, new Set([id]));
    else this.#undo.add(ids, id);
  }

  /** The changes of a kind among which are those whose keys begin with a prefix. */
  #changesOf(kind: string, prefix: string): Change[] {
    if (!prefix.includes(" ")) return [...this.#changes.values()];
    const ids = this.#groups.get(groupOf(kind, prefix)) ?? [];
    return Array.from(ids, (id) => this.#changes.get(id))
      .filter((change) => change !== undefined);
  }

  #stored(kind: string, key: string): Kept | undefined {
    const id = idOf(kind, key);
    let kept = this.#known.get(id);
    if (kept === undefined) {
      kept = this.#directory.record(kind, key) ?? null;
      this.#known.set(id, kept);
    }
    return kept ?? undefined;
  }

  /** What the directory has of a record that is about to change. */
  #storedBefore(kind: string, key: string): Kept | undefined {
    const change = this.#changes.get(idOf(kind, key));
    return change === undefined ? this.#stored(kind, key) : change.stored;
  }
}

/** Items of a record's lists that take about as much memory as a small record. */
const ITEMS_PER_RECORD = 4;

/** As how many records one counts: lists of people or rooms may make it long. */
function weightOf(kept: Kept | null): number {
  let items = 0;
  for (const part of Object.values(kept?.value ?? {})) {
    if (typeof part === "object" && part !== null) {
      items += Object.keys(part).length;
    }
  }
  return 1 + Math.floor(items / ITEMS_PER_RECORD);
}

function groupOf(kind: string, key: string): string {
  return `${kind}\n${key.split(" ", 1)[0]}`;
}

function idOf(kind: string, key: string): string {
  return `${kind}\n${key}`;
}
