/** The charts that there are, and how their numbers are written. */
import type { SeriesName } from "../../../wire/watched.ts";
import { bytesText, numberText } from "../../../text/quantities.ts";

export interface Unit {
  show(value: number): string;
  readonly scale: "decimal" | "binary";
  /** What the scale reaches at least: a server that does nothing has a flat line. */
  readonly least: number;
}

export interface ChartPlan {
  readonly title: string;
  readonly unit: Unit;
  /** The first one is the area; what is said of each where there are two. */
  readonly curves: readonly { series: SeriesName; word?: string }[];
}

const COUNT: Unit = { show: numberText, scale: "decimal", least: 10 };
const A_SECOND: Unit = {
  show: (value) => `${numberText(value)}/s`,
  scale: "decimal",
  least: 1,
};
const MS: Unit = {
  show: (value) => `${numberText(value)} ms`,
  scale: "decimal",
  least: 1,
};
const BYTES: Unit = { show: bytesText, scale: "binary", least: 1024 };

export const CHART_PLANS: readonly ChartPlan[] = [
  {
    title: "Messages",
    unit: A_SECOND,
    curves: [{ series: "messagesPerSecond" }],
  },
  {
    title: "Deliveries",
    unit: A_SECOND,
    curves: [{ series: "deliveriesPerSecond" }],
  },
  { title: "Connections", unit: COUNT, curves: [{ series: "connections" }] },
  {
    title: "Arrivals",
    unit: A_SECOND,
    curves: [
      { series: "connectedPerSecond", word: "came" },
      { series: "refusedPerSecond", word: "refused" },
    ],
  },
  {
    title: "Turn",
    unit: MS,
    curves: [
      { series: "turnP50Ms", word: "p50" },
      { series: "turnP99Ms", word: "p99" },
    ],
  },
  {
    title: "Commit",
    unit: MS,
    curves: [
      { series: "commitP50Ms", word: "p50" },
      { series: "commitP99Ms", word: "p99" },
    ],
  },
  { title: "Memory", unit: BYTES, curves: [{ series: "memoryBytes" }] },
  { title: "Queued", unit: BYTES, curves: [{ series: "queuedBytes" }] },
];
