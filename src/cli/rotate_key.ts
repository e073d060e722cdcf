/** `confab rotate-key`: gives a server another key, announced to those who know the one it has. */
import { ConfabError, UsageError } from "../base/errors.ts";
import { KEY_ROTATION_DAYS, KEY_ROTATION_MAX_DAYS } from "../base/limits.ts";
import { DAY_MS } from "../base/time.ts";
import { fingerprint, wordsOfFingerprint } from "../secure/fingerprint.ts";
import { lockData } from "../store/sqlite/data_lock.ts";
import { isMissing, loadIdentity } from "../trust/identity_file.ts";
import {
  dropNextKey,
  makeNextKey,
  type NextKey,
  readNextKey,
  serverKeyPath,
  takeNextKey,
  timeText,
} from "../trust/next_key.ts";
import { ownDataDir, readProcessOptions, tell } from "./environment.ts";
import { type CommandTable, DATA_ROW, row } from "./option_table.ts";

export const ROTATE_KEY = {
  name: "rotate-key",
  summary: "give a server another key, which is announced to its clients first",
  positionals: [],
  options: {
    data: DATA_ROW,
    days: row.integer("N", 1, KEY_ROTATION_MAX_DAYS, KEY_ROTATION_DAYS)
      .help("how long the key is announced before it is shown"),
    now: row.deed().help(
      "show it at once, as when the key was stolen: every client must be told the new one",
    ),
    cancel: row.deed().help("keep the key that there is"),
  },
} as const satisfies CommandTable;

export async function rotateKey(argv: readonly string[]): Promise<number> {
  const { options } = readProcessOptions(ROTATE_KEY, argv);
  const { data = ownDataDir(), days, now, cancel } = options;
  if (now && cancel) throw new UsageError("--now and --cancel: one at a time");
  // There must be a server, and its key must open by itself.
  const { publicKey } = await loadIdentity(serverKeyPath(data))
    .catch((error) => {
      if (!isMissing(error)) throw error;
      const what = `there is no server at ${data}: give its --data`;
      throw new ConfabError("key-file", what);
    });
  console.log(`the key shown is ${await fingerprint(publicKey)}`);
  if (cancel) await withdraw(data);
  else if (now) await change(data, await makeNextKey(data, new Date()));
  else {
    const from = new Date(Date.now() + days * DAY_MS);
    announce(await makeNextKey(data, from));
  }
  return 0;
}

function announce(next: NextKey): void {
  console.log(`from ${timeText(next)} on it is ${next.fingerprint}`);
  console.log(wordsOfFingerprint(next.fingerprint));
  tell(
    "the server tells those who connect until then, and they follow; all others must be told by you",
  );
}

/** A server that runs has the lock, looks by itself, and takes the key. */
async function change(data: string, next: NextKey): Promise<void> {
  console.log(`from now on it is ${next.fingerprint}`);
  console.log(wordsOfFingerprint(next.fingerprint));
  tell(
    "nobody was told before: clients refuse it until they forget the old one (confab forget HOST:PORT)",
  );
  try {
    using _lock = lockData(data);
    await takeNextKey(data, next);
  } catch (error) {
    const isRunning = error instanceof ConfabError &&
      error.code === "data-in-use";
    if (!isRunning) throw error;
    tell("the server that runs shows it within seconds");
  }
}

async function withdraw(data: string): Promise<void> {
  // One that is damaged goes, too.
  const next = await readNextKey(data).catch(() => "damaged" as const);
  if (next === undefined) {
    const what = "the server is not changing its key";
    throw new ConfabError("key-file", what);
  }
  await dropNextKey(data);
  console.log("it stays so");
}
