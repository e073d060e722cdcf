/** `confab join`: the chat on a terminal, a pipe elsewhere. */
import { Client } from "../client/client.ts";
import { SYSTEM_CLOCK } from "../base/clock.ts";
import { ConfabError, describeError } from "../base/errors.ts";
import { nativeAead } from "../secure/aead_native.ts";
import { parseFingerprint } from "../secure/fingerprint.ts";
import { loadOrCreateIdentity } from "../trust/identity_file.ts";
import { KnownServers } from "../trust/known_servers.ts";
import { judgeServerKey } from "../trust/judge.ts";
import type { KeyPair } from "../secure/x25519.ts";
import { App } from "../terminal/app.ts";
import { MemoryFile, withServer } from "../terminal/model/memory.ts";
import { COLOR_PALETTE, PLAIN_PALETTE } from "../terminal/screen/palette.ts";
import { runPipe } from "../terminal/pipe.ts";
import { runPlain } from "../terminal/plain.ts";
import { ProcessTerminal } from "../terminal/process_terminal.ts";
import { VERSION } from "../base/version.ts";
import { dial } from "./dial.ts";
import {
  env,
  ownDataDir,
  readPassword,
  readProcessOptions,
  tell,
} from "./environment.ts";
import {
  askName,
  askPassword,
  askServer,
  confirmsKey,
  UnknownServerKey,
} from "./questions.ts";
import {
  DEFAULT_HOST,
  DEFAULT_PORT,
  parseTarget,
  type Target,
} from "./target.ts";
import {
  type CommandTable,
  CONFIG_ROW,
  type OptionsOf,
} from "./option_table.ts";

export const JOIN = {
  name: "join",
  summary:
    "join a server: a chat on a terminal; elsewhere a pipe, each line of input is said",
  positionals: [{
    value: "HOST[:PORT]",
    help:
      `the server; the one joined last, or ${DEFAULT_HOST}:${DEFAULT_PORT}, if none is given`,
  }],
  options: [
    {
      name: "name",
      kind: "string",
      value: "NAME",
      help: "your name; the one you hold there, or your account's",
    },
    {
      name: "room",
      kind: "string",
      value: "ROOM",
      help: "the room to enter; lobby",
    },
    {
      name: "identity",
      kind: "string",
      value: "FILE",
      help: "the file of your key; made when it is missing",
    },
    {
      name: "fingerprint",
      kind: "string",
      value: "F",
      help:
        "the server's fingerprint, SHA256:… or its eight words; replaces what is known",
    },
    {
      name: "trust-new",
      kind: "flag",
      help: "accept the key of a server that is not known yet, without asking",
    },
    {
      name: "json",
      kind: "flag",
      help: "as a pipe: write each event as a line of JSON",
    },
    {
      name: "commands",
      kind: "flag",
      help: "as a pipe: lines that begin with / are commands",
    },
    {
      name: "listen",
      kind: "flag",
      help: "as a pipe: stay when the input has ended",
    },
    {
      name: "history",
      kind: "integer",
      value: "N",
      min: 0,
      max: 10_000,
      default: 0,
      help: "as a pipe: show the last N messages first",
    },
    {
      name: "no-color",
      kind: "flag",
      help: "no colors and styles; also NO_COLOR",
    },
    {
      name: "password-file",
      kind: "string",
      value: "FILE",
      help: "the file with the server's password; also CONFAB_PASSWORD",
    },
    {
      name: "password",
      kind: "string",
      value: "WORD",
      secret: true,
      help: "the server's password, where a file is not at hand",
    },
    CONFIG_ROW,
  ],
} as const satisfies CommandTable;

type JoinOptions = OptionsOf<typeof JOIN>;

/** What a client is started with. */
interface Start {
  readonly options: JoinOptions;
  readonly target: Target;
  readonly identity: KeyPair;
  readonly known: KnownServers;
  readonly memory: MemoryFile;
  /** The name to ask for, if the server does not know it already. */
  readonly name: string | undefined;
  /** Whether a person is there who can be asked. */
  readonly person: "present" | "absent";
}

/** Runs the client; resolves with the exit status. */
export async function join(argv: readonly string[]): Promise<number> {
  const { options, positionals: [where] } = readProcessOptions(JOIN, argv);
  const isTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal() &&
    !options.json;
  const memory = await MemoryFile.open(`${ownDataDir()}/client.json`);
  const person = isTerminal ? "present" : "absent";
  const target = parseTarget(where ?? usualServer(memory, person));
  const known = await KnownServers.open(`${ownDataDir()}/known_servers`);
  const identityPath = options.identity ?? `${ownDataDir()}/identity`;
  const { pair: identity } = await loadOrCreateIdentity(identityPath);
  const isFirst = isTerminal && !options.trustNew &&
    known.lookup(target.address) === undefined;
  const name = options.name ??
    (isFirst ? askName(accountName() ?? "") || undefined : undefined);

  const start = {
    options,
    target,
    identity,
    known,
    memory,
    name,
    person,
  } as const;
  const client = await connectAsking(start, await readPassword(options));
  if (isTerminal) await rememberServer(memory, target);
  await (isTerminal ? talk(client, start) : pipe(client, options));
  return 0;
}

