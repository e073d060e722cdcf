/** `/reply`: an answer to whoever said something privately last, also before the last start. */
import { UsageError } from "../../base/errors.ts";
import { need } from "../../text/command_words.ts";
import type { ChatModel } from "../model/chat_model.ts";
import { say } from "../model/sending.ts";
import type { LastPrivate } from "../model/session_memory.ts";
import type { LocalCommand } from "./local_command.ts";

export const REPLY: LocalCommand = {
  name: "reply",
  aliases: ["r"],
  args: "TEXT",
  text: "answer whoever said something to you privately last",
  run: reply,
};

async function reply(model: ChatModel, args: string): Promise<void> {
  const { replies } = model;
  const { name: wanted, unsure } = replies;
  if (wanted === undefined) {
    throw new UsageError("nobody has said anything to you privately yet");
  }
  const text = need(args, "/reply TEXT");
  const name = unsure === undefined ? wanted : await nameNow(model, unsure);
  replies.madeSure();
  if (replies.name !== wanted) {
    throw notSent(replies.name!, "has just written");
  }
  if (name === undefined) {
    throw notSent(wanted, "may be another by now than who wrote to you");
  }
  if (replies.isSudden()) throw notSent(name, "has just written");
  replies.renamed(wanted, name);
  say(model, model.views.open(`@${name}`), text);
}

/** What somebody is called today, if that is who wrote then: the message itself tells the key. */
async function nameNow(
  model: ChatModel,
  { name, key, seq }: LastPrivate,
): Promise<string | undefined> {
  if (key === undefined || seq === 0) return undefined;
  const request = { type: "history", room: `@${name}` } as const;
  const page = await model.ask({ ...request, after: seq - 1, limit: 1 })
    .catch(() => undefined);
  if (page?.type !== "history") return undefined;
  const [message] = page.messages;
  const isSame = message?.type === "private" && message.seq === seq &&
    message.key === key;
  return isSame ? page.room.slice(1) : undefined;
}

function notSent(name: string, why: string): UsageError {
  return new UsageError(
    `not sent: ${name} ${why}; /reply again answers ${name}, /msg NAME another`,
  );
}
