/**
 * What the commands of those who keep a room have in common: what they may do to whom is in
 * `roles.ts`.
 */
import { ProtocolError } from "../../base/errors.ts";
import { COST_CHAT } from "../../base/limits.ts";
import type { Somebody } from "../core.ts";
import type { Connection, Room } from "../state.ts";
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

/** Everyone in the room hears what was done, but for who did it and those who hear it otherwise. */
export function tellRoom(
  { core, connection }: CommandContext,
  room: Room,
  text: string,
  told: readonly Connection[] = [],
): void {
  const others = core.hearers(room).filter((one) =>
    one !== connection && !told.includes(one)
  );
  core.tell(others, { type: "notice", text });
}

/** What was done to somebody in a room: for the others there, and for that person. */
export interface Deed {
  readonly toRoom: string;
  readonly toTarget: string;
}

/** The room hears what was done, and to whom it was done on every device; each hears it once. */
export function tellDeed(
  context: CommandContext,
  room: Room,
  { toRoom, toTarget }: Deed,
  target: readonly Connection[],
): void {
  tellRoom(context, room, toRoom, target);
  const others = target.filter((one) => one !== context.connection);
  context.core.tell(others, { type: "notice", text: toTarget });
}

/**
 * The connections of somebody that may hear what is done to it in a room. Who is not there learns
 * nothing of a room that it may not read, nor from somebody whom it has blocked.
 */
export function reachOf(
  { core, roles, person }: CommandContext,
  room: Room,
  target: Somebody,
): Connection[] {
  const connections = [...target.person?.connections ?? []];
  const isThere = target.person !== undefined &&
    room.people.has(target.person);
  if (isThere) return connections;
  if (core.isBlocked(person, target)) return [];
  return connections.filter((one) => roles.mayRead(one, room.key));
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
