/** `confab id` and `confab forget`: one's own key, and those of servers. */
import { ConfabError } from "../base/errors.ts";
import { fingerprint, wordsOfFingerprint } from "../secure/fingerprint.ts";
import { KnownServers } from "../trust/known_servers.ts";
import { parseTarget } from "./dial.ts";
import {
  loadOwnIdentity,
  ownDataDir,
  readProcessOptions,
} from "./environment.ts";
import { type CommandTable, IDENTITY_ROW } from "./option_table.ts";

export const ID = {
  name: "id",
  summary: "show your own fingerprint, to read to others",
  positionals: [],
  options: { identity: IDENTITY_ROW },
} as const satisfies CommandTable;

export async function id(argv: readonly string[]): Promise<number> {
  const { options } = readProcessOptions(ID, argv);
  const { publicKey } = await loadOwnIdentity(options.identity);
  const own = await fingerprint(publicKey);
  console.log(own);
  console.log(wordsOfFingerprint(own));
  return 0;
}

export const FORGET = {
  name: "forget",
  summary: "forget the key of a server, so that the next one is asked about",
  positionals: [{ value: "HOST[:PORT]", help: "the server", required: true }],
  options: {},
} as const satisfies CommandTable;

export async function forget(argv: readonly string[]): Promise<number> {
  const { positionals: [where] } = readProcessOptions(FORGET, argv);
  const { address } = parseTarget(where!);
  const known = await KnownServers.open(`${ownDataDir()}/known_servers`);
  if (!await known.forget(address)) {
    const what = `no key of ${address} is known here`;
    throw new ConfabError("known-servers", what);
  }
  console.log(`forgot the key of ${address}`);
  return 0;
}
