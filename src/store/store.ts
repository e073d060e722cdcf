/**
 * What is kept: the journal (every message, in order, by room) and the directory (versioned records: names, roles, topics, …). A turn
 * commits to both at once. Implementations: in memory, and SQLite.
 */

/** Kinds that people read and that can be searched: what was said, and what was said of oneself (`/me`). Others may come. */
export type TextKind = "text" | "action";
// deno-lint-ignore ban-types
export type EntryKind = TextKind | (string & {});

/** A message as it was journaled. */
export interface Entry {
  /** Key of the room, or of a private conversation. */
  readonly room: string;
  /** Counts the room's messages from 1 without gaps. */
  readonly seq: number;
  /** Milliseconds UTC. */
  readonly at: number;
  /** Name of the author at the time. */
  readonly from: string;
  /** The author's fingerprint, when the author is a person with a key. */
  readonly person?: string;
  /** In a private conversation: name of the other person at the time. */
  readonly to?: string;
  /** What it is; how the body is to be read. */
  readonly kind: EntryKind;
  /** Of `text` and `action` what people read; of other kinds what only those who know them can read. */
  readonly body: string;
  /** The client's own id of the message. */
  readonly id?: string;
}

/** New entries of one room, whose head must be `expectedHead` before. Their seqs follow it without a gap. */
export interface Append {
  readonly room: string;
  readonly expectedHead: number;
  readonly entries: readonly Entry[];
}

/** A record of the directory; `value` is JSON. */
export interface DirectoryRecord {
  readonly kind: string;
  readonly key: string;
  /** Counts the writes of this record from 1. */
  readonly version: number;
  readonly value: unknown;
}

/** A change of a record. `expectedVersion` is 0 for a new one; the value `null` deletes it. */
export interface RecordWrite {
  readonly kind: string;
  readonly key: string;
  readonly expectedVersion: number;
  readonly value: unknown;
}

/** All that one turn writes: everything of it is kept, or nothing. */
export interface Commit {
  readonly appends: readonly Append[];
  readonly writes: readonly RecordWrite[];
}

/** What a commit found otherwise than it was expected: nothing of the commit was kept. */
export interface Conflict {
  /** Rooms whose head is another, with the one that they have. */
  readonly heads: readonly { readonly room: string; readonly head: number }[];
  /** Records whose version is another, as they are; one that is not there has version 0 and the value `null`. */
  readonly records: readonly DirectoryRecord[];
}

export interface Journal {
  /** Highest seq of every room that has entries. */
  heads(): Promise<Map<string, number>>;
  /** Entries of a room from a seq on, ascending, at most `limit`. */
  read(room: string, fromSeq: number, limit: number): Promise<Entry[]>;
  /** The last entries of a person with a client's id, newest first, at most `limit`. */
  recentOf(person: string, limit: number): Promise<Entry[]>;
  /** The last entries of a room that hold every word anywhere, in upper or lower case; ascending, at most `limit`. */
  search(
    room: string,
    words: readonly string[],
    limit: number,
  ): Promise<Entry[]>;
  /**
   * Lets the search index follow the journal by some entries. A search finds what is not indexed yet only after a while.
   *
   * @returns whether there is more to index.
   */
  index(): Promise<boolean>;
}

export interface Directory {
  /** Every record. */
  records(): Promise<DirectoryRecord[]>;
}

export interface Store extends Journal, Directory, AsyncDisposable {
  /**
   * Writes a turn.
   *
   * @throws {ConfabError} `store` when nothing of it was kept: the disk is full or fails, or a head or a version is not the expected one.
   */
  commit(commit: Commit): Promise<void>;
}
