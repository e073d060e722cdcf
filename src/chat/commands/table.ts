/** The table of commands; `/help` is made from it. */
import { ProtocolError } from "../../base/errors.ts";
import { COST_CHAT } from "../../base/limits.ts";
import { nearest } from "../../base/nearest.ts";
import type { HelpRow } from "../../wire/server.ts";
import type { Command } from "./command.ts";
import { CLOSE, JOIN, LEAVE, LIST, NAME, USERS } from "./basic.ts";
import { BLOCK, UNBLOCK } from "./blocks.ts";
import { INVITE, LOCK, UNLOCK } from "./locks.ts";
import { DELETE } from "./deletion.ts";
import { BANS, MUTES, OPS } from "./listings.ts";
import { BAN, KICK, MUTE, UNBAN, UNMUTE } from "./moderation.ts";
import { DEOP, OP } from "./ranks.ts";
import { SEARCH } from "./search.ts";
import { SERVER } from "./server.ts";
import { AWAY, HISTORY, ME, MSG, WHOIS } from "./talk.ts";
import { TOPIC } from "./topic.ts";

const HELP: Command = {
  name: "help",
  aliases: [],
  args: "[COMMAND]",
  text: "list the commands, or explain one",
  cost: COST_CHAT,
  run(context, args) {
    const rows = args === "" ? COMMANDS : explained(args.replace(/^\//, ""));
    context.answer({ type: "help", commands: rows.map(helpRow) });
  },
};

/** In the order that help shows them. */
export const COMMANDS: readonly Command[] = [
  NAME,
  LIST,
  JOIN,
  USERS,
  LEAVE,
  HELP,
  CLOSE,
  MSG,
  ME,
  TOPIC,
  OPS,
  AWAY,
  WHOIS,
  HISTORY,
  SEARCH,
  DELETE,
  BLOCK,
  UNBLOCK,
  KICK,
  BAN,
  UNBAN,
  BANS,
  MUTE,
  UNMUTE,
  MUTES,
  OP,
  DEOP,
  LOCK,
  UNLOCK,
  INVITE,
  SERVER,
];

const BY_NAME = new Map<string, Command>(COMMANDS.flatMap((command) => {
  return [command.name, ...command.aliases].map((
    name,
  ): [string, Command] => [name, command]);
}));

/**
 * The command of a name, else those that begin so, else the nearest.
 *
 * @throws {ProtocolError} `unknown-command`.
 */
function explained(word: string): readonly Command[] {
  const begins = word.toLowerCase();
  if (BY_NAME.has(begins)) return [findCommand(word)];
  const known = COMMANDS.filter(({ name, aliases }) =>
    [name, ...aliases].some((one) => one.startsWith(begins))
  );
  if (known.length > 0) return known;
  const near = nearest(begins, BY_NAME.keys());
  return [findCommand(near ?? word)];
}

/**
 * The command of a name or an alias.
 *
 * @throws {ProtocolError} `unknown-command`, with the nearest there is.
 */
export function findCommand(name: string): Command {
  const command = BY_NAME.get(name.toLowerCase());
  if (command !== undefined) return command;
  const near = nearest(name.toLowerCase(), BY_NAME.keys());
  const hint = near === undefined
    ? "/help lists the commands"
    : `did you mean /${near}?`;
  throw new ProtocolError(
    "unknown-command",
    `there is no command /${[...name].slice(0, 40).join("")}: ${hint}`,
  );
}

/** A command's line of help. */
function helpRow({ name, aliases, args, text, who }: Command): HelpRow {
  const notes = [
    ...(aliases.length === 0
      ? []
      : [`also ${aliases.map((alias) => `/${alias}`).join(", ")}`]),
    ...(who === undefined ? [] : [`for ${who}`]),
  ];
  return {
    name,
    args,
    text: notes.length === 0 ? text : `${text} (${notes.join("; ")})`,
  };
}
