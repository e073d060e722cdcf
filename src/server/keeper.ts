/**
 * Keeps what is stored within bounds, behind the turns: messages that are too old or too many are
 * taken away, what was erased leaves the files, and nothing new is taken while the disk is full.
 */
import { type Clock, momentOf } from "../base/clock.ts";
import {
  CLEANSE_INDEX_DELAY_MS,
  CLEANSE_LOG_INTERVAL_MS,
  CLEANSE_MAX_PAGES,
  CLEANSE_MIN_PAGES,
  CLEANSE_PAGES,
  DISK_HIGH_PART,
  DISK_LOOK_ENTRIES,
  DISK_LOW_PART,
  DISK_RESERVE_AGAIN_BYTES,
  DISK_RESERVE_BYTES,
  EMPTY_ROOM_KEPT_MS,
  EXPIRED_RECORDS,
  EXPIRY_INTERVAL_MS,
  KEEPER_INTERVAL_MS,
  TRIM_ENTRIES,
  TRIM_MAX_ENTRIES,
  TRIM_MIN_ENTRIES,
} from "../base/limits.ts";
import { given } from "../base/given.ts";
import type { Store, Upkeep } from "../store/store.ts";
import { nameLooks } from "../wire/names.ts";
import { Slices } from "./slices.ts";
import type { Tap } from "./tap.ts";

/** How much is kept; everything by default. */
export interface KeepOptions {
  /** Messages go when they are older than this. */
  readonly keepMs?: number;
  /** The oldest messages go when the store needs more of the disk than this. */
  readonly diskBytes?: number;
  /** Bytes that are free on the disk, `undefined` where that is not known. */
  readonly freeBytes?: () => number | undefined;
}

interface KeeperOptions extends KeepOptions {
  readonly store: Upkeep & Pick<Store, "expire">;
  readonly clock: Clock;
  readonly tap: Tap;
  /** Nothing new is taken from now on, and why; or it is again. */
  readonly onSpace: (refusal: string | undefined) => void;
  /** There is something to put in order in the search index. */
  readonly onTrimmed: () => void;
  /** Whether somebody is in a room, or a conversation. */
  readonly isHeard: (room: string) => boolean;
  /** Rooms were forgotten, with what was set there. */
  readonly onForgotten: () => void;
}

/** What the store takes of the disk. */
export interface Space {
  readonly usedBytes: number;
  /** Where that is known. */
  readonly freeBytes?: number;
  /** Where there is a limit. */
  readonly limitBytes?: number;
  /** Nothing new is taken for want of it. */
  readonly isFull: boolean;
}

const REFUSAL =
  "the server has no space left for messages: nothing new can be said until its operator makes some";

