import { assertEquals } from "@std/assert";
import { createLog, type LogOptions } from "../../src/base/log.ts";

const NOON_MS = Date.UTC(2026, 10, 20, 12);

function test(name: string, fn: () => void): void {
  Deno.test({ name: `log: ${name}`, permissions: "none", fn });
}

/** A log and the lines that it wrote. */
function logged(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const sink = (line: string) => void lines.push(line);
  return { lines, log: createLog({ now: () => NOON_MS, sink, ...options }) };
}

test("writes a line for people", () => {
  const { log, lines } = logged();
  log.info("listening", { host: "127.0.0.1", port: 5000 });
  log.warn("slow");
  log.error("failed", { again: true, big: 12345678901234567890n, none: null });
  assertEquals(lines, [
    "2026-11-20T12:00:00.000Z INFO  listening host=127.0.0.1 port=5000\n",
    "2026-11-20T12:00:00.000Z WARN  slow\n",
    "2026-11-20T12:00:00.000Z ERROR failed again=true big=12345678901234567890 none=null\n",
  ]);
});

test("writes a line for programs", () => {
  const { log, lines } = logged({ format: "json" });
  log.info("listening", { host: "a b", port: 5000, big: 2n ** 64n });
  assertEquals(lines, [
    '{"time":"2026-11-20T12:00:00.000Z","level":"info","event":"listening","host":"a b","port":5000,"big":"18446744073709551616"}\n',
  ]);
});

test("takes the time of each line", () => {
  let nowMs = NOON_MS;
  const { log, lines } = logged({ now: () => nowMs++ });
  log.info("a");
  log.info("b");
  assertEquals(lines, [
    "2026-11-20T12:00:00.000Z INFO  a\n",
    "2026-11-20T12:00:00.001Z INFO  b\n",
  ]);
});

test("leaves out what is below its level", () => {
  for (
    const [level, expected] of [
      ["debug", 4],
      ["info", 3],
      ["warn", 2],
      ["error", 1],
    ] as const
  ) {
    const { log, lines } = logged({ level });
    log.debug("a");
    log.info("a");
    log.warn("a");
    log.error("a");
    assertEquals(lines.length, expected);
  }
});

test("leaves out debug unless told otherwise, and fields without a value", () => {
  const { log, lines } = logged();
  log.debug("a");
  log.info("b", { field: undefined });
  assertEquals(lines, ["2026-11-20T12:00:00.000Z INFO  b\n"]);
});

test("quotes a value that would not be read back as one", () => {
  assertEquals(valueOf("plain/värde:1"), "plain/värde:1");
  assertEquals(valueOf("a b"), '"a b"');
  assertEquals(valueOf(""), '""');
  assertEquals(valueOf("a=b"), '"a=b"');
  assertEquals(valueOf('say "x"'), '"say \\"x\\""');
  assertEquals(valueOf("C:\\x"), '"C:\\\\x"');
});

test("lets no value begin a line, move the cursor or turn the text around", () => {
  assertEquals(
    valueOf("x\n2026-11-20T12:00:00.000Z INFO  forged"),
    '"x\\n2026-11-20T12:00:00.000Z INFO  forged"',
  );
  assertEquals(valueOf("\x1b[2J"), '"\\u001b[2J"');
  assertEquals(valueOf("a\r\x7f\x9b"), '"a\\r\\u007f\\u009b"');
  assertEquals(valueOf("a\u2028b\u2029c"), '"a\\u2028b\\u2029c"');
  assertEquals(valueOf("\u202egnp.exe"), '"\\u202egnp.exe"');
  assertEquals(valueOf("\ud800"), '"\\ud800"');
  assertEquals(valueOf("\u{e0041}"), '"\\udb40\\udc41"');
});

test("escapes the same in JSON, and it is read back unchanged", () => {
  const value = "a\n\x9b\u2028\u202e\u{e0041}é😀";
  const { log, lines } = logged({ format: "json" });
  log.info("said", { value });
  const line = lines[0]!;
  assertEquals(/[\p{C}\p{Zl}\p{Zp}]/u.test(line.slice(0, -1)), false);
  assertEquals(JSON.parse(line).value, value);
});

Deno.test("log: is on standard error before the process ends", async () => {
  const source = `
    import { createLog } from ${
    JSON.stringify(new URL("../../src/base/log.ts", import.meta.url).href)
  };
    const log = createLog({ now: () => ${NOON_MS} });
    for (let i = 0; i < 5000; i++) log.info("line", { i });
    Deno.exit(0);`;
  const { stderr, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", source],
    stdin: "null",
  }).output();
  const lines = new TextDecoder().decode(stderr).split("\n");
  assertEquals(lines.length, 5001);
  assertEquals(lines[4999], "2026-11-20T12:00:00.000Z INFO  line i=4999");
  assertEquals(stdout.length, 0);
});

function valueOf(value: string): string {
  const { log, lines } = logged();
  log.info("e", { value });
  const start = "2026-11-20T12:00:00.000Z INFO  e value=";
  assertEquals(lines[0]!.slice(0, start.length), start);
  return lines[0]!.slice(start.length, -1);
}
