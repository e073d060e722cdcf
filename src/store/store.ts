/**
 * What is kept: the journal (every message, in order, by room) and the directory (versioned
 * records: names, roles, topics, …). A turn commits to both at once.
 */
import { ConfabError } from "../base/errors.ts";

/**
 * Kinds that people read and that can be searched: what was said, and what was said of oneself
 * (`/me`). Others may come.
 */
export type TextKind = "text" | "action";
/**
 * An entry that says that another was deleted (its body is the seq of that), and what is left of
 * that one: its place and time, and for whom its author sends it again, the author and the id.
 */
export type DeletionKind = "deleted" | "gone";
// deno-lint-ignore ban-types
export type EntryKind = TextKind | DeletionKind | (string & {});

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
  /** Of text kinds what people read; of others any string, for those who know the kind. */
  readonly body: string;
  /** The client's own id of the message. */
  readonly id?: string;
}

/**
 * New entries of one room, whose head must be `expectedHead` before. Their seqs follow it without a
 * gap.
 */
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
  /** Milliseconds UTC: from then on it counts for nothing, and is removed some time. */
  readonly until?: number;
}

/** The place of an entry. */
export type Place = Pick<Entry, "room" | "seq">;

/**
 * All that one turn writes: everything of it is kept, or nothing. A room and a record are in it
 * at most once.
 */
export interface Commit {
  readonly appends: readonly Append[];
  readonly writes: readonly RecordWrite[];
  /** Entries, also of this commit, that are `gone` from now on; one that is not there stays so. */
  readonly erasures?: readonly Place[];
}

/** What a commit found otherwise than it was expected: nothing of the commit was kept. */
export interface Conflict {
  /** Rooms whose head is another, with the one that they have. */
  readonly heads: readonly { readonly room: string; readonly head: number }[];
  /** Records of another version, as they are; one that is not there has version 0, value `null`. */
  readonly records: readonly DirectoryRecord[];
}

/** Nothing of a commit was kept: others have written what it was to change. */
export class CommitConflict extends ConfabError {
  declare readonly code: "store";
  /** All that was not as expected, as it is. */
  readonly conflict: Conflict;

  constructor(conflict: Conflict, commit: Commit) {
    super("store", `storing a turn: ${described(conflict, commit)}`);
    this.conflict = conflict;
  }
}

function described(conflict: Conflict, commit: Commit): string {
  const { heads: [head], records: [record] } = conflict;
  if (head !== undefined) {
    const append = commit.appends.find(({ room }) => room === head.room);
    return `the head of a room is ${head.head}, expected was ${append?.expectedHead}`;
  }
  const write = commit.writes.find(({ kind, key }) =>
    kind === record?.kind && key === record.key
  );
  return `a record's version is ${record?.version}, expected was ${write?.expectedVersion}`;
}

/**
 * Looks for faults of a commit in itself, whatever the store has: a room twice, or a seq that does
 * not follow the one before.
 *
 * @throws {ConfabError} `store` when there is one.
 */
export function checkCommit({ appends }: Commit): void {
  const refuse = (reason: string): never => {
    throw new ConfabError("store", `storing a turn: ${reason}`);
  };
  if (new Set(appends.map(({ room }) => room)).size < appends.length) {
    refuse("a room is in it twice");
  }
  for (const { expectedHead, entries } of appends) {
    let next = expectedHead;
    for (const { seq } of entries) {
      if (seq !== ++next) {
        refuse(`the seq of an entry is ${seq}, the next is ${next}`);
      }
    }
  }
}

/** A piece of the journal as it was committed. */
export interface Followed {
  /** In the order of their commits, those of a room ascending. */
  readonly entries: readonly Entry[];
  /** The position behind the last of them: from there the rest is followed. */
  readonly pos: number;
}

