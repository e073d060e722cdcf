/** What the person enters: words are said, commands are carried out here or by the server. */
import { ConfabError, describeError, UsageError } from "../../base/errors.ts";
import { parseSlash, type SlashCommand } from "../../wire/slash.ts";
import { cleanText } from "../../wire/text.ts";
import type { Completions } from "../input/completion.ts";
import type { ChatModel } from "../model/chat_model.ts";
import { handle } from "../model/event_handlers.ts";
import { isGoodbye } from "../input_lines.ts";
import { acknowledged } from "../model/replay.ts";
import { act, say } from "../model/sending.ts";
import { findLocalCommand, LOCAL_COMMANDS } from "./local_commands.ts";

/** Commands of the server whose effect is shown by itself, wherever one is. */
const SHOWN_BY_EFFECT = new Set(
  "join name nick topic delete".split(" "),
);
/** Those that are shown by it where one sees who leaves. */
const PUTTING_OUT = new Set(["kick", "ban"]);

/** Takes a line; `false` when it was not taken and should stay where it was typed. */
export function enterLine(model: ChatModel, line: string): boolean {
  const { views, client, out } = model;
  const text = cleanText(line.toWellFormed());
  const command = parseSlash(text);
  if (text.trim() === "") return true;
  if (command !== undefined && command.name !== "") {
    run(model, command).catch((error) => {
      const isOver = error instanceof ConfabError && error.code === "closed";
      if (!isOver) out.fault(describeError(error));
    });
    return true;
  }
  if (text === "exit" || text === "quit") {
    void client.close();
    return true;
  }
  if (views.current !== undefined) return say(model, views.current, text);
  out.fault("you are in no room: /join ROOM enters one");
  return false;
}

/** What Tab offers. */
export function completionsOf(model: ChatModel): Completions {
  const { views, serverCommands, listedRooms } = model;
  const rooms = views.all.filter((view) => !view.isPrivate);
  return {
    commands: [...LOCAL_COMMANDS, ...serverCommands].map(({ name }) => name),
    people: views.people(),
    rooms: [...new Set([...rooms.map(({ name }) => name), ...listedRooms])],
  };
}

async function run(model: ChatModel, command: SlashCommand): Promise<void> {
  const { views, client } = model;
  const { args } = command;
  const name = command.name.toLowerCase();
  const view = views.current;
  if (/^\d+$/.test(name)) {
    const wanted = views.all[Number(name) - 1];
    if (wanted === undefined) throw new UsageError(`there is no room ${name}`);
    return model.go(wanted);
  }
  const local = findLocalCommand(name);
  if (local !== undefined) return await local.run(model, args);
  if (isGoodbye(command)) return await client.close();
  if (name === "help") return await help(model, args);
  const isJoining = name === "join";
  const isLeaving = name === "leave" || name === "part";
  if (view?.isPrivate && isLeaving) return model.close(view);
  if (name === "me" && view !== undefined && args !== "") {
    if (!view.isPrivate) return act(model, view, args);
    throw new ConfabError("bad-arguments", "/me works in rooms");
  }
  // It is meant for the room that is shown, wherever the server says that one is. Where one is
  // not in that room any more, only /join leads on.
  const isMeant = view !== undefined && !view.isPrivate &&
    (!isJoining || client.rooms.includes(view.name));
  const isDeleting = name === "delete" && view?.isPrivate;
  const room = isMeant ? view.place : isDeleting ? { room: view.name } : {};
  model.sawPutOut = false;
  const answer = await model.ask({ type: "command", name, args, ...room });
  if (answer.type !== "ack") handle(model, answer);
  else {
    acknowledged(model, answer);
    const isShown = SHOWN_BY_EFFECT.has(name) ||
      PUTTING_OUT.has(name) && model.sawPutOut;
    if (!isShown && answer.text !== undefined) {
      model.out.other({ type: "notice", text: answer.text });
    }
  }
  if (isLeaving || isJoining) model.follow();
}

async function help(model: ChatModel, args: string): Promise<void> {
  const local = findLocalCommand(args.replace(/^\//, ""));
  if (local !== undefined) {
    return model.out.other({ type: "help", commands: [local] });
  }
  const answer = await model.ask({ type: "command", name: "help", args });
  if (answer.type !== "help") return;
  const ofServer = answer.commands.filter(({ name }) =>
    !LOCAL_COMMANDS.some((one) => one.name === name)
  );
  const ofTerminal = args === "" ? LOCAL_COMMANDS : [];
  model.out.other({ type: "help", commands: [...ofServer, ...ofTerminal] });
}
