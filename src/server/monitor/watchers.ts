/** The connections that watch the server: each gets what it asked for, and never waits for another. */
import type { Clock } from "../../base/clock.ts";
import type { KeptLog } from "../../base/kept_log.ts";
import {
  CONNECTIONS_SHOWN_INTERVAL_MS,
  FRAME_MAX_BYTES,
  LOG_SHOWN_INTERVAL_MS,
  LOG_SHOWN_LINES,
  OUTBOX_BYTES,
  OUTBOX_LOW_BYTES,
} from "../../base/limits.ts";
import type { ConnectionId } from "../../chat/input.ts";
import type { Sink } from "../../delivery/sink.ts";
import { TurnItems } from "../../delivery/turn_items.ts";
import { HEADER_BYTES } from "../../wire/frame.ts";
import { fitFrame } from "../../wire/frame_list.ts";
import type {
  LogEntry,
  LogMessage,
  SeriesHistory,
  SeriesStep,
  Status,
  Watched,
} from "../../wire/watched.ts";
import { connectionsMessage, newsOf, type Survey } from "./survey.ts";

export interface WatchersOptions {
  readonly clock: Clock;
  readonly log: KeptLog;
  /** Without history and step. */
  readonly status: () => Status;
  readonly survey: () => Survey;
  readonly history: () => SeriesHistory;
  /** The step that ended last, and how many have. */
  readonly lastStep: () => SeriesStep;
  readonly steps: () => number;
  /** A fault of this program: the watcher gets nothing more. */
  readonly onFault: (id: ConnectionId, error: unknown) => void;
}

class Watcher {
  readonly id: ConnectionId;
  readonly sink: Sink;
  readonly what: ReadonlySet<Watched>;
  hasHistory = false;
  /** Steps that it has been told of. */
  steps = 0;
  /** What of `connections` it knows, and when it was told: monotonic milliseconds. */
  news = "";
  toldAt = -Infinity;
  /** The number of the line of the log that it gets next, once it has begun. */
  nextLine: number | undefined;

  constructor(id: ConnectionId, sink: Sink, what: readonly Watched[]) {
    this.id = id;
    this.sink = sink;
    this.what = new Set(what);
  }

  /** One more message can be queued for it, of whatever length. */
  get hasSpace(): boolean {
    return this.sink.spaceBytes >= HEADER_BYTES + FRAME_MAX_BYTES;
  }

  /** It reads what it gets. */
  get keepsUp(): boolean {
    return this.sink.spaceBytes >= OUTBOX_BYTES - OUTBOX_LOW_BYTES;
  }
}

/** What all watchers get in one second: made when the first wants it, and encoded once. */
class Round {
  readonly #options: WatchersOptions;
  readonly #made = new Map<string, { items: TurnItems; news: string }>();

  constructor(options: WatchersOptions) {
    this.#options = options;
  }

  status(withStep: boolean): TurnItems {
    return this.#once(withStep ? "step" : "status", () => {
      const { status, lastStep } = this.#options;
      const step = withStep ? { step: lastStep() } : {};
      return [{ ...status(), ...step }, ""];
    }).items;
  }

  connections(): { items: TurnItems; news: string } {
    return this.#once("connections", () => {
      const message = connectionsMessage(this.#options.survey());
      return [message, newsOf(message)];
    });
  }

  #once(
    name: string,
    make: () => [message: Parameters<TurnItems["add"]>[1], news: string],
  ): { items: TurnItems; news: string } {
    let made = this.#made.get(name);
    if (made === undefined) {
      const [message, news] = make();
      made = { items: new TurnItems(), news };
      made.items.add("announcement", message);
      this.#made.set(name, made);
    }
    return made;
  }
}

export class Watchers {
  readonly #options: WatchersOptions;
  readonly #watchers = new Map<ConnectionId, Watcher>();
  #cancelLog: (() => void) | undefined;
  readonly #unsubscribe: () => void;

  constructor(options: WatchersOptions) {
    this.#options = options;
    this.#unsubscribe = options.log.subscribe(() => this.#logLater());
  }

