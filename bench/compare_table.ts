/**
 * The table of `compare.sh`: confab beside the servers that it is compared with, from raw results.
 * `deno run --allow-read bench/compare_table.ts RESULTS`, a file of JSON lines.
 */

/** One line of the results: what one server did in one measurement. */
export interface Line {
  readonly peer: string;
  readonly work: string;
  readonly round: number;
  /** 0 when all went well. */
  readonly rc: number;
  readonly result: Readonly<Record<string, unknown>>;
}

/** Values of one server by round. */
type Rounds = ReadonlyMap<number, number>;

const OVER_TLS = ["inspircd-tls", "ngircd-tls"];
const IN_PLAIN = ["inspircd", "ngircd"];
const SEALED = "confab";
const PLAIN = "confab-plain";

type Better = "less" | "more";
type Reference = "tls" | "plain" | "floor";

interface Goal {
  /** A factor of what `of` names, or a figure when that is missing. */
  readonly limit: number;
  readonly of?: Reference;
}

interface Row {
  readonly title: string;
  readonly subject: typeof SEALED | typeof PLAIN;
  readonly better: Better;
  /** The figure of a server, by round. */
  readonly of: (results: Results, peer: string) => Rounds;
  /** The same for those over TLS, where they are measured at another size. */
  readonly ofTls?: (results: Results, peer: string) => Rounds;
  /** The least that the same costs without a server around it. */
  readonly floor?: string;
  readonly goals?: readonly Goal[];
}

/** A row as it is printed. */
export interface Printed {
  readonly title: string;
  readonly cells: readonly string[];
}

/** Results by what was measured and of whom. */
export class Results {
  readonly #values = new Map<string, Map<number, Line["result"]>>();
  /** Measurements that failed: they count for nothing. */
  readonly faults: readonly Line[];

  constructor(lines: readonly Line[]) {
    this.faults = lines.filter(({ rc }) => rc !== 0);
    for (const { peer, work, round, rc, result } of lines) {
      if (rc !== 0) continue;
      const counted = work === "idle" || work === "speak"
        ? `${work}:${result.connections}`
        : work;
      const key = `${peer} ${counted}`;
      const rounds = this.#values.get(key) ?? new Map();
      this.#values.set(key, rounds.set(round, result));
    }
  }

  /** A field of what a server did in some work; empty when it was not measured. */
  of(peer: string, work: string, field: string): Rounds {
    const rounds = this.#values.get(`${peer} ${work}`) ?? new Map();
    const values = new Map<number, number>();
    for (const [round, result] of rounds) {
      if (typeof result[field] === "number") values.set(round, result[field]);
    }
    return values;
  }
}

/** Reads results; lines that are empty are skipped. */
export function readLines(text: string): Line[] {
  return text.split("\n").filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Line);
}

export function median(values: Iterable<number>): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return undefined;
  return Number.isInteger(middle)
    ? (sorted[middle - 1]! + sorted[middle]!) / 2
    : sorted[Math.floor(middle)];
}

/** The median of what one is of the other, round by round. */
export function medianRatio(one: Rounds, other: Rounds): number | undefined {
  const ratios: number[] = [];
  for (const [round, value] of one) {
    const base = other.get(round);
    if (base !== undefined && base !== 0) ratios.push(value / base);
  }
  return median(ratios);
}

const field =
  (work: string, name: string) => (results: Results, peer: string) =>
    results.of(peer, work, name);

/** How much dearer a delivery is in a hundred rooms of a hundred than in one. */
function growth(results: Results, peer: string): Rounds {
  const one = results.of(peer, "100:1:1:1", CPU);
  const many = results.of(peer, "10000:100:100:1", CPU);
  return new Map(
    [...many].filter(([round]) => one.has(round))
      .map(([round, value]) => [round, value / one.get(round)!]),
  );
}

const CPU = "cpu_us_per_delivery";
const RATE = "deliveries_per_s";
const FAN_OUTS = ["100:1", "500:64", "1000:1"];
const SIZES = [1_000, 5_000, 10_000];

