/** What the person says: sent, shown as waiting until it is acknowledged, kept when it failed. */
import { batch } from "@preact/signals-core";
import { describeError } from "../../base/errors.ts";
import { TEXT_MAX_CODE_POINTS, TYPING_INTERVAL_MS } from "../../base/limits.ts";
import type { Request } from "../../client/client.ts";
import { renderPresence } from "../../text/render.ts";
import { enslash, parseSlash, unslash } from "../../wire/slash.ts";
import { splitText } from "../../wire/split.ts";
import type { Said } from "../../wire/server.ts";
import type { Chat } from "./chat.ts";
import { add } from "./events.ts";
import type { PendingLine } from "./line.ts";
import type { Place } from "./place.ts";

/** A paste of more lines is not taken without asking. */
const PASTE_LINES = 10;
/** More is not kept while there is no connection. */
const WAITING_MAX = 200;

/** The messages that a text of any length makes. */
export function partsOf(text: string): string[] {
  return splitText(unslash(text), TEXT_MAX_CODE_POINTS - 1)
    .map((part) => part.replace(/^\n+/, "").trimEnd())
    .filter((part) => part !== "");
}

/** Whether a paste is so long that it is better asked whether it is meant. */
export function isLong(text: string): boolean {
  return text.length > TEXT_MAX_CODE_POINTS ||
    text.split("\n", PASTE_LINES + 1).length > PASTE_LINES;
}

/**
 * Says a text of any length in a place; `false` when too much waits already, or it may be meant for
 * who had the name before.
 */
export function say(chat: Chat, place: Place, text: string): boolean {
  const parts = partsOf(text);
  if (chat.client.waiting.length + parts.length > WAITING_MAX) {
    const why = "too much waits to be sent already: say it later";
    tellAtField(chat, place, why);
    return false;
  }
  const { other } = place;
  if (place.isPrivate && place.isTaken(chat.known.of(other))) {
    const why =
      `not sent: ${other} has another key than who wrote here; send it again if you mean them`;
    tellAtField(chat, place, why);
    return false;
  }
  for (const txt of parts) {
    const chatSend = { type: "chat", txt: enslash(txt), ...place.target };
    void send(chat, place, chatSend as Request, { txt });
  }
  chat.typedAt = -Infinity;
  return true;
}

/** Says beside the field why something was not taken. */
export function tellAtField(chat: Chat, place: Place, why: string): void {
  place.fault.value = why;
  chat.host.say(why);
}

/** `/me` in a room. */
export function act(chat: Chat, place: Place, txt: string): void {
  const me = { type: "command", name: "me", args: txt, ...place.target };
  void send(chat, place, me as Request, { txt, action: true });
}

/** Sends again what could not be sent. */
export function sayAgain(chat: Chat, place: Place, key: string): void {
  const line = place.live.takeFailed(key);
  if (line?.action) act(chat, place, line.text);
  else if (line !== undefined && !say(chat, place, enslash(line.text))) {
    putBack(chat, place, line);
  }
}

/** Takes back what could not be sent, behind what is being typed. */
export function editFailed(chat: Chat, place: Place, key: string): void {
  const line = place.live.takeFailed(key);
  if (line !== undefined) putBack(chat, place, line);
}

function putBack(chat: Chat, place: Place, line: PendingLine): void {
  const text = line.action ? `/me ${line.text}` : enslash(line.text);
  const draft = place.draft.peek();
  chat.setDraft(place, draft === "" ? text : `${draft}\n${text}`);
}

async function send(
  chat: Chat,
  place: Place,
  request: Request,
  said: { readonly txt: string; readonly action?: true },
): Promise<void> {
  const { txt, action = false } = said;
  const waiting = place.live.wait(chat.clock.wall(), txt, action);
  try {
    const ack = await chat.ask(request);
    batch(() => {
      waiting.done();
      // A replay that brings it before its ack is the answer, and has shown it in its place.
      if (ack.type !== "ack") return;
      const { seq = 0, at = chat.clock.wall() } = ack;
      const fields = { from: chat.name.peek(), seq, at, ...said };
      const message: Said = place.isPrivate
        ? { type: "private", to: place.other, ...fields }
        : { type: "chat", room: place.name, ...fields };
      add(chat, place, [message], "live");
      if (!place.isPrivate) return;
      const presence = renderPresence(place.other, ack);
      if (presence !== "" && presence !== place.presence) {
        chat.note(presence, place);
      }
      place.presence = presence;
    });
  } catch (error) {
    waiting.failed(describeError(error));
  }
}

/** The person is typing this; the others are told, not too often. */
export function typing(chat: Chat, place: Place, text: string): void {
  const isText = text.trim() !== "" && parseSlash(text) === undefined;
  const isTold = chat.connection.peek() === "online" &&
    chat.settings.peek().typing === "on";
  const now = chat.clock.monotonic();
  if (!isText || !isTold || now < chat.typedAt + TYPING_INTERVAL_MS) return;
  chat.typedAt = now;
  if (place.isPrivate || chat.client.rooms.includes(place.name)) {
    chat.client.tell({ type: "typing", ...place.target });
  }
}
