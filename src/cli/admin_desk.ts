/** Comes to a server as its administrator, from a shell: in no room, and under the name held there. */
import type { Client } from "../client/client.ts";
import type { KeyPair } from "../secure/x25519.ts";
import { MemoryFile } from "../terminal/model/memory.ts";
import { KnownServers } from "../trust/known_servers.ts";
import { connect } from "./connect.ts";
import {
  DEFAULT_HOST,
  DEFAULT_PORT,
  parseTarget,
  type Target,
} from "./dial.ts";
import { loadOwnIdentity, ownDataDir, readPassword } from "./environment.ts";

/** The server, where a command is for its administrators. */
export const SERVER_POSITIONAL = {
  value: "HOST[:PORT]",
  help:
    `the server; the one joined last, or ${DEFAULT_HOST}:${DEFAULT_PORT}, if none is given`,
} as const;

interface DeskOptions {
  readonly identity: string | undefined;
  readonly passphrase: string | undefined;
  readonly fingerprint: string | undefined;
  readonly trustNew: boolean;
  readonly passwordFile: string | undefined;
  readonly password: string | undefined;
}

interface Desk {
  readonly client: Client;
  readonly target: Target;
  readonly identity: KeyPair;
  /** Of the key that the server has proven. */
  readonly fingerprint: string | undefined;
}

/** @throws {ConfabError} what {@linkcode connect} throws. */
export async function comeAsAdmin(
  where: string | undefined,
  options: DeskOptions,
): Promise<Desk> {
  const { fingerprint, trustNew } = options;
  const { memory } = await MemoryFile.open(`${ownDataDir()}/client.json`);
  const usual = memory.last ?? `${DEFAULT_HOST}:${DEFAULT_PORT}`;
  const target = parseTarget(where ?? usual);
  const identity = await loadOwnIdentity(options.identity, options.passphrase);
  const pins = await KnownServers.open(`${ownDataDir()}/known_servers`);
  const client = await connect({
    options: { room: "", fingerprint, trustNew },
    ...{ target, identity, pins, name: undefined },
    password: await readPassword(options),
    invite: undefined,
    person: Deno.stdin.isTerminal() ? "present" : "absent",
    visit: "later",
  });
  const proven = pins.lookup(target.address)?.fingerprint;
  return { client, target, identity, fingerprint: proven };
}
