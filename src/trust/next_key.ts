/**
 * The key that a server will show next, in a file beside the one that it shows: a line with the time
 * from which on it is shown, and the key as `identity_file.ts` has it.
 */
import { ConfabError } from "../base/errors.ts";
import { minuteText, secondText } from "../base/time.ts";
import { fingerprint } from "../secure/fingerprint.ts";
import type { KeyPair } from "../secure/x25519.ts";
import { isMissing, newPem } from "./identity_file.ts";
import { keyFileOf } from "./key_file.ts";
import {
  createPrivateFile,
  keyFileFault,
  readPrivateFile,
  removePrivateFile,
  replacePrivateFile,
} from "./private_file.ts";

export interface NextKey {
  readonly pair: KeyPair;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** To the second. */
  readonly from: Date;
  /** As it is kept. */
  readonly pem: string;
}

const FILE = /^shown from (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) on\n([^]*)$/;

/** The key that the server in a data directory shows. */
export function serverKeyPath(data: string): string {
  return `${data}/server.key`;
}

function nextKeyPath(data: string): string {
  return `${serverKeyPath(data)}.next`;
}

/**
 * The key that the server in a data directory will show next, if there is one.
 *
 * @throws {ConfabError} `key-file` when its file is damaged or open to others.
 */
export async function readNextKey(data: string): Promise<NextKey | undefined> {
  const path = nextKeyPath(data);
  let text: string;
  try {
    // Servers look often, and there hardly ever is one.
    const info = await Deno.lstat(path).catch(() => undefined);
    if (info === undefined) return undefined;
    text = await readPrivateFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const [, time, pem] = FILE.exec(text) ?? [];
  const from = new Date(time ?? "");
  const file = pem && await keyFileOf(path, pem).catch(() => undefined);
  if (!file || file.kind !== "open" || Number.isNaN(from.getTime())) {
    const undo = "confab rotate-key --cancel removes it";
    throw keyFileFault(path, `is damaged; ${undo}`);
  }
  const { pair, secret } = file;
  secret.fill(0);
  const print = await fingerprint(pair.publicKey);
  return { pair, fingerprint: print, from, pem: pem! };
}

/**
 * Makes the key that is shown from a time on.
 *
 * @throws {ConfabError} `key-file` when there is one that waits already.
 */
export async function makeNextKey(data: string, from: Date): Promise<NextKey> {
  const text = `shown from ${secondText(from)} on\n${newPem()}`;
  const isMade = await createPrivateFile(nextKeyPath(data), text);
  const next = await readNextKey(data);
  if (isMade && next !== undefined) return next;
  throw new ConfabError(
    "key-file",
    `the server is changing its key already${
      next === undefined ? "" : `, to ${next.fingerprint} at ${timeText(next)}`
    }; confab rotate-key --cancel ends that`,
  );
}

/** Makes the next key the one that is shown; the old one is overwritten. May be done again. */
export async function takeNextKey(data: string, next: NextKey): Promise<void> {
  await replacePrivateFile(serverKeyPath(data), next.pem);
  await removePrivateFile(nextKeyPath(data));
}

/** There is to be no next key. */
export async function dropNextKey(data: string): Promise<void> {
  await removePrivateFile(nextKeyPath(data));
}

/** When it is shown, to the minute, UTC. */
export function timeText({ from }: NextKey): string {
  return minuteText(from.getTime());
}
