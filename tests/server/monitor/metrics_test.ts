import { assertEquals, assertThrows } from "@std/assert";
import { metricsText } from "../../../src/server/monitor/metrics.ts";
import { page } from "../../_docs.ts";
import { runArgs } from "../../_tasks.ts";
import { testsOf } from "../../_testing.ts";
import { type Family, readMetrics } from "./_prometheus.ts";
import { SOURCE } from "./_source.ts";

const test = testsOf("metrics");

/** What a name has without labels. */
function single(families: Map<string, Family>, name: string): number {
  const [sample, ...others] = families.get(name)!.samples;
  assertEquals([sample!.labels, others], [{}, []], name);
  return sample!.value;
}

test("are in Prometheus' format, in its units, each with a help", async () => {
  const families = readMetrics(await metricsText(SOURCE));
  const values = Array.from(families.keys())
    .filter((name) => !/info$|(turn|commit)_seconds$/.test(name))
    .map((name) => [families.get(name)!.type, name, single(families, name)]);
  assertEquals(values, [
    ["gauge", "confab_start_time_seconds", 1_700_000_000.25],
    ["gauge", "confab_connections", 17],
    ["gauge", "confab_people", 12],
    ["gauge", "confab_guests", 3],
    ["gauge", "confab_rooms", 4],
    ["gauge", "confab_connections_behind", 1],
    ["gauge", "confab_queued_bytes", 65_536],
    ["gauge", "confab_resident_memory_bytes", 150_000_000],
    ["gauge", "confab_heap_bytes", 60_000_000],
    ["gauge", "confab_store_bytes", 1_048_576],
    ["gauge", "confab_disk_free_bytes", 4_294_967_296],
    ["gauge", "confab_store_full", 0],
    ["counter", "confab_connections_opened_total", 170],
    ["counter", "confab_connections_refused_total", 9],
    ["counter", "confab_messages_total", 123_456_789],
    ["counter", "confab_deliveries_total", 987_654_321],
    ["counter", "confab_turns_total", 5_000],
    ["counter", "confab_commits_total", 4_000],
    ["counter", "confab_turns_not_stored_total", 2],
  ]);
  for (const { help } of families.values()) {
    assertEquals(/^[A-Z1].*\.$/.test(help), true, help);
  }
});

test("have quantiles in seconds, and what the server is as labels", async () => {
  const families = readMetrics(await metricsText(SOURCE));
  assertEquals(families.get("confab_turn_seconds")?.samples, [
    { labels: { quantile: "0.5" }, value: 0.0005 },
    { labels: { quantile: "0.99" }, value: 0.004 },
  ]);
  assertEquals(families.get("confab_commit_seconds")?.samples, [
    { labels: { quantile: "0.5" }, value: 0.0015 },
    { labels: { quantile: "0.99" }, value: 0.012 },
  ]);
  assertEquals(families.get("confab_info")?.samples, [{
    labels: {
      name: 'a "den"\\with\na line',
      version: "0.1.0",
      durability: "full",
      fingerprint: "SHA256:abc",
    },
    value: 1,
  }]);
});

Deno.test("metrics: are those that operations.md names", async () => {
  const numbers = { ...SOURCE.numbers(), diskLimitBytes: 1 };
  const text = await metricsText({ ...SOURCE, numbers: () => numbers });
  const families = Array.from(readMetrics(text))
    .map(([name, { type }]) => [name, type]);
  const told = page("docs/operations.md")
    .matchAll(/^\| `(confab_\w+)` +\| (\w+)/gm)
    .map(([, name, type]) => [name, type]).toArray();
  assertEquals(told, families);
});

test("are those of the moment, each time they are asked for", async () => {
  let connections = 1;
  const source = {
    ...SOURCE,
    numbers: () => ({ ...SOURCE.numbers(), connections: connections++ }),
  };
  for (const count of [1, 2]) {
    const families = readMetrics(await metricsText(source));
    assertEquals(single(families, "confab_connections"), count);
    assertEquals(single(families, "confab_messages_total"), 123_456_789);
  }
});

Deno.test("metrics: need no more than a server may", async () => {
  const module = "tests/server/monitor/_metrics_alone.ts";
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: runArgs("server", module),
  }).output();
  const text = new TextDecoder().decode(stdout);
  const said = new TextDecoder().decode(stderr);
  assertEquals([code, said], [0, ""]);
  assertEquals(readMetrics(text).size, 22);
});

test("that no reader would take, the tests' own does not take either", () => {
  const wrong = [
    "# HELP a b\n# TYPE a gauge\na 1", // no line feed at the end
    "# TYPE a gauge\na 1\n",
    "# HELP a b\n# TYPE a gauge\nb 1\n",
    "# HELP a b\n# TYPE a gauge\na 1\na 2\n",
    '# HELP a b\n# TYPE a gauge\na{q="x\\y"} 1\n',
    '# HELP a b\n# TYPE a gauge\na{q-r="x"} 1\n',
    "# HELP a b\n# TYPE a gauge\na one\n",
    "# HELP a-b c\n# TYPE a-b gauge\na-b 1\n",
  ];
  for (const text of wrong) assertThrows(() => readMetrics(text), Error);
});
