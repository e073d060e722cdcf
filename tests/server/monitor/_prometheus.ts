/**
 * A reader of Prometheus' text format, version 0.0.4, as its page describes it: strict, so that
 * what it takes every reader takes.
 */

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

const METRIC_NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(,|$)/;
const TYPES = new Set(["counter", "gauge", "histogram", "summary", "untyped"]);
const VALUE = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]?Inf)$/;

/** @throws {Error} saying which line is none of the format. */
export function readMetrics(text: string): Map<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, Family>();
  const helps = new Map<string, string>();
  let open = "";
  for (const line of text.slice(0, -1).split("\n")) {
    if (/^\s*$/.test(line)) continue;
    const wrong = (why: string) => new Error(`${why}: ${line}`);
    const help = new RegExp(`^# HELP (${METRIC_NAME}) (.*)$`).exec(line);
    const type = new RegExp(`^# TYPE (${METRIC_NAME}) (\\S+)$`).exec(line);
    if (help !== null) {
      if (helps.has(help[1]!)) throw wrong("told twice");
      helps.set(help[1]!, unescape(help[2]!, /\\[\\n]/g));
    } else if (type !== null) {
      const [, name, kind] = type;
      if (families.has(name!) || !TYPES.has(kind!)) throw wrong("type");
      const told = helps.get(name!);
      if (told === undefined) throw wrong("no help before");
      families.set(name!, { type: kind!, help: told, samples: [] });
      open = name!;
    } else if (line.startsWith("#")) throw wrong("a comment");
    else {
      const sample = new RegExp(
        `^(${METRIC_NAME})(?:\\{(.*)\\})? (\\S+)(?: -?\\d+)?$`,
      ).exec(line);
      if (sample === null) throw wrong("no sample");
      // The lines of a metric are one group, behind its type.
      if (sample[1] !== open) throw wrong("out of its group");
      if (!VALUE.test(sample[3]!)) throw wrong("no value");
      const labels = readLabels(sample[2] ?? "");
      if (labels === undefined) throw wrong("labels");
      const { samples } = families.get(open)!;
      const same = JSON.stringify(labels);
      if (samples.some((one) => JSON.stringify(one.labels) === same)) {
        throw wrong("twice");
      }
      samples.push({ labels, value: valueOf(sample[3]!) });
    }
  }
  return families;
}

function readLabels(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== "";) {
    const label = LABEL.exec(rest);
    if (label === null || label[1]! in labels) return undefined;
    labels[label[1]!] = unescape(label[2]!, /\\[\\"n]/g);
    rest = rest.slice(label[0].length);
  }
  return labels;
}

function unescape(text: string, escapes: RegExp): string {
  return text.replace(escapes, (two) => two === "\\n" ? "\n" : two[1]!);
}

function valueOf(text: string): number {
  return Number(text.replace("Inf", "Infinity"));
}
