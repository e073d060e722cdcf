/** `confab id` and `confab forget`: one's own key, and those of servers. */
import { ConfabError, describeError, UsageError } from "../base/errors.ts";
import { fingerprint, wordsOfFingerprint } from "../secure/fingerprint.ts";
import type { Bytes } from "../secure/x25519.ts";
import { readOrCreate } from "../trust/identity_file.ts";
import { publicKeyOf } from "../trust/key_file.ts";
import {
  changePassphrase,
  exportIdentity,
  importIdentity,
} from "../trust/key_transfer.ts";
import { KnownServers } from "../trust/known_servers.ts";
import { createPrivateFile } from "../trust/private_file.ts";
import { parseTarget } from "./dial.ts";
import {
  givenPassphrase,
  ownDataDir,
  ownIdentityPath,
  readProcessOptions,
  tell,
} from "./environment.ts";
import {
  type CommandTable,
  IDENTITY_ROW,
  type OptionsOf,
  row,
} from "./option_table.ts";
import { newPassphrase, passphrasesOf } from "./passphrases.ts";

/** Stands for standard input or output. */
const STANDARD = "-";
/** No export is longer. */
const EXPORT_MAX_CHARS = 65_536;

export const ID = {
  name: "id",
  summary:
    "show your own fingerprint, to read to others; keep and carry your key",
  positionals: [],
  options: {
    identity: IDENTITY_ROW,
    passphrase: row.deed().help(
      "seal your key by a passphrase, or by another; an empty one takes it off",
    ),
    export: row.string("FILE", { isDeed: true, bare: STANDARD }).help(
      "write your key, sealed by a passphrase, to a file or to the output",
    ),
    import: row.string("FILE", { isDeed: true }).help(
      `take the key of an export; ${STANDARD} is the input`,
    ),
    force: row.deed().help("import: keep another key beside, as FILE.old"),
  },
} as const satisfies CommandTable;

export async function id(argv: readonly string[]): Promise<number> {
  const { options } = readProcessOptions(ID, argv);
  const path = ownIdentityPath(options.identity);
  const deeds = [options.passphrase, options.export, options.import];
  if (deeds.filter((one) => one !== undefined && one !== false).length > 1) {
    throw new UsageError(
      "--passphrase, --export and --import: one at a time",
    );
  }
  if (options.force && options.import === undefined) {
    throw new UsageError("--force goes with --import");
  }
  if (options.passphrase) await seal(path);
  else if (options.export !== undefined) {
    return await writeExport(path, options.export);
  } else if (options.import !== undefined) await readImport(path, options);
  await show(publicKeyOf(await readOrCreate(path)));
  return 0;
}

async function show(publicKey: Bytes): Promise<void> {
  const own = await fingerprint(publicKey);
  console.log(own);
  console.log(wordsOfFingerprint(own));
}

async function seal(path: string): Promise<void> {
  const given = givenPassphrase();
  const passphrases = passphrasesOf(given);
  const now = await changePassphrase(path, passphrases, (before) => {
    // What is given is the passphrase that the file has, if it has one.
    return before === "open" && given !== undefined
      ? given
      : newPassphrase(path);
  });
  tell(
    now === "sealed"
      ? `${path} is sealed by the passphrase now: without it the key is lost`
      : `${path} has no passphrase now: whoever can read the file has the key`,
  );
}

async function writeExport(path: string, to: string): Promise<number> {
  const given = givenPassphrase();
  const text = await exportIdentity(
    path,
    passphrasesOf(given),
    () => given ?? newPassphrase("the export"),
  );
  if (to === STANDARD) {
    console.log(text.trimEnd());
  } else if (!await createPrivateFile(to, text)) {
    throw new ConfabError("key-file", `${to}: is there already`);
  }
  tell("import it elsewhere with: confab id --import FILE");
  return 0;
}

async function readImport(
  path: string,
  { import: from, force }: OptionsOf<typeof ID>,
): Promise<void> {
  const text = await readExport(from!);
  const passphrases = passphrasesOf(givenPassphrase());
  const other = force ? "keep" : "refuse";
  const { kept, isKnown } = await importIdentity(
    path,
    { text, from: from === STANDARD ? "the export" : from! },
    passphrases,
    other,
  );
  if (isKnown) tell(`${path} holds that key already`);
  else tell(`${path} holds the key now, sealed by the same passphrase`);
  if (kept !== undefined) tell(`the key that was there is in ${kept}`);
}

async function readExport(from: string): Promise<string> {
  let text = "";
  try {
    const bytes = from === STANDARD
      ? Deno.stdin.readable
      : (await Deno.open(from, { read: true })).readable;
    for await (const part of bytes.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (text.length > EXPORT_MAX_CHARS) break;
    }
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : `cannot be read: ${describeError(error)}`;
    throw new ConfabError("key-file", `${from}: ${why}`);
  }
  if (text.length <= EXPORT_MAX_CHARS) return text;
  throw new ConfabError("key-file", `${from}: is no export, but far longer`);
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
