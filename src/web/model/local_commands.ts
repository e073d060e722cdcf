/** The commands that the page itself carries out; all others are the server's. */
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
import { nameOrKey, need, wordAndRest } from "../../text/command_words.ts";
import { isFingerprint } from "../../wire/fingerprint_text.ts";
import { foldName } from "../../wire/fold.ts";
import type { HelpRow, ServerMessage } from "../../wire/server.ts";
import type { Chat } from "./chat.ts";
import type { Place } from "./place.ts";
import { say } from "./sending.ts";

export interface LocalCommand extends HelpRow {
  readonly aliases?: readonly string[];
  run(chat: Chat, args: string): void | Promise<void>;
}

export type Whois = Extract<ServerMessage, { type: "whois" }>;

/** People whose fingerprints were shown, and `yes` not said yet. */
const COMPARED = 100;

export const LOCAL_COMMANDS: readonly LocalCommand[] = [
  {
    name: "msg",
    aliases: ["tell"],
    args: "NAME TEXT",
    text: "say something to one person only",
    run(chat, args) {
      const [name, text] = wordAndRest(args, "/msg NAME TEXT");
      sayTo(chat, chat.open(`@${name}`), need(text, "/msg NAME TEXT"));
    },
  },
  {
    name: "query",
    args: "NAME [TEXT]",
    text: "talk to one person: what you type next goes there",
    run(chat, args) {
      const [name, text] = wordAndRest(args, "/query NAME");
      const place = chat.open(`@${name}`);
      chat.go(place);
      if (text !== "") sayTo(chat, place, text);
    },
  },
  {
    name: "reply",
    aliases: ["r"],
    args: "TEXT",
    text: "answer whoever said something to you privately last",
    run(chat, args) {
      const { lastPrivate } = chat;
      if (lastPrivate === undefined) {
        throw new UsageError("nobody has said anything to you privately yet");
      }
      if (args !== "" && chat.clock.monotonic() < chat.replyAfter) {
        chat.replyAfter = -Infinity;
        throw new UsageError(
          `not sent: ${lastPrivate} has just written; /reply again answers ${lastPrivate}, /msg NAME another`,
        );
      }
      const place = chat.open(`@${lastPrivate}`);
      chat.go(place);
      if (args !== "") sayTo(chat, place, args);
    },
  },
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
    run: unignore,
  },
  {
    name: "verify",
    args: "NAME [yes]",
    text: "compare fingerprints with somebody; with yes: remember that it fits",
    run: verify,
  },
  {
    name: "keys",
    args: "",
    text: "list the keys",
    run(chat) {
      chat.overlay.value = "keys";
    },
  },
  {
    name: "key",
    args: "",
    text: "your key in this browser: take another one, or have it forgotten",
    run(chat) {
      chat.host.showKey?.();
    },
  },
];

/** The command of a name or an alias, if it is one of these. */
export function findLocalCommand(name: string): LocalCommand | undefined {
  return LOCAL_COMMANDS.find((command) =>
    command.name === name || command.aliases?.includes(name)
  );
}

/** Ignores the key of somebody; where it is not known, the name until the server says the key. */
export function ignore(chat: Chat, args: string): void {
  if (args === "") {
    const all = renderIgnored(chat.ignored.peek());
    return chat.note(all === "" ? "nobody is ignored" : `ignored: ${all}`);
  }
  const who = nameOrKey(args);
  if (who.startsWith("SHA256:") && !isFingerprint(who)) {
    throw new UsageError("a fingerprint has 43 characters after SHA256:");
  }
  const author = chat.known.of(who);
  setIgnored(chat, who, isFingerprint(who) ? { key: who } : author);
  chat.note(`${who} is ignored; /unignore ${who} ends it`);
  if (isFingerprint(who) || author.is === "known") return;
  whoisOf(chat, who).then((whois) => {
    if (whois.key !== undefined) setIgnored(chat, who, whois);
  }, () => {
    // Then it is the name that is ignored.
  });
}

/** Hears somebody again, by the name, or by the key. */
export function unignore(chat: Chat, args: string): void {
  const who = nameOrKey(need(args, "/unignore NAME"));
  const { key = who } = chat.known.of(who);
  const before = chat.ignored.peek();
  const rest = withoutIgnored(withoutIgnored(before, who), key);
  if (rest.length === before.length) {
    throw new UsageError(`${args} is not ignored`);
  }
  chat.setIgnored(rest);
  chat.note(`${args} is heard again`);
}

function setIgnored(chat: Chat, who: string, shown: Partial<Shown>): void {
  chat.setIgnored(withIgnored(chat.ignored.peek(), who, shown));
}

/**
 * Asks the server who has a name.
 *
 * @throws {ConfabError} `no-such-person`, and what else the server refuses.
 */
export async function whoisOf(chat: Chat, name: string): Promise<Whois> {
  const answer = await chat.ask({ type: "command", name: "whois", args: name });
  if (answer.type === "whois") {
    chat.known.note(answer);
    return answer;
  }
  throw new ConfabError("no-such-person", `${name} is not here`);
}

/** What `yes` says is meant for the key that was shown: whoever has the name now may be another. */
async function verify(chat: Chat, args: string): Promise<void> {
  if (args === "") {
    const names = chat.verified.peek().map(({ name }) => name).join(", ");
    const nobody = "nobody is verified here yet: /verify NAME";
    return chat.note(names === "" ? nobody : `verified: ${names}`);
  }
  const [wanted, answer] = wordAndRest(args, "/verify NAME");
  if (answer !== "" && answer !== "yes") {
    throw new UsageError("usage: /verify NAME, and then /verify NAME yes");
  }
  const { name, key } = await whoisOf(chat, wanted);
  const own = chat.key.peek();
  if (key === undefined || own === undefined) {
    const who = key === undefined ? `${name} has` : "you have";
    const why = `${who} no key: only people with keys can be verified`;
    throw new ConfabError("not-allowed", why);
  }
  if (answer === "" || chat.compared.get(foldName(name)) !== key) {
    if (answer !== "") {
      chat.fault(
        new Error(`${name} is to be compared first: nothing is remembered`),
      );
    }
    noteCompared(chat, name, key);
    return chat.note(comparison({ name: chat.name.peek(), key: own }, {
      name,
      key,
    }));
  }
  remember(chat, name, key);
}

/** The fingerprint of somebody is shown: what is confirmed then is meant for this key. */
export function noteCompared(chat: Chat, name: string, key: string): void {
  if (chat.compared.size >= COMPARED) chat.compared.clear();
  chat.compared.set(foldName(name), key);
}

/** Both have compared, and it fits. */
export function remember(chat: Chat, name: string, key: string): void {
  const now = new Date(chat.clock.wall());
  chat.changeVerified((verified) => withVerified(verified, { name, key }, now));
  chat.note(`${name} is verified; a change of the key will be loud`);
}

/** Says something privately; what is not taken stands where it was typed. */
function sayTo(chat: Chat, place: Place, text: string): void {
  if (say(chat, place, text)) return;
  const why = place.fault.peek();
  place.fault.value = "";
  throw new UsageError(why);
}