  get size(): number {
    return this.#watchers.size;
  }

  /** A connection watches this from now on, in place of what it did before; who it may be is known. */
  watch(id: ConnectionId, what: readonly Watched[], sink: Sink): void {
    this.#watchers.delete(id);
    if (what.length === 0) return;
    const watcher = new Watcher(id, sink, what);
    this.#watchers.set(id, watcher);
    const round = new Round(this.#options);
    this.#serve(watcher, () => {
      if (watcher.hasSpace) this.#giveStatus(watcher, round);
      if (watcher.hasSpace) this.#giveConnections(watcher, round);
      if (watcher.hasSpace) this.#giveLog(watcher);
    });
  }

  gone(id: ConnectionId): void {
    this.#watchers.delete(id);
  }

  /** A second has gone by. */
  tick(): void {
    const round = new Round(this.#options);
    for (const watcher of this.#watchers.values()) {
      if (!watcher.keepsUp) continue;
      this.#serve(watcher, () => {
        this.#giveStatus(watcher, round);
        this.#giveConnections(watcher, round);
        if (watcher.nextLine === undefined) this.#giveLog(watcher);
      });
    }
  }

  stop(): void {
    this.#watchers.clear();
    this.#cancelLog?.();
    this.#unsubscribe();
  }

  #serve(watcher: Watcher, give: () => void): void {
    try {
      give();
      watcher.sink.flush();
    } catch (error) {
      this.#watchers.delete(watcher.id);
      this.#options.onFault(watcher.id, error);
    }
  }

  #giveStatus(watcher: Watcher, round: Round): void {
    if (!watcher.what.has("status")) return;
    const { status, history, steps } = this.#options;
    const withStep = watcher.steps < steps();
    watcher.steps = steps();
    if (watcher.hasHistory) {
      return round.status(withStep).push(0, watcher.sink);
    }
    watcher.hasHistory = true;
    watcher.sink.send({ ...status(), history: history() }, "unasked");
  }

  #giveConnections(watcher: Watcher, round: Round): void {
    if (!watcher.what.has("connections")) return;
    const { items, news } = round.connections();
    const now = this.#options.clock.monotonic();
    const isDue = now - watcher.toldAt >= CONNECTIONS_SHOWN_INTERVAL_MS;
    if (!isDue && watcher.news === news) return;
    watcher.news = news;
    watcher.toldAt = now;
    items.push(0, watcher.sink);
  }

  // ---- The log ----

  /** Lines that come together are told together. */
  #logLater(): void {
    if (this.#cancelLog !== undefined) return;
    if (!this.#watchers.values().some(({ what }) => what.has("log"))) return;
    this.#cancelLog = this.#options.clock.after(LOG_SHOWN_INTERVAL_MS, () => {
      this.#cancelLog = undefined;
      for (const watcher of this.#watchers.values()) {
        if (watcher.keepsUp) {
          this.#serve(watcher, () => this.#giveLog(watcher));
        }
      }
      const { count } = this.#options.log;
      const isLeft = ({ what, nextLine = 0 }: Watcher) =>
        what.has("log") && nextLine < count;
      if (this.#watchers.values().some(isLeft)) this.#logLater();
    });
  }

  #giveLog(watcher: Watcher): void {
    if (!watcher.what.has("log")) return;
    const { log } = this.#options;
    const { nextLine } = watcher;
    if (nextLine === undefined) {
      const lines = log.from(log.count - LOG_SHOWN_LINES);
      const entries: LogEntry[] = fitFrame(lines, { keep: "last" });
      watcher.nextLine = log.count;
      return watcher.sink.send({ type: "log", entries }, "unasked");
    }
    if (nextLine === log.count) return;
    const first = Math.max(nextLine, log.oldest);
    const entries: LogEntry[] = fitFrame(log.from(first));
    const dropped = first - nextLine;
    watcher.nextLine = first + entries.length;
    const message: LogMessage = { type: "log", entries };
    watcher.sink.send(dropped > 0 ? { ...message, dropped } : message);
  }
}
