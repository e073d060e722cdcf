/** Connects `join` to its server. A person who is there is asked what only a person can know. */
import { SYSTEM_CLOCK } from "../base/clock.ts";
import { ConfabError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { VERSION } from "../base/version.ts";
import { Client, type ClientOptions } from "../client/client.ts";
import { parseFingerprint } from "../secure/fingerprint.ts";
import type { KeyPair } from "../secure/x25519.ts";
import { type Pins, ServerJudge, UnknownServerKey } from "../trust/judge.ts";
import { isInviteLink, parseInviteLink } from "../wire/invite_link.ts";
import { expectSecrets, holdTerminal } from "./asking.ts";
import { wayOf } from "./destination.ts";
import { dial, type Target } from "./dial.ts";
import { accountName, tell } from "./environment.ts";
import {
  askName,
  askPassword,
  askWhatLetsIn,
  confirmKey,
  nameInstead,
} from "./questions.ts";

/** What a client is started with. */
export interface Start {
  readonly options: {
    readonly room: string | undefined;
    readonly fingerprint: string | undefined;
    readonly trustNew: boolean;
  };
  readonly target: Target;
  readonly identity: KeyPair;
  readonly pins: Pins;
  /** The name to ask for, if the server does not know it already. */
  readonly name: string | undefined;
  readonly password: string | undefined;
  /** The secret of an invite's link. */
  readonly invite: string | undefined;
  /** The rooms of before, and the one that was current. */
  readonly before?: Pick<NonNullable<ClientOptions["hello"]>, "room" | "rooms">;
  /** Whether a person is there who can be asked. */
  readonly person: "present" | "absent";
  /** At the first one a person is asked for a name, where none was given. */
  readonly visit: "first" | "later";
}

/**
 * Connects, again after each answer of the person. The server is reached before anybody is asked
 * for a name.
 *
 * @throws {ConfabError} what connecting throws, when nobody can be asked or has no other answer.
 */
export async function connect(start: Start): Promise<Client> {
  using _held = start.person === "present" ? holdTerminal() : undefined;
  let next = start;
  let hasName = start.visit !== "first" || start.name !== undefined;
  for (;;) {
    try {
      if (hasName) return await Client.connect(clientOptions(next));
      await reach(next);
      next = { ...next, name: await askName(accountName() ?? "") };
      hasName = true;
    } catch (error) {
      if (start.person === "absent") throw error;
      next = await asked(next, error);
    }
  }
}

/** Goes as far as the server's key, and says nothing: nobody there gets to know of it. */
async function reach(start: Start): Promise<void> {
  const reached = new Error("the key is the right one");
  const { seal, ...rest } = clientOptions(start);
  const judgeServer: typeof seal.judgeServer = async (key) => {
    await seal.judgeServer(key);
    throw reached;
  };
  try {
    await Client.connect({ ...rest, seal: { ...seal, judgeServer } });
  } catch (error) {
    if (error !== reached) throw error;
  }
}

/** What to connect with next, once the person was asked about the error, or the error again. */
async function asked(start: Start, error: unknown): Promise<Start> {
  if (!(error instanceof ConfabError)) throw error;
  if (error instanceof UnknownServerKey) {
    const { address } = start.target;
    await confirmKey(address, error);
    await start.pins.pin(address, error.fingerprint, new Date());
    return start;
  }
  const { code, message } = error;
  switch (code) {
    case "password-required":
    case "password-wrong":
      tell(message);
      // The next one may be typed before it is asked for, and once more than it is asked for.
      if (code === "password-wrong") expectSecrets();
      return { ...start, password: await askPassword() };
    case "invite-required":
      tell(message);
      return await askWhatLetsIn((shown) => showing(start, shown));
    case "name-taken":
    case "name-invalid":
      tell(message);
      return { ...start, name: await askName(nameInstead(start.name ?? "")) };
    default:
      throw error;
  }
}

/** A link that a person gives counts for its server alone, and so does its secret. */
function showing(start: Start, shown: string): Start {
  const text = shown.trim();
  if (!isInviteLink(text)) return { ...start, password: shown };
  const { options } = start;
  const { invite, ...way } = wayOf(parseInviteLink(text), options.room);
  return { ...start, options: { ...options, ...way }, invite };
}

function clientOptions(
  { options, before, target, identity, pins, name, password, invite }: Start,
): ClientOptions {
  const { room, fingerprint, trustNew } = options;
  const account = accountName();
  const judge = new ServerJudge({
    address: target.address,
    pins,
    given: fingerprint === undefined
      ? undefined
      : parseFingerprint(fingerprint),
    // That of an invite is the link's.
    mayReplacePin: invite === undefined ? "yes" : "no",
    trustNew,
    now: () => new Date(),
  });
  return {
    dial: (signal) => dial(target, signal),
    seal: { identity, judgeServer: (key) => judge.judge(key) },
    learn: (next) => judge.learn(next),
    clock: SYSTEM_CLOCK,
    random: Math.random,
    newId: () => crypto.randomUUID(),
    hello: {
      client: `confab ${VERSION}`,
      ...before,
      ...given({ name, suggest: account, room, password, invite }),
    },
  };
}
