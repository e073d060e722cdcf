/** Commands of talking: privately, of oneself, and about what was said and who is there. */
import { ProtocolError } from "../../base/errors.ts";
import { given } from "../../base/given.ts";
import {
  AWAY_MAX_CODE_POINTS,
  COST_AWAY,
  COST_CHAT,
  COST_HISTORY,
  HISTORY_PAGE_MESSAGES,
  JOIN_REPLAY_MESSAGES,
} from "../../base/limits.ts";
import {
  type Command,
  type CommandContext,
  firstWord,
  needRoom,
  needText,
  oneWord,
} from "./command.ts";
import { keptAway, setAway } from "../away.ts";
import type { Somebody } from "../core.ts";
import type { Room } from "../state.ts";
import type { ServerMessage } from "../../wire/server.ts";

export const MSG: Command = {
  name: "msg",
  aliases: ["tell", "query"],
  args: "NAME TEXT",
  text: "say something to one person only",
  cost: COST_CHAT,
  run({ connection, conversations, id }, args) {
    const [name, txt] = firstWord(args);
    const body = needText(txt, "/msg NAME TEXT");
    const draft = { kind: "text", body, id };
    conversations.sayTo(connection, name, draft, "presence");
  },
};

export const ME: Command = {
  name: "me",
  aliases: [],
  args: "TEXT",
  text: "say what you are doing",
  cost: COST_CHAT,
  run(context, args) {
    const { connection, conversations, id } = context;
    conversations.say(connection, needRoom(context), {
      kind: "action",
      body: needText(args, "/me TEXT"),
      id,
    });
  },
};

export const AWAY: Command = {
  name: "away",
  aliases: [],
  args: "[TEXT]",
  text: "say that you are away, and why; /away alone says that you are back",
  cost: COST_AWAY,
  run(context, args) {
    const { person, membership, core, connection } = context;
    const text = [...args.replace(/\s+/g, " ")].slice(0, AWAY_MAX_CODE_POINTS)
      .join("");
    if (text !== "") context.roles.requireUnmutedEverywhere(context.connection);
    const was = person.away ?? "";
    setAway(core, person, text === "" ? undefined : text);
    for (const room of text === was ? [] : person.rooms) {
      membership.tellUsers(room, connection);
    }
    context.done(
      text === "" ? "you are back" : `you are away: ${text}`,
      "passing",
    );
  },
};

export const WHOIS: Command = {
  name: "whois",
  aliases: [],
  args: "NAME",
  text:
    "show who somebody is: the fingerprint, the rooms, since when or last seen",
  cost: COST_CHAT,
  isDear: true,
  run(context, args) {
    const { core, roles, connection, room } = context;
    const found = core.needPerson(oneWord(args, "/whois NAME"));
    const { person } = found;
    const rank = room === undefined
      ? undefined
      : roles.rankOf(found.key, room.key);
    const role = rank === "member" ? undefined : rank;
    if (person?.name === undefined) {
      return context.answer({
        ...lastSight(context, found),
        ...given({ role }),
      });
    }
    // One sees only rooms that one may read, and of locked ones only those where one is.
    const rooms = [...person.rooms].filter((room) => {
      return roles.mayRead(connection, room.key) &&
        (!roles.isLocked(room) || room.isHeardBy(connection));
    });
    context.answer({
      type: "whois",
      ...person.identity,
      rooms: rooms.map((room) => room.name),
      since: person.since,
      idleMs: Math.max(0, Math.round(core.now.wall - person.activeAt)),
      ...given({ away: person.away, role }),
    });
  },
};

/**
 * Somebody who is not here, for those with a key of their own whom it has not blocked.
 *
 * @throws {ProtocolError} `no-such-person` for others.
 */
function lastSight(
  { core, person: asker }: CommandContext,
  found: Somebody,
): ServerMessage {
  const { key, name } = found;
  const isTold = asker.key !== undefined && !core.isBlocked(asker, found);
  if (key === undefined || !isTold) {
    throw new ProtocolError("no-such-person", `${name} is not here`);
  }
  const seen = core.seenAt(key);
  const idleMs = Math.max(0, core.now.wall - seen);
  const away = keptAway(core, key);
  const sight = { since: seen, idleMs, seen, ...given({ away }) };
  return { type: "whois", name, key, rooms: [], ...sight };
}

export const HISTORY: Command = {
  name: "history",
  aliases: [],
  args: "[N]",
  text:
    `show the last messages of the room you are in, at most ${HISTORY_PAGE_MESSAGES}`,
  cost: COST_HISTORY,
  isRequest: true,
  isDear: true,
  run(context, args) {
    const room = readableRoom(context);
    const limit = args === ""
      ? JOIN_REPLAY_MESSAGES
      : /^\d{1,3}$/.test(args)
      ? Number(args)
      : 0;
    if (limit < 1 || limit > HISTORY_PAGE_MESSAGES) {
      throw new ProtocolError(
        "bad-arguments",
        `usage: /history N, from 1 to ${HISTORY_PAGE_MESSAGES}`,
      );
    }
    const { connection, person, id } = context;
    const page = {
      room: room.key,
      name: room.name,
      limit,
      ...given({ id }),
    };
    context.core.effects.push({
      kind: "page",
      to: connection.id,
      person: person.id,
      page,
    });
  },
};

/** @throws {ProtocolError} `no-room`, `banned` or `room-locked`. */
function readableRoom(context: CommandContext): Room {
  const room = needRoom(context);
  const refusal = context.roles.readRefusal(context.connection, room.key);
  if (refusal !== undefined) throw refusal;
  return room;
}
