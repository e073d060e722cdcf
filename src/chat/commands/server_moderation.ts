/** `/server kick`, `ban`, `unban` and `bans`: who may not be on the server. */
import { contains, networkText, parseNetwork } from "../../base/cidr.ts";
import { ProtocolError } from "../../base/errors.ts";
import { given } from "../../base/given.ts";
import { addressesOf, type Sanction } from "../sanctions.ts";
import { becauseOf } from "../server_bans.ts";
import type { Removal } from "../membership.ts";
import type { Connection } from "../state.ts";
import { type CommandContext, firstWord, type Subcommand } from "./command.ts";
import { readDuration } from "./duration.ts";
import {
  connectionsOf,
  fingerprintOf,
  needTarget,
  needTargetWord,
  networkOf,
  type ServerTarget,
  spareAdmin,
  spareAdminsIn,
} from "./server_target.ts";
import { readWhy } from "./why.ts";

export const SERVER_KICK: Subcommand = {
  name: "kick",
  args: "TARGET [WHY]",
  text:
    "end all connections of a name, a fingerprint or a network; they may come back",
  run(context, args) {
    const [word, rest] = firstWord(args);
    const why = readWhy(rest);
    const target = needTarget(context, word, "/server kick TARGET [WHY]");
    spareAdmin(context, target);
    const connections = connectionsOf(context, target);
    // Who was cut a moment ago is in its rooms without any.
    const isHere = connections.length > 0 ||
      target.kind === "person" && target.person !== undefined;
    if (!isHere) {
      throw new ProtocolError("no-such-person", `${target.text} is not here`);
    }
    note(context, "kick", target, connections);
    dismiss(context, target, connections, "kicked", why);
    context.done(`${target.text} was kicked from the server`, "passing");
  },
};

export const SERVER_BAN: Subcommand = {
  name: "ban",
  args: "TARGET [7d] [WHY]",
  text:
    "keep a name, a fingerprint or a network off the server, for a time or for good",
  run(context, args) {
    const usage = "/server ban TARGET [7d] [WHY]";
    const [word, rest] = firstWord(args);
    const [time, behind] = firstWord(rest);
    const forMs = readDuration(time, usage);
    const why = readWhy(forMs === undefined ? rest : behind);
    const target = needTarget(context, word, usage);
    spareAdmin(context, target);
    const { wall } = context.core.now;
    const until = forMs === undefined ? undefined : wall + forMs;
    const connections = ban(context, target, {
      by: context.person.name!,
      ...given({ until, why, name: nameOf(target) }),
    });
    note(context, "ban", target, connections);
    dismiss(context, target, connections, "banned", why);
    context.done(`${target.text} is banned from the server`);
  },
};

export const SERVER_UNBAN: Subcommand = {
  name: "unban",
  args: "TARGET",
  text: "let a name, a fingerprint or a network that was banned come back",
  run(context, args) {
    const { serverBans, core } = context;
    const word = needTargetWord(args, "/server unban TARGET");
    const network = parseNetwork(word);
    const name = word.replace(/^@/, "");
    const isLifted = network !== undefined
      ? serverBans.unban(networkText(network))
      : fingerprintOf(word) !== undefined
      ? serverBans.unban(word)
      : serverBans.unbanNamed(name, core.findPerson(name)?.key);
    if (!isLifted) {
      throw new ProtocolError(
        "no-such-person",
        `${name} is not banned: /server bans lists those who are`,
      );
    }
    const by = context.person.name!;
    core.audit({ action: "server unban", by, target: name });
    context.done(`${name} may come back to the server`);
  },
};

export const SERVER_BANS: Subcommand = {
  name: "bans",
  args: "[AFTER]",
  text: "list who is banned, a page; the next comes after its last target",
  run(context, args) {
    const network = parseNetwork(args);
    const after = network === undefined ? args : networkText(network);
    context.answer({ type: "bans", ...context.serverBans.page(after) });
  },
};

/** Bans a target; gives the connections that are not to stay. */
function ban(
  context: CommandContext,
  target: ServerTarget,
  sanction: Sanction,
): Connection[] {
  const { core, roles, serverBans } = context;
  const connections = core.connections.values();
  const network = networkOf(target);
  if (network !== undefined) {
    spareAdminsIn(context, network);
    serverBans.ban(networkText(network), sanction);
    return connections.filter(({ peer }) =>
      !peer.isLocal && !roles.isAdmin(peer.key) && contains(network, peer.ip)
    ).toArray();
  }
  const { key, person } = target as BannedByKey;
  const addresses = addressesOf(core, { key, person });
  serverBans.ban(key, { ...sanction, addresses });
  // Those who are new where it came from go, too.
  return connections.filter((one) =>
    one.person === person ||
    addresses.includes(one.peer.address) &&
      serverBans.refusalOf(one.peer) !== undefined
  ).toArray();
}

/** What has no network to be banned by has a key. */
type BannedByKey = Extract<ServerTarget, { kind: "person" }> & { key: string };

function nameOf(target: ServerTarget): string | undefined {
  return target.kind === "person" ? target.name : undefined;
}

/** Notes for the log what is done to whom, and where the first connection came from. */
function note(
  { core, person }: CommandContext,
  action: string,
  target: ServerTarget,
  [first]: readonly Connection[],
): void {
  core.audit({
    action: `server ${action}`,
    by: person.name!,
    target: target.text,
    ...given({ address: first?.peer.ip }),
  });
}

/** Ends connections; a person leaves all rooms, also where it was cut and might come back. */
function dismiss(
  context: CommandContext,
  target: ServerTarget,
  connections: readonly Connection[],
  code: "kicked" | "banned",
  why: string | undefined,
): void {
  const { membership, person: { name } } = context;
  const by = name!;
  const text = `${by} ${code} you from this server${becauseOf(why)}`;
  const removal: Removal = {
    by,
    ...given({ why }),
    ...(code === "banned" ? { banned: true } : {}),
  };
  for (const connection of connections) {
    context.end(connection, code, text, removal);
  }
  const person = target.kind === "person" ? target.person : undefined;
  for (const room of [...person?.rooms ?? []]) {
    membership.remove(person!, room, removal, text);
  }
}
