/** `confab join`: the chat on a terminal, a pipe elsewhere. */
import { SYSTEM_CLOCK } from "../base/clock.ts";
import { ConfabError, describeError, UsageError } from "../base/errors.ts";
import type { Client } from "../client/client.ts";
import { fingerprint } from "../secure/fingerprint.ts";
import { App } from "../terminal/app.ts";
import type { ChatOptions } from "../terminal/model/chat_host.ts";
import {
  MemoryFile,
  sessionId,
  sessionMemory,
  withServer,
} from "../terminal/model/memory.ts";
import { helloOf } from "../terminal/model/session_memory.ts";
import {
  COLOR_PALETTE,
  groundOfNumbers,
  PLAIN_PALETTE,
} from "../terminal/screen/palette.ts";
import { runPipe } from "../terminal/pipe.ts";
import { runPlain } from "../terminal/plain.ts";
import { ProcessTerminal } from "../terminal/process_terminal.ts";
import { TypedAhead } from "../terminal/typed_ahead.ts";
import { KnownServers } from "../trust/known_servers.ts";
import { dropSecrets, type Hold, holdTerminal } from "./asking.ts";
import { connect, type Start } from "./connect.ts";
import { env } from "./env.ts";
import {
  loadOwnIdentity,
  ownDataDir,
  readConfiguredOptions,
  readPassword,
  tell,
} from "./environment.ts";
import type { CommandTable, OptionsOf } from "./option_table.ts";
import {
  CONFIG_ROW,
  FINGERPRINT_ROW,
  IDENTITY_ROW,
  PASSPHRASE_ROW,
  PASSWORD_FILE_ROW,
  PASSWORD_ROW,
  row,
  TRUST_NEW_ROW,
} from "./option_table.ts";
import { destinationOf, placeNamed } from "./destination.ts";
import { DEFAULT_HOST, DEFAULT_PORT } from "./dial.ts";
import { askServer } from "./questions.ts";

export const JOIN = {
  name: "join",
  summary:
    "join a server: a chat on a terminal; elsewhere a pipe, each line of input is said",
  positionals: [{
    value: "HOST[:PORT]|LINK",
    help:
      `the server, or an invite's link, in quotes; the server joined last, or ${DEFAULT_HOST}:${DEFAULT_PORT}, if none is given`,
  }],
  options: {
    host: row.string("HOST", { isDeed: true })
      .help("the server's host, where not given as HOST:PORT"),
    port: row.number("PORT", 1, 65_535).help("… and its port"),
    name: row.string("NAME")
      .help("your name; the one you hold there, or your account's"),
    room: row.string("ROOM").help(
      "the room to enter; those of before, at first lobby",
    ),
    identity: IDENTITY_ROW,
    fingerprint: FINGERPRINT_ROW,
    "trust-new": TRUST_NEW_ROW,
    json: row.flag().help("as a pipe: write each event as a line of JSON"),
    commands: row.flag().help(
      "as a pipe: lines that begin with / are commands; a refused one makes the exit status 1",
    ),
    listen: row.flag().help("as a pipe: stay when the input has ended"),
    history: row.integer("N", 0, 10_000, 0)
      .help("as a pipe: show the last N messages first"),
    "no-color": row.flag().help("no colors and styles; also NO_COLOR"),
    "password-file": PASSWORD_FILE_ROW,
    password: PASSWORD_ROW,
    passphrase: PASSPHRASE_ROW,
    config: CONFIG_ROW,
  },
} as const satisfies CommandTable;

type JoinOptions = OptionsOf<typeof JOIN>;

/** Runs the client; resolves with the exit status. */
export async function join(argv: readonly string[]): Promise<number> {
  const { options, positionals } = await readConfiguredOptions(JOIN, argv);
  const isTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal() &&
    !options.json;
  const person = isTerminal ? "present" : "absent";
  const memory = await MemoryFile.open(`${ownDataDir()}/client.json`);
  const where = placeNamed(positionals[0], options) ?? memory.memory.last;
  using held = isTerminal ? holdTerminal() : undefined;
  const entering = where === undefined && isTerminal
    ? enterSomewhere(memory, options)
    : enter(where ?? STANDARD, memory, options, person);
  const { client, about } = await entering.catch(async (error) => {
    await dropSecrets();
    throw error;
  });
  if (!isTerminal) return await pipe(client, options);
  await rememberServer(memory, about.address);
  try {
    await talk(client, about, memory, options, held);
  } finally {
    await memory.settled();
  }
  return 0;
}

