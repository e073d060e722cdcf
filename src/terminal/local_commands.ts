/** The commands that the terminal client itself carries out; all others are the server's. */
import { ConfabError, UsageError } from "../base/errors.ts";
import type { HelpRow } from "../wire/server.ts";
import type { Chat } from "./chat.ts";
import { foldKey } from "./fold.ts";
import { noteLines } from "./message_lines.ts";
import { changeSetting, describeSettings } from "./settings.ts";
import { comparison, withVerified } from "./verified.ts";

export interface LocalCommand extends HelpRow {
  readonly aliases?: readonly string[];
  run(chat: Chat, args: string): void | Promise<void>;
}

export const LOCAL_COMMANDS: readonly LocalCommand[] = [
  {
    name: "msg",
    aliases: ["tell"],
    args: "NAME TEXT",
    text: "say something to one person only",
    run(chat, args) {
      const [name, text] = wordAndRest(args, "/msg NAME TEXT");
      chat.sayTo(`@${name}`, need(text, "/msg NAME TEXT"));
    },
  },
  {
    name: "query",
    args: "NAME [TEXT]",
    text: "talk to one person: what you type next goes there",
    run(chat, args) {
      const [name, text] = wordAndRest(args, "/query NAME");
      chat.open(`@${name}`);
      if (text !== "") chat.sayTo(`@${name}`, text);
    },
  },
  {
    name: "reply",
    aliases: ["r"],
    args: "TEXT",
    text: "answer whoever said something to you privately last",
    run(chat, args) {
      const { lastPrivate } = chat.context;
      if (lastPrivate === undefined) {
        throw new UsageError("nobody has said anything to you privately yet");
      }
      chat.sayTo(`@${lastPrivate}`, need(args, "/reply TEXT"));
    },
  },
  {
    name: "ignore",
    args: "[NAME]",
    text: "hear nothing of somebody; alone it lists them",
    run(chat, args) {
      const { ignored } = chat.context.memory;
      if (args === "") {
        return chat.context.note(
          ignored.length === 0
            ? "nobody is ignored"
            : `ignored: ${ignored.join(", ")}`,
        );
      }
      const name = foldKey(args);
      chat.context.remember((memory) => ({
        ...memory,
        ignored: [...memory.ignored.filter((one) => one !== name), name],
      }));
      chat.context.note(`${args} is ignored; /unignore ${args} ends it`);
    },
  },
  {
    name: "unignore",
    args: "NAME",
    text: "hear somebody again",
    run(chat, args) {
      const name = foldKey(need(args, "/unignore NAME"));
      if (!chat.context.memory.ignored.includes(name)) {
        throw new UsageError(`${args} is not ignored`);
      }
      chat.context.remember((memory) => ({
        ...memory,
        ignored: memory.ignored.filter((one) => one !== name),
      }));
      chat.context.note(`${args} is heard again`);
    },
  },
  {
    name: "quiet",
    args: "",
    text: "say nothing, or again, of people who come and go",
    run: (chat) => toggle(chat, "quiet"),
  },
  {
    name: "timestamps",
    args: "",
    text: "show, or hide, the time before each message",
    run: (chat) => toggle(chat, "timestamps"),
  },
  {
    name: "set",
    args: "[NAME VALUE]",
    text: "change a setting, for good; alone it lists them",
    run(chat, args) {
      if (args === "") {
        return chat.context.note(
          describeSettings(chat.context.memory.settings),
        );
      }
      const [name, value] = wordAndRest(args, "/set NAME VALUE");
      set(chat, name, value);
    },
  },
  {
    name: "verify",
    args: "NAME [yes]",
    text: "compare fingerprints with somebody; with yes: remember that it fits",
    run: (chat, args) => verify(chat, args),
  },
  {
    name: "keys",
    args: "",
    text: "list the keys",
    run: (chat) =>
      chat.context.host.print(noteLines(KEYS, chat.context.palette)),
  },
];

const KEYS = [
  "Alt+1…9, /1…          go to a room      Ctrl+N, Ctrl+P  the next, the one before",
  "Alt+A                 to news           Tab             complete; again: the next",
  "Up, Down              what you sent     Ctrl+R          search in it",
  "Alt+Enter             a new line        Ctrl+Y, Alt+Y   yank what was killed",
  "Ctrl+A, E, Alt+B, F   move              Ctrl+K, U, W    kill",
  "Ctrl+_                undo              Ctrl+C, Ctrl+D  leave (on an empty line)",
].join("\n");

/** The command of a name or an alias, if it is one of these. */
export function findLocalCommand(name: string): LocalCommand | undefined {
  return LOCAL_COMMANDS.find((command) =>
    command.name === name || command.aliases?.includes(name)
  );
}

function toggle(chat: Chat, name: "quiet" | "timestamps"): void {
  const isOn = chat.context.memory.settings[name] === "on";
  set(chat, name, isOn ? "off" : "on");
}

function set(chat: Chat, name: string, value: string): void {
  const { context } = chat;
  // Judged before it is remembered, which happens later.
  changeSetting(context.memory.settings, name, value);
  context.remember((memory) => ({
    ...memory,
    settings: changeSetting(memory.settings, name, value),
  }));
  context.note(`${name} is ${value} now`);
}

async function verify(chat: Chat, args: string): Promise<void> {
  const { context } = chat;
  if (args === "") {
    const names = context.server.verified.map(({ name }) => name);
    return context.note(
      names.length === 0
        ? "nobody is verified here yet: /verify NAME"
        : `verified: ${names.join(", ")}`,
    );
  }
  const [name, answer] = wordAndRest(args, "/verify NAME");
  if (answer !== "" && answer !== "yes") {
    throw new UsageError("usage: /verify NAME, and then /verify NAME yes");
  }
  const other = await chat.commands.whois(name);
  if (other.key === undefined || context.key === undefined) {
    const who = other.key === undefined ? other.name : "you";
    throw new ConfabError(
      "not-allowed",
      `${who} ${
        who === "you" ? "have" : "has"
      } no key: only people with keys can be verified`,
    );
  }
  const person = { name: other.name, key: other.key };
  if (answer === "") {
    const own = { name: context.client.name, key: context.key };
    return context.note(comparison(own, person));
  }
  context.rememberServer((server) => ({
    ...server,
    verified: withVerified(
      server.verified,
      person,
      new Date(context.clock.wall()),
    ),
  }));
  context.note(`${person.name} is verified; a change of the key will be loud`);
}

function wordAndRest(args: string, usage: string): [string, string] {
  const [, word = "", rest = ""] = /^@?(\S*)\s*([^]*)$/.exec(args)!;
  return [need(word, usage), rest];
}

function need(text: string, usage: string): string {
  if (text === "") throw new UsageError(`usage: ${usage}`);
  return text;
}
