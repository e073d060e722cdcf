import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  type Line,
  median,
  medianRatio,
  print,
  readLines,
  Results,
  table,
} from "../../bench/compare_table.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("the table of the comparison");

function line(
  peer: string,
  work: string,
  result: Record<string, number>,
  round = 1,
): Line {
  return { peer, work, round, rc: 0, result };
}

/** The cells of the row with this title. */
function cellsOf(lines: Line[], title: string): readonly string[] {
  const found = table(new Results(lines)).filter((row) => row.title === title);
  assertEquals(found.length, 1, title);
  return found[0]!.cells;
}

test("a median is the one in the middle, or between the two there", () => {
  assertEquals(median([]), undefined);
  assertEquals(median([3]), 3);
  assertEquals(median([9, 1, 5]), 5);
  assertEquals(median([8, 2, 4, 100]), 6);
});

test("ratios are of the same round, and then their median is taken", () => {
  const one = new Map([[1, 10], [2, 30], [3, 90], [4, 7]]);
  const other = new Map([[1, 10], [2, 10], [3, 10]]);
  assertEquals(medianRatio(one, other), 3);
  assertEquals(medianRatio(one, new Map()), undefined);
});

const FAN_OUT = [
  line("confab", "500:64", { cpu_us_per_delivery: 0.5, deliveries_per_s: 2e6 }),
  line(
    "confab",
    "500:64",
    { cpu_us_per_delivery: 0.4, deliveries_per_s: 3e6 },
    2,
  ),
  line(
    "confab",
    "500:64",
    { cpu_us_per_delivery: 0.3, deliveries_per_s: 4e6 },
    3,
  ),
  line("ngircd-tls", "500:64", {
    cpu_us_per_delivery: 0.5,
    deliveries_per_s: 1e6,
  }),
  line("ngircd-tls", "500:64", {
    cpu_us_per_delivery: 0.5,
    deliveries_per_s: 1e6,
  }, 2),
  line("ngircd-tls", "500:64", {
    cpu_us_per_delivery: 0.5,
    deliveries_per_s: 1e6,
  }, 3),
  line("inspircd-tls", "500:64", {
    cpu_us_per_delivery: 0.9,
    deliveries_per_s: 9e5,
  }),
  line("inspircd", "500:64", {
    cpu_us_per_delivery: 0.2,
    deliveries_per_s: 4e6,
  }),
  line("floor-confab-turn", "500:64", { cpu_us_per_delivery: 0.25 }),
];

test("a row has confab's median, the best of each kind, ratios, and whether the goal is met", () => {
  assertEquals(cellsOf(FAN_OUT, "sealed: fan-out 500:64, CPU µs a delivery"), [
    "0.400",
    "0.500 ngircd-tls, 0.80 ×",
    "0.200 inspircd, 2.50 ×",
    "0.250 floor-confab-turn, 2.00 ×",
    "≤ 1 × TLS: yes",
  ]);
  assertEquals(cellsOf(FAN_OUT, "sealed: fan-out 500:64, deliveries/s"), [
    "3,000,000",
    "1,000,000 ngircd-tls, 3.00 ×",
    "4,000,000 inspircd, 0.50 ×",
    "-",
    "≥ 1.5 × TLS: yes",
  ]);
});

test("plain connections are not compared with TLS, and a goal that is missed says so", () => {
  const lines = [
    line("confab-plain", "100:1", { cpu_us_per_delivery: 0.3 }),
    line("inspircd", "100:1", { cpu_us_per_delivery: 0.2 }),
    line("inspircd-tls", "100:1", { cpu_us_per_delivery: 0.1 }),
  ];
  assertEquals(cellsOf(lines, "plain: fan-out 100:1, CPU µs a delivery"), [
    "0.300",
    "-",
    "0.200 inspircd, 1.50 ×",
    "-",
    "≤ 1 × plain: NO",
  ]);
});

test("memory and registrations are told apart by the number of connections", () => {
  const idle = (peer: string, connections: number, kib: number) =>
    line(peer, "idle", { connections, rss_per_conn_kib: kib, conn_per_s: 900 });
  const lines = [
    idle("confab", 1_000, 20),
    idle("confab", 10_000, 12),
    idle("ngircd-tls", 1_000, 13),
  ];
  assertEquals(
    cellsOf(lines, "sealed: memory idle at 1,000, KiB each").at(-1),
    "≤ 1 × TLS: NO; ≤ 16.0: NO",
  );
  // Those over TLS are measured at 1,000 only.
  assertEquals(cellsOf(lines, "sealed: memory idle at 10,000, KiB each"), [
    "12.0",
    "13.0 ngircd-tls, 0.92 ×",
    "-",
    "-",
    "≤ 1 × TLS: yes; ≤ 16.0: yes",
  ]);
  assertEquals(
    cellsOf(lines, "sealed: registrations/s at 1,000").at(-1),
    "≥ 1.5 × TLS: NO",
  );
});

test("growth is what many rooms cost over one, beside the floor's own", () => {
  const cost = (peer: string, work: string, us: number) =>
    line(peer, work, { cpu_us_per_delivery: us });
  const lines = [
    cost("confab", "100:1:1:1", 10),
    cost("confab", "10000:100:100:1", 24),
    cost("floor-confab", "100:1:1:1", 4),
    cost("floor-confab", "10000:100:100:1", 8),
  ];
  assertEquals(cellsOf(lines, "sealed: growth, 100 rooms of 100 over one"), [
    "2.40",
    "-",
    "-",
    "2.00 floor-confab, 1.20 ×",
    "≤ 1.3 × floor: yes",
  ]);
});

test("what was not measured has no row, and a goal without its peer is not judged", () => {
  assertEquals(table(new Results([])), []);
  const alone = [line("confab", "light", { p50_us: 900, p99_us: 1_500 })];
  assertEquals(cellsOf(alone, "sealed: light load, p99 µs"), [
    "1,500",
    "-",
    "-",
    "-",
    "≤ 1.2 × plain: not measured",
  ]);
});

test("a measurement that failed counts for nothing, and is named below the table", () => {
  const text = [
    '{"peer":"confab","work":"100:1","round":1,"rc":0,"result":{"cpu_us_per_delivery":0.5}}',
    "",
    '{"peer":"confab","work":"100:1","round":2,"rc":3,"result":{"cpu_us_per_delivery":9,"missing":4}}',
  ].join("\n");
  const printed = print(new Results(readLines(text)));
  assertMatch(printed, /^sealed: fan-out 100:1, CPU µs a delivery +0\.500 /m);
  assertMatch(
    printed,
    /^ {2}confab 100:1, round 2: status 3: \{.*"missing":4\}$/m,
  );
  assert(!printed.includes("9.00"));
});
