/** Commands that close a room to all but some. */
import { ProtocolError } from "../../base/errors.ts";
import { COST_LOCK, LOCKED_IN_PEOPLE } from "../../base/limits.ts";
import { type Command, needRoom, oneWord } from "./command.ts";
import {
  byOperators,
  countListed,
  needKey,
  reachOf,
  tellDeed,
  tellRoom,
} from "./keepers.ts";

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
    const by = context.person.name!;
    for (const person of people.filter(({ key }) => key === undefined)) {
      membership.remove(
        person,
        room,
        { by, why: `${room.name} is locked` },
        `${by} locked ${room.name}: only people with keys may stay`,
      );
    }
    tellRoom(
      context,
      room,
      `${by} locked ${room.name}: only those here and whom operators invite may enter`,
    );
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
    const { roles, person } = context;
    roles.demand(person, room, "operator");
    const wasLocked = roles.isLocked(room);
    roles.lists.uninviteAll(room);
    roles.change(room, { locked: false });
    if (wasLocked) {
      const text = `${person.name} unlocked ${room.name}: everyone may enter`;
      tellRoom(context, room, text);
    }
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
    const { person: { name: by } } = context;
    const { name, person } = target;
    if (person !== undefined && room.people.has(person)) {
      return context.done(`${name} is in ${room.name} already`);
    }
    const deed = {
      toRoom: `${by} invited ${name} to ${room.name}`,
      toTarget: `${by} invites you to ${room.name}: /join ${room.name}`,
    };
    const reach = reachOf(context, room, target);
    // An open room takes everybody: who is invited there concerns nobody else.
    if (roles.isLocked(room)) tellDeed(context, room, deed, reach);
    else core.tell(reach, { type: "notice", text: deed.toTarget });
    const rest = roles.lists.of("ban", room.key).find(key) !== undefined
      ? `, but is banned from it: /unban ${name}`
      : person?.isReachable
      ? ""
      : `, but is not here: /msg ${name} can say so`;
    context.done(`${name} is invited to ${room.name}${rest}`);
  },
};
