/** `confab forget`: drops the pinned key of a server. */
import { ConfabError } from "../base/errors.ts";
import { KnownServers } from "../trust/known_servers.ts";
import { ownDataDir, readProcessOptions } from "./environment.ts";
import type { CommandTable } from "./option_table.ts";
import { parseTarget } from "./target.ts";

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
    throw new ConfabError(
      "known-servers",
      `no key of ${address} is known here`,
    );
  }
  console.log(`forgot the key of ${address}`);
  return 0;
}
