/** What a server has said of itself so far, and how a person is shown it: lines of text. Pure. */
import { MONITOR_STEPS } from "../base/limits.ts";
import { secondText } from "../base/time.ts";
import { fullFingerprint, wordsOfFingerprint } from "../secure/fingerprint.ts";
import { fitText } from "../terminal/screen/cells.ts";
import { bytesText, numberText, spanText } from "../text/quantities.ts";
import { dayAndTime } from "../text/render.ts";
import { sparkline } from "../text/sparkline.ts";
import type { ServerMessage } from "../wire/server.ts";
import type { ConnectionsMessage, Status } from "../wire/watched.ts";
import { connectionTable } from "./connection_table.ts";

/** Where it is shown. */
export interface Surface {
  readonly columns: number;
  /** Whether bars can be shown, which are not ASCII. */
  readonly charts: "on" | "off";
}

/** What is shown of a number of which the last hour is kept. */
interface ChartRow {
  readonly label: string;
  readonly series: string;
  readonly show: (value: number) => string;
}

const LABEL_CELLS = 13;
const VALUE_CELLS = 9;
const PEAK_CELLS = 16;
/** A chart that is narrower tells nothing; one cell a minute is all that a wide one has. */
const CHART_CELLS = { min: 8, max: 60 };

/** What is shown of a server that has not lived for longer: ten minutes. */
const FIRST_STEPS = MONITOR_STEPS / 6;

const perSecond = (value: number) => `${numberText(value)}/s`;
const ms = (value: number) => `${numberText(value)} ms`;

const CHARTS: readonly ChartRow[] = [
  { label: "Messages", series: "messagesPerSecond", show: perSecond },
  { label: "Deliveries", series: "deliveriesPerSecond", show: perSecond },
  { label: "Arrivals", series: "connectedPerSecond", show: perSecond },
  { label: "Refusals", series: "refusedPerSecond", show: perSecond },
  { label: "Turn p50", series: "turnP50Ms", show: ms },
  { label: "Turn p99", series: "turnP99Ms", show: ms },
  { label: "Commit p50", series: "commitP50Ms", show: ms },
  { label: "Commit p99", series: "commitP99Ms", show: ms },
  { label: "Memory", series: "memoryBytes", show: bytesText },
  { label: "Queued", series: "queuedBytes", show: bytesText },
  { label: "Connections", series: "connections", show: numberText },
];

export class StatusBoard {
  readonly #address: string;
  #status: Status | undefined;
  #series: Record<string, number[]> = {};
  #stepMs = 0;
  #connections: ConnectionsMessage | undefined;

  /** `address` is what the person calls the server. */
  constructor(address: string) {
    this.#address = address;
  }

  /** Notes what the server has said; `false` where that is nothing of itself. */
  take(message: ServerMessage): boolean {
    if (message.type === "connections") this.#connections = message;
    else if (message.type === "status") this.#takeStatus(message);
    else return false;
    return true;
  }

  /** Whether both have come that were asked for. */
  has(what: { readonly connections: boolean }): boolean {
    return this.#status !== undefined &&
      (this.#connections !== undefined || !what.connections);
  }

  /** `fingerprint` is that of the key that the server has proven. */
  lines(surface: Surface, fingerprint: string | undefined): string[] {
    const status = this.#status;
    if (status === undefined) return [];
    const lines = [
      `${status.server.name} at ${this.#address}`,
      "",
      ...facts(status, fingerprint).flatMap(([label, text]) =>
        labelled(label, text, surface.columns)
      ),
      "",
      ...this.#charts(status, surface),
    ];
    if (this.#connections !== undefined) {
      lines.push("", ...this.table(surface.columns));
    }
    return lines.map((line) => fitText(line.trimEnd(), surface.columns));
  }

  /** In one line what is likely to change. */
  summary(): string {
    const { at, numbers } = this.#status!;
    const shown = CHARTS.filter(({ series }) => numbers[series] !== undefined)
      .map(({ label, series, show }) =>
        `${label.toLowerCase()} ${show(numbers[series]!)}`
      );
    const trouble = troubleOf(numbers);
    const parts = trouble === "" ? shown : [trouble, ...shown];
    return `${secondText(new Date(at))} ${parts.join(", ")}`;
  }

  /** The connections alone. */
  table(columns: number): string[] {
    if (this.#connections === undefined || this.#status === undefined) {
      return [];
    }
    return connectionTable(this.#connections, this.#status.at, columns);
  }

  #takeStatus(status: Status): void {
    this.#status = status;
    const { history, step } = status;
    if (history !== undefined) {
      this.#stepMs = history.stepMs;
      this.#series = Object.fromEntries(
        CHARTS.map(({ series }) => [
          series,
          history.series[series]?.slice(-MONITOR_STEPS) ?? [],
        ]),
      );
    }
    if (step === undefined) return;
    // No others: a server may make up names for ever, and some that every object has.
    for (const { series: name } of CHARTS) {
      const value = step.values[name];
      if (value === undefined) continue;
      const series = this.#series[name] ??= [];
      series.push(value);
      if (series.length > MONITOR_STEPS) series.shift();
    }
  }

