/** `confab id`: one's own fingerprint, in both forms. */
import { fingerprint, fingerprintWords } from "../secure/fingerprint.ts";
import { loadOrCreateIdentity } from "../trust/identity_file.ts";
import { ownDataDir, readProcessOptions } from "./environment.ts";
import { type CommandTable, IDENTITY_ROW } from "./option_table.ts";

export const ID = {
  name: "id",
  summary: "show your own fingerprint, to read to others",
  positionals: [],
  options: { identity: IDENTITY_ROW },
} as const satisfies CommandTable;

export async function id(argv: readonly string[]): Promise<number> {
  const { options } = readProcessOptions(ID, argv);
  const { pair } = await loadOrCreateIdentity(
    options.identity ?? `${ownDataDir()}/identity`,
  );
  console.log(await fingerprint(pair.publicKey));
  console.log(await fingerprintWords(pair.publicKey));
  return 0;
}
