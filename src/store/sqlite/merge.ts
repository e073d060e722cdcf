/** Merging the pieces of the search index, some pages at a time (SQLite FTS5, section 6.8). */
import type { DatabaseSync } from "node:sqlite";

/**
 * Merges so many pages; less than nothing begins a merge of all pieces into one.
 *
 * @returns whether there was anything to merge.
 */
export type Merge = (pages: number) => boolean;

export function mergeOf(db: DatabaseSync): Merge {
  const merge = db.prepare(
    "INSERT INTO search (search, rank) VALUES ('merge', ?)",
  );
  const changes = db.prepare("SELECT total_changes() AS n");
  const count = () => changes.get()?.n as number;
  return (pages) => {
    const before = count();
    merge.run(pages);
    // As SQLite counts, one is none.
    return count() - before >= 2;
  };
}
