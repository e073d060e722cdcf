/** Whom a command of `/server` is for: a person by name or fingerprint, or a network. */
import {
  contains,
  isWithin,
  LOOPBACK,
  type Network,
  networkAround,
  networkText,
  parseNetwork,
} from "../../base/cidr.ts";
import { ProtocolError } from "../../base/errors.ts";
import { given } from "../../base/given.ts";
import {
  FINGERPRINT_PREFIX,
  isFingerprint,
} from "../../wire/fingerprint_text.ts";
import type { Connection, Person } from "../state.ts";
import { type CommandContext, oneWord } from "./command.ts";

/** `text` is what it is called in answers. */
export type ServerTarget = Readonly<
  | {
    kind: "person";
    text: string;
    name?: string;
    /** None of a guest, who is here. */
    key: string | undefined;
    person: Person | undefined;
  }
  | { kind: "network"; text: string; network: Network }
>;

/** One customer's share of IPv6. */
const IPV6_BITS = 64;

/** @throws {ProtocolError} `bad-arguments` or `no-such-person`. */
export function needTarget(
  { core }: CommandContext,
  word: string,
  usage: string,
): ServerTarget {
  const text = needTargetWord(word, usage);
  const key = fingerprintOf(text);
  if (key !== undefined) {
    const person = core.people.get(key);
    const { name } = person ?? {};
    return { kind: "person", text, key, person, ...given({ name }) };
  }
  const network = parseNetwork(text);
  if (network !== undefined) {
    return { kind: "network", text: networkText(network), network };
  }
  if (text.includes("/")) {
    throw new ProtocolError(
      "bad-arguments",
      `${text} is no network: they are written as 203.0.113.0/24 or 2001:db8::/32`,
    );
  }
  const found = core.needPerson(text.replace(/^@/, ""));
  return { kind: "person", text: found.name, ...found };
}

/** @throws {ProtocolError} `bad-arguments` unless there is one word. */
export function needTargetWord(args: string, usage: string): string {
  const word = oneWord(args, usage);
  if (word !== "@") return word;
  throw new ProtocolError("bad-arguments", `usage: ${usage}`);
}

/**
 * A fingerprint, if that is what a text is to be.
 *
 * @throws {ProtocolError} `bad-arguments` when it is none all the same.
 */
export function fingerprintOf(text: string): string | undefined {
  if (!text.startsWith(FINGERPRINT_PREFIX)) return undefined;
  if (isFingerprint(text)) return text;
  throw new ProtocolError(
    "bad-arguments",
    `a fingerprint has 43 characters after ${FINGERPRINT_PREFIX}`,
  );
}

/**
 * The network that is banned with a target: of a guest, who has nothing else, that of its address.
 *
 * @throws {ProtocolError} `bad-arguments` or `not-allowed`, when it is loopback.
 */
export function networkOf(target: ServerTarget): Network | undefined {
  if (target.kind === "network") {
    const { network, text } = target;
    if (!LOOPBACK.some((loopback) => isWithin(network, loopback))) {
      return network;
    }
    throw new ProtocolError(
      "bad-arguments",
      `${text} is this machine, where addresses tell nothing`,
    );
  }
  if (target.key !== undefined) return undefined;
  const [connection] = target.person!.connections;
  const { ip, isLocal } = connection!.peer;
  if (!isLocal) return networkAround(ip, ip.includes(":") ? IPV6_BITS : 32)!;
  throw new ProtocolError(
    "not-allowed",
    `${target.text} is a guest on the server's machine: /server kick is all there is`,
  );
}

/** The connections that a target has now; of a network those of administrators are spared. */
export function connectionsOf(
  { core, roles }: CommandContext,
  target: ServerTarget,
): Connection[] {
  if (target.kind === "person") return [...target.person?.connections ?? []];
  const { network } = target;
  return core.connections.values().filter(({ peer }) =>
    !peer.isLocal && contains(network, peer.ip) && !roles.isAdmin(peer.key)
  ).toArray();
}

/** @throws {ProtocolError} `not-allowed` when a person is an administrator. */
export function spareAdmin(
  { roles }: CommandContext,
  target: ServerTarget,
): void {
  if (target.kind === "network" || !roles.isAdmin(target.key)) return;
  throw new ProtocolError(
    "not-allowed",
    `${target.text} is an administrator of the server`,
  );
}

/**
 * Nobody bans an administrator who is here, and so not oneself, with a network.
 *
 * @throws {ProtocolError} `not-allowed`.
 */
export function spareAdminsIn(
  { core, roles, person }: CommandContext,
  network: Network,
): void {
  for (const { peer, person: other } of core.connections.values()) {
    if (!roles.isAdmin(peer.key) || peer.isLocal) continue;
    if (!contains(network, peer.ip)) continue;
    const whose = other === person
      ? "you are there yourself"
      : "an administrator of the server is there";
    throw new ProtocolError(
      "not-allowed",
      `${networkText(network)} cannot be banned: ${whose}`,
    );
  }
}
