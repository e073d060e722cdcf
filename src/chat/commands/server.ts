/** `/server`: what the administrators of the server may do. */
import { ProtocolError } from "../../base/errors.ts";
import { COST_CHAT } from "../../base/limits.ts";
import {
  type Command,
  type CommandContext,
  firstWord,
  type Subcommand,
} from "./command.ts";
import {
  SERVER_ADMINS,
  SERVER_DEADMIN,
  SERVER_INVITE,
  SERVER_REVOKE,
} from "./server_invites.ts";
import {
  SERVER_BAN,
  SERVER_BANS,
  SERVER_KICK,
  SERVER_UNBAN,
} from "./server_moderation.ts";
import { SERVER_CLOSE, SERVER_SAY, SERVER_STOP } from "./server_running.ts";

/** In the order that help shows them. */
const SUBCOMMANDS: readonly Subcommand[] = [
  SERVER_KICK,
  SERVER_BAN,
  SERVER_UNBAN,
  SERVER_BANS,
  SERVER_INVITE,
  SERVER_REVOKE,
  SERVER_ADMINS,
  SERVER_DEADMIN,
  SERVER_SAY,
  SERVER_CLOSE,
  SERVER_STOP,
];

export const SERVER: Command = {
  name: "server",
  aliases: [],
  args: "COMMAND",
  text: "keep the server; /server alone lists the commands",
  who: "administrators",
  cost: COST_CHAT,
  run(context, args) {
    if (!context.roles.isAdmin(context.person.key)) {
      throw new ProtocolError(
        "not-allowed",
        "only an administrator of the server may do this",
      );
    }
    const [name, rest] = firstWord(args);
    if (name === "") return list(context);
    const subcommand = SUBCOMMANDS.find((one) => one.name === name);
    if (subcommand === undefined) {
      throw new ProtocolError(
        "bad-arguments",
        `there is no /server ${name}: /server lists the commands`,
      );
    }
    subcommand.run(context, rest);
  },
};

function list(context: CommandContext): void {
  const commands = SUBCOMMANDS.map(({ name, args, text }) => ({
    name: `server ${name}`,
    args,
    text,
  }));
  context.answer({ type: "help", commands });
}
