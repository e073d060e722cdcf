/** `confab join`: the chat on a terminal, a pipe elsewhere. */
import { promptSecret } from "@std/cli/prompt-secret";
import { Client } from "../client/client.ts";
import { SYSTEM_CLOCK } from "../clock.ts";
import { ConfabError, describeError } from "../errors.ts";
import { TcpTransport } from "../net/tcp.ts";
import type { Transport } from "../net/transport.ts";
import { nativeAead } from "../secure/aead_native.ts";
import { parseFingerprint } from "../secure/fingerprint.ts";
import { loadOrCreateIdentity } from "../secure/identity_file.ts";
import { KnownServers } from "../secure/known_servers.ts";
import { judgeServerKey } from "../secure/server_key.ts";
import type { KeyPair } from "../secure/x25519.ts";
import { runPipe } from "../terminal/pipe.ts";
import { runPrompt } from "../terminal/prompt.ts";
import { VERSION } from "../version.ts";
import {
  env,
  ownDataDir,
  readPassword,
  readProcessOptions,
  tell,
} from "./environment.ts";
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
    help: `the server, ${DEFAULT_HOST}:${DEFAULT_PORT} if none is given`,
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

/** Runs the client; resolves with the exit status. */
export async function join(argv: readonly string[]): Promise<number> {
  const { options, positionals: [where] } = readProcessOptions(JOIN, argv);
  const target = parseTarget(where ?? DEFAULT_HOST);
  const given = options.fingerprint === undefined
    ? undefined
    : parseFingerprint(options.fingerprint);
  const isTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal() &&
    !options.json;
  const known = await KnownServers.open(`${ownDataDir()}/known_servers`);
  const identityPath = options.identity ?? `${ownDataDir()}/identity`;
  const { pair: identity } = await loadOrCreateIdentity(identityPath);

  const judgeServer = async (publicKey: Uint8Array<ArrayBuffer>) => {
    const { address } = target;
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
  let password = await readPassword(options);
  const connect = () =>
    Client.connect(
      clientOptions(options, target, identity, judgeServer, password),
    );
  const connectAsking = async (): Promise<Client> => {
    try {
      return await connect();
    } catch (error) {
      if (!isTerminal) throw error;
      if (error instanceof UnknownServerKey && confirms(error)) {
        await known.pin(target.address, error.fingerprint, new Date());
      } else if (isAboutPassword(error)) {
        password = askPassword(error) ?? fail(error);
      } else {
        throw error;
      }
      return await connectAsking();
    }
  };
  const client = await connectAsking();
  await (isTerminal ? runPrompt(client) : pipe(client, options));
  return 0;
}

/** The key of a server that was never seen: the connection is closed, a person asked, and another opened. */
class UnknownServerKey extends ConfabError {
  readonly fingerprint: string;
  readonly words: string;

  constructor(
    { address }: Target,
    { fingerprint, words }: { fingerprint: string; words: string },
  ) {
    super(
      "server-key-unknown",
      `the key of ${address} is not known here: ${fingerprint} (${words}); ` +
        `if it is the right one, give it with --fingerprint, or accept any first key with --trust-new`,
    );
    this.fingerprint = fingerprint;
    this.words = words;
  }
}

function isAboutPassword(error: unknown): error is ConfabError {
  return error instanceof ConfabError &&
    (error.code === "password-required" || error.code === "password-wrong");
}

/** The word, typed unseen; `undefined` when there is none. */
function askPassword({ message }: ConfabError): string | undefined {
  tell(message);
  return promptSecret("password: ", { clear: true, mask: "" }) || undefined;
}

function fail(error: unknown): never {
  throw error;
}

function confirms({ fingerprint, words }: UnknownServerKey): boolean {
  tell("This server is not known here yet. Its fingerprint is");
  tell(`  ${words}`);
  tell(`  ${fingerprint}`);
  const answer = prompt("Is that what whoever runs it reads to you? [y/N]");
  return answer !== null && /^y(es)?$/i.test(answer.trim());
}

function clientOptions(
  options: JoinOptions,
  target: Target,
  identity: KeyPair,
  judgeServer: (publicKey: Uint8Array<ArrayBuffer>) => Promise<void>,
  password: string | undefined,
): Parameters<typeof Client.connect>[0] {
  const account = env("USER") ?? env("USERNAME");
  return {
    dial: () => dial(target),
    seal: { identity, aead: nativeAead, judgeServer },
    clock: SYSTEM_CLOCK,
    random: Math.random,
    newId: () => crypto.randomUUID(),
    hello: {
      client: `confab ${VERSION}`,
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(account === undefined ? {} : { suggest: account }),
      ...(options.room === undefined ? {} : { room: options.room }),
      ...(password === undefined ? {} : { password }),
    },
  };
}

async function dial({ host, port, address }: Target): Promise<Transport> {
  try {
    return new TcpTransport(await Deno.connect({ hostname: host, port }));
  } catch (error) {
    throw new ConfabError("connection", whyNotConnected(error, host, address), {
      cause: error,
    });
  }
}

function whyNotConnected(
  error: unknown,
  host: string,
  address: string,
): string {
  if (error instanceof Deno.errors.ConnectionRefused) {
    return `connection refused: is a server running at ${address}?`;
  }
  const message = describeError(error);
  if (/lookup|resolve|not known/i.test(message)) {
    return `there is no host ${host}: is the name right?`;
  }
  return `cannot connect to ${address}: ${message}`;
}

async function pipe(client: Client, options: JoinOptions): Promise<void> {
  const writer = Deno.stdout.writable.getWriter();
  const encoder = new TextEncoder();
  try {
    await runPipe({
      client,
      input: Deno.stdin.readable,
      writeLine: (line) => writer.write(encoder.encode(`${line}\n`)),
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
