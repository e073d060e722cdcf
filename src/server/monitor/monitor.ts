/** The monitor: what the server does, in numbers, for those who watch it, and for this process. */
import type { Clock } from "../../base/clock.ts";
import { given } from "../../base/given.ts";
import type { KeptLog } from "../../base/kept_log.ts";
import { MONITOR_STEP_MS, SURVEY_KEPT_MS } from "../../base/limits.ts";
import type { ConnectionId } from "../../chat/input.ts";
import type { Sink } from "../../delivery/sink.ts";
import type { Numbers, ServerFacts, Watched } from "../../wire/watched.ts";
import type { Space } from "../keeper.ts";
import type { Tap } from "../tap.ts";
import { refusedOf, Sampler } from "./sampler.ts";
import { Series } from "./series.ts";
import type { MonitorSource } from "./source.ts";
import { type Survey, survey } from "./survey.ts";
import { Watchers } from "./watchers.ts";

/** Bytes of memory: all of the process, and what is in use of the heap. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

export interface MonitorOptions {
  readonly clock: Clock;
  readonly tap: Tap;
  readonly log: KeptLog;
  readonly server: () => ServerFacts;
  readonly space: () => Space;
  /** Rooms that somebody is in. */
  readonly rooms: () => number;
  readonly memory: () => Memory;
}

export class Monitor implements MonitorSource {
  readonly #options: MonitorOptions;
  readonly #sampler: Sampler;
  readonly #series = new Series();
  readonly #watchers: Watchers;
  readonly #unsubscribe: () => void;
  /** Steps that have ended, and when the present one does: monotonic milliseconds. */
  #steps = 0;
  #stepEndsAt: number;
  /** The last pass over all connections. */
  #survey: { readonly at: number; readonly survey: Survey } | undefined;

  constructor(options: MonitorOptions) {
    const { clock, tap, log } = options;
    this.#options = options;
    const now = clock.monotonic();
    this.#sampler = new Sampler(tap.counters, now);
    this.#stepEndsAt = now + MONITOR_STEP_MS;
    this.#watchers = new Watchers({
      clock,
      log,
      status: () => ({
        type: "status",
        at: clock.wall(),
        server: this.server(),
        numbers: this.numbers(),
      }),
      survey: () => this.#look(),
      history: () => this.#series.history(this.#until()),
      lastStep: () => this.#series.last(this.#until()),
      steps: () => this.#steps,
      onFault: (id, error) => tap.failed("a connection failed", error, id),
    });
    this.#unsubscribe = tap.subscribe((event) => {
      if (event.kind === "disconnected") this.#watchers.gone(event.id);
    });
  }

  server(): ServerFacts {
    return this.#options.server();
  }

  numbers(): Numbers {
    const { clock, tap, space, rooms, memory } = this.#options;
    const { counters } = tap;
    const { shown: _, ...totals } = this.#look();
    const { rss, heapUsed } = memory();
    const { usedBytes, freeBytes, limitBytes, isFull } = space();
    return {
      ...totals,
      rooms: rooms(),
      ...this.#sampler.rates(clock.monotonic()),
      memoryBytes: rss,
      heapBytes: heapUsed,
      diskUsedBytes: usedBytes,
      ...given({ diskFreeBytes: freeBytes, diskLimitBytes: limitBytes }),
      isFull: isFull ? 1 : 0,
      connectedTotal: counters.connected,
      messagesTotal: counters.entries,
      deliveriesTotal: counters.deliveries,
      turnsTotal: counters.turns,
      commitsTotal: counters.commits,
      notStoredTotal: counters.notStored,
      refusedTotal: refusedOf(counters),
    };
  }

  /** A connection of an administrator watches this from now on; an empty list ends it. */
  watch(id: ConnectionId, what: readonly Watched[], sink: Sink): void {
    this.#watchers.watch(id, what, sink);
  }

  /** A second has gone by. */
  tick(): void {
    const now = this.#options.clock.monotonic();
    this.#survey = undefined;
    this.#endSteps(now);
    this.#watchers.tick();
    this.#sampler.tick(now);
  }

  stop(): void {
    this.#unsubscribe();
    this.#watchers.stop();
  }

  /** Who asks in between gets the last look: it goes through all connections. */
  #look(): Survey {
    const { clock, tap } = this.#options;
    const now = clock.monotonic();
    if (this.#survey === undefined || now - this.#survey.at >= SURVEY_KEPT_MS) {
      this.#survey = { at: now, survey: survey(tap.described()) };
    }
    return this.#survey.survey;
  }

  /** After a pause, as of a machine that slept, there are more than one: all the same on average. */
  #endSteps(now: number): void {
    if (now < this.#stepEndsAt) return;
    const { connections, queuedBytes } = this.#look();
    const values = {
      ...this.#sampler.rates(now),
      memoryBytes: this.#options.memory().rss,
      queuedBytes,
      connections,
    };
    for (; now >= this.#stepEndsAt; this.#stepEndsAt += MONITOR_STEP_MS) {
      this.#series.push(values);
      this.#steps++;
    }
  }

  /** When the last step ended, in milliseconds UTC. */
  #until(): number {
    const { clock } = this.#options;
    const agoMs = clock.monotonic() - (this.#stepEndsAt - MONITOR_STEP_MS);
    return Math.round(clock.wall() - agoMs);
  }
}
