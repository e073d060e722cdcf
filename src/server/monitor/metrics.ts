/** What the monitor knows, in the text format of Prometheus, version 0.0.4. */
import type { Registry } from "prom-client";
import type { Numbers, ServerFacts } from "../../wire/watched.ts";
import type { MonitorSource } from "./source.ts";

interface Metric {
  readonly kind: "gauge" | "counter";
  readonly name: string;
  readonly help: string;
  /** Numbers of the same metric differ in this. */
  readonly quantile?: number;
  /** What one of the number's units is in the metric's. */
  readonly scale?: number;
}

/** Rates are left out: whoever reads counters makes its own. */
type Told = Exclude<keyof Numbers, `${string}PerSecond`>;

const SECONDS_OF_MS = 1e-3;

const METRICS: Readonly<Record<Told, Metric>> = {
  connections: gauge("connections", "Connections that have a session."),
  people: gauge("people", "Persons with a key who are here, each once."),
  guests: gauge("guests", "Guests who are here."),
  rooms: gauge("rooms", "Rooms that somebody is in."),
  behind: gauge(
    "connections_behind",
    "Connections that do not get everything live.",
  ),
  queuedBytes: gauge("queued_bytes", "Bytes that wait to be sent."),
  turnP50Ms: turn(0.5),
  turnP99Ms: turn(0.99),
  commitP50Ms: commit(0.5),
  commitP99Ms: commit(0.99),
  memoryBytes: gauge(
    "resident_memory_bytes",
    "Resident memory of the process.",
  ),
  heapBytes: gauge("heap_bytes", "What the runtime's heap uses of it."),
  diskUsedBytes: gauge("store_bytes", "What the store takes of the disk."),
  diskFreeBytes: gauge("disk_free_bytes", "Free on the disk of the store."),
  diskLimitBytes: gauge(
    "store_limit_bytes",
    "What the store may take of the disk.",
  ),
  isFull: gauge(
    "store_full",
    "1 while nothing new is taken for want of space, else 0.",
  ),
  connectedTotal: counter(
    "connections_opened_total",
    "Connections that got a session.",
  ),
  refusedTotal: counter(
    "connections_refused_total",
    "Connections that were refused.",
  ),
  messagesTotal: counter("messages_total", "Entries that were stored."),
  deliveriesTotal: counter(
    "deliveries_total",
    "Pieces that were queued for connections.",
  ),
  turnsTotal: counter("turns_total", "Turns that held."),
  commitsTotal: counter(
    "commits_total",
    "Turns among them that had something to store.",
  ),
  notStoredTotal: counter(
    "turns_not_stored_total",
    "Turns that could not be stored.",
  ),
};

/** As it is now. The library is loaded by the first call, so that a start needs none of it. */
export async function metricsText(source: MonitorSource): Promise<string> {
  const { Registry, Gauge, Counter } = await import("prom-client");
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  tellFacts(source.server(), (name, help, value, labels = {}) => {
    const labelNames = Object.keys(labels);
    new Gauge({ name, help, labelNames, registers }).set(labels, value);
  });
  const numbers = source.numbers();
  const gauges = new Map<string, InstanceType<typeof Gauge>>();
  for (const [number, metric] of Object.entries(METRICS)) {
    const { kind, name, help, quantile, scale = 1 } = metric;
    const given = numbers[number as Told];
    if (given === undefined) continue;
    const value = given * scale;
    if (kind === "counter") {
      new Counter({ name, help, registers }).inc(value);
      continue;
    }
    const labelNames = quantile === undefined ? [] : ["quantile"];
    const one = gauges.get(name) ??
      new Gauge({ name, help, labelNames, registers });
    gauges.set(name, one);
    one.set(quantile === undefined ? {} : { quantile }, value);
  }
  return await registry.metrics();
}

function tellFacts(
  { name, version, durability, fingerprint, since }: ServerFacts,
  tell: (
    name: string,
    help: string,
    value: number,
    labels?: Record<string, string>,
  ) => void,
): void {
  const labels = { name, version, durability, fingerprint };
  tell("confab_info", "What the server is; always 1.", 1, labels);
  tell(
    "confab_start_time_seconds",
    "When the server started, in seconds since 1970.",
    since * SECONDS_OF_MS,
  );
}

function gauge(name: string, help: string): Metric {
  return { kind: "gauge", name: `confab_${name}`, help };
}

function counter(name: string, help: string): Metric {
  return { kind: "counter", name: `confab_${name}`, help };
}

function turn(quantile: number): Metric {
  const help = "How long the event loop was busy with a turn, of the last 10 s";
  return quantileOf("turn_seconds", help, quantile);
}

function commit(quantile: number): Metric {
  const help = "How long storing a turn took, of the last 10 s";
  return quantileOf("commit_seconds", help, quantile);
}

function quantileOf(name: string, help: string, quantile: number): Metric {
  const scale = SECONDS_OF_MS;
  return { ...gauge(name, `${help}: a quantile.`), quantile, scale };
}
