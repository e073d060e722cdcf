/** What the person enters: words are said, commands are carried out here or by the server. */
import { ConfabError, describeError, UsageError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import { renderMessage } from "../../text/render.ts";
import { foldName } from "../../wire/fold.ts";
import type { HelpRow } from "../../wire/server.ts";
import { bareRoom, parseSlash, type SlashCommand } from "../../wire/slash.ts";
import { cleanText } from "../../wire/text.ts";
import type { Chat } from "./chat.ts";
import { handle } from "./events.ts";
import { findLocalCommand, LOCAL_COMMANDS } from "./local_commands.ts";
import { askPeopleSoon } from "./people_events.ts";
import { placesInOrder } from "./moves.ts";
import type { Place } from "./place.ts";
import { act, say, tellAtField } from "./sending.ts";

/** Commands of the server whose effect is shown by itself. */
const SHOWN_BY_EFFECT = new Set(
  "join leave part name nick topic me delete".split(" "),
);
/** Commands that change what is listed of people and of the room. */
const RANKING = new Set("op deop lock unlock".split(" "));
const GOODBYE = new Set(["close", "quit", "exit"]);

/** Takes what stands in the field of a place; what is refused stands there again. */
export function submit(chat: Chat, place: Place): void {
  const typed = place.draft.peek();
  // Empty before it is carried out: what is typed from now on is something else.
  chat.setDraft(place, "");
  place.history.add(typed);
  place.recalled = "";
  if (!enter(chat, typed, place)) chat.setDraft(place, typed);
}

/** Takes what was entered in a place; `false` when it should stay where it was typed. */
export function enter(
  chat: Chat,
  typed: string,
  place: Place = chat.current.peek() ?? chat.nowhere,
): boolean {
  place.fault.value = "";
  const text = cleanText(typed.toWellFormed());
  const command = parseSlash(text);
  if (text.trim() === "") return true;
  if (command !== undefined && command.name !== "") {
    const isSomewhere = place !== chat.nowhere;
    run(chat, command, isSomewhere ? place : undefined)
      .catch((error) => refused(chat, place, typed, error));
    return true;
  }
  if (place !== chat.nowhere) return say(chat, place, text);
  tellAtField(chat, place, "you are in no room: /join ROOM enters one");
  return false;
}

/** A command was not carried out: it is said, and the text comes back, where it was typed. */
function refused(
  chat: Chat,
  place: Place,
  typed: string,
  error: unknown,
): void {
  const isOver = error instanceof ConfabError && error.code === "closed" &&
    chat.connection.peek() === "ended";
  if (isOver) return;
  if (place.draft.peek() === "") chat.setDraft(place, typed);
  const isSeen = place === (chat.current.peek() ?? chat.nowhere);
  if (isSeen) tellAtField(chat, place, describeError(meant(typed, error)));
  else chat.fault(error);
}

/** The server does not know the page's own commands, one of which may have been meant. */
function meant(typed: string, error: unknown): unknown {
  const isUnknown = error instanceof ConfabError &&
    error.code === "unknown-command";
  if (!isUnknown || error.message.includes("did you mean")) return error;
  const { name = "" } = parseSlash(typed) ?? {};
  const near = nearest(name, LOCAL_COMMANDS.map((command) => command.name));
  if (near === undefined) return error;
  return new UsageError(`there is no command /${name}: did you mean /${near}?`);
}

/** Goes back (or on) in what was sent from a place; `false` where something else is typed. */
export function recall(
  chat: Chat,
  place: Place,
  way: "older" | "newer",
): boolean {
  const typed = place.draft.peek();
  if (typed !== "" && typed !== place.recalled) return false;
  const { history } = place;
  const line = way === "older" ? history.older(typed) : history.newer();
  if (line === undefined) return false;
  place.recalled = line;
  chat.setDraft(place, line);
  return true;
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
  chat.hasPutOut = false;
  const answer = await chat.ask({ type: "command", name, args, ...room });
  handle(chat, answer);
  // Nobody tells who did it what has become of it.
  if (name === "away") {
    chat.away.value = args.trim() === "" ? undefined : args.trim();
  }
  if (RANKING.has(name) && isHere) askPeopleSoon(chat, place!);
  if (answer.type === "ack") {
    const isShown = SHOWN_BY_EFFECT.has(name) || chat.hasPutOut;
    if (!isShown && answer.text !== undefined) chat.note(answer.text);
  }
  // What these say is taken without a word elsewhere.
  if (answer.type === "rooms" || answer.type === "users") {
    chat.note(renderMessage(answer)?.replace(/^\* /gm, "") ?? "");
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
  if (/^\d+$/.test(name)) return goToNumber(chat, Number(name));
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
 * Shows a room and enters it; the others stay open. It is shown at once: what is typed while the
 * server is asked belongs to it.
 *
 * @throws {ConfabError} what the server refuses; unless something was typed, one is back then.
 */
export async function join(chat: Chat, args: string): Promise<void> {
  const room = bareRoom(args.replace(/^\+/, "").trim());
  if (room === "") throw new UsageError("usage: /join ROOM");
  const there = chat.find(room);
  if (there?.isEntered.peek() && !there.isPrivate) return chat.go(there);
  if (room.startsWith("@")) return await enterRoom(chat, room);
  const before = chat.current.peek();
  const place = chat.open(room);
  chat.go(place);
  try {
    await enterRoom(chat, room);
  } catch (error) {
    const isUsed = place.draft.peek() !== "" || place.live.pending.length > 0;
    if (there === undefined && !isUsed) {
      const isShown = chat.current.peek() === place;
      chat.close(place);
      if (isShown) chat.go(before);
    }
    throw error;
  }
}

/**
 * Enters a room, and stays where one is.
 *
 * @throws {ConfabError} what the server refuses.
 */
export async function enterRoom(chat: Chat, room: string): Promise<void> {
  await chat.ask({ type: "command", name: "join", args: `+${room}` });
  const place = chat.find(room);
  const entered = chat.client.rooms.find((one) =>
    foldName(one) === foldName(room)
  );
  // As it is spelt by whoever came first.
  if (place !== undefined && entered !== undefined) {
    place.title.value = entered;
    place.isEntered.value = true;
  }
}

/** `/3` goes to the third place. */
function goToNumber(chat: Chat, number: number): void {
  const place = placesInOrder(chat)[number - 1];
  if (place === undefined) throw new UsageError(`there is no room ${number}`);
  chat.go(place);
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
