/** The table of commands: what each is called, takes and does; `/help` is made from it. */
import { ProtocolError } from "../errors.ts";
import { COST_CHAT, COST_JOIN, COST_NAME } from "../limits.ts";
import { nearest } from "../nearest.ts";
import type { HelpRow, ServerMessage } from "../wire/server_messages.ts";
import type { Connection, Person } from "./people.ts";
import type { Room } from "./rooms.ts";

/** What a command may do: the hub's side of one that is being handled. */
export interface CommandContext {
  readonly connection: Connection;
  readonly person: Person;
  /** The command's id, if it has one. */
  readonly id: string | undefined;
  /** Gives the final answer; it carries the id. */
  answer(message: ServerMessage & { id?: string }): void;
  /** Says that it is done: `ack` to who gave an id, a notice to others. */
  done(notice: string): void;
  join(room: string): Room;
  enter(room: string): Room;
  leave(room: Room): void;
  rename(name: string): void;
  usersOf(room: Room): ServerMessage & { id?: string };
  rooms(): ServerMessage & { id?: string };
  close(): void;
}

export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  /** As help shows them; an empty string where there are none. */
  readonly args: string;
  /** What it does, in one line. */
  readonly text: string;
  /** In messages, of the rate. */
  readonly cost: number;
  /** Over the rate it is refused; without this it waits. */
  readonly isRequest?: true;
  run(context: CommandContext, args: string): void;
}

/** In the order that help shows them. */
export const COMMANDS: readonly Command[] = [
  {
    name: "name",
    aliases: ["nick"],
    args: "NAME",
    text: "set or change your name",
    cost: COST_NAME,
    isRequest: true,
    run(context, args) {
      const name = oneWord(args, "/name NAME");
      context.rename(name);
      context.done(`you are ${context.person.name}`);
    },
  },
  {
    name: "list",
    aliases: ["rooms"],
    args: "",
    text: "list the rooms with people in them",
    cost: COST_CHAT,
    run: (context) => context.answer(context.rooms()),
  },
  {
    name: "join",
    aliases: [],
    args: "ROOM",
    text:
      "go to a room, leaving the one you are in; /join +ROOM enters it without leaving",
    cost: COST_JOIN,
    isRequest: true,
    run(context, args) {
      const word = oneWord(args, "/join ROOM");
      const room = word.startsWith("+")
        ? context.enter(word.slice(1))
        : context.join(word);
      context.done(`you are in ${room.name}`);
    },
  },
  {
    name: "users",
    aliases: ["who"],
    args: "",
    text: "list the people in the room you are in",
    cost: COST_CHAT,
    run: (context) => context.answer(context.usersOf(currentRoom(context))),
  },
  {
    name: "leave",
    aliases: ["part"],
    args: "",
    text: "leave the room you are in",
    cost: COST_CHAT,
    run(context) {
      const room = currentRoom(context);
      context.leave(room);
      const now = context.connection.current;
      context.done(
        `you left ${room.name}, ${
          now === undefined
            ? "and are in no room now"
            : `and are in ${now.name} now`
        }`,
      );
    },
  },
  {
    name: "help",
    aliases: [],
    args: "[COMMAND]",
    text: "list the commands, or explain one",
    cost: COST_CHAT,
    run(context, args) {
      const rows = args === ""
        ? COMMANDS
        : [findCommand(args.replace(/^\//, ""))];
      context.answer({ type: "help", commands: rows.map(helpRow) });
    },
  },
  {
    name: "close",
    aliases: ["quit", "exit"],
    args: "",
    text: "say goodbye and end the connection",
    cost: COST_CHAT,
    run: (context) => context.close(),
  },
];

const BY_NAME = new Map<string, Command>(COMMANDS.flatMap((command) => {
  return [command.name, ...command.aliases].map((
    name,
  ): [string, Command] => [name, command]);
}));

/**
 * The command of a name or an alias.
 *
 * @throws {ProtocolError} `unknown-command`, with the nearest there is.
 */
export function findCommand(name: string): Command {
  const command = BY_NAME.get(name.toLowerCase());
  if (command !== undefined) return command;
  const near = nearest(name.toLowerCase(), [...BY_NAME.keys()]);
  const hint = near === undefined
    ? "/help lists the commands"
    : `did you mean /${near}?`;
  throw new ProtocolError(
    "unknown-command",
    `there is no command /${name.slice(0, 40)}: ${hint}`,
  );
}

/** Splits `/name args`, or gives `undefined` for text that is none: it does not begin with a slash, or begins with two. */
export function parseCommand(
  txt: string,
): { name: string; args: string } | undefined {
  if (!txt.startsWith("/") || txt.startsWith("//")) return undefined;
  const [, name, args] = /^\/(\S*)\s*([^]*)$/.exec(txt)!;
  return { name: name!, args: args!.trimEnd() };
}

function helpRow({ name, aliases, args, text }: Command): HelpRow {
  const also = aliases.length === 0
    ? ""
    : ` (also ${aliases.map((alias) => `/${alias}`).join(", ")})`;
  return { name, args, text: text + also };
}

function oneWord(args: string, usage: string): string {
  if (args === "" || /\s/.test(args)) {
    throw new ProtocolError("bad-arguments", `usage: ${usage}`);
  }
  return args;
}

function currentRoom({ connection }: CommandContext): Room {
  if (connection.current === undefined) {
    throw new ProtocolError(
      "no-room",
      "you are in no room: /join ROOM enters one",
    );
  }
  return connection.current;
}
