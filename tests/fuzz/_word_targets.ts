/** Targets: what people write on the command line, in variables and in files. */
import { BENCH } from "../../src/cli/bench.ts";
import { parseTarget } from "../../src/cli/dial.ts";
import { JOIN } from "../../src/cli/join.ts";
import { type CommandTable, optionKey } from "../../src/cli/option_table.ts";
import { readOptions } from "../../src/cli/options.ts";
import { SERVE } from "../../src/cli/serve.ts";
import { addressGroup } from "../../src/net/address.ts";
import { parseFingerprint } from "../../src/secure/fingerprint.ts";
import { loadIdentity } from "../../src/trust/identity_file.ts";
import { KnownServers } from "../../src/trust/known_servers.ts";
import {
  formatInviteLink,
  parseInviteLink,
} from "../../src/wire/invite_link.ts";
import { utf8 } from "../_chunks.ts";
import { ensure, ensureSame, settled, textOf, valueOf } from "./_checks.ts";
import type { Target } from "./_fuzz.ts";

const FULL = "SHA256:GjIf5rj9HhFvAKtEYDHntmMFCf4kZUtPfJRq+kauYXQ";
const WORDS = "bone-wood-zoo-abandon-ability-able-about-above";

const fingerprints: Target = {
  name: "fingerprints",
  inputs: 1_000,
  seeds: [
    FULL,
    `  sha256:${FULL.slice(7)}= `,
    WORDS,
    "Zoo zoo  ZOO-able a b c d",
  ]
    .map(utf8),
  words: ["zoo", "abandon", "-", " ", "SHA256:", "="].map(utf8),
  check(input) {
    const read = valueOf(() => parseFingerprint(textOf(input)), "usage");
    if (read === undefined) return;
    ensureSame(parseFingerprint(read.text), read, "not in its normal form");
    const length = read.form === "sha256" ? 50 : read.text.split("-").length;
    ensure(
      length === (read.form === "sha256" ? read.text.length : 8),
      "of another length",
    );
  },
};

