/** Commands by which operators keep people out of a room, or silent in it. */
import { ProtocolError } from "../../base/errors.ts";
import { given } from "../../base/given.ts";
import { FINGERPRINT_PREFIX } from "../../wire/fingerprint_text.ts";
import type { Somebody } from "../core.ts";
import type { Removal } from "../membership.ts";
import { addressesOf } from "../sanctions.ts";
import { becauseOf } from "../server_bans.ts";
import type { Connection, Person, Room } from "../state.ts";
import {
  type Command,
  type CommandContext,
  firstWord,
  needRoom,
  oneWord,
} from "./command.ts";
import {
  byOperators,
  countListed,
  type Deed,
  reachOf,
  tellDeed,
  tellRoom,
  underOperator,
} from "./keepers.ts";
import { readWhy } from "./why.ts";

export const KICK: Command = {
  ...byOperators,
  name: "kick",
  args: "NAME [WHY]",
  text: "make somebody leave the room you are in",
  run(context, args) {
    const [name, rest] = firstWord(args);
    const why = readWhy(rest);
    const { room, target } = underOperator(
      context,
      oneWord(name, "/kick NAME [WHY]"),
    );
    if (target.person === undefined || !room.people.has(target.person)) {
      throw new ProtocolError(
        "no-such-person",
        `${target.name} is not in ${room.name}`,
      );
    }
    const reach = reachOf(context, room, target);
    const by = context.person.name!;
    putOut(context, room, target.person, { by, ...given({ why }) }, reach);
    context.done(`${target.name} was kicked from ${room.name}`);
  },
};

export const BAN: Command = {
  ...byOperators,
  name: "ban",
  args: "NAME [WHY]",
  text: "make somebody leave the room you are in, and keep them out",
  run(context, args) {
    const [name, rest] = firstWord(args);
    const why = readWhy(rest);
    const { room, target } = underOperator(
      context,
      oneWord(name, "/ban NAME [WHY]"),
    );
    countListed(context);
    const addresses = addressesOf(context.core, target);
    const reach = reachOf(context, room, target);
    const by = context.person.name!;
    const removal: Removal = { by, ...given({ why }), banned: true };
    putOn("ban", context, room, target, removal);
    const { person: banned } = target;
    const isThere = banned !== undefined && room.people.has(banned);
    if (isThere) putOut(context, room, banned, removal, reach);
    else if (banned !== undefined) forget(context, room, target.key);
    // Guests who are there from the same address leave, and those who are new with a key.
    const text =
      `${by} banned somebody from ${room.name} who came from your address${
        becauseOf(why)
      }`;
    for (const person of [...room.people.keys()]) {
      if (mayStay(context, room, person, addresses)) continue;
      context.membership.remove(person, room, removal, text);
    }
    if (!isThere) {
      tellDeed(context, room, deedOf(room, target.name, removal), reach);
    }
    context.done(`${target.name} is banned from ${room.name}`);
  },
};

export const UNBAN: Command = {
  ...byOperators,
  name: "unban",
  args: "NAME",
  text: "let somebody who was banned come back",
  run(context, args) {
    const room = needRoom(context);
    const { roles, core } = context;
    roles.demand(context.person, room, "operator");
    const name = oneWord(args, "/unban NAME");
    const key = name.startsWith(FINGERPRINT_PREFIX)
      ? name
      : core.findPerson(name)?.key;
    if (!roles.lists.lift("ban", room, name, key)) {
      throw new ProtocolError(
        "no-such-person",
        `${name} is not banned from ${room.name}`,
      );
    }
    const by = context.person.name!;
    const person = key === undefined
      ? core.people.named(name)
      : core.people.get(key);
    const called = person?.name ?? name;
    tellDeed(context, room, {
      toRoom: `${by} unbanned ${called} from ${room.name}`,
      toTarget: `${by} unbanned you from ${room.name}: /join ${room.name}`,
    }, reachOf(context, room, { key, name, person }));
    context.done(`${called} may come back to ${room.name}`);
  },
};

