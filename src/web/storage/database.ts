/** The browser's database, as promises: a few values under their names, and no more. */

const NAME = "confab";
const VERSION = 1;
const STORE = "values";

/** Values by their names, kept as `structuredClone` copies them. */
export interface Values {
  /** Whether they are there at the next visit. */
  readonly isKept: boolean;
  get(name: string): Promise<unknown>;
  /** @throws {DOMException} where the browser does not keep it. */
  set(name: string, value: unknown): Promise<void>;
  /** Changes a value at once: what another tab has stored meanwhile is not lost. */
  change<Value>(
    name: string,
    edit: (before: unknown) => Value,
  ): Promise<Value>;
  /** Forgets all; afterwards nothing can be stored any more. */
  erase(): Promise<void>;
}

/** What the browser keeps; where it keeps nothing, as in some private windows, what this tab does. */
export async function openValues(): Promise<Values> {
  try {
    return await Database.open();
  } catch {
    return new TabValues();
  }
}

class Database implements Values {
  readonly isKept = true;
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
    // Another tab has a newer page, or forgets all: it must not wait for this one.
    database.addEventListener("versionchange", () => database.close());
  }

  static async open(): Promise<Database> {
    const request = indexedDB.open(NAME, VERSION);
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore(STORE);
    });
    return new Database(await settled(request));
  }

  async get(name: string): Promise<unknown> {
    return await settled(this.#store("readonly").get(name));
  }

  async set(name: string, value: unknown): Promise<void> {
    const store = this.#store("readwrite");
    store.put(value, name);
    // Now, since the page may not be there any more when that is answered.
    store.transaction.commit();
    await committed(store.transaction);
  }

  async change<Value>(
    name: string,
    edit: (before: unknown) => Value,
  ): Promise<Value> {
    const store = this.#store("readwrite");
    const after = edit(await settled(store.get(name)));
    store.put(after, name);
    await committed(store.transaction);
    return after;
  }

  async erase(): Promise<void> {
    this.#database.close();
    await settled(indexedDB.deleteDatabase(NAME));
  }

  #store(mode: IDBTransactionMode): IDBObjectStore {
    return this.#database.transaction(STORE, mode).objectStore(STORE);
  }
}

/** The same in memory, to the end of the tab. */
export class TabValues implements Values {
  readonly isKept: boolean = false;
  #values: Map<string, unknown> | undefined = new Map();

  get(name: string): Promise<unknown> {
    return Promise.resolve(this.#values?.get(name));
  }

  async set(name: string, value: unknown): Promise<void> {
    await this.change(name, () => value);
  }

  // deno-lint-ignore require-await
  async change<Value>(
    name: string,
    edit: (before: unknown) => Value,
  ): Promise<Value> {
    if (this.#values === undefined) throw new Error("all was forgotten");
    const after = edit(this.#values.get(name));
    this.#values.set(name, after);
    return after;
  }

  erase(): Promise<void> {
    this.#values = undefined;
    return Promise.resolve();
  }
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

/** Resolves when it is stored, and not just taken: the disk may be full. */
function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error));
  });
}
