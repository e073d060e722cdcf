/** What the person enters: words are said, commands are carried out here or by the server. */
import { ConfabError, describeError, UsageError } from "../../base/errors.ts";
import { parseSlash, type SlashCommand } from "../../wire/slash.ts";
import { cleanText } from "../../wire/text.ts";
import type { ChatModel } from "../model/chat_model.ts";
import type { Order, View } from "../model/view.ts";
import { handle } from "../model/event_handlers.ts";
import { go } from "../model/going.ts";
import { isGoodbye } from "../input_lines.ts";
import { IN_NO_ROOM, wayToSay } from "../model/lost_places.ts";
import { setAway } from "../model/people.ts";
import { acknowledged, act, say } from "../model/sending.ts";
import { help } from "./help.ts";
import { findLocalCommand } from "./local_commands.ts";
import { isMove, move, orderOf } from "./moving.ts";
import { noPlace } from "./place_commands.ts";

/** Commands of the server whose effect is shown by itself, wherever one is. */
const SHOWN_BY_EFFECT = new Set(
  "name nick topic delete".split(" "),
);
/** Those that are shown by it where one sees who leaves. */
const PUTTING_OUT = new Set(["kick", "ban"]);

/** Commands of the server that are for no room: they can be given in one that was lost, too. */
const OF_NO_ROOM = new Set(
  "away block list name nick server unblock whois".split(" "),
);

/** Commands that are not meant for a room: they need not wait until one is in another. */
const AT_ONCE = /^(\d+|go|query|close|quit|exit)$/i;

/**
 * Takes a line; `false` when it was not taken and should stay where it was typed. After a cut any
 * line, an empty one too, has the next try come at once.
 */
export function enterLine(model: ChatModel, line: string): boolean {
  const { views, moves } = model;
  const text = cleanText(line.toWellFormed());
  if (model.connection === "offline") model.client.hasten();
  if (text.trim() === "") return true;
  const { followed } = moves;
  const command = commandOf(text);
  if (followed === undefined || AT_ONCE.test(command?.name ?? "")) {
    return carryOut(model, text, views.current);
  }
  const order = command && isMove(command) ? orderOf(text) : undefined;
  const isTaken = moves.wait(followed, { text, order });
  if (!isTaken) model.out.fault(`too much waits for ${followed.order.line}`);
  model.host.changed();
  return isTaken;
}

/** Says a line in a place, or runs the command that it is; as `enterLine`. */
export function carryOut(
  model: ChatModel,
  text: string,
  view: View | undefined,
  order?: Order,
): boolean {
  const command = commandOf(text);
  const isSaying = command === undefined || command.name.toLowerCase() === "me";
  if (view?.state === "gone" && isSaying) {
    const out = `you are not in ${view.name} any more`;
    model.out.fault(`not sent: ${out}: ${wayToSay(model, view)}`);
    view.kept = text;
    return false;
  }
  if (command !== undefined) {
    run(model, command, view, order).catch((error) => {
      const isOver = error instanceof ConfabError && error.code === "closed";
      if (isOver && error.cause !== "cut") return;
      const what = isOver ? `${text}: ` : "";
      model.out.fault(`${what}${describeError(error)}`);
    });
    return true;
  }
  if (view !== undefined) return say(model, view, text);
  model.out.fault(IN_NO_ROOM);
  return false;
}

/** The command that a line is. */
function commandOf(text: string): SlashCommand | undefined {
  if (text === "exit" || text === "quit") return { name: text, args: "" };
  const command = parseSlash(text);
  return command?.name === "" ? undefined : command;
}

async function run(
  model: ChatModel,
  command: SlashCommand,
  view: View | undefined,
  order: Order | undefined,
): Promise<void> {
  const { views } = model;
  const { args } = command;
  const name = command.name.toLowerCase();
  if (/^\d+$/.test(name)) {
    const wanted = views.all[Number(name) - 1];
    if (wanted === undefined) throw new UsageError(noPlace(name));
    return go(model, wanted);
  }
  const local = findLocalCommand(name);
  if (local !== undefined) return await local.run(model, args);
  if (isGoodbye(command)) return model.host.leave();
  if (name === "help") return await help(model, args);
  if (isMove(command)) {
    return await move(model, command, view, { order, carryOut });
  }
  if (name === "me" && view !== undefined && args !== "") {
    if (!view.isPrivate) return act(model, view, args);
    throw new ConfabError("bad-arguments", "/me works in rooms");
  }
  // It is meant for the room that is shown, wherever the server says that one is.
  const isMeant = view !== undefined && !view.isPrivate &&
    !(view.state === "gone" && OF_NO_ROOM.has(name));
  const isDeleting = name === "delete" && view?.isPrivate;
  const room = isMeant ? view.place : isDeleting ? { room: view.name } : {};
  model.sawPutOut = false;
  const answer = await model.ask({ type: "command", name, args, ...room });
  if (answer.type !== "ack") handle(model, answer);
  else {
    acknowledged(model, answer);
    if (name === "away") setAway(model, args);
    const isShown = SHOWN_BY_EFFECT.has(name) ||
      PUTTING_OUT.has(name) && model.sawPutOut;
    if (!isShown && answer.text !== undefined) {
      model.out.other({ type: "notice", text: answer.text });
    }
  }
}
