/** `confab id`: one's own fingerprint, in both forms. */
import { fingerprint, wordsOfFingerprint } from "../secure/fingerprint.ts";
import { loadOwnIdentity, readProcessOptions } from "./environment.ts";
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
