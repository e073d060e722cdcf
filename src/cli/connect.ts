/** Connects `join` to its server. A person who is there is asked what only a person can know. */
import { SYSTEM_CLOCK } from "../base/clock.ts";
import { ConfabError, UsageError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { VERSION } from "../base/version.ts";
import { Client } from "../client/client.ts";
import { parseFingerprint } from "../secure/fingerprint.ts";
import type { KeyPair } from "../secure/x25519.ts";
import { type Pins, ServerJudge, UnknownServerKey } from "../trust/judge.ts";
import { isInviteLink, parseInviteLink } from "../wire/invite_link.ts";
import { askSecret } from "./ask_secret.ts";
import { wayOf } from "./destination.ts";
import { dial, type Target } from "./dial.ts";
import { accountName, tell } from "./environment.ts";

/** What a client is started with. */
export interface Start {
  readonly options: {
    readonly name: string | undefined;
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
  /** Whether a person is there who can be asked. */
  readonly person: "present" | "absent";
}

/**
 * Connects, again after each answer of the person.
 *
 * @throws {ConfabError} what connecting throws, when nobody can be asked or has no other answer.
 */
export async function connect(start: Start): Promise<Client> {
  try {
    return await Client.connect(clientOptions(start));
  } catch (error) {
    if (start.person === "absent") throw error;
    const next = await asked(start, error);
    if (next === undefined) throw error;
    return await connect(next);
  }
}

/** What to connect with next, once the person was asked about the error; `undefined` to give up. */
async function asked(start: Start, error: unknown): Promise<Start | undefined> {
  if (!(error instanceof ConfabError)) return undefined;
  if (error instanceof UnknownServerKey) {
    if (!confirmsKey(error)) return undefined;
    const { address } = start.target;
    await start.pins.pin(address, error.fingerprint, new Date());
    return start;
  }
  const { code, message } = error;
  if (code === "password-required" || code === "password-wrong") {
    tell(message);
    const password = askSecret("password:");
    return password ? { ...start, password } : undefined;
  }
  if (code === "invite-required") {
    tell(message);
    return askWhatLetsIn(start);
  }
  const isName = code === "name-taken" || code === "name-invalid";
  if (!isName || start.options.name !== undefined) return undefined;
  tell(message);
  const name = askName("");
  return name === "" ? undefined : { ...start, name };
}

/** Asks again where half of a link was copied. */
function askWhatLetsIn(start: Start): Start | undefined {
  for (;;) {
    const shown = askSecret("link, or password:");
    if (!shown) return undefined;
    try {
      return showing(start, shown);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      tell(error.message);
    }
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
  { options, target, identity, pins, name, password, invite }: Start,
): Parameters<typeof Client.connect>[0] {
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
      ...given({ name, suggest: account, room, password, invite }),
    },
  };
}

/** The server to join, when none was named and none is remembered. */
export function askServer(standard: string): string {
  return ask("Which server? (HOST or HOST:PORT)", standard);
}

/** The name to go by; empty when the person leaves it to the server. */
export function askName(standard: string): string {
  return ask("Your name there?", standard);
}

/** Whether the key that a server showed is the right one. */
function confirmsKey({ fingerprint, words }: UnknownServerKey): boolean {
  tell("This server is not known here yet. Its fingerprint is");
  tell(`  ${words}`);
  tell(`  ${fingerprint}`);
  const answer = prompt("Is that what whoever runs it reads to you? [y/N]");
  return answer !== null && /^y(es)?$/i.test(answer.trim());
}

function ask(question: string, standard: string): string {
  const hint = standard === "" ? "" : ` [${standard}]`;
  return prompt(`${question}${hint}`)?.trim() || standard;
}