export const MUTE: Command = {
  ...byOperators,
  name: "mute",
  args: "NAME",
  text: "let somebody read the room you are in, but not speak there",
  run(context, args) {
    const { room, target } = underOperator(
      context,
      oneWord(args, "/mute NAME"),
    );
    countListed(context);
    const by = context.person.name!;
    putOn("mute", context, room, target, { by });
    tellDeed(context, room, {
      toRoom: `${by} muted ${target.name} in ${room.name}`,
      toTarget:
        `${by} muted you in ${room.name}: you may read there, and not speak`,
    }, reachOf(context, room, target));
    context.done(`${target.name} is muted in ${room.name}`);
  },
};

export const UNMUTE: Command = {
  ...byOperators,
  name: "unmute",
  args: "NAME",
  text: "let somebody who was muted speak again",
  run(context, args) {
    const room = needRoom(context);
    const { roles, core, person } = context;
    roles.demand(person, room, "operator");
    const name = oneWord(args, "/unmute NAME");
    const found = core.findPerson(name);
    // Who is gone with its name is found by the name of then.
    const keys = found === undefined
      ? roles.lists.of("mute", room.key).calledThen(name)
      : [found.key];
    for (const key of keys) roles.demandOver(person, key, room);
    if (found === undefined && keys.length === 0) core.needPerson(name);
    const called = found?.name ?? name;
    if (!roles.lists.lift("mute", room, called, found?.key)) {
      throw new ProtocolError(
        "no-such-person",
        `${called} is not muted in ${room.name}`,
      );
    }
    const by = person.name!;
    tellDeed(context, room, {
      toRoom: `${by} unmuted ${called} in ${room.name}`,
      toTarget: `${by} unmuted you in ${room.name}: you may speak there again`,
    }, found === undefined ? [] : reachOf(context, room, found));
    context.done(`${called} may speak again in ${room.name}`);
  },
};

/** Anybody makes rooms, and such lists: while there is no space, those are an administrator's. */
function putOn(
  list: "ban" | "mute",
  { roles, core, person }: CommandContext,
  room: Room,
  target: Somebody,
  { by, why }: Pick<Removal, "by" | "why">,
): void {
  if (!roles.isAdmin(person.key)) core.rooms.demandSpace();
  roles.lists.put(list, room, target, { by, ...given({ why }) });
}

/** Somebody who is there must leave; its connections elsewhere hear of it, too. */
function putOut(
  context: CommandContext,
  room: Room,
  person: Person,
  removal: Removal,
  reach: readonly Connection[],
): void {
  const { membership, core } = context;
  const deed = deedOf(room, person.name!, removal);
  const elsewhere = reach.filter((one) => !room.isHeardBy(one));
  // In a large room nobody is told who leaves.
  const isTold = !membership.isCrowded(room);
  forget(context, room, person.key);
  membership.remove(person, room, removal, deed.toTarget);
  core.tell(elsewhere, { type: "notice", text: deed.toTarget });
  if (!isTold) tellRoom(context, room, deed.toRoom);
}

/** What is said of a kick or a ban where no `left` says it. */
function deedOf(room: Room, name: string, { by, why, banned }: Removal): Deed {
  const did = `${by} ${banned ? "banned" : "kicked"}`;
  const end = `from ${room.name}${becauseOf(why)}`;
  return { toRoom: `${did} ${name} ${end}`, toTarget: `${did} you ${end}` };
}

/** An invitation ends with a kick; an operator who is thrown out is none any more. */
function forget(
  { roles }: CommandContext,
  room: Room,
  key: string | undefined,
): void {
  if (key === undefined) return;
  roles.lists.uninvite(key, room);
  roles.removeOperator(room, key);
}

/** Whether somebody who is in a room may read it, now that some addresses may not. */
function mayStay(
  { roles }: CommandContext,
  room: Room,
  person: Person,
  addresses: readonly string[],
): boolean {
  return person.connections.values().every((connection) =>
    !addresses.includes(connection.peer.address) ||
    roles.mayRead(connection, room.key)
  );
}
