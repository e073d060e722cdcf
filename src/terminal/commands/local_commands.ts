/** The commands that the terminal client itself carries out; all others are the server's. */
import { ConfabError, UsageError } from "../../base/errors.ts";
import {
  renderIgnored,
  withIgnored,
  withoutIgnored,
} from "../../memory/ignored.ts";
import {
  comparison,
  type Shown,
  withVerified,
} from "../../memory/server_memory.ts";
import { foldName } from "../../wire/fold.ts";
import type { ChatModel } from "../model/chat_model.ts";
import { go } from "../model/going.ts";
import { say } from "../model/sending.ts";
import { changeSetting, describeSettings } from "../model/settings.ts";
import { nameOrKey, need, wordAndRest } from "../../text/command_words.ts";
import { isFingerprint } from "../../wire/fingerprint_text.ts";
import { HIGHLIGHT_COMMANDS } from "./highlight_commands.ts";
import { HISTORY_COMMANDS } from "./history_commands.ts";
import type { LocalCommand } from "./local_command.ts";
import { MARKUP_COMMAND } from "./markup_command.ts";
import { PLACE_COMMANDS } from "./place_commands.ts";
import { REPLY } from "./reply_command.ts";
import { SEARCH_COMMANDS } from "./search_commands.ts";

/** People whose fingerprints were shown, and `yes` not said yet. */
const COMPARED = 100;
const UNCOMPARED = "has another key now than the one that was shown";

const KEYS = [
  "Enter         send            Alt+Enter     a new line",
  "Tab           complete        Up, Down      what you sent",
  "Alt+A         to news         Alt+1…9, 0    to place 1…10",
  "Alt+G         to it by name   Alt+/         the one before",
  "Ctrl+N, P     next, previous  Ctrl+R        search in sent",
  "PgUp          read back: PgUp, PgDn, Home, End, /, q ends",
  "Ctrl+C        clear the line  Ctrl+D        leave",
  "Ctrl+A, E     to its ends     Alt+B, F      by words",
  "Ctrl+K, U, W  kill            Ctrl+Y, Alt+Y yank it back",
  "Ctrl+_        undo            Ctrl+L        draw all again",
  "Ctrl+Z        suspend: fg in the shell comes back",
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
  {
    name: "ignore",
    args: "[NAME or SHA256:…]",
    text:
      "hear nothing of somebody, whatever they are called; alone it lists them",
    run: ignore,
  },
  {
    name: "unignore",
    args: "NAME or SHA256:…",
    text: "hear somebody again",
    run(model, args) {
      const who = nameOrKey(need(args, "/unignore NAME"));
      const { ignored } = model.memory;
      const { key = who } = model.known.of(who);
      const rest = withoutIgnored(withoutIgnored(ignored, who), key);
      if (rest.length === ignored.length) {
        throw new UsageError(`${args} is not ignored`);
      }
      model.remembered.change((memory) => ({
        ...memory,
        ignored: withoutIgnored(withoutIgnored(memory.ignored, who), key),
      }));
      model.out.note(`${args} is heard again`);
    },
  },
  {
    name: "quiet",
    args: "",
    text: "say nothing, or again, of people who come and go",
    run(model) {
      const isQuiet = model.memory.settings.comings === "off";
      set(model, "comings", isQuiet ? "fold" : "off");
    },
  },
  {
    name: "timestamps",
    args: "",
    text: "show, or hide, the time before each line",
    run(model) {
      const isOn = model.memory.settings.timestamps === "on";
      set(model, "timestamps", isOn ? "off" : "on");
    },
  },
  {
    name: "set",
    args: "[NAME VALUE]",
    text: "change a setting, for good; alone it lists them",
    run(model, args) {
      if (args === "") {
        return model.out.note(describeSettings(model.memory.settings));
      }
      const [name, value] = wordAndRest(args, "/set NAME VALUE");
      set(model, name, value);
    },
  },
  {
    name: "verify",
    args: "NAME [yes]",
    text: "compare fingerprints with somebody; with yes: remember that it fits",
    run: verify,
  },
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

/** Ignores the key of somebody; where it is not known, the name until the server says the key. */
function ignore(model: ChatModel, args: string): void {
  const { out, known } = model;
  if (args === "") {
    const all = renderIgnored(model.memory.ignored);
    return out.note(all === "" ? "nobody is ignored" : `ignored: ${all}`);
  }
  const who = nameOrKey(args);
  if (who.startsWith("SHA256:") && !isFingerprint(who)) {
    throw new UsageError("a fingerprint has 43 characters after SHA256:");
  }
  const author = known.of(who);
  setIgnored(model, who, isFingerprint(who) ? { key: who } : author);
  out.note(`${who} is ignored; /unignore ${who} ends it`);
  if (isFingerprint(who) || author.is === "known") return;
  const question = { type: "command", name: "whois", args: who } as const;
  model.ask(question).then((whois) => {
    if (whois.type === "whois" && whois.key !== undefined) {
      setIgnored(model, who, whois);
    }
  }, () => {
    // Then it is the name that is ignored.
  });
}

function setIgnored(
  model: ChatModel,
  who: string,
  shown: Partial<Shown>,
): void {
  model.remembered.change((memory) => ({
    ...memory,
    ignored: withIgnored(memory.ignored, who, shown),
  }));
}

function set(model: ChatModel, name: string, value: string): void {
  // Judged before it is remembered, which happens later.
  changeSetting(model.memory.settings, name, value);
  model.remembered.change((memory) => ({
    ...memory,
    settings: changeSetting(memory.settings, name, value),
  }));
  model.out.note(`${name} is ${value} now`);
}

/** What `yes` says is meant for the key that was shown: whoever has the name now may be another. */
async function verify(model: ChatModel, args: string): Promise<void> {
  const { out, client, clock, server } = model;
  if (args === "") {
    const names = server.verified.map(({ name }) => name).join(", ");
    const nobody = "nobody is verified here yet: /verify NAME";
    return out.note(names === "" ? nobody : `verified: ${names}`);
  }
  const [wanted, answer] = wordAndRest(args, "/verify NAME");
  if (answer !== "" && answer !== "yes") {
    throw new UsageError("usage: /verify NAME, and then /verify NAME yes");
  }
  const question = { type: "command", name: "whois", args: wanted } as const;
  const whois = await model.ask(question);
  if (whois.type !== "whois") {
    throw new ConfabError("no-such-person", `${wanted} is not here`);
  }
  const { name, key } = whois;
  if (key === undefined || model.key === undefined) {
    const who = key === undefined ? `${name} has` : "you have";
    const why = `${who} no key: only people with keys can be verified`;
    throw new ConfabError("not-allowed", why);
  }
  const compared = model.compared.get(foldName(name));
  if (answer === "" || compared !== key) {
    if (answer !== "") {
      const why = compared === undefined ? "is not compared yet" : UNCOMPARED;
      out.fault(`${name} ${why}: nothing is remembered`);
    }
    if (model.compared.size === COMPARED) model.compared.clear();
    model.compared.set(foldName(name), key);
    const own = { name: client.name, key: model.key };
    return out.note(comparison(own, { name, key }));
  }
  const now = new Date(clock.wall());
  model.remembered.changeServer((server) => ({
    ...server,
    verified: withVerified(server.verified, { name, key }, now),
  }));
  out.note(`${name} is verified; a change of the key will be loud`);
}