/** The next time this server is the usual one; that must not fail for want of a place to write. */
async function rememberServer(
  memory: MemoryFile,
  { address }: Target,
): Promise<void> {
  try {
    await memory.change((before) => ({
      ...withServer(before, address, (server) => server),
      last: address,
    }));
  } catch (error) {
    tell(`confab: not remembered: ${describeError(error)}`);
  }
}

/** The server of one who names none. */
function usualServer(
  { memory }: MemoryFile,
  person: Start["person"],
): string {
  if (memory.last !== undefined) return memory.last;
  const standard = `${DEFAULT_HOST}:${DEFAULT_PORT}`;
  return person === "present" ? askServer(standard) : standard;
}

/** Connects; a person who is there is asked what only a person can know. */
async function connectAsking(
  start: Start,
  password: string | undefined,
): Promise<Client> {
  const { known, target, person } = start;
  try {
    return await Client.connect(clientOptions(start, password));
  } catch (error) {
    if (person === "absent") throw error;
    if (error instanceof UnknownServerKey && confirmsKey(error)) {
      await known.pin(target.address, error.fingerprint, new Date());
      return await connectAsking(start, password);
    }
    if (isAboutName(error) && start.options.name === undefined) {
      tell(error.message);
      const name = askName("") || undefined;
      if (name !== undefined) {
        return await connectAsking({ ...start, name }, password);
      }
    }
    if (isAboutPassword(error)) {
      const word = askPassword(error);
      if (word !== undefined) return await connectAsking(start, word);
    }
    throw error;
  }
}

function isAboutName(error: unknown): error is ConfabError {
  return error instanceof ConfabError &&
    (error.code === "name-taken" || error.code === "name-invalid");
}

function isAboutPassword(error: unknown): error is ConfabError {
  return error instanceof ConfabError &&
    (error.code === "password-required" || error.code === "password-wrong");
}

function accountName(): string | undefined {
  return env("USER") ?? env("USERNAME");
}

function clientOptions(
  start: Start,
  password: string | undefined,
): Parameters<typeof Client.connect>[0] {
  const { options, target, identity, name } = start;
  const account = accountName();
  return {
    dial: () => dial(target),
    seal: { identity, aead: nativeAead, judgeServer: judgeServer(start) },
    clock: SYSTEM_CLOCK,
    random: Math.random,
    newId: () => crypto.randomUUID(),
    hello: {
      client: `confab ${VERSION}`,
      ...(name === undefined ? {} : { name }),
      ...(account === undefined ? {} : { suggest: account }),
      ...(options.room === undefined ? {} : { room: options.room }),
      ...(password === undefined ? {} : { password }),
    },
  };
}

/** Judges the key that the server shows; throws when it must not be talked to, or not without asking. */
function judgeServer({ options, target, known }: Start) {
  const given = options.fingerprint === undefined
    ? undefined
    : parseFingerprint(options.fingerprint);
  const { address } = target;
  return async (publicKey: Uint8Array<ArrayBuffer>) => {
    const judged = await judgeServerKey({
      address,
      publicKey,
      pin: known.lookup(address),
      given,
      trustNew: options.trustNew,
    });
    if (judged.verdict === "ask") throw new UnknownServerKey(target, judged);
    if (judged.verdict === "pin") {
      await known.pin(address, judged.fingerprint, new Date());
    }
  };
}

/** The chat on a terminal. */
async function talk(
  client: Client,
  { options, target, memory }: Start,
): Promise<void> {
  const isPlain = env("TERM") === "dumb" || !env("TERM");
  const isColorless = options.noColor || Boolean(env("NO_COLOR")) || isPlain;
  const common = {
    client,
    memory,
    clock: SYSTEM_CLOCK,
    palette: isColorless ? PLAIN_PALETTE : COLOR_PALETTE,
    address: target.address,
    newId: () => crypto.randomUUID(),
  };
  if (!isPlain) {
    return await new App({ ...common, terminal: new ProcessTerminal(env) })
      .run();
  }
  await runPlain({
    ...common,
    input: Deno.stdin.readable,
    writeLine: lineWriter(),
  });
}

async function pipe(client: Client, options: JoinOptions): Promise<void> {
  try {
    await runPipe({
      client,
      input: Deno.stdin.readable,
      writeLine: lineWriter(),
      warn: (text) => tell(`confab: ${text}`),
      format: options.json ? "json" : "text",
      commands: options.commands,
      listen: options.listen,
      history: options.history,
    });
  } catch (error) {
    // Whoever read the output has had enough: that is an end like any other.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function lineWriter(): (line: string) => Promise<void> {
  const writer = Deno.stdout.writable.getWriter();
  const encoder = new TextEncoder();
  return (line) => writer.write(encoder.encode(`${line}\n`));
}
