/** One time of talking, as what was seen of it on all threads adds up. Pure. */
import type { Heard, Talked } from "./crowd.ts";
import { Latencies, type LatencyCounts } from "../base/latencies.ts";
import type { Usage } from "./usage.ts";

/** Whoever talks wants to be heard within this, 99 times of 100. */
export const WITHIN_MS = 100;
/** Of fewer people the collector's slack says more than they do. */
const MEMORY_PEOPLE = 500;

/** A time of talking, measured. */
export interface Measurement {
  readonly people: number;
  readonly rooms: number;
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** How late the simulated people themselves were, 99 times of 100. */
  readonly lateMs: number;
  /** Processors that the whole process kept busy, server and simulated people. */
  readonly processors: number;
  /** The part of a processor that the server's thread took, where the runtime knows it. */
  readonly serverBusy?: number;
  /** The same of the busiest thread of simulated people. */
  readonly crowdBusy?: number;
  /** What the server's heap has grown by for each person. */
  readonly heapKibEach?: number;
  /** Whether everything had arrived shortly after the end. */
  readonly isComplete: boolean;
}

/** Whether so many people were held: heard in time, and everything there. */
export function isHeld({ p99Ms, lateMs, isComplete }: Measurement): boolean {
  return isComplete && p99Ms <= WITHIN_MS && lateMs <= WITHIN_MS;
}

/** What was seen of it. */
interface Watched {
  /** Of each thread of people. */
  readonly talked: readonly Talked[];
  readonly heard: readonly Heard[];
  /** Of all threads before and after the talking, the server's first. */
  readonly before: readonly Usage[];
  readonly after: readonly Usage[];
  /** The server's heap when nobody was there, where that is known. */
  readonly emptyHeapBytes: number | undefined;
}

/** Adds up what was seen of so many people in so many rooms. */
export function measurementOf(
  people: number,
  rooms: number,
  { talked, heard, before, after, emptyHeapBytes }: Watched,
): Measurement {
  const latencies = merged(heard.map((part) => part.latencies));
  const lateness = merged(talked.map((part) => part.lateness));
  const perSecond = (what: "messages" | "deliveries") =>
    talked.reduce((sum, part) => sum + part[what] / part.seconds, 0);
  const heapBytes = Math.min(before[0]!.heapBytes, after[0]!.heapBytes);
  const grownBytes = heapBytes - (emptyHeapBytes ?? heapBytes);
  const isHeapKnown = people >= MEMORY_PEOPLE && grownBytes > 0;
  return {
    people,
    rooms,
    messagesPerSecond: perSecond("messages"),
    deliveriesPerSecond: perSecond("deliveries"),
    p50Ms: latencies.quantileMs(0.5),
    p99Ms: latencies.quantileMs(0.99),
    maxMs: latencies.maxMs,
    lateMs: lateness.quantileMs(0.99),
    ...busyBetween(before, after),
    ...isHeapKnown && { heapKibEach: grownBytes / 1_024 / people },
    isComplete: heard.every((part) => part.isComplete),
  };
}

/** What was busy between two looks at all threads, the server's first. */
function busyBetween(before: readonly Usage[], after: readonly Usage[]) {
  const shares = after.map((now, at) => {
    const then = before[at]!;
    if (now.threadCpuMs === undefined) return undefined;
    return (now.threadCpuMs - then.threadCpuMs!) / (now.atMs - then.atMs);
  });
  const [first, last] = [before[0]!, after[0]!];
  const [serverBusy, ...crowds] = shares;
  const cpuMs = last.processCpuMs - first.processCpuMs;
  return {
    processors: cpuMs / (last.atMs - first.atMs),
    ...serverBusy !== undefined && {
      serverBusy,
      crowdBusy: Math.max(...crowds.map((share) => share ?? 0)),
    },
  };
}

function merged(parts: readonly LatencyCounts[]): Latencies {
  const all = new Latencies();
  for (const part of parts) all.merge(part);
  return all;
}