const addresses: Target = {
  name: "addresses",
  inputs: 4_000,
  seeds: [
    ...["chat.example", "chat.example:5001", "[2001:db8::1]:5000", "::1"],
    ...[
      "fe80::1%eth0",
      "127.0.0.1:1",
      "::ffff:192.0.2.1",
      "[::]",
      "HOST:65535",
    ],
  ].map(utf8),
  words: [":", "::", "[", "]", "%", "0", ".", "ffff"].map(utf8),
  check(input) {
    const text = textOf(input);
    ensure(typeof addressGroup(text) === "string", "an address has a group");
    const target = valueOf(() => parseTarget(text), "usage");
    if (target === undefined) return;
    ensure(target.port >= 0 && target.port <= 65_535, "no port");
    const { host: _, ...again } = parseTarget(target.address);
    const { address, port } = target;
    ensureSame(again, { port, address }, "pinned under another address");
    ensure(!/[\s#]/.test(address), "it breaks a line of the pins");
  },
};

const LINK = `fp=${FULL.slice(7).replace("+", "-")}&t=AAECAwQFBgcICQoLDA0ODw`;

const links: Target = {
  name: "links",
  inputs: 2_000,
  seeds: [
    `confab://chat.example?${LINK}`,
    `confab://[2001:db8::1]:5001/z%C3%BCri?${LINK}`,
    `https://chat.example:8443/#/tea?${LINK}&more=1`,
  ].map(utf8),
  words: ["%", "%2F", "%00", "://", "[::1]", "?", "&", "#", "fp=", "t="]
    .map(utf8),
  check(input) {
    const link = valueOf(() => parseInviteLink(textOf(input)), "usage");
    if (link === undefined) return;
    const again = parseInviteLink(formatInviteLink(link));
    ensureSame(again, link, "written and read it is another");
    ensure(link.port > 0 && link.port <= 65_535, "no port");
    ensure(!/[\s/]/.test(link.room ?? ""), "a room of two words");
  },
};

const TABLES: readonly CommandTable[] = [SERVE, JOIN, BENCH];
/** Between flags, and before the variables and the file. */
const UNIT = "\x1f";
const RECORD = "\x1e";

function given(flags: string[], variables: string[], file: object | string) {
  const text = typeof file === "string" ? file : JSON.stringify(file);
  return utf8([flags.join(UNIT), variables.join(UNIT), text].join(RECORD));
}

const options: Target = {
  name: "options",
  inputs: 2_000,
  seeds: [
    given(["--port", "5001", "--echo"], ["CONFAB_HOST=::1"], {}),
    given(["--config=f", "--admin", "a", "--admin", "b"], [], { port: 7 }),
    given(["--config", "f"], ["CONFAB_ADMIN=a, b", "CONFAB_PASSWORD=x"], {
      host: "0.0.0.0",
      "allow-plaintext": true,
      admin: ["a"],
      "log-format": "json",
    }),
    given(["chat.example:5000", "--name", "ann", "--", "--x"], [], "{"),
    given(["--people=5", "--port=65536", "-h", "--durability=full"], [], "[]"),
  ],
  words: [...new Set(TABLES.flatMap((table) => Object.keys(table.options)))]
    .flatMap((name) => [utf8(`--${name}`), utf8(`"${name}":`)])
    .concat([utf8(UNIT), utf8("="), utf8("--")]),
  check(input) {
    const [flags = "", variables = "", ...file] = textOf(input).split(RECORD);
    const argv = flags === "" ? [] : flags.split(UNIT);
    const env = new Map(
      variables.split(UNIT).map((line) => {
        const at = line.indexOf("=");
        return [line.slice(0, at), line.slice(at + 1)];
      }),
    );
    const readText = () => file.join(RECORD);
    const sources = { argv, env: (name: string) => env.get(name), readText };
    for (const table of TABLES) {
      const read = valueOf(() => readOptions(table, sources), "usage");
      if (read !== undefined) ensureAllowed(table, read.options);
    }
  },
};

function ensureAllowed(
  { options }: CommandTable,
  read: Readonly<Record<string, unknown>>,
): void {
  for (const [name, row] of Object.entries(options)) {
    const value = read[optionKey(name)];
    const isUnset = value === undefined && !("default" in row);
    const isFit = row.kind === "flag"
      ? typeof value === "boolean"
      : row.kind === "list"
      ? Array.isArray(value) && value.every((one) => typeof one === "string")
      : row.kind === "integer"
      ? Number.isInteger(value) && value as number >= row.min &&
        value as number <= row.max
      : row.kind === "choice"
      ? row.choices.includes(value as string)
      : typeof value === "string";
    ensure(isUnset || isFit, `--${name} is ${JSON.stringify(value)}`);
  }
}

const FOLDER = Deno.makeTempDirSync({ prefix: "confab-fuzz-" });
globalThis.addEventListener("unload", () => {
  Deno.removeSync(FOLDER, { recursive: true });
});

const TIME = "2026-01-15T12:00:00Z";

const pins: Target = {
  name: "known servers",
  inputs: 300,
  seeds: [
    `chat.example:5000 ${FULL} ${TIME}\n`,
    `# a\r\n\n[::1]:5001\t${FULL}  ${TIME}\n b.example:1 ${FULL} ${TIME}`,
  ].map(utf8),
  words: [FULL, TIME, "a:1 ", "\n", "#", "[::1]:2"].map(utf8),
  async check(input) {
    const path = `${FOLDER}/known`;
    Deno.writeFileSync(path, input, { mode: 0o600 });
    const read = await settled(KnownServers.open(path), "known-servers");
    if (read === undefined) return;
    // What is there stays, and what is added is found, by the next who reads.
    const key = FULL.replace("G", "H");
    await read.pin("new.example:1", key, new Date(0));
    const again = await KnownServers.open(path);
    ensureSame(again.lookup("new.example:1")?.fingerprint, key, "the new pin");
    const before = textOf(input).split(/\r?\n/).filter((line) => line !== "");
    const after = new Set(Deno.readTextFileSync(path).split("\n"));
    ensure(before.every((line) => after.has(line)), "a line was lost");
  },
};

const PEM = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6UduSwq
-----END PRIVATE KEY-----
`;

const identities: Target = {
  name: "identity files",
  inputs: 300,
  seeds: [
    utf8(PEM),
    utf8(PEM.replace("VuBC", "VwBC")),
    utf8(PEM.replaceAll("PRIVATE KEY", "OPENSSH PRIVATE KEY")),
  ],
  words: ["-----", "PRIVATE", "\n", "=", "MC4CAQAwBQYDK2Vu"].map(utf8),
  async check(input) {
    const path = `${FOLDER}/identity`;
    Deno.writeFileSync(path, input, { mode: 0o600 });
    const pair = await settled(loadIdentity(path), "key-file");
    if (pair !== undefined) ensureSame(pair.publicKey.length, 32, "the key");
  },
};

export const WORD_TARGETS: readonly Target[] = [
  fingerprints,
  addresses,
  links,
  options,
  pins,
  identities,
];
