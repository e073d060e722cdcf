/** The commands that the terminal client itself carries out; all others are the server's. */
import { need, wordAndRest } from "../../text/command_words.ts";
import { go } from "../model/going.ts";
import { say } from "../model/sending.ts";
import { HIGHLIGHT_COMMANDS } from "./highlight_commands.ts";
import { HISTORY_COMMANDS } from "./history_commands.ts";
import type { LocalCommand } from "./local_command.ts";
import { MARKUP_COMMAND } from "./markup_command.ts";
import { PEOPLE_COMMANDS } from "./people_commands.ts";
import { PLACE_COMMANDS } from "./place_commands.ts";
import { REPLY } from "./reply_command.ts";
import { SEARCH_COMMANDS } from "./search_commands.ts";
import { SETTING_COMMANDS } from "./setting_commands.ts";

const KEYS = [
  "Enter         send            Alt+Enter     a new line",
  "Tab           complete        Up, Down      what you sent",
  "Alt+A         to news         Alt+1…9, 0    to place 1…10",
  "Alt+G         to it by name   Alt+/         the one before",
  "Ctrl+N, P     next, previous  Ctrl+R        search in sent",
  "PgUp          read back: PgUp, PgDn, Home, End, /, q ends",
  "Ctrl+C, twice clear, leave    Ctrl+D        leave",
  "Ctrl+A, E     to its ends     Alt+B, F      by words",
  "Ctrl+K, U, W  kill            Ctrl+Y, Alt+Y yank it back",
  "Ctrl+_        undo            Ctrl+L        draw all again",
  "Ctrl+Z        suspend the executable: fg comes back",
].join("\n");

export const LOCAL_COMMANDS: readonly LocalCommand[] = [
  ...SEARCH_COMMANDS,
  {
    name: "msg",
    aliases: ["tell"],
    args: "NAME TEXT",
    text: "say something to one person only",
    run(model, args) {
      const [name, text] = wordAndRest(args, "/msg NAME TEXT");
      say(model, model.views.open(`@${name}`), need(text, "/msg NAME TEXT"));
    },
  },
  {
    name: "query",
    args: "NAME [TEXT]",
    text: "talk to one person: what you type next goes there",
    run(model, args) {
      const [name, text] = wordAndRest(args, "/query NAME");
      const view = model.views.open(`@${name}`);
      go(model, view);
      if (text !== "") say(model, view, text);
    },
  },
  REPLY,
  ...HISTORY_COMMANDS,
  ...PEOPLE_COMMANDS,
  ...SETTING_COMMANDS,
  ...PLACE_COMMANDS,
  {
    name: "keys",
    args: "",
    text: "list the keys",
    run: ({ out }) => out.note(KEYS),
  },
  ...HIGHLIGHT_COMMANDS,
  MARKUP_COMMAND,
];

/** The command of a name or an alias, if it is one of these. */
export function findLocalCommand(name: string): LocalCommand | undefined {
  return LOCAL_COMMANDS.find((command) =>
    command.name === name || command.aliases?.includes(name)
  );
}
