/** `confab status`: how a server does, as its administrator sees it from a shell. */
import { SYSTEM_CLOCK } from "../base/clock.ts";
import { ConfabError } from "../base/errors.ts";
import { CONNECT_MS } from "../base/limits.ts";
import type { Client } from "../client/client.ts";
import { fingerprint as fingerprintOf } from "../secure/fingerprint.ts";
import type { KeyPair } from "../secure/x25519.ts";
import type { Watched } from "../wire/watched.ts";
import { comeAsAdmin, SERVER_POSITIONAL } from "./admin_desk.ts";
import { env } from "./env.ts";
import { readProcessOptions, tell } from "./environment.ts";
import {
  type CommandTable,
  FINGERPRINT_ROW,
  IDENTITY_ROW,
  type OptionsOf,
  PASSPHRASE_ROW,
  PASSWORD_FILE_ROW,
  PASSWORD_ROW,
  row,
  TRUST_NEW_ROW,
} from "./option_table.ts";
import { StatusBoard } from "./status_board.ts";
import {
  type Display,
  jsonDisplay,
  lineDisplay,
  onceDisplay,
  type Output,
  screenDisplay,
} from "./status_display.ts";

export const STATUS = {
  name: "status",
  summary: "show how a server does, as an administrator of it",
  positionals: [SERVER_POSITIONAL],
  options: {
    connections: row.flag().help("list the connections, too"),
    watch: row.flag().help("again each second, until Ctrl+C"),
    json: row.flag().help("write what the server says, a line of JSON each"),
    identity: IDENTITY_ROW,
    fingerprint: FINGERPRINT_ROW,
    "trust-new": TRUST_NEW_ROW,
    "password-file": PASSWORD_FILE_ROW,
    password: PASSWORD_ROW,
    passphrase: PASSPHRASE_ROW,
  },
} as const satisfies CommandTable;

type StatusOptions = OptionsOf<typeof STATUS>;

/** Of an output that is no terminal. */
const PLAIN_SIZE = { columns: 80, rows: 24 };

/** Runs until it has shown all that was asked for; resolves with the exit status. */
export async function status(argv: readonly string[]): Promise<number> {
  const { options, positionals: [where] } = readProcessOptions(STATUS, argv);
  const desk = await comeAsAdmin(where, options);
  await using client = desk.client;
  const { address } = desk.target;
  const board = new StatusBoard(address);
  const { fingerprint } = desk;
  const display = displayFor(options)({ board, output: OUTPUT, fingerprint });
  using _stop = options.watch
    ? onStop(() => void client.close(), () => display.end())
    : undefined;
  const what: Watched[] = options.connections
    ? ["status", "connections"]
    : ["status"];
  let error: unknown;
  try {
    const watching = { client, what, board, display };
    if (options.watch) await follow(watching);
    else await lookOnce(watching);
  } catch (caught) {
    error = caught;
  }
  try {
    if (error === undefined || options.watch) display.end();
  } catch (caught) {
    error ??= caught;
  }
  // Whoever read the output has had enough: that is an end like any other.
  if (error instanceof Deno.errors.BrokenPipe) return 0;
  if (error !== undefined) throw await inWords(error, address, desk.identity);
  return 0;
}

interface Watching {
  readonly client: Client;
  readonly what: Watched[];
  readonly board: StatusBoard;
  readonly display: Display;
}

/** Shows what is asked for once. */
async function lookOnce(watching: Watching): Promise<void> {
  const { client, what, board } = watching;
  let isLate = false;
  const cancel = SYSTEM_CLOCK.after(CONNECT_MS, () => {
    isLate = true;
    void client.close();
  });
  const connections = what.includes("connections");
  try {
    const hasAll = await follow(watching, () => board.has({ connections }));
    if (hasAll) return;
  } finally {
    cancel();
  }
  const why = isLate
    ? `the server has not said how it does within ${CONNECT_MS / 1_000} seconds`
    : "the connection was lost";
  throw new ConfabError("connection", why);
}

