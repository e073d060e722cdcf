/** What a command is: a row of the table, and what it is given when it runs. */
import { ProtocolError } from "../../base/errors.ts";
import { TEXT_MAX_CODE_POINTS } from "../../base/limits.ts";
import type { ByeCode, ServerMessage } from "../../wire/server.ts";
import type { PrivatePlace } from "../conversations.ts";
import { inNoRoom, type Removal } from "../membership.ts";
import type { Parts } from "../parts.ts";
import type { Connection, Person, Room } from "../state.ts";

/** The hub's side of a command that is being handled. */
export interface CommandContext extends Parts {
  readonly connection: Connection;
  readonly person: Person;
  /** The room that the command is meant for: the one it names, else where the connection is. */
  readonly room: Room | undefined;
  /** The private conversation that it is meant for, where it names one. */
  readonly conversation: PrivatePlace | undefined;
  /** The command's id, if it has one. */
  readonly id: string | undefined;
  /** Gives the final answer; it carries the id. */
  answer(message: ServerMessage & { id?: string }): void;
  /**
   * Says what was done: in an `ack` to who gave an id, in a notice to others. What is to be `stored`
   * cannot be done while nothing can be stored; what is `passing`, such as where one is, can.
   *
   * @throws {ProtocolError} `not-stored`.
   */
  done(text: string, kind?: "stored" | "passing"): void;
  /** Says goodbye and ends the connection. */
  close(): void;
  /** Ends any connection, because somebody made it; who is put out leaves its rooms so. */
  end(
    connection: Connection,
    code: ByeCode,
    text: string,
    removal?: Removal,
  ): void;
}

export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  /** As help shows them; an empty string where there are none. */
  readonly args: string;
  /** What it does, in one line. */
  readonly text: string;
  /** Who may, where not everyone may; help shows it. */
  readonly who?: "operators" | "the creator" | "administrators";
  /** In messages, of the rate. */
  readonly cost: number;
  /** Over the rate it is refused; without this it waits. */
  readonly isRequest?: true;
  /** Its answer may be large: it is refused while former answers are not paid off. */
  readonly isDear?: true;
  /** It may be meant for a private conversation, too. */
  readonly isForConversations?: true;
  run(context: CommandContext, args: string): void;
}

/** What stands behind `/server`: a command of its administrators. */
export interface Subcommand {
  readonly name: string;
  /** As help shows them; an empty string where there are none. */
  readonly args: string;
  /** What it does, in one line. */
  readonly text: string;
  run(context: CommandContext, args: string): void;
}

/** Splits the arguments into the first word and the rest. */
export function firstWord(args: string): [string, string] {
  const [, word, rest] = /^(\S*)\s*([^]*)$/.exec(args)!;
  return [word!, rest!];
}

/** @throws {ProtocolError} `bad-arguments` unless there is just one word. */
export function oneWord(args: string, usage: string): string {
  if (args === "" || /\s/.test(args)) {
    throw new ProtocolError("bad-arguments", `usage: ${usage}`);
  }
  return args;
}

/** @throws {ProtocolError} `bad-arguments` when it is empty, `too-large` when it is too long. */
export function needText(text: string, usage: string): string {
  if (text === "") throw new ProtocolError("bad-arguments", `usage: ${usage}`);
  if ([...text].length > TEXT_MAX_CODE_POINTS) {
    throw new ProtocolError(
      "too-large",
      `a text has at most ${TEXT_MAX_CODE_POINTS} characters: say it in parts`,
    );
  }
  return text;
}

/** @throws {ProtocolError} `no-room` when one is in none. */
export function needRoom({ room }: CommandContext): Room {
  if (room === undefined) throw inNoRoom();
  return room;
}