/** The server of one who names none. */
const STANDARD = `${DEFAULT_HOST}:${DEFAULT_PORT}`;

type About = Pick<ChatOptions, "address" | "person" | "room">;

interface Entered {
  readonly client: Client;
  readonly about: About;
}

/** Asks for the server, again while there is none. */
async function enterSomewhere(
  memory: MemoryFile,
  options: JoinOptions,
): Promise<Entered> {
  for (;;) {
    try {
      return await enter(await askServer(STANDARD), memory, options, "present");
    } catch (error) {
      const isPlace = error instanceof UsageError ||
        error instanceof ConfabError && error.code === "connection";
      if (!isPlace) throw error;
      tell(error.message);
    }
  }
}

async function enter(
  where: string,
  { memory }: MemoryFile,
  options: JoinOptions,
  person: Start["person"],
): Promise<Entered> {
  const { target, invite, ...way } = destinationOf(where, options);
  const { address } = target;
  const pins = await KnownServers.open(`${ownDataDir()}/known_servers`);
  const identity = await loadOwnIdentity(
    options.identity,
    options.passphrase,
  );
  // A password that lies ready is for another server than a link's, which whoever made the link
  // may run: the link is all that its own server needs.
  const password = invite === undefined
    ? await readPassword(options)
    : undefined;
  const own = await fingerprint(identity.publicKey);
  const session = sessionMemory(memory, sessionId(address, own));
  // A link answers what else a person would be asked.
  const isFirst = person === "present" && !options.trustNew &&
    invite === undefined && !Object.hasOwn(memory.servers, address);
  const client = await connect({
    options: { ...options, ...way },
    ...{ target, identity, pins, name: options.name, password, invite, person },
    before: person === "present" ? helloOf(session) : {},
    visit: isFirst ? "first" : "later",
  });
  return { client, about: { address, person: own, room: way.room } };
}

/** Makes this server the usual one. The chat goes on when that cannot be written. */
async function rememberServer(memory: MemoryFile, address: string) {
  try {
    await memory.change((before) => ({
      ...withServer(before, address, (server) => server),
      last: address,
    }));
  } catch (error) {
    tell(`confab: not remembered: ${describeError(error)}`);
  }
}

/** The chat on a terminal. */
async function talk(
  client: Client,
  about: About,
  memory: MemoryFile,
  options: JoinOptions,
  held: Hold | undefined,
): Promise<void> {
  const isPlain = env("TERM") === "dumb" || !env("TERM");
  const isColorless = options.noColor || Boolean(env("NO_COLOR")) || isPlain;
  const common = {
    client,
    memory,
    clock: SYSTEM_CLOCK,
    palette: isColorless ? PLAIN_PALETTE : COLOR_PALETTE,
    ground: groundOfNumbers(env("COLORFGBG")),
    ...about,
  };
  if (!isPlain) {
    const terminal = new ProcessTerminal(env, held?.handOver());
    return await new App({ ...common, terminal }).run();
  }
  // Such a terminal edits and echoes by itself.
  const ahead = new TypedAhead(held?.handOver() ?? "taken");
  held?.[Symbol.dispose]();
  const input = Deno.stdin.readable.pipeThrough(ahead.filter());
  await runPlain({ ...common, input, writeLine: lineWriter() });
}

/** The pipe; resolves with the exit status. */
async function pipe(client: Client, options: JoinOptions): Promise<number> {
  const { json, commands, listen, history } = options;
  let refused = 0;
  try {
    refused = await runPipe({
      client,
      clock: SYSTEM_CLOCK,
      input: Deno.stdin.readable,
      writeLine: lineWriter(),
      warn: (text) => tell(`confab: ${text}`),
      format: json ? "json" : "text",
      commands,
      listen,
      history,
    });
  } catch (error) {
    // Whoever read the output has had enough: that is an end like any other.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
  return refused === 0 ? 0 : 1;
}

function lineWriter(): (line: string) => Promise<void> {
  const writer = Deno.stdout.writable.getWriter();
  const encoder = new TextEncoder();
  return (line) => writer.write(encoder.encode(`${line}\n`));
}
