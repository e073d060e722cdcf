/** Commands by which the creator of a room makes operators, and unmakes them. */
import { ProtocolError } from "../../base/errors.ts";
import { COST_CHAT } from "../../base/limits.ts";
import type { Somebody } from "../core.ts";
import { LOBBY } from "../rooms.ts";
import type { Room } from "../state.ts";
import {
  type Command,
  type CommandContext,
  needRoom,
  oneWord,
} from "./command.ts";
import { needKey, reachOf, tellDeed } from "./keepers.ts";

const byCreator = { aliases: [], cost: COST_CHAT, who: "the creator" } as const;

export const OP: Command = {
  ...byCreator,
  name: "op",
  args: "NAME",
  text: "make somebody an operator of the room you are in",
  run(context, args) {
    const { room, target, key } = underCreator(context, args, "/op NAME");
    const { roles, person: { name: by } } = context;
    if (roles.rankOf(key, room.key) === "operator") {
      return context.done(
        `${target.name} is an operator of ${room.name} already`,
      );
    }
    roles.addOperator(room, key);
    tellDeed(context, room, {
      toRoom: `${by} made ${target.name} an operator of ${room.name}`,
      toTarget: `${by} made you an operator of ${room.name}`,
    }, reachOf(context, room, target));
    context.done(`${target.name} is an operator of ${room.name} now`);
  },
};

export const DEOP: Command = {
  ...byCreator,
  name: "deop",
  args: "NAME",
  text: "make an operator an ordinary member again",
  run(context, args) {
    const { room, target, key } = underCreator(context, args, "/deop NAME");
    const { roles, person: { name: by } } = context;
    const reach = reachOf(context, room, target);
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
    tellDeed(context, room, {
      toRoom:
        `${by} made ${target.name} an ordinary member of ${room.name} again`,
      toTarget: `${by} made you an ordinary member of ${room.name} again`,
    }, reach);
    context.done(`${target.name} is no operator of ${room.name} any more`);
  },
};

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
