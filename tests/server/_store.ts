/** A store that is slow or fails when a test says so. */
import { ConfabError } from "../../src/base/errors.ts";
import { MemoryStore } from "../_memory_store.ts";
import {
  type Commit,
  CommitConflict,
  type DirectoryRecord,
  type Entry,
} from "../../src/store/store.ts";

/** Something that was asked of the store and has no answer yet. */
type Held = () => void;

export class TestStore extends MemoryStore {
  /** While it is true, reads wait until they are released. */
  holdsReads = false;
  /** While it is true, commits wait until they are released. */
  holdsCommits = false;
  /** So many of the next commits fail, as they do on a full disk. */
  failingCommits = 0;
  /** So many of the next reads fail. */
  failingReads = 0;
  /** While it is true, no record can be read. */
  isUnreadable = false;
  /** The commits that were asked for, also those that failed. */
  readonly commits: Commit[] = [];
  /** The reads that were asked for: room, first seq, limit. */
  readonly reads: [room: string, fromSeq: number, limit: number][] = [];
  /** What others wrote. */
  readonly elsewhere: Entry[] = [];
  readonly #heldReads: Held[] = [];
  readonly #heldCommits: Held[] = [];

  get heldReads(): number {
    return this.#heldReads.length;
  }

  get heldCommits(): number {
    return this.#heldCommits.length;
  }

  override async read(
    room: string,
    fromSeq: number,
    limit: number,
  ): Promise<Entry[]> {
    this.reads.push([room, fromSeq, limit]);
    if (this.holdsReads) {
      await new Promise<void>((resolve) => this.#heldReads.push(resolve));
    }
    if (this.failingReads > 0) {
      this.failingReads--;
      throw new ConfabError("store", "reading: the disk fails");
    }
    return await super.read(room, fromSeq, limit);
  }

  override record(kind: string, key: string): DirectoryRecord | undefined {
    if (this.isUnreadable) {
      throw new ConfabError("store", "reading a record: the disk fails");
    }
    return super.record(kind, key);
  }

  override list(
    ...which: Parameters<MemoryStore["list"]>
  ): DirectoryRecord[] {
    if (this.isUnreadable) {
      throw new ConfabError("store", "reading records: the disk fails");
    }
    return super.list(...which);
  }

  override async commit(commit: Commit): Promise<void> {
    this.commits.push(commit);
    if (this.holdsCommits) {
      await new Promise<void>((resolve) => this.#heldCommits.push(resolve));
    }
    if (this.failingCommits > 0) {
      this.failingCommits--;
      throw new ConfabError("store", "storing a turn: the disk is full");
    }
    await super.commit(commit);
  }

  /** Another writer appends to a room, whatever is held and fails here. */
  async commitElsewhere(
    entriesAfter: (head: number) => Entry[],
    room: string,
  ): Promise<void> {
    for (;;) {
      const expectedHead = this.headOf(room) ?? 0;
      const entries = entriesAfter(expectedHead);
      const appends = [{ room, expectedHead, entries }];
      try {
        await super.commit({ appends, writes: [] });
        this.elsewhere.push(...entries);
        return;
      } catch (error) {
        // Somebody was faster.
        if (!(error instanceof CommitConflict)) throw error;
      }
    }
  }

  /** Lets one read go on, any of those that wait. */
  releaseRead(which = 0): void {
    const [held] = this.#heldReads.splice(which % this.heldReads, 1);
    held?.();
  }

  /** Lets the commit go on that waits. */
  releaseCommit(): void {
    this.#heldCommits.shift()?.();
  }

  /** Lets everything go on, and holds nothing any more. */
  releaseAll(): void {
    this.holdsReads = this.holdsCommits = false;
    for (const held of this.#heldReads.splice(0)) held();
    for (const held of this.#heldCommits.splice(0)) held();
  }
}
