/** The program with the flags of its own task: the page, its WebSocket, and who may see numbers. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join, utf8 } from "../_chunks.ts";
import { runArgs } from "../_tasks.ts";
import { NO_WEB, unless } from "../_testing.ts";
import { Caller, get, statuses } from "../http/_web.ts";
import { BINARY, dialWebSocket, frame, UPGRADE } from "../http/_web_socket.ts";
import { Home, readyLine } from "./_program.ts";
import { scenario } from "./_scenario.ts";

const ROOT = new URL("../../", import.meta.url);

function test(name: string, fn: () => Promise<void>): void {
  if (NO_WEB === undefined) return scenario(name, fn);
  Deno.test({ ...unless(NO_WEB, name), fn });
}

/** What `deno task server` runs. */
class TaskServer implements AsyncDisposable {
  readonly port: number;
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #errors: Promise<string>;

  private constructor(
    child: Deno.ChildProcess,
    lines: ReadableStreamDefaultReader<string>,
    errors: Promise<string>,
    port: number,
  ) {
    this.#child = child;
    this.#lines = lines;
    this.#errors = errors;
    this.port = port;
  }

  static async start(home: Home, ...flags: string[]): Promise<TaskServer> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [...runArgs("server"), "--port", "0", ...flags],
      cwd: ROOT,
      env: { NO_COLOR: "1", CONFAB_DATA: home.file("data") },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const errors = new Response(child.stderr).text();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value = "" } = await lines.read();
    const { port } = readyLine(value.trimEnd());
    return new TaskServer(child, lines, errors, port);
  }

  async call(): Promise<Caller> {
    const place = { hostname: "127.0.0.1", port: this.port };
    return new Caller(await Deno.connect(place));
  }

  /** The status of each answer, until the server ends the connection. */
  async ask(request: string): Promise<number[]> {
    using caller = await this.call();
    await caller.say(request);
    return statuses(await caller.rest());
  }

  /** Ends it, and gives what it wrote on standard error. */
  async end(): Promise<string> {
    this.#child.kill("SIGTERM");
    assertEquals((await this.#child.status).code, 0);
    return await this.#errors;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#lines.cancel();
    await this.#child.status;
    await this.#errors;
  }
}

const CLOSE = { Connection: "close" };

test("the server's task says where the page is, and serves it and its WebSocket", async () => {
  await using home = new Home();
  await using server = await TaskServer.start(
    home,
    ...["--web-name", "Chat.example"],
  );
  const address = `127.0.0.1:${server.port}`;
  const page = await fetch(`http://${address}/`);
  assertMatch(await page.text(), /^<!DOCTYPE html>/);
  const numbers = await fetch(`http://${address}/metrics`);
  assertMatch(await numbers.text(), /^confab_\w+ \d/m);
  const from = async (Host: string) =>
    await server.ask(get("/", { Host, ...CLOSE }));
  assertEquals(await from(`chat.example:${server.port}`), [200]);
  assertEquals(await from("other.example"), [421]);
  const socket = await dialWebSocket(`ws://${address}/ws`);
  await socket.write(utf8('{"type":"hello","name":"ann"}\n'));
  const { value } = await socket[Symbol.asyncIterator]().next();
  assertMatch(new TextDecoder().decode(value), /^\{"type":"welcome"/);
  socket.close();
  const said = await server.end();
  assert(said.includes(`page: http://${address}/\n`), said);
  assert(!/\b(?:warn|error|permission|NotCapable)\b/i.test(said), said);
});

test("numbers are for this machine and for the token, as a proxy says who asks", async () => {
  await using home = new Home();
  const file = home.file("token");
  await Deno.writeTextFile(file, "s3cret-s3cret-s3cret\n", { mode: 0o600 });
  await using server = await TaskServer.start(
    home,
    ...["--trust-proxy", "127.0.0.1", "--metrics-token-file", file],
  );
  const from = (address: string, headers = {}) =>
    `PROXY TCP4 ${address} 192.0.2.9 1 2\r\n` +
    get("/metrics", { ...headers, ...CLOSE });
  const token = { Authorization: "Bearer s3cret-s3cret-s3cret" };
  const wrong = { Authorization: "Bearer s3cret" };
  assertEquals(await server.ask(from("192.0.2.7")), [404]);
  assertEquals(await server.ask(from("192.0.2.7", wrong)), [404]);
  assertEquals(await server.ask(from("192.0.2.7", token)), [200]);
  assertEquals(await server.ask(from("127.0.0.1")), [200]);
  // From elsewhere a WebSocket is for what is sealed, as the port is.
  using far = await server.call();
  await far.say(join([
    utf8("PROXY TCP4 192.0.2.7 192.0.2.9 1 2\r\n"),
    utf8(get("/ws", UPGRADE)),
    frame(BINARY, utf8("HELLO ann\n")),
  ]));
  assertMatch(await far.until("join`"), /^HTTP\/1.1 101 .*PLAINTEXT_REFUSED/s);
});
