// Servers of scenarios that need no process of their own: all of a test file's run in one, each
// with
// a port and a data directory of its own. Nothing here kills, restarts or reads what is logged.

import { assert, assertEquals } from "@std/assert";
import { asProgram, Home, readyLine, type Served, Server } from "./_program.ts";
import { within } from "./_scenario.ts";

const LOOPBACK = "127.0.0.1";
/** With the executable to test, every server is a process of it. */
const HAS_EXECUTABLE = Deno.env.has("CONFAB_PROGRAM");

let child: Deno.ChildProcess | undefined;
let home: Home | undefined;
let port = 0;

// Before all tests: what a test opens must be closed when it ends.
Deno.test.beforeAll(async () => {
  if (HAS_EXECUTABLE) return;
  home = new Home();
  child = new Deno.Command(Deno.execPath(), {
    ...asProgram("tests/e2e/_host.ts", home.path),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await within(reader.read(), () => "the port of the host");
  port = Number(new TextDecoder().decode(value));
  assert(port > 0, "the host has not started");
  await reader.cancel();
});

Deno.test.afterAll(async () => {
  await child?.stdin.close();
  await child?.status;
  await home?.[Symbol.asyncDispose]();
});

/** A server among others in one process. */
class Hosted implements Served, AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly fingerprint: string;
  readonly #close: () => Promise<void>;

  constructor(ready: string, close: () => Promise<void>) {
    ({
      host: this.host,
      port: this.port,
      version: this.version,
      fingerprint: this.fingerprint,
    } = readyLine(ready));
    this.#close = close;
  }

  get address(): string {
    return `${this.host}:${this.port}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}

/** Starts `serve` on a free port with these flags added; resolves when it says that it is ready. */
export async function hosted(
  ...flags: string[]
): Promise<Served & AsyncDisposable> {
  if (HAS_EXECUTABLE) return await Server.start(...flags);
  const home = new Home();
  const conn = await Deno.connect({ hostname: LOOPBACK, port });
  const close = async () => {
    await conn.closeWrite();
    const end = await within(readText(conn), () => "the end of a server");
    conn.close();
    await home[Symbol.asyncDispose]();
    assertEquals(end, "", "a server did not stop");
  };
  const args = ["--port", "0", "--data", home.file("data"), ...flags];
  await conn.write(new TextEncoder().encode(`${JSON.stringify(args)}\n`));
  const ready = await within(readLine(conn), () => "a server");
  try {
    return new Hosted(ready, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** What comes in one piece. */
async function readLine(conn: Deno.Conn): Promise<string> {
  const bytes = new Uint8Array(1024);
  const read = await conn.read(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, read)).trim();
}

/** Everything to the end. */
async function readText(conn: Deno.Conn): Promise<string> {
  let text = "";
  for (let line = await readLine(conn); line; line = await readLine(conn)) {
    text += line;
  }
  return text;
}