export class Keeper {
  readonly #options: KeeperOptions;
  readonly #trimming: Slices;
  readonly #cleansing: Slices;
  #cancel = () => {};
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;
  #expiredAt = -Infinity;
  #emptiedAt = -Infinity;
  #cleansedAt = -Infinity;
  /** Entries stored when it was looked last because of them. */
  #lookedAtEntries = 0;
  /** Bytes in use when it was looked last. */
  #used = 0;
  /** Messages are being taken away until the lower mark is reached. */
  #isTrimmingDisk = false;
  /** There is nothing left that could be taken away. */
  #isExhausted = false;
  /** What was taken away and is not told yet. */
  #trimmed = { entries: 0, until: 0 };
  #isRefusing = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    const { clock, tap, store } = options;
    const shared = {
      clock,
      stored: () => tap.counters.entries,
      onFault: (error: unknown) => tap.failed("not kept in bounds", error),
    };
    this.#trimming = new Slices({
      ...shared,
      work: (entries) => this.#trim(entries),
      size: {
        min: TRIM_MIN_ENTRIES,
        start: TRIM_ENTRIES,
        max: TRIM_MAX_ENTRIES,
      },
      delayMs: 0,
      isUrgent: () => this.#isTrimmingDisk,
    });
    this.#cleansing = new Slices({
      ...shared,
      work: (pages) => store.cleanseIndex(pages),
      size: {
        min: CLEANSE_MIN_PAGES,
        start: CLEANSE_PAGES,
        max: CLEANSE_MAX_PAGES,
      },
      delayMs: 0,
    });
    this.#lookLater();
  }

  /** How much of the disk is used, as it was looked at last. */
  get space(): Space {
    const { diskBytes, freeBytes } = this.#options;
    return {
      usedBytes: this.#used,
      isFull: this.#isRefusing,
      ...given({ limitBytes: diskBytes, freeBytes: freeBytes?.() }),
    };
  }

  /** Something was stored: of much, it is not waited for the next look. */
  stored(): void {
    const { diskBytes, tap } = this.#options;
    const { entries } = tap.counters;
    if (diskBytes === undefined) return;
    const fresh = entries - this.#lookedAtEntries;
    if (fresh < DISK_LOOK_ENTRIES) return;
    this.#lookedAtEntries = entries;
    const looking = this.#looking;
    this.#looking = this.#try(this.#makePlace(fresh)).then(() => looking);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#looking;
    await Promise.all([this.#trimming.stop(), this.#cleansing.stop()]);
  }

  #lookLater(): void {
    if (this.#isStopped) return;
    const { clock } = this.#options;
    this.#cancel = clock.after(KEEPER_INTERVAL_MS, () => {
      this.#looking = this.#try(this.#look()).then(() => this.#lookLater());
    });
  }

  /** Resolves when it is done, or failed: it is tried again. */
  #try(work: Promise<void>): Promise<void> {
    const { tap } = this.#options;
    return work.catch((error) => tap.failed("not kept in bounds", error));
  }

  async #look(): Promise<void> {
    const { store, clock, keepMs } = this.#options;
    const { wall, monotonic } = momentOf(clock);
    await this.#lookAtDisk();
    if (monotonic >= this.#emptiedAt + CLEANSE_LOG_INTERVAL_MS) {
      this.#emptiedAt = monotonic;
      await store.cleanse();
    }
    if (monotonic >= this.#cleansedAt + CLEANSE_INDEX_DELAY_MS) {
      this.#cleansedAt = monotonic;
      this.#cleansing.wake();
    }
    if (monotonic < this.#expiredAt + EXPIRY_INTERVAL_MS) return;
    const expired = await store.expire(wall, EXPIRED_RECORDS);
    await this.#forgetRooms(wall - EMPTY_ROOM_KEPT_MS);
    if (keepMs !== undefined) this.#trimming.wake();
    // As many as were asked for: there may be more, which need not wait.
    if (expired < EXPIRED_RECORDS) this.#expiredAt = monotonic;
  }

  // ---- The disk ----

  async #lookAtDisk(): Promise<void> {
    const { store, diskBytes = Infinity } = this.#options;
    this.#used = await store.usedBytes();
    if (this.#used > diskBytes * DISK_HIGH_PART && !this.#isTrimmingDisk) {
      this.#isTrimmingDisk = true;
      this.#trimming.wake();
    }
    this.#guard();
  }

  /** Above the limit itself it does not wait for a gap: as many go at least as have come. */
  async #makePlace(entries: number): Promise<void> {
    await this.#lookAtDisk();
    const { diskBytes = Infinity } = this.#options;
    if (this.#used <= diskBytes || this.#isExhausted) return;
    await this.#trim(Math.min(2 * entries, TRIM_MAX_ENTRIES));
  }

  /** Refuses before nothing can be written any more, and says so once. */
  #guard(): void {
    const { diskBytes = Infinity, freeBytes, tap, onSpace } = this.#options;
    const free = freeBytes?.() ?? Infinity;
    const reserve = this.#isRefusing
      ? DISK_RESERVE_AGAIN_BYTES
      : DISK_RESERVE_BYTES;
    const isFull = free < reserve ||
      this.#used > diskBytes && this.#isExhausted;
    if (isFull === this.#isRefusing) return;
    this.#isRefusing = isFull;
    tap.tell({ kind: "space", isFull, freeBytes: free, usedBytes: this.#used });
    onSpace(isFull ? REFUSAL : undefined);
  }

  // ---- The oldest messages ----

  /** Takes some away; whether there is more that must go. */
  async #trim(limit: number): Promise<boolean> {
    const { store, clock, keepMs, diskBytes = Infinity } = this.#options;
    const { wall } = momentOf(clock);
    const before = this.#isTrimmingDisk
      ? Infinity
      : wall - (keepMs ?? Infinity);
    const { entries, until } = await store.trim(before, limit, wall);
    this.#trimmed.entries += entries;
    this.#trimmed.until = Math.max(this.#trimmed.until, until);
    if (entries > 0) this.#options.onTrimmed();
    if (this.#isTrimmingDisk) {
      this.#used = await store.usedBytes();
      this.#isExhausted = entries === 0 && !await this.#forgetRooms(Infinity);
      this.#isTrimmingDisk = !this.#isExhausted &&
        this.#used > diskBytes * DISK_LOW_PART;
      if (this.#isTrimmingDisk) return true;
      this.#guard();
    }
    if (entries > 0 && keepMs !== undefined) return true;
    this.#tell();
    return false;
  }

  /** What is known goes of rooms that have no messages since a time; whether there were any. */
  async #forgetRooms(before: number): Promise<boolean> {
    const { store, isHeard, onForgotten } = this.#options;
    const limit = EXPIRED_RECORDS;
    const rooms = await store.forgetRooms(before, limit, isHeard, nameLooks);
    if (rooms > 0) onForgotten();
    return rooms > 0;
  }

  #tell(): void {
    const { entries, until } = this.#trimmed;
    if (entries === 0) return;
    const usedBytes = this.#used;
    this.#options.tap.tell({ kind: "trimmed", entries, until, usedBytes });
    this.#trimmed = { entries: 0, until: 0 };
  }
}
