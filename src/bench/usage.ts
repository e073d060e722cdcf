/** What this thread and this process use of the machine, as far as the runtime tells it. */
import process from "node:process";

export interface Usage {
  /** When that was, in milliseconds. */
  readonly atMs: number;
  /** Of this thread, where the runtime knows it. */
  readonly threadCpuMs?: number;
  /** Of the whole process. */
  readonly processCpuMs: number;
  /** This thread's heap and what hangs on it, garbage included. */
  readonly heapBytes: number;
  /** Resident memory of the whole process. */
  readonly residentBytes: number;
}

interface CpuUsage {
  readonly user: number;
  readonly system: number;
}

/** What was used since the thread and the process began; times are the thread's own. */
export function threadUsage(): Usage {
  const { heapUsed, external, rss } = Deno.memoryUsage();
  // Runtimes before 2.7 do not have it.
  const { threadCpuUsage } = process as { threadCpuUsage?: () => CpuUsage };
  return {
    atMs: performance.now(),
    ...threadCpuUsage && { threadCpuMs: sumMs(threadCpuUsage()) },
    processCpuMs: sumMs(process.cpuUsage()),
    heapBytes: heapUsed + external,
    residentBytes: rss,
  };
}

function sumMs({ user, system }: CpuUsage): number {
  return (user + system) / 1_000;
}
