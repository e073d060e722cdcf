/** `/ops`, `/bans` and `/mutes`: who keeps a room, and whom they keep out or silent. */
import { COST_LIST, TEXT_MAX_CODE_POINTS } from "../../base/limits.ts";
import { minuteText } from "../../base/time.ts";
import type { ShownSanction } from "../room_lists.ts";
import { LOBBY } from "../rooms.ts";
import { becauseOf } from "../server_bans.ts";
import { type Command, type CommandContext, needRoom } from "./command.ts";
import { byOperators } from "./keepers.ts";

/** What says how many are not shown has its place behind the others. */
const REST_CODE_POINTS = 40;

export const OPS: Command = {
  name: "ops",
  aliases: [],
  args: "",
  text: "list who keeps the room you are in",
  cost: COST_LIST,
  isDear: true,
  run(context) {
    const { roles, core, person: asker } = context;
    const room = needRoom(context);
    if (room.key === LOBBY) {
      const text = `${LOBBY} is kept by the administrators of the server`;
      return context.answer({ type: "notice", text });
    }
    const { creator, operators = [] } = roles.recordOf(room);
    const keys = [...new Set([...creator ? [creator] : [], ...operators])];
    const all = keys.map((key) => {
      const name = core.people.get(key)?.name ??
        core.records.get("person", key)?.name ?? key;
      const isHere = core.people.get(key)?.isReachable === true;
      const rank = key === creator ? "creator" : "operator";
      const text = `${name}, ${rank}${isHere ? "" : ", not here"}`;
      return { isHere, text };
    });
    const here = all.filter(({ isHere }) => isHere);
    // Who is not here is told to those with keys: names that are held are not for others.
    const isTold = asker.key !== undefined;
    const absent = isTold ? all.filter(({ isHere }) => !isHere) : [];
    const rows = [...here, ...absent].map(({ text }) => text);
    const others = isTold ? "more" : "not here";
    answerList(context, `who keeps ${room.name}`, rows, all.length, others);
  },
};

export const BANS: Command = {
  ...byOperators,
  name: "bans",
  args: "",
  text: "list who is banned from the room you are in, by whom and why",
  cost: COST_LIST,
  isDear: true,
  run: (context) => answerSanctions(context, "ban"),
};

export const MUTES: Command = {
  ...byOperators,
  name: "mutes",
  args: "",
  text: "list who is muted in the room you are in, and by whom",
  cost: COST_LIST,
  isDear: true,
  run: (context) => answerSanctions(context, "mute"),
};

function answerSanctions(
  context: CommandContext,
  kind: "ban" | "mute",
): void {
  const { roles, person } = context;
  const room = needRoom(context);
  roles.demand(person, room, "operator");
  const { rows, count } = roles.lists.shown(kind, room);
  const title = kind === "ban"
    ? `banned from ${room.name}`
    : `muted in ${room.name}`;
  answerList(context, title, rows.map(rowOf), count);
}

function rowOf({ name, isGuest, by, at, until, why }: ShownSanction): string {
  const who = isGuest ? `${name}, a guest` : name;
  const whose = by === undefined ? "" : `, by ${by}`;
  const when = at === undefined ? "" : `, ${minuteText(at)}`;
  const end = until === undefined ? "" : `, until ${minuteText(until)}`;
  return `${who}${whose}${when}${end}${becauseOf(why)}`;
}

/** Lines under a title: as many as a text holds; how many there are besides is said. */
function answerList(
  context: CommandContext,
  title: string,
  rows: readonly string[],
  count: number,
  others = "more",
): void {
  const lines = [`${title}:`];
  let left = TEXT_MAX_CODE_POINTS - REST_CODE_POINTS - [...lines[0]!].length;
  for (const row of rows) {
    left -= [...row].length + 1;
    if (left < 0) break;
    lines.push(row);
  }
  const rest = count - (lines.length - 1);
  const and = lines.length === 1 ? "" : "and ";
  if (rest > 0) lines.push(`${and}${rest} ${others}`);
  const text = count === 0 ? `${title}: nobody` : lines.join("\n");
  context.answer({ type: "notice", text });
}
