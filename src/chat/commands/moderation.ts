/** Commands of those who keep a room: what they may do to whom is in `roles.ts`. */
import { ProtocolError } from "../../base/errors.ts";
import { COST_CHAT, TOPIC_MAX_CODE_POINTS } from "../../base/limits.ts";
import {
  type Command,
  type CommandContext,
  firstWord,
  needRoom,
  oneWord,
} from "./command.ts";
import type { Somebody } from "../core.ts";
import { LOBBY } from "../rooms.ts";
import { addressesOf } from "../sanctions.ts";
import type { Person, Room } from "../state.ts";

/** The room and the person of a command that an operator may use on those below. */
function underOperator(
  context: CommandContext,
  name: string,
): { room: Room; target: Somebody } {
  const room = needRoom(context);
  context.roles.demand(context.person, room, "operator");
  const target = context.core.needPerson(name);
  context.roles.demandOver(context.person, target.key, room);
  return { room, target };
}

/**
 * Somebody is to be put on a list of a room, where they stay.
 *
 * @throws {ProtocolError} `limit-reached` when that was done too often today.
 */
export function countListed(
  { core, roles, person, connection: { peer } }: CommandContext,
): void {
  if (peer.isLocal || roles.isAdmin(person.key)) return;
  if (core.listed.take(peer.address, core.now.wall)) return;
  throw new ProtocolError(
    "limit-reached",
    "too many were banned, muted or invited from your address today: go on tomorrow",
  );
}

/** Everyone in the room hears what was done. */
export function tellRoom(
  { core, person }: CommandContext,
  room: Room,
  text: string,
): void {
  const others = core.hearers(room).filter((one) => one.person !== person);
  core.tell(others, { type: "notice", text: `${text} in ${room.name}` });
}

export const byOperators = {
  aliases: [],
  cost: COST_CHAT,
  who: "operators",
} as const;
const byCreator = { aliases: [], cost: COST_CHAT, who: "the creator" } as const;

export const TOPIC: Command = {
  name: "topic",
  aliases: [],
  args: "[TEXT]",
  text: "show the topic of the room you are in; operators set it",
  cost: COST_CHAT,
  run(context, args) {
    const { roles, core, person } = context;
    const room = needRoom(context);
    const topic = roles.topicOf(room);
    if (args === "") {
      if (topic === undefined) {
        return context.answer({
          type: "notice",
          text: `${room.name} has no topic`,
        });
      }
      return context.answer({
        type: "notice",
        text: `the topic of ${room.name} is: ${topic.text} (${topic.by})`,
      });
    }
    roles.demand(person, room, "operator");
    roles.requireUnmuted(context.connection, room);
    const text = args.replace(/\s+/g, " ");
    const length = [...text].length;
    if (length > TOPIC_MAX_CODE_POINTS) {
      throw new ProtocolError(
        "bad-arguments",
        `a topic has ${length} characters, at most ${TOPIC_MAX_CODE_POINTS} are allowed`,
      );
    }
    const changed = { text, by: person.name!, at: core.now.wall };
    roles.change(room, { topic: changed });
    core.announce(room, { type: "topic", room: room.name, ...changed });
    context.done("the topic is set");
  },
};

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
    context.roles.lists.put("ban", room, target);
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
    const key = name.startsWith("SHA256:") ? name : core.findPerson(name)?.key;
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
    context.roles.lists.put("mute", room, target);
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

export const OP: Command = {
  ...byCreator,
  name: "op",
  args: "NAME",
  text: "make somebody an operator of the room you are in",
  run(context, args) {
    const { room, target, key } = underCreator(context, args, "/op NAME");
    context.roles.addOperator(room, key);
    tellRoom(context, room, `${target.name} is an operator now`);
    context.done(`${target.name} is an operator of ${room.name}`);
  },
};

export const DEOP: Command = {
  ...byCreator,
  name: "deop",
  args: "NAME",
  text: "make an operator an ordinary member again",
  run(context, args) {
    const { room, target, key } = underCreator(context, args, "/deop NAME");
    const { roles } = context;
    if (!roles.removeOperator(room, key)) {
      throw new ProtocolError(
        "no-such-person",
        `${target.name} is no operator of ${room.name}`,
      );
    }
    const isThere = target.person !== undefined &&
      room.people.has(target.person);
    // Who is in a locked room stays, though it was the rank that let it in.
    if (isThere && roles.isLocked(room)) roles.lists.invite(key, room);
    tellRoom(context, room, `${target.name} is no operator any more`);
    context.done(`${target.name} is no operator of ${room.name} any more`);
  },
};

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

function underCreator(
  context: CommandContext,
  args: string,
  usage: string,
): { room: Room; target: Somebody; key: string } {
  const room = needRoom(context);
  context.roles.demand(context.person, room, "creator");
  const target = context.core.needPerson(oneWord(args, usage));
  if (room.key === LOBBY) {
    throw new ProtocolError(
      "not-allowed",
      "the lobby has administrators only, no operators",
    );
  }
  const key = needKey(target);
  context.roles.demandOver(context.person, key, room);
  return { room, target, key };
}

/** @throws {ProtocolError} `not-allowed` for a guest. */
export function needKey({ key, name }: Somebody): string {
  if (key === undefined) {
    throw new ProtocolError(
      "not-allowed",
      `${name} is a guest: only people with keys can have this`,
    );
  }
  return key;
}
