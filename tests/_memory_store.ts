/** The store in memory: for tests, and as the plainest statement of what a store does. */
import { compareKeys } from "../src/store/directory.ts";
import { checkCommit, CommitConflict } from "../src/store/store.ts";
import type {
  Commit,
  DirectoryRecord,
  Entry,
  Followed,
  Found,
  FoundInAll,
  Place,
  RecordWrite,
  SearchAllOptions,
  SearchOptions,
  Store,
  Trimmed,
} from "../src/store/store.ts";

export class MemoryStore implements Store {
  /** Everything, in the order of the commits: a position is a count of these. */
  readonly #journal: Entry[] = [];
  readonly #rooms = new Map<string, Entry[]>();
  readonly #heads = new Map<string, number>();
  /** Entries at the beginning of the journal that were taken away. */
  #trimmed = 0;
  readonly #byPerson = new Map<string, Entry[]>();
  readonly #records = new Map<string, DirectoryRecord>();
  readonly #until = new Map<string, number>();
  /** Those who follow and wait for more. */
  #waiting: (() => void)[] = [];
  #isClosed = false;

  // deno-lint-ignore require-await -- what it throws is a rejection.
  async commit(commit: Commit): Promise<void> {
    checkCommit(commit);
    this.#refuseConflicts(commit);
    for (const { entries } of commit.appends) {
      for (const entry of entries) this.#append(entry);
    }
    for (const place of commit.erasures ?? []) this.#erase(place);
    for (const write of commit.writes) this.#write(write);
    this.#wake();
  }

  headOf(room: string): number {
    return this.#heads.get(room) ?? 0;
  }

  recentRooms(limit: number): string[] {
    const last = new Map<string, number>();
    this.#journal.forEach(({ room }, pos) => last.set(room, pos));
    return [...last].filter(([room]) =>
      !room.startsWith("@") && this.headOf(room) > 0
    ).sort(([, a], [, b]) => b - a).map(([room]) => room).slice(0, limit);
  }

  entryAt(room: string, seq: number): Entry | undefined {
    return this.#rooms.get(room)?.find((entry) => entry.seq === seq);
  }

