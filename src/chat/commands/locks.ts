/** Commands that close a room to all but some. */
import { ProtocolError } from "../../base/errors.ts";
import { COST_LOCK, LOCKED_IN_PEOPLE } from "../../base/limits.ts";
import { type Command, needRoom, oneWord } from "./command.ts";
import { byOperators, countListed, needKey, tellRoom } from "./keepers.ts";

export const LOCK: Command = {
  ...byOperators,
  cost: COST_LOCK,
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
    if (keys.length > LOCKED_IN_PEOPLE) {
      throw new ProtocolError(
        "limit-reached",
        `a room with more than ${LOCKED_IN_PEOPLE} people in it cannot be locked`,
      );
    }
    for (const key of keys) roles.lists.invite(key, room);
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
    context.roles.lists.uninviteAll(room);
    context.roles.change(room, { locked: false });
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
    countListed(context);
    roles.lists.invite(key, room);
    const text =
      `${context.person.name} invites you to ${room.name}: /join ${room.name}`;
    if (
      target.person !== undefined && !core.isBlocked(context.person, target)
    ) {
      core.tell(target.person.connections, { type: "notice", text });
    }
    context.done(`${target.name} is invited to ${room.name}`);
  },
};