export interface SearchOptions {
  /** Only entries before this seq. */
  readonly before?: number;
  /** Ends the search, which rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** What a search came to. */
export interface Found {
  /** Ascending. */
  readonly entries: readonly Entry[];
  /** There is at least one more, before these. */
  readonly more: boolean;
  /**
   * The oldest entry that was looked at: the search goes on before it. Missing when the room's
   * beginning was reached.
   */
  readonly searched?: Pick<Entry, "seq" | "at">;
  /** Milliseconds of the event loop that it took. */
  readonly tookMs: number;
}

export interface SearchAllOptions extends Pick<SearchOptions, "signal"> {
  /** Only entries that came before this one, of whatever room. */
  readonly before?: Place;
}

/** What a search of several rooms came to: `searched` says its room, too. */
export interface FoundInAll extends Omit<Found, "searched"> {
  readonly searched?: Place & Pick<Entry, "at">;
}

export interface Journal {
  /** Entries of a room from a seq on, ascending, at most `limit`. */
  read(room: string, fromSeq: number, limit: number): Promise<Entry[]>;
  /** The last entries of a person with a client's id, newest first, at most `limit`. */
  recentOf(person: string, limit: number): Promise<Entry[]>;
  /**
   * The last entries of text kinds of a room that hold every word anywhere, in upper or lower case;
   * at most `limit`. It is bounded in time: what it did not come to is before `searched`.
   */
  search(
    room: string,
    words: readonly string[],
    limit: number,
    options?: SearchOptions,
  ): Promise<Found>;
  /**
   * The same in several rooms at once, and in nothing else: the last of all of them in the order in
   * which they were committed, also ascending in that. Each must have the key of a room once.
   */
  searchAll(
    rooms: readonly string[],
    words: readonly string[],
    limit: number,
    options?: SearchAllOptions,
  ): Promise<FoundInAll>;
  /**
   * Lets the search index follow the journal by some entries, at least by one, and put itself in
   * order: work for when there is time.
   *
   * @param chars about so many code points of their texts.
   * @returns whether there is more to do.
   */
  index(chars?: number): Promise<boolean>;
  /** The position behind all that was committed so far, by whomever. */
  position(): Promise<number>;
  /**
   * What was committed after a position, by whomever, each entry once, without end: whoever follows
   * calls `return()`, which is heard also while `next()` waits. It ends by itself with the store.
   *
   * @param from 0, the beginning, or a position that this journal gave.
   */
  follow(from?: number): AsyncIterable<Followed>;
}

/**
 * What is committed, by whomever. It is asked at once and answers at once: there may be more than
 * memory has place for, and whoever decides something must know it then.
 */
export interface Directory {
  /** A record, or `undefined` when there is none. */
  record(kind: string, key: string): DirectoryRecord | undefined;
  /**
   * Records of a kind whose keys begin with `prefix`, ascending by key from behind the key `after`
   * on, at most `limit`. Keys are compared by code points.
   */
  list(
    kind: string,
    prefix: string,
    limit: number,
    after?: string,
  ): DirectoryRecord[];
  /** Seq of the last entry of a room; 0 when it has none. */
  headOf(room: string): number;
  /**
   * Rooms where something was said, most recently said first, at most `limit`. Conversations, whose
   * keys begin with `@`, are none.
   */
  recentRooms(limit: number): string[];
  /** An entry, or `undefined` when there is none. */
  entryAt(room: string, seq: number): Entry | undefined;
  /**
   * The last entry of a text kind that a person said in a room, before a seq if one is given, among
   * the last ones of that.
   */
  lastOf(room: string, person: string, before?: number): Entry | undefined;
}

/** What was taken away of the journal's beginning. */
export interface Trimmed {
  /** How many entries. */
  readonly entries: number;
  /** When the last of them was said, in milliseconds UTC; 0 when there was none. */
  readonly until: number;
}

/** What keeps the journal within bounds, and what was erased out of the files. */
export interface Upkeep {
  /**
   * Takes away the oldest entries of all rooms, with what the search index has of them, and what
   * nothing refers to any more. The heads of the rooms stay. The journal's last entry is not taken
   * away: it counts the positions; it is `gone` where it should be.
   *
   * @param before milliseconds UTC: only what was said before this; `Infinity` for all.
   */
  trim(before: number, limit: number, now: number): Promise<Trimmed>;
  /**
   * Forgets rooms, their records and their heads, that have had no entry since a time (milliseconds
   * UTC), but those that `isKept` names; at most `limit`, and as many who are on their lists. Of a
   * room with more on its lists some of these go first.
   *
   * @param looksOf what the name of a room looks like: the keys of what is noted of that.
   * @returns how many there were.
   */
  forgetRooms(
    before: number,
    limit: number,
    isKept: (room: string) => boolean,
    looksOf?: (name: string) => readonly string[],
  ): Promise<number>;
  /** Bytes that the store needs on the disk; what is free within its file is not counted. */
  usedBytes(): Promise<number>;
  /**
   * Lets nothing that was erased or trimmed so far be left in the store's files, but what
   * {@linkcode cleanseIndex} is for.
   *
   * @returns `false` when another program at the file keeps it from that now.
   */
  cleanse(): Promise<boolean>;
  /**
   * Takes a step on the way to a search index that has nothing of what was erased.
   *
   * @param pages about so many of the index are written anew.
   * @returns whether there is more to do.
   */
  cleanseIndex(pages: number): Promise<boolean>;
}

export interface Store extends Journal, Directory, Upkeep, AsyncDisposable {
  /**
   * Removes records whose time is over.
   *
   * @param now milliseconds UTC.
   * @returns how many; when that is `limit`, there may be more.
   */
  expire(now: number, limit: number): Promise<number>;
  /**
   * Writes a turn.
   *
   * @throws {CommitConflict} when a head or a version is not the expected one; nothing was kept.
   * @throws {ConfabError} `store` when nothing was kept: the disk is full or fails, or the commit
   * is at fault in itself.
   */
  commit(commit: Commit): Promise<void>;
}
