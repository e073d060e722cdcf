/** The browser's database, as promises: a few values under their names, and no more. */

const NAME = "confab";
const VERSION = 1;
const STORE = "values";

export class Database {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
    // Another tab has a newer page: it must not wait for this one.
    database.addEventListener("versionchange", () => database.close());
  }

  /** @throws {DOMException} where the browser keeps nothing, as in some private windows. */
  static async open(): Promise<Database> {
    const request = indexedDB.open(NAME, VERSION);
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore(STORE);
    });
    return new Database(await settled(request));
  }

  get(name: string): Promise<unknown> {
    return settled(this.#store("readonly").get(name));
  }

  async set(name: string, value: unknown): Promise<void> {
    await settled(this.#store("readwrite").put(value, name));
  }

  /** Changes a value in one transaction: what another tab has stored meanwhile is not lost. */
  async change<Value>(
    name: string,
    edit: (before: unknown) => Value,
  ): Promise<Value> {
    const store = this.#store("readwrite");
    const after = edit(await settled(store.get(name)));
    await settled(store.put(after, name));
    return after;
  }

  async remove(name: string): Promise<void> {
    await settled(this.#store("readwrite").delete(name));
  }

  #store(mode: IDBTransactionMode): IDBObjectStore {
    return this.#database.transaction(STORE, mode).objectStore(STORE);
  }
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
