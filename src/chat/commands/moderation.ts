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

/** Everyone in the room hears what was done. */
function tellRoom(
  { core, person }: CommandContext,
  room: Room,
  text: string,
): void {
  const others = core.hearers(room).filter((one) => one.person !== person);
  core.tell(others, { type: "notice", text: `${text} in ${room.name}` });
}

const byOperators = { aliases: [], cost: COST_CHAT, who: "operators" } as const;
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
    context.roles.ban(room, target.name, target.key, target.person);
    const notice =
      `you were banned from ${room.name} by ${context.person.name}`;
    if (target.person !== undefined) {
      kickOut(context, room, target.person, notice, why);
    }
    // With a guest its address was banned: others who are there from it leave, too.
    for (const person of [...room.people.keys()]) {
      if (!mayStay(context, room, person)) {
        kickOut(context, room, person, notice, why);
      }
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
    context.roles.demand(context.person, room, "operator");
    const name = oneWord(args, "/unban NAME");
    if (!context.roles.unban(room, name, context.core.findPerson(name)?.key)) {
      throw new ProtocolError(
        "no-such-person",
        `${name} is not banned from ${room.name}`,
      );
    }
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
    const { roles } = context;
    const { name, key, person } = target;
    if (key === undefined) roles.muteGuest(person!, room, "add");
    else roles.enlist(room, "muted", { name, key });
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
    const { roles } = context;
    const { room, target } = underOperator(
      context,
      oneWord(args, "/unmute NAME"),
    );
    const wasMuted = target.key === undefined
      ? roles.muteGuest(target.person!, room, "delete")
      : roles.delist(room, "muted", ({ key }) => key === target.key);
    if (!wasMuted) {
      throw new ProtocolError(
        "no-such-person",
        `${target.name} is not muted in ${room.name}`,
      );
    }
    tellRoom(context, room, `${target.name} may speak again`);
    context.done(`${target.name} may speak again in ${room.name}`);
  },
};

export const OP: Command = {
  ...byCreator,
  name: "op",
  args: "NAME",
  text: "make somebody an operator of the room you are in",
  run(context, args) {
    const { room, target, key } = underCreator(context, args, "/op NAME");
    context.roles.enlist(room, "operators", key);
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
    if (!roles.delist(room, "operators", (one) => one === key)) {
      throw new ProtocolError(
        "no-such-person",
        `${target.name} is no operator of ${room.name}`,
      );
    }
    const isThere = target.person !== undefined &&
      room.people.has(target.person);
    // Who is in a locked room stays, though it was the rank that let it in.
    if (isThere && roles.isLocked(room)) roles.enlist(room, "invited", key);
    tellRoom(context, room, `${target.name} is no operator any more`);
    context.done(`${target.name} is no operator of ${room.name} any more`);
  },
};

export const LOCK: Command = {
  ...byOperators,
  name: "lock",
  args: "",
  text:
    "keep the room you are in to those who are in it and those who are invited; guests must leave",
  run(context) {
    const { roles, membership } = context;
    const room = needRoom(context);
    roles.demand(context.person, room, "operator");
    const people = [...room.people.keys()];
    const keys = people.map(({ key }) => key).filter((key) =>
      key !== undefined
    );
    roles.enlist(room, "invited", ...keys);
    roles.change(room, { locked: true });
    for (const person of people.filter(({ key }) => key === undefined)) {
      membership.remove(
        person,
        room,
        `${room.name} was locked: only people with keys can be invited`,
      );
    }
    tellRoom(context, room, `the room was locked by ${context.person.name}`);
    context.done(`${room.name} is locked: /invite NAME lets others in`);
  },
};

export const UNLOCK: Command = {
  ...byOperators,
  name: "unlock",
  args: "",
  text: "open a locked room to everyone",
  run(context) {
    const room = needRoom(context);
    context.roles.demand(context.person, room, "operator");
    context.roles.change(room, { locked: false, invited: [] });
    tellRoom(context, room, `the room was unlocked by ${context.person.name}`);
    context.done(`${room.name} is open to everyone`);
  },
};

export const INVITE: Command = {
  ...byOperators,
  name: "invite",
  args: "NAME",
  text: "let somebody into the locked room you are in",
  run(context, args) {
    const { roles, core } = context;
    const room = needRoom(context);
    roles.demand(context.person, room, "operator");
    const target = core.needPerson(oneWord(args, "/invite NAME"));
    const key = needKey(target);
    roles.enlist(room, "invited", key);
    const text =
      `${context.person.name} invites you to ${room.name}: /join ${room.name}`;
    if (target.person !== undefined) {
      core.tell(target.person.connections, { type: "notice", text });
    }
    context.done(`${target.name} is invited to ${room.name}`);
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
    roles.delist(room, "invited", (key) => key === person.key);
    roles.delist(room, "operators", (key) => key === person.key);
  }
  membership.remove(
    person,
    room,
    why === "" ? notice : `${notice}: ${why.replace(/\s+/g, " ")}`,
  );
}

/** Whether somebody who is in a room may read it. */
function mayStay({ roles }: CommandContext, room: Room, person: Person) {
  return person.connections.values().every((connection) =>
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

function needKey({ key, name }: Somebody): string {
  if (key === undefined) {
    throw new ProtocolError(
      "not-allowed",
      `${name} is a guest: only people with keys can have this`,
    );
  }
  return key;
}
