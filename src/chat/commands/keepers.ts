/**
 * What the commands of those who keep a room have in common: what they may do to whom is in
 * `roles.ts`.
 */
import { ProtocolError } from "../../base/errors.ts";
import { COST_CHAT } from "../../base/limits.ts";
import type { Somebody } from "../core.ts";
import type { Room } from "../state.ts";
import { type CommandContext, needRoom } from "./command.ts";

export const byOperators = {
  aliases: [],
  cost: COST_CHAT,
  who: "operators",
} as const;

/** The room and the person of a command that an operator may use on those below. */
export function underOperator(
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