  lastOf(room: string, person: string, before = Infinity): Entry | undefined {
    return this.#rooms.get(room)?.findLast((entry) =>
      entry.person === person && isText(entry) && entry.seq < before
    );
  }

  trim(before: number, limit: number): Promise<Trimmed> {
    const left = this.#journal.slice(this.#trimmed, -1).slice(0, limit);
    const old = left.slice(0, left.findLastIndex(({ at }) => at < before) + 1);
    this.#trimmed += old.length;
    for (const { room } of old) this.#rooms.get(room)!.shift();
    return Promise.resolve({
      entries: old.length,
      until: old.at(-1)?.at ?? 0,
    });
  }

  /** Of all that it forgets; since when a room is empty is not looked at. */
  forgetRooms(
    ...[_before, _limit, isKept]: Parameters<Store["forgetRooms"]>
  ): Promise<number> {
    const empty = [...this.#rooms].filter(([room, entries]) =>
      entries.length === 0 && !isKept(room)
    );
    for (const [room] of empty) {
      this.#rooms.delete(room);
      this.#heads.delete(room);
      this.#records.delete(recordKey("room", room));
    }
    return Promise.resolve(empty.length);
  }

  usedBytes(): Promise<number> {
    return Promise.resolve(1_000 * (this.#journal.length - this.#trimmed));
  }

  cleanse(): Promise<boolean> {
    return Promise.resolve(true);
  }

  cleanseIndex(): Promise<boolean> {
    return Promise.resolve(false);
  }

  record(kind: string, key: string): DirectoryRecord | undefined {
    return this.#records.get(recordKey(kind, key));
  }

  list(
    kind: string,
    prefix: string,
    limit: number,
    after = "",
  ): DirectoryRecord[] {
    const isMeant = (one: DirectoryRecord) =>
      one.kind === kind && one.key.startsWith(prefix) &&
      (after === "" || compareKeys(one, { key: after }) > 0);
    return [...this.#records.values()].filter(isMeant).sort(compareKeys)
      .slice(0, limit);
  }

  expire(now: number, limit: number): Promise<number> {
    const over = [...this.#until].filter(([, until]) => until <= now)
      .slice(0, limit);
    for (const [id] of over) {
      this.#records.delete(id);
      this.#until.delete(id);
    }
    return Promise.resolve(over.length);
  }

  read(room: string, fromSeq: number, limit: number): Promise<Entry[]> {
    const entries = this.#rooms.get(room) ?? [];
    const from = Math.max(0, fromSeq - (entries[0]?.seq ?? 1));
    return Promise.resolve(entries.slice(from, from + limit));
  }

  recentOf(person: string, limit: number): Promise<Entry[]> {
    return Promise.resolve(
      (this.#byPerson.get(person) ?? []).slice(-limit).reverse(),
    );
  }

  search(
    room: string,
    words: readonly string[],
    limit: number,
    { before = Infinity, signal }: SearchOptions = {},
  ): Promise<Found> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const folded = words.map((word) => word.toLowerCase());
    const found = (this.#rooms.get(room) ?? []).filter((entry) => {
      const { body, seq } = entry;
      if (!isText(entry) || seq >= before) return false;
      const text = body.toLowerCase();
      return folded.every((word) => text.includes(word));
    });
    const entries = found.slice(-limit);
    const more = entries.length < found.length;
    const [first] = entries;
    const searched = more && first && { seq: first.seq, at: first.at };
    return Promise.resolve({
      entries,
      more,
      tookMs: 0,
      ...(searched ? { searched } : {}),
    });
  }

  searchAll(
    rooms: readonly string[],
    words: readonly string[],
    limit: number,
    { before, signal }: SearchAllOptions = {},
  ): Promise<FoundInAll> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const folded = words.map((word) => word.toLowerCase());
    const end = this.#journal.findIndex(({ room, seq }) =>
      room === before?.room && seq >= before.seq
    );
    const found = this.#journal
      .slice(this.#trimmed, end < 0 ? undefined : end)
      .filter((entry) => {
        const text = entry.body.toLowerCase();
        return isText(entry) && rooms.includes(entry.room) &&
          folded.every((word) => text.includes(word));
      });
    const entries = found.slice(-limit);
    const more = entries.length < found.length;
    const [first] = entries;
    return Promise.resolve({
      entries,
      more,
      tookMs: 0,
      ...(more && first ? { searched: first } : {}),
    });
  }

  index(): Promise<boolean> {
    return Promise.resolve(false);
  }

  position(): Promise<number> {
    return Promise.resolve(this.#journal.length);
  }

  follow(from = 0): AsyncIterable<Followed> {
    return { [Symbol.asyncIterator]: () => this.#followFrom(from) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    return Promise.resolve();
  }

  #refuseConflicts(commit: Commit): void {
    const heads = commit.appends
      .filter(({ room, expectedHead }) => this.headOf(room) !== expectedHead)
      .map(({ room }) => ({ room, head: this.headOf(room) }));
    const records = commit.writes
      .filter((write) =>
        this.#recordOf(write).version !== write.expectedVersion
      )
      .map((write) => this.#recordOf(write));
    if (heads.length > 0 || records.length > 0) {
      throw new CommitConflict({ heads, records }, commit);
    }
  }

  #recordOf({ kind, key }: RecordWrite): DirectoryRecord {
    return this.#records.get(recordKey(kind, key)) ??
      { kind, key, version: 0, value: null };
  }

  #append(entry: Entry): void {
    this.#journal.push(entry);
    this.#heads.set(entry.room, entry.seq);
    listOf(this.#rooms, entry.room).push(entry);
    if (entry.person !== undefined && entry.id !== undefined) {
      listOf(this.#byPerson, entry.person).push(entry);
    }
  }

  #erase({ room, seq }: Place): void {
    const entry = this.entryAt(room, seq);
    if (entry === undefined || ["gone", "deleted"].includes(entry.kind)) return;
    const { to: _, ...rest } = entry;
    const gone = { ...rest, from: "", kind: "gone", body: "" };
    const lists = [this.#journal, ...this.#rooms.values()];
    for (const list of [...lists, ...this.#byPerson.values()]) {
      const at = list.indexOf(entry);
      if (at >= 0) list[at] = gone;
    }
  }

  #write({ kind, key, expectedVersion, value, until }: RecordWrite): void {
    const id = recordKey(kind, key);
    if (until === undefined) this.#until.delete(id);
    else this.#until.set(id, until);
    if (value === null) {
      this.#records.delete(id);
      return;
    }
    this.#records.set(id, {
      kind,
      key,
      version: expectedVersion + 1,
      value: structuredClone(value),
    });
  }

  #followFrom(from: number): AsyncIterator<Followed> {
    let pos = from;
    let isEnded = false;
    const END = { done: true, value: undefined } as const;
    return {
      next: async () => {
        while (!isEnded && !this.#isClosed && this.#journal.length <= pos) {
          await new Promise<void>((resolve) => this.#waiting.push(resolve));
        }
        if (isEnded || this.#isClosed) return END;
        const entries = this.#journal.slice(pos);
        pos = this.#journal.length;
        return { done: false, value: { entries, pos } };
      },
      return: () => {
        isEnded = true;
        this.#wake();
        return Promise.resolve(END);
      },
    };
  }

  /** Whoever waits looks anew. */
  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function isText({ kind }: Entry): boolean {
  return kind === "text" || kind === "action";
}

function recordKey(kind: string, key: string): string {
  return `${kind}\n${key}`;
}

function listOf(map: Map<string, Entry[]>, key: string): Entry[] {
  let list = map.get(key);
  if (list === undefined) map.set(key, list = []);
  return list;
}
