/** `confab purge`: forgets a person, with all that it said. */
import { ConfabError, UsageError } from "../base/errors.ts";
import { forgetPerson, holderOf } from "../chat/purge.ts";
import { parseFingerprint } from "../secure/fingerprint.ts";
import { lockData } from "../store/sqlite/data_lock.ts";
import { SqliteStore } from "../store/sqlite/store.ts";
import { FINGERPRINT_PREFIX } from "../wire/fingerprint_text.ts";
import { foldName } from "../wire/fold.ts";
import { ownDataDir, readProcessOptions, tell } from "./environment.ts";
import { type CommandTable, row } from "./option_table.ts";

export const PURGE = {
  name: "purge",
  summary: "forget a person, with everything that it said (the server stopped)",
  positionals: [{
    value: "PERSON",
    help: "the fingerprint, SHA256:…, or the name",
    required: true,
  }],
  options: {
    data: row.string("DIR").help(
      "where the server keeps its history; $CONFAB_DATA, or this account's data directory",
    ),
    yes: row.deed().help("do not ask"),
  },
} as const satisfies CommandTable;

export async function purge(argv: readonly string[]): Promise<number> {
  const { options, positionals: [asked] } = readProcessOptions(PURGE, argv);
  const data = options.data ?? ownDataDir();
  const path = `${data}/confab.db`;
  mustBeThere(path);
  using _lock = lockData(data);
  await using store = SqliteStore.open(path);
  const person = personOf(store, asked!);
  if (!options.yes && !isSure(asked!, person)) {
    tell("nothing was removed");
    return 1;
  }
  const writes = forgetPerson(store, person);
  // A turn of its own: what was said may be much.
  await store.commit({ appends: [], writes });
  const entries = await store.eraseAllOf(person);
  console.log(
    entries + writes.length === 0
      ? `nothing was kept of ${person}`
      : `removed ${entries} messages and ${writes.length} records of ${person}`,
  );
  return 0;
}

function mustBeThere(path: string): void {
  try {
    Deno.statSync(path);
  } catch {
    throw new ConfabError("store", `there is no history at ${path}`);
  }
}

function personOf(store: SqliteStore, asked: string): string {
  if (asked.startsWith(FINGERPRINT_PREFIX)) return parseFingerprint(asked).text;
  const person = holderOf(store, foldName(asked));
  if (person !== undefined) return person;
  const what = `nobody holds the name ${asked}: give the fingerprint, SHA256:…`;
  throw new ConfabError("no-such-person", what);
}

function isSure(asked: string, person: string): boolean {
  if (!Deno.stdin.isTerminal()) {
    throw new UsageError("nobody can be asked here: confirm it with --yes");
  }
  return confirm(
    `Remove everything that ${asked} said (${person})? It cannot be undone.`,
  );
}
