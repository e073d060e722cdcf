/** What the person enters: words are said, commands are carried out here or by the server. */
import { ConfabError, describeError, UsageError } from "../../base/errors.ts";
import type { HelpRow } from "../../wire/server.ts";
import { parseSlash, type SlashCommand } from "../../wire/slash.ts";
import { cleanText } from "../../wire/text.ts";
import type { Chat } from "./chat.ts";
import { handle } from "./events.ts";
import { findLocalCommand, LOCAL_COMMANDS } from "./local_commands.ts";
import { askPeopleSoon } from "./people_events.ts";
import type { Place } from "./place.ts";
import { act, say } from "./sending.ts";

/** Commands of the server whose effect is shown by itself. */
const SHOWN_BY_EFFECT = new Set(
  "join leave part name nick topic me delete".split(" "),
);
/** Commands that change what is listed of people and of the room. */
const RANKING = new Set("op deop lock unlock".split(" "));
const GOODBYE = new Set(["close", "quit", "exit"]);

/** Takes what was entered in the current place; `false` when it should stay where it was typed. */
export function enter(chat: Chat, typed: string): boolean {
  const text = cleanText(typed.toWellFormed());
  const command = parseSlash(text);
  if (text.trim() === "") return true;
  const place = chat.current.peek();
  if (command !== undefined && command.name !== "") {
    run(chat, command, place).catch((error) => {
      const isOver = error instanceof ConfabError && error.code === "closed" &&
        chat.connection.peek() === "ended";
      if (!isOver) chat.fault(error);
    });
    return true;
  }
  if (place !== undefined) return say(chat, place, text);
  chat.host.say("you are in no room: join one first");
  return false;
}

/**
 * Carries out a command of the server that is meant for a place, and shows what it answers.
 *
 * @throws {ConfabError} what the server refuses.
 */
export async function command(
  chat: Chat,
  name: string,
  args: string,
  place?: Place,
): Promise<void> {
  const isHere = place !== undefined && !place.isPrivate &&
    chat.client.rooms.includes(place.name);
  const isDeleting = name === "delete" && place?.isPrivate;
  const room = isHere || isDeleting ? { room: place!.name } : {};
  const answer = await chat.ask({ type: "command", name, args, ...room });
  handle(chat, answer);
  // Nobody tells who did it what has become of it.
  if (name === "away") {
    chat.away.value = args.trim() === "" ? undefined : args.trim();
  }
  if (RANKING.has(name) && isHere) askPeopleSoon(chat, place!);
  if (answer.type === "ack" && !SHOWN_BY_EFFECT.has(name)) {
    chat.note(`done: /${name} ${args}`.trimEnd());
  }
}

/** The commands that there are, the server's and the page's own, by name. */
export function allCommands(chat: Chat): HelpRow[] {
  const ofServer = chat.commands.value.filter(({ name }) =>
    findLocalCommand(name) === undefined
  );
  return [...ofServer, ...LOCAL_COMMANDS].toSorted((one, two) =>
    one.name < two.name ? -1 : 1
  );
}

async function run(
  chat: Chat,
  { name: typed, args }: SlashCommand,
  place: Place | undefined,
): Promise<void> {
  const name = typed.toLowerCase();
  const local = findLocalCommand(name);
  if (local !== undefined) return await local.run(chat, args);
  if (GOODBYE.has(name)) return await chat.client.close();
  if (name === "help") return help(chat, args);
  const isLeaving = name === "leave" || name === "part";
  if (isLeaving && place !== undefined) {
    if (place.isPrivate || !place.isEntered.peek()) return chat.close(place);
  }
  if (name === "me" && place !== undefined && args !== "") {
    if (!place.isPrivate) return act(chat, place, args);
    throw new ConfabError("bad-arguments", "/me works in rooms");
  }
  if (name === "join") return await join(chat, args);
  if (name === "list" || name === "rooms") {
    chat.dialog.value = { kind: "rooms" };
    return;
  }
  await command(chat, name, args, place);
  if (isLeaving && place !== undefined) chat.close(place);
}

/**
 * Enters a room and shows it; the others stay open.
 *
 * @throws {ConfabError} what the server refuses.
 */
export async function join(chat: Chat, args: string): Promise<void> {
  const room = args.replace(/^\+/, "").trim();
  if (room === "") throw new UsageError("usage: /join ROOM");
  const there = chat.find(room);
  if (there?.isEntered.peek() && !there.isPrivate) return chat.go(there);
  await chat.ask({ type: "command", name: "join", args: `+${room}` });
  const { current } = chat.client;
  const entered = chat.find(room) ??
    (current === "" ? undefined : chat.open(current));
  chat.go(entered);
}

/** Leaves a room, or closes a conversation. */
export async function leave(chat: Chat, place: Place): Promise<void> {
  if (!place.isPrivate && place.isEntered.peek()) {
    try {
      await command(chat, "leave", "", place);
    } catch (error) {
      return chat.fault(describeError(error));
    }
  }
  if (chat.places.peek().includes(place)) chat.close(place);
}

function help(chat: Chat, args: string): void {
  const wanted = args.replace(/^\//, "").toLowerCase();
  const rows = allCommands(chat);
  const one = rows.filter(({ name }) => name === wanted);
  if (wanted !== "" && one.length === 0) {
    const hint = "/help lists the commands";
    throw new UsageError(`there is no command /${wanted}: ${hint}`);
  }
  handle(chat, { type: "help", commands: wanted === "" ? rows : one });
}
