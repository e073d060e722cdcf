/** Connects to the server that the page comes from, with what the person gave. */
import { SYSTEM_CLOCK } from "../base/clock.ts";
import { ConfabError, peerCode } from "../base/errors.ts";
import { VERSION } from "../base/version.ts";
import { Client } from "../client/client.ts";
import { fingerprint, parseFingerprint } from "../secure/fingerprint.ts";
import type { KeyPair } from "../secure/x25519.ts";
import { type Pins, ServerJudge } from "../trust/judge.ts";
import { serverWords } from "../wire/foreign_words.ts";
import { asPassword, type Entry, type Pass, passOf } from "./entry.ts";
import { dialWebSocket } from "./web_socket.ts";

export interface ConnectOptions {
  readonly url: string;
  /** Under which the server's key is known. */
  readonly address: string;
  readonly identity: KeyPair;
  readonly entry: Entry;
  readonly pins: Pins;
  /** The fingerprint in the link by which the person came. */
  readonly promised: string | undefined;
  /** Whether one comes in all the same where the room cannot be entered. */
  readonly mayBeOutside: boolean;
}

/** The server let the person in, and not into the room. */
export class Refused extends ConfabError {}

/** The server's key is not the one that a link has `promised`; or else not the one that is known. */
export class WrongServerKey extends ConfabError {
  readonly promised: string | undefined;
  /** `SHA256:…` */
  readonly shown: string;

  constructor(error: ConfabError, shown: string, promised?: string) {
    super(error.code, error.message);
    this.shown = shown;
    this.promised = promised === shown ? undefined : promised;
  }
}

/**
 * @throws {UnknownServerKey} when a person has to judge the server's key.
 * @throws {WrongServerKey} when it is not the right one.
 * @throws {Refused} when the room cannot be entered; nothing stays open then.
 * @throws {ConfabError} what the server refuses, and faults of the connection.
 */
export async function connect(options: ConnectOptions): Promise<Client> {
  const { entry, promised, mayBeOutside } = options;
  const pass = passOf(entry, promised);
  const client = await clientFor(options, pass);
  const { room } = pass.hello;
  if (room === undefined || client.current !== "" || mayBeOutside) {
    return client;
  }
  const refusal = await whyOutside(client);
  await client.close();
  throw refusal;
}

async function clientFor(
  options: ConnectOptions,
  pass: Pass,
): Promise<Client> {
  try {
    return await clientOf(options, pass);
  } catch (error) {
    const isToken = pass.hello.invite === options.entry.secret.trim() &&
      options.promised === undefined;
    const isWrong = error instanceof ConfabError &&
      error.code === "invite-invalid";
    if (!isToken || !isWrong) throw error;
    return await clientOf(options, asPassword(pass, options.entry));
  }
}

function clientOf(
  { url, address, identity, pins }: ConnectOptions,
  pass: Pass,
): Promise<Client> {
  const judgeBy = (promised: string | undefined) =>
    new ServerJudge({
      ...{ address, pins, now: () => new Date() },
      given: promised === undefined ? undefined : parseFingerprint(promised),
      // Anybody may have sent the link.
      mayReplacePin: "no",
    });
  let { fingerprint: promised } = pass;
  let judge = judgeBy(promised);
  let dials = 0;
  return Client.connect({
    dial(signal) {
      // From then on the key is known, and the server may announce another.
      if (++dials === 2 && promised !== undefined) {
        promised = undefined;
        judge = judgeBy(undefined);
      }
      return dialWebSocket(url, signal);
    },
    seal: {
      identity,
      async judgeServer(key) {
        try {
          await judge.judge(key);
        } catch (error) {
          const isWrong = error instanceof ConfabError &&
            error.code === "server-key-changed";
          if (!isWrong) throw error;
          throw new WrongServerKey(error, await fingerprint(key), promised);
        }
      },
    },
    learn: (next) => judge.learn(next),
    clock: SYSTEM_CLOCK,
    random: Math.random,
    newId: () => crypto.randomUUID(),
    hello: { client: `confab ${VERSION} page`, ...pass.hello },
  });
}

/** The server has said why the room cannot be entered, right behind its welcome. */
async function whyOutside(client: Client): Promise<ConfabError> {
  for await (const event of client) {
    if (event.kind === "ended" && event.error !== undefined) return event.error;
    if (event.kind !== "message" || event.message.type !== "error") continue;
    const { code, text } = event.message;
    return new Refused(peerCode(code), serverWords(text));
  }
  return new ConfabError("connection", "the connection was cut");
}
