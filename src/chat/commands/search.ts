/** The command that finds what was said: in a room, in a conversation, or in all that one may read. */
import { ProtocolError } from "../../base/errors.ts";
import { given } from "../../base/given.ts";
import {
  COST_SEARCH,
  SEARCH_RESULTS,
  SEARCH_ROOMS,
  SEARCH_ROOMS_ASKED,
  SEARCH_ROOMS_FULLEST,
  SEARCH_WORDS,
} from "../../base/limits.ts";
import { bareRoom } from "../../wire/slash.ts";
import type { SearchRequest } from "../effects.ts";
import { type ReadablePlace, readablePlace } from "../readable.ts";
import {
  type Command,
  type CommandContext,
  firstWord,
  needRoom,
  needText,
} from "./command.ts";

const USAGE = "/search [in:ROOM] [before:SEQ] WORDS, or in:all";
/** What stands behind `in:` for all that one may read. */
const ALL = "all";
/** The name of all of that, which no room has. */
const ALL_NAME = "*";
const IN = "in:";

/** What is asked for, as typed. */
interface Asked {
  /** A room, `@name` or `all`. */
  readonly where?: string;
  readonly before?: { readonly room?: string; readonly seq: number };
  readonly query: string;
}

export const SEARCH: Command = {
  name: "search",
  aliases: ["find"],
  args: "[in:ROOM] WORDS",
  text:
    "find messages that hold all the words: in the room you are in, in:ROOM, in:@NAME or in:all",
  cost: COST_SEARCH,
  isRequest: true,
  isDear: true,
  run(context, args) {
    const { connection, person, core, id } = context;
    const { where, before, query } = askedOf(args);
    const words = needText(query, USAGE).split(/\s+/);
    if (words.length > SEARCH_WORDS) {
      throw new ProtocolError(
        "bad-arguments",
        `a search has ${words.length} words, at most ${SEARCH_WORDS} are allowed`,
      );
    }
    const search: SearchRequest = {
      ...(where === ALL
        ? placesOf(context, before?.room)
        : placeOf(context, where)),
      query: words.join(" "),
      words,
      limit: SEARCH_RESULTS,
      ...given({ where, before: before?.seq, id }),
    };
    core.effects.push({
      kind: "search",
      to: connection.id,
      person: person.id,
      search,
    });
  },
};

/** Splits off where is searched, and before what, if the first words say so. */
function askedOf(args: string): Asked {
  const [first, rest] = firstWord(args);
  const where = first.startsWith(IN) ? bareRoom(first.slice(IN.length)) : "";
  const query = where === "" ? args : rest;
  const [word, words] = firstWord(query);
  const [, room, digits] = /^before:(?:(\S+):)?(\d{1,15})$/.exec(word) ?? [];
  const isMeant = digits !== undefined &&
    (where === ALL) === (room !== undefined);
  const before = isMeant
    ? { seq: Number(digits), ...given({ room }) }
    : undefined;
  return {
    query: isMeant ? words : query,
    ...given({ before }),
    ...(where === "" ? {} : { where }),
  };
}

type Place = Pick<SearchRequest, "room" | "name">;

/** The one place that is meant. */
function placeOf(context: CommandContext, where: string | undefined): Place {
  const name = where ?? needRoom(context).name;
  const place = readablePlace(context, context.connection, name);
  return { room: place.key, name: place.name };
}

/**
 * All that somebody may read, as far as a search goes: the rooms where one is, those with the most
 * people, others; and the conversations that are heard on the connection. Each is asked about
 * before anything of it is looked at.
 */
function placesOf(
  context: CommandContext,
  before: string | undefined,
): Place & Pick<SearchRequest, "places" | "beforeRoom"> {
  const { connection, roles } = context;
  const places = new Map<string, string>();
  let beforeRoom: string | undefined;
  if (before !== undefined) {
    const place = readablePlace(context, connection, before);
    beforeRoom = place.key;
    places.set(place.key, place.name);
  }
  let asked = 0;
  for (const { key, name } of candidates(context)) {
    if (places.has(key)) continue;
    if (places.size === SEARCH_ROOMS || ++asked > SEARCH_ROOMS_ASKED) break;
    const isConversation = connection.conversations.has(key);
    if (isConversation || roles.mayRead(connection, key)) places.set(key, name);
  }
  return { room: ALL_NAME, name: ALL_NAME, places, ...given({ beforeRoom }) };
}

/** Guests have the rooms where they are. */
function* candidates(
  { person, connection, conversations, core }: CommandContext,
): Generator<ReadablePlace> {
  yield* person.rooms;
  if (person.key === undefined) return;
  for (const key of connection.conversations) {
    yield { key, name: conversations.nameOf(key, person.key) };
  }
  const { rooms } = core;
  // Anybody can sit in many rooms where nothing was ever said: they must not stand for others.
  yield* rooms.fullest().take(SEARCH_ROOMS_FULLEST)
    .filter(({ key }) => rooms.headOf(key) > 0);
  for (const key of rooms.recentKeys(SEARCH_ROOMS_ASKED)) {
    yield { key, name: rooms.writtenName(key) };
  }
}