  #charts({ numbers }: Status, { columns, charts }: Surface): string[] {
    const withPeak = columns - LABEL_CELLS - VALUE_CELLS - 2 - PEAK_CELLS;
    const isWide = withPeak >= CHART_CELLS.min;
    const room = isWide ? withPeak : withPeak + PEAK_CELLS;
    const cells = Math.min(room, CHART_CELLS.max);
    const hasCharts = charts === "on" && cells >= CHART_CELLS.min &&
      this.#stepMs > 0;
    const rows = CHARTS.filter(({ series }) => numbers[series] !== undefined);
    const lived = Math.max(
      ...Object.values(this.#series).map(({ length }) => length),
    );
    const steps = lived > FIRST_STEPS ? MONITOR_STEPS : FIRST_STEPS;
    const title = `last ${spanText(steps * this.#stepMs)}`;
    const head = `${"".padEnd(LABEL_CELLS)}${"now".padStart(VALUE_CELLS)}`;
    return [
      hasCharts ? `${head}  ${title}` : head,
      ...rows.map(({ label, series, show }) => {
        const line = label.padEnd(LABEL_CELLS) +
          show(numbers[series]!).padStart(VALUE_CELLS);
        const values = this.#series[series] ?? [];
        const peak = isWide && values.length > 0
          ? `  peak ${show(Math.max(...values))}`
          : "";
        return hasCharts
          ? `${line}  ${sparkline(values, steps, cells)}${peak}`
          : `${line}${peak}`;
      }),
    ];
  }
}

/** What does not change each second, as labels and words. */
function facts(
  { at, server, numbers }: Status,
  fingerprint: string | undefined,
): [label: string, text: string][] {
  const { version, since, address, durability, pid } = server;
  const listens = address === "" ? "" : `, listens on ${address}`;
  const process = pid === undefined ? "" : `, process ${pid}`;
  const shown = fullFingerprint(fingerprint ?? server.fingerprint);
  const words = shown === undefined ? "not known" : wordsOfFingerprint(shown);
  return [
    [
      "State",
      `running for ${spanText(at - since)}, since ${dayAndTime(since)}`,
    ],
    ["Trouble", troubleOf(numbers)],
    ["Version", `${version}${listens}${process}`],
    ["Fingerprint", words],
    ["", shown ?? ""],
    ["Storing", durabilityText(durability)],
    ["Disk", diskText(numbers)],
    ["People", peopleText(numbers)],
    ["Since then", totalsText(numbers)],
  ];
}

/** What is wrong; empty where nothing is. */
function troubleOf({ isFull = 0, notStoredTotal = 0 }: Status["numbers"]) {
  if (isFull !== 0) return "FULL: nothing new is taken, for want of space";
  return notStoredTotal === 0
    ? ""
    : `${counted(notStoredTotal, "turn")} could not be stored`;
}

function durabilityText(durability: string): string {
  if (durability === "full") return "survives a loss of power (full)";
  return durability === "process"
    ? "survives a crash of the server (process)"
    : durability;
}

function diskText(numbers: Status["numbers"]): string {
  const { diskUsedBytes = 0, diskLimitBytes, diskFreeBytes } = numbers;
  const limit = diskLimitBytes === undefined
    ? ""
    : ` of ${bytesText(diskLimitBytes)}`;
  const free = diskFreeBytes === undefined
    ? ""
    : `, ${bytesText(diskFreeBytes)} free`;
  return `${bytesText(diskUsedBytes)} used${limit}${free}`;
}

function peopleText(numbers: Status["numbers"]): string {
  const { people = 0, guests = 0, connections = 0, behind = 0, rooms = 0 } =
    numbers;
  return [
    `${counted(people, "person", "people")} and ${counted(guests, "guest")}`,
    `in ${counted(rooms, "room")}`,
    `over ${counted(connections, "connection")},`,
    behind === 0 ? "none behind" : `${numberText(behind)} behind`,
  ].join(" ");
}

function totalsText(numbers: Status["numbers"]): string {
  const { messagesTotal = 0, deliveriesTotal = 0, refusedTotal = 0 } = numbers;
  return [
    counted(messagesTotal, "message"),
    counted(deliveriesTotal, "delivery", "deliveries"),
    counted(refusedTotal, "refusal"),
  ].join(", ");
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

/** A label and its text, whose further lines stand below its first. */
function labelled(label: string, text: string, columns: number): string[] {
  if (text === "") return [];
  const room = Math.max(columns - LABEL_CELLS, 1);
  return folded(text, room).map((line, at) =>
    (at === 0 ? label : "").padEnd(LABEL_CELLS) + line
  );
}

/** Cut behind spaces and hyphens, so that each line has at most so many characters where it can. */
function folded(text: string, chars: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.match(/[^\s-]*(?:-|\s+|$)/g) ?? []) {
    if (line !== "" && (line + piece).trimEnd().length > chars) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
    for (; line.length > chars && !/\s$/.test(line); line = line.slice(chars)) {
      lines.push(line.slice(0, chars));
    }
  }
  return line === "" ? lines : [...lines, line.trimEnd()];
}
