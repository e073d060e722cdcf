/** Commands by which operators keep people out of a room, or silent in it. */
import { ProtocolError } from "../../base/errors.ts";
import { FINGERPRINT_PREFIX } from "../../wire/fingerprint_text.ts";
import type { Somebody } from "../core.ts";
import { addressesOf } from "../sanctions.ts";
import type { Person, Room } from "../state.ts";
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
  tellRoom,
  underOperator,
} from "./keepers.ts";

export const KICK: Command = {
  ...byOperators,
  name: "kick",
  args: "NAME [WHY]",
  text: "make somebody leave the room you are in",
  run(context, args) {
    const [name, why] = firstWord(args);
    const { room, target } = underOperator(
      context,
      oneWord(name, "/kick NAME"),
    );
    if (target.person === undefined || !room.people.has(target.person)) {
      throw new ProtocolError(
        "no-such-person",
        `${target.name} is not in ${room.name}`,
      );
    }
    kickOut(
      context,
      room,
      target.person,
      `you were kicked from ${room.name} by ${context.person.name}`,
      why,
    );
    context.done(`${target.name} was kicked from ${room.name}`);
  },
};

export const BAN: Command = {
  ...byOperators,
  name: "ban",
  args: "NAME [WHY]",
  text: "make somebody leave the room you are in, and keep them out",
  run(context, args) {
    const [name, why] = firstWord(args);
    const { room, target } = underOperator(context, oneWord(name, "/ban NAME"));
    countListed(context);
    const addresses = addressesOf(context.core, target);
    putOn("ban", context, room, target);
    const by = context.person.name!;
    const notice = `you were banned from ${room.name} by ${by}`;
    if (target.person !== undefined) {
      kickOut(context, room, target.person, notice, why);
    }
    // Guests who are there from the same address leave, and those who are new with a key.
    for (const person of [...room.people.keys()]) {
      if (mayStay(context, room, person, addresses)) continue;
      context.membership.remove(person, room, withWhy(notice, why));
    }
    tellRoom(context, room, `${target.name} was banned by ${by}`);
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
    tellRoom(context, room, `${name} was unbanned by ${context.person.name}`);
    context.done(`${name} may come back to ${room.name}`);
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
    putOn("mute", context, room, target);
    tellRoom(
      context,
      room,
      `${target.name} was muted by ${context.person.name}`,
    );
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
    tellRoom(context, room, `${called} may speak again`);
    context.done(`${called} may speak again in ${room.name}`);
  },
};

/** Anybody makes rooms, and such lists: while there is no space, those are an administrator's. */
function putOn(
  list: "ban" | "mute",
  { roles, core, person }: CommandContext,
  room: Room,
  target: Somebody,
): void {
  if (!roles.isAdmin(person.key)) core.rooms.demandSpace();
  roles.lists.put(list, room, target);
}

function kickOut(
  context: CommandContext,
  room: Room,
  person: Person,
  notice: string,
  why: string,
): void {
  const { membership, roles } = context;
  if (person.key !== undefined) {
    // An invitation ends with it; an operator who is thrown out is none any more.
    roles.lists.uninvite(person.key, room);
    roles.removeOperator(room, person.key);
  }
  membership.remove(
    person,
    room,
    withWhy(notice, why),
  );
}

function withWhy(notice: string, why: string): string {
  return why === "" ? notice : `${notice}: ${why.replace(/\s+/g, " ")}`;
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
