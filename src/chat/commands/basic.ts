/** Commands of names and rooms, which everyone may use. */
import {
  COST_CHAT,
  COST_JOIN,
  COST_LIST,
  COST_NAME,
  EMPTY_ROOMS_LISTED,
  EMPTY_ROOMS_LOOKED,
  FRAME_MAX_BYTES,
  ROOMS_LISTED_ANEW,
  ROOMS_LISTED_KEPT_MS,
} from "../../base/limits.ts";
import { given } from "../../base/given.ts";
import type { ServerMessage } from "../../wire/server.ts";
import {
  type Command,
  type CommandContext,
  needRoom,
  oneWord,
} from "./command.ts";
import type { RoomsListed } from "../core.ts";
import type { Connection } from "../state.ts";
import { fitFrame } from "../../wire/frame_list.ts";
import { bareRoom } from "../../wire/slash.ts";

export const NAME: Command = {
  name: "name",
  aliases: ["nick"],
  args: "NAME",
  text: "set or change your name",
  cost: COST_NAME,
  isRequest: true,
  run(context, args) {
    rename(context, oneWord(args, "/name NAME"));
    context.done(`you are ${context.person.name}`);
  },
};

export const LIST: Command = {
  name: "list",
  aliases: ["rooms"],
  args: "",
  text: "list the rooms, those without people last",
  cost: COST_LIST,
  isDear: true,
  run(context) {
    const { roomList, now: { monotonic: at }, rooms, undo } = context.core;
    const { last } = roomList;
    const isKept = last !== undefined && rooms.size > ROOMS_LISTED_ANEW &&
      last.at + ROOMS_LISTED_KEPT_MS > at;
    const list = isKept ? last.rooms : listRooms(context);
    if (!isKept) undo.assign(roomList, "last", { at, rooms: list });
    const all = fitFrame([...list, ...emptyRooms(context)]);
    context.answer({ type: "rooms", rooms: all });
  },
};

export const JOIN: Command = {
  name: "join",
  aliases: [],
  args: "ROOM",
  text:
    "go to a room, leaving the one you are in; /join +ROOM enters it without leaving",
  cost: COST_JOIN,
  isRequest: true,
  isDear: true,
  run(context, args) {
    const { connection, membership } = context;
    const word = oneWord(args, "/join ROOM");
    const stays = word.startsWith("+");
    const from = stays ? undefined : context.room;
    const room = membership.enter(
      connection,
      bareRoom(oneWord(stays ? word.slice(1) : word, "/join +ROOM")),
      { goes: { from } },
    );
    if (from !== undefined && from !== room) {
      membership.exit(connection, from, "left");
    }
    context.done(`you are in ${room.name}`, "passing");
  },
};

export const USERS: Command = {
  name: "users",
  aliases: ["who"],
  args: "",
  text: "list the people in the room you are in",
  cost: COST_LIST,
  isDear: true,
  run: (context) =>
    context.answer(context.membership.users(needRoom(context), Infinity)),
};

export const LEAVE: Command = {
  name: "leave",
  aliases: ["part"],
  args: "",
  text: "leave the room you are in",
  cost: COST_CHAT,
  run(context) {
    const room = needRoom(context);
    context.membership.exit(context.connection, room, "left");
    const now = context.connection.current;
    context.done(
      `you left ${room.name}${
        now === undefined
          ? " and are in no room now"
          : `; you are in ${now.name}`
      }`,
      "passing",
    );
  },
};

export const CLOSE: Command = {
  name: "close",
  aliases: ["quit", "exit"],
  args: "",
  text: "say goodbye and end the connection",
  cost: COST_CHAT,
  run: (context) => context.close(),
};

/** The fullest first, as many as a frame holds: there may be very many more. */
function listRooms({ core, roles }: CommandContext): RoomsListed {
  const rooms: RoomsListed[number][] = [];
  let chars = 0;
  for (const room of core.rooms.fullest()) {
    if (roles.isLocked(room)) continue;
    const topic = roles.topicOf(room)?.text;
    const { name, people: { size: people } } = room;
    const listed = { name, people, ...given({ topic }) };
    rooms.push(listed);
    chars += JSON.stringify(listed).length;
    if (chars > FRAME_MAX_BYTES) break;
  }
  return fitFrame(rooms);
}

/** Those that one may enter, the most recently used first: of very many just these. */
function emptyRooms(
  { core, roles, connection }: CommandContext,
): RoomsListed {
  return core.rooms.emptyKeys(EMPTY_ROOMS_LOOKED).filter((key) => {
    const isLocked = core.rooms.recordOf(key)?.locked === true;
    return !isLocked && roles.mayRead(connection, key);
  }).take(EMPTY_ROOMS_LISTED).map((key) => {
    const topic = core.rooms.recordOf(key)?.topic?.text;
    const name = core.rooms.writtenName(key);
    return { name, people: 0, ...given({ topic }) };
  }).toArray();
}

function rename(
  { core, roles, connection, person }: CommandContext,
  name: string,
): void {
  const from = person.name!;
  if (from === name) return;
  roles.requireUnmutedEverywhere(connection);
  core.people.rename(person, name, core.now.wall);
  const hearers = new Set<Connection>(person.connections);
  for (const room of person.rooms) {
    for (const one of core.hearers(room)) hearers.add(one);
  }
  const message: ServerMessage = {
    type: "renamed",
    from,
    name: person.name!,
    at: core.now.wall,
  };
  // One must know one's own name, also when behind; others are told when they have caught up.
  for (const own of person.connections) {
    hearers.delete(own);
    if (own.isReady) core.answer(own, message);
  }
  core.tell(hearers, message);
  const text = core.people.strangerNotice(person, core.now.wall);
  if (text !== undefined) core.tell(hearers, { type: "notice", text });
  const connections = Array.from(person.connections, ({ id }) => id);
  core.effects.push({ kind: "named", connections, name: person.name! });
}