/** The rows, first those of sealed connections. */
function rows(): Row[] {
  return [SEALED, PLAIN].flatMap((subject) => {
    const isSealed = subject === SEALED;
    const wire = isSealed ? "floor-confab" : "floor-json";
    const row = (
      title: string,
      better: Better,
      of: Row["of"],
      more: Partial<Row> = {},
    ): Row => ({
      title,
      subject: subject as Row["subject"],
      better,
      of,
      ...more,
    });
    const floor = `${wire}-turn`;
    return [
      ...FAN_OUTS.map((work) => {
        const goals: Goal[] = isSealed
          ? work === "500:64" ? [{ limit: 1, of: "tls" }] : []
          : [{ limit: 1, of: "plain" }];
        const title = `fan-out ${work}, CPU µs a delivery`;
        return row(title, "less", field(work, CPU), { floor, goals });
      }),
      ...FAN_OUTS.map((work) => {
        const goals: Goal[] = isSealed
          ? work === "500:64" ? [{ limit: 1.5, of: "tls" }] : []
          : [{ limit: 1, of: "plain" }];
        const title = `fan-out ${work}, deliveries/s`;
        return row(title, "more", field(work, RATE), { floor, goals });
      }),
      row(
        "one at a time 500, CPU µs a delivery",
        "less",
        field("500:1:1:1", CPU),
        {
          floor: "floor",
          goals: [{ limit: isSealed ? 1.5 : 1.3, of: "floor" }],
        },
      ),
      ...["p50", "p99"].map((quantile) =>
        row(
          `light load, ${quantile} µs`,
          "less",
          field("light", `${quantile}_us`),
          {
            floor: "floor",
            goals: isSealed ? [{ limit: 1.2, of: "plain" }] : [],
          },
        )
      ),
      ...SIZES.map((size) => {
        const name = "cpu_us_per_conn";
        const title = `registration at ${figure(size)}, CPU µs`;
        const ofTls = field("idle:1000", name);
        return row(title, "less", field(`idle:${size}`, name), { ofTls });
      }),
      ...SIZES.map((size) => {
        const goals: Goal[] = isSealed ? [{ limit: 1.5, of: "tls" }] : [];
        const more = { ofTls: field("idle:1000", "conn_per_s"), goals };
        const title = `registrations/s at ${figure(size)}`;
        return row(title, "more", field(`idle:${size}`, "conn_per_s"), more);
      }),
      ...SIZES.map((size) => {
        const name = "rss_per_conn_kib";
        const goals: Goal[] = isSealed
          ? [{ limit: 1, of: "tls" }, { limit: 16 }]
          : [];
        const more = { ofTls: field("idle:1000", name), goals };
        const title = `memory idle at ${figure(size)}, KiB each`;
        return row(title, "less", field(`idle:${size}`, name), more);
      }),
      row(
        "memory after speaking at 1,000, KiB each",
        "less",
        field("speak:1000", "rss_per_conn_kib"),
        { goals: isSealed ? [{ limit: 16 }] : [] },
      ),
      row("acknowledged/s", "more", field("acked:50:50:50", "acked_per_s"), {
        goals: isSealed ? [{ limit: 100_000 }] : [],
      }),
      row("growth, 100 rooms of 100 over one", "less", growth, {
        floor: wire,
        goals: [{ limit: 1.3, of: "floor" }],
      }),
    ];
  });
}

/** The cells of every row that was measured. */
export function table(results: Results): Printed[] {
  return rows().flatMap((row) => {
    const own = row.of(results, row.subject);
    if (own.size === 0) return [];
    const title = `${
      row.subject === SEALED ? "sealed" : "plain"
    }: ${row.title}`;
    const references = {
      tls: bestOf(OVER_TLS, row.ofTls ?? row.of, row, results),
      plain: bestOf(IN_PLAIN, row.of, row, results),
      floor: bestOf(
        row.floor === undefined ? [] : [row.floor],
        row.of,
        row,
        results,
      ),
    };
    const sides = row.subject === SEALED
      ? [references.tls, references.plain, references.floor]
      : [undefined, references.plain, references.floor];
    const goals = (row.goals ?? []).map((goal) =>
      goalCell(goal, row.better, own, references)
    );
    return [{
      title,
      cells: [
        figure(median(own.values())),
        ...sides.map((side) => sideCell(own, side)),
        goals.join("; ") || "-",
      ],
    }];
  });
}

interface Side {
  readonly name: string;
  readonly values: Rounds;
}

/** Who of them has the best median. */
function bestOf(
  names: readonly string[],
  of: Row["of"],
  { better }: Row,
  results: Results,
): Side | undefined {
  const measured = names.map((name) => ({ name, values: of(results, name) }))
    .filter(({ values }) => values.size > 0);
  const sign = better === "less" ? 1 : -1;
  return measured.sort((a, b) =>
    sign * (median(a.values.values())! - median(b.values.values())!)
  )[0];
}

function sideCell(own: Rounds, side: Side | undefined): string {
  if (side === undefined) return "-";
  const ratio = medianRatio(own, side.values);
  const value = figure(median(side.values.values()));
  const times = ratio === undefined ? "" : `, ${ratio.toFixed(2)} ×`;
  return `${value} ${side.name}${times}`;
}

function goalCell(
  { limit, of }: Goal,
  better: Better,
  own: Rounds,
  references: Record<Reference, Side | undefined>,
): string {
  const relation = better === "less" ? "≤" : "≥";
  const names = { tls: "TLS", plain: "plain", floor: "floor" } as const;
  const words = of === undefined
    ? `${relation} ${figure(limit)}`
    : `${relation} ${limit} × ${names[of]}`;
  const side = of === undefined ? undefined : references[of];
  const reached = of === undefined
    ? median(own.values())
    : side && medianRatio(own, side.values);
  if (reached === undefined) return `${words}: not measured`;
  const isMet = better === "less" ? reached <= limit : reached >= limit;
  return `${words}: ${isMet ? "yes" : "NO"}`;
}

/** Three digits that count, and no more than are needed. */
function figure(value: number | undefined): string {
  if (value === undefined) return "-";
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3);
}

const HEADING: Printed = {
  title: "work",
  cells: ["confab", "best over TLS", "best in plain text", "floor", "goal"],
};

/** The table as lines, and below it the measurements that failed. */
export function print(results: Results): string {
  const all = [HEADING, ...table(results)].map((
    { title, cells },
  ) => [title, ...cells]);
  const widths = all[0]!.map((_, at) =>
    Math.max(...all.map((row) => row[at]!.length))
  );
  const lines = all.map((row) =>
    row.map((cell, at) => cell.padEnd(widths[at]!)).join("  ").trimEnd()
  );
  const faults = results.faults.map(({ peer, work, round, rc, result }) =>
    `  ${peer} ${work}, round ${round}: status ${rc}: ${JSON.stringify(result)}`
  );
  const more = faults.length === 0
    ? []
    : ["", "Failed, and not counted:", ...faults];
  return [...lines, ...more].join("\n");
}

if (import.meta.main) {
  const [path] = Deno.args;
  if (path === undefined) {
    console.error("compare_table: give the file of the results");
    Deno.exit(2);
  }
  console.log(print(new Results(readLines(Deno.readTextFileSync(path)))));
}