/**
 * Shows what comes until that is enough, or the client is closed: then `false`. Without `isEnough`
 * it goes on over cuts.
 */
async function follow(
  { client, what, board, display }: Watching,
  isEnough?: () => boolean,
): Promise<boolean> {
  let fault: unknown;
  const ask = () => {
    client.request({ type: "watch", what }).catch((error) => {
      // A cut, after which it is asked again.
      if (error instanceof ConfabError && error.code === "closed") return;
      fault ??= error;
      void client.close();
    });
  };
  for await (const event of client) {
    if (event.kind === "connected") ask();
    else if (event.kind === "note") display.note(event.text);
    else if (event.kind === "disconnected") {
      if (isEnough !== undefined) return false;
      display.cut(event.reason, event.retryInMs);
    } else if (event.kind === "message" && board.take(event.message)) {
      display.show(event.message);
      if (isEnough?.()) return true;
    } else if (event.kind === "ended") fault ??= event.error;
  }
  if (fault !== undefined) throw fault;
  return false;
}

/** What a server refuses, as who asked can understand and change it. */
async function inWords(
  error: unknown,
  address: string,
  { publicKey }: KeyPair,
): Promise<unknown> {
  if (!(error instanceof ConfabError)) return error;
  const { code } = error;
  if (code === "not-allowed") {
    const own = await fingerprintOf(publicKey);
    const why =
      `you are no administrator of ${address}: it has to be started with --admin ${own}`;
    return new ConfabError(code, why, { cause: error });
  }
  if (code !== "unknown-type") return error;
  const why = `the server at ${address} cannot be watched: it is older`;
  return new ConfabError(code, why, { cause: error });
}

// ---- The process ----

function displayFor({ json, watch }: StatusOptions) {
  if (json) return jsonDisplay;
  if (!watch) return onceDisplay;
  return isOnScreen() ? screenDisplay : lineDisplay;
}

/** Whether the output can be drawn over. */
function isOnScreen(): boolean {
  const terminal = env("TERM");
  return Deno.stdout.isTerminal() && terminal !== "dumb" &&
    (Boolean(terminal) || Deno.build.os === "windows");
}

const encoder = new TextEncoder();

const OUTPUT: Output = {
  write(text) {
    let rest: Uint8Array = encoder.encode(text);
    while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
  },
  warn: (text) => tell(`confab: ${text}`),
  surface: () => ({ ...sizeOfOutput(), charts: hasBars() ? "on" : "off" }),
};

function sizeOfOutput(): { columns: number; rows: number } {
  if (!Deno.stdout.isTerminal()) return PLAIN_SIZE;
  try {
    const { columns, rows } = Deno.consoleSize();
    return columns > 0 && rows > 0 ? { columns, rows } : PLAIN_SIZE;
  } catch {
    return PLAIN_SIZE;
  }
}

/** Whether the locale has more than ASCII, as POSIX says where that is looked up. */
function hasBars(): boolean {
  if (Deno.build.os === "windows" || Deno.build.os === "darwin") return true;
  const locale = env("LC_ALL") || env("LC_CTYPE") || env("LANG") || "";
  return /utf-?8/i.test(locale);
}

/**
 * Calls back when the process is told to end, for as long as it is not disposed of. Told again, it
 * ends at once, behind `last`: a server may take its time.
 */
function onStop(stop: () => void, last: () => void): Disposable {
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM"];
  let isStopping = false;
  const stopped = () => {
    if (!isStopping) {
      isStopping = true;
      return stop();
    }
    try {
      last();
    } finally {
      Deno.exit(1);
    }
  };
  for (const signal of signals) Deno.addSignalListener(signal, stopped);
  return {
    [Symbol.dispose]() {
      for (const signal of signals) Deno.removeSignalListener(signal, stopped);
    },
  };
}
