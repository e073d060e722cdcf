/** The store in memory: for tests, and as the plainest statement of what a store does. */
import { ConfabError } from "../src/base/errors.ts";
import type {
  Append,
  Commit,
  DirectoryRecord,
  Entry,
  RecordWrite,
  Store,
} from "../src/store/store.ts";

export class MemoryStore implements Store {
  readonly #rooms = new Map<string, Entry[]>();
  readonly #byPerson = new Map<string, Entry[]>();
  readonly #records = new Map<string, DirectoryRecord>();

  commit(commit: Commit): Promise<void> {
    try {
      const rooms = new Set<string>();
      for (const append of commit.appends) {
        this.#check(append);
        if (rooms.size === rooms.add(append.room).size) {
          throw new ConfabError("store", "appending to a room twice at once");
        }
      }
      for (const write of commit.writes) this.#checkVersion(write);
    } catch (error) {
      return Promise.reject(error);
    }
    for (const { room, entries } of commit.appends) {
      listOf(this.#rooms, room).push(...entries);
      for (const entry of entries) {
        if (entry.person !== undefined && entry.id !== undefined) {
          listOf(this.#byPerson, entry.person).push(entry);
        }
      }
    }
    for (const write of commit.writes) this.#write(write);
    return Promise.resolve();
  }

  heads(): Promise<Map<string, number>> {
    return Promise.resolve(
      new Map(
        Array.from(this.#rooms, ([room, entries]) => [room, entries.length]),
      ),
    );
  }

  read(room: string, fromSeq: number, limit: number): Promise<Entry[]> {
    const from = Math.max(0, fromSeq - 1);
    return Promise.resolve(
      (this.#rooms.get(room) ?? []).slice(from, from + limit),
    );
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
  ): Promise<Entry[]> {
    const folded = words.map((word) => word.toLowerCase());
    const found = (this.#rooms.get(room) ?? []).filter(({ kind, body }) => {
      if (kind !== "text" && kind !== "action") return false;
      const text = body.toLowerCase();
      return folded.every((word) => text.includes(word));
    });
    return Promise.resolve(found.slice(-limit));
  }

  index(): Promise<boolean> {
    return Promise.resolve(false);
  }

  records(): Promise<DirectoryRecord[]> {
    return Promise.resolve([...this.#records.values()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #check({ room, expectedHead, entries }: Append): void {
    const head = this.#rooms.get(room)?.length ?? 0;
    if (head !== expectedHead) {
      throw new ConfabError(
        "store",
        `appending to a room: its head is ${head}, expected was ${expectedHead}`,
      );
    }
    entries.forEach((entry, at) => {
      if (entry.seq !== head + 1 + at) {
        throw new ConfabError(
          "store",
          `appending to a room: the seq is ${entry.seq}, the next is ${
            head + 1 + at
          }`,
        );
      }
    });
  }

  #checkVersion({ kind, key, expectedVersion }: RecordWrite): void {
    const version = this.#records.get(recordKey(kind, key))?.version ?? 0;
    if (version !== expectedVersion) {
      throw new ConfabError(
        "store",
        `writing a record: its version is ${version}, expected was ${expectedVersion}`,
      );
    }
  }

  #write({ kind, key, expectedVersion, value }: RecordWrite): void {
    if (value === null) this.#records.delete(recordKey(kind, key));
    else {this.#records.set(recordKey(kind, key), {
        kind,
        key,
        version: expectedVersion + 1,
        value: structuredClone(value),
      });}
  }
}

function recordKey(kind: string, key: string): string {
  return `${kind}\n${key}`;
}

function listOf(map: Map<string, Entry[]>, key: string): Entry[] {
  let list = map.get(key);
  if (list === undefined) map.set(key, list = []);
  return list;
}
