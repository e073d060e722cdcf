/** What becomes of it when people come, go, are listed, and show another key. */
import type { Author } from "../../memory/known_keys.ts";
import type { Shown } from "../../memory/server_memory.ts";
import { whyLeft } from "../../text/render.ts";
import { foldName } from "../../wire/fold.ts";
import type { Said, ServerMessage, User, Users } from "../../wire/server.ts";
import type { Chat } from "./chat.ts";
import type { Place } from "./place.ts";

type MessageOf<Type> = Extract<ServerMessage, { type: Type }>;

/** Alarms that are remembered, so that none is repeated. */
const ALARMS = 1_000;
/** Changes of roles within this time are asked for together. */
const ASKED_AFTER_MS = 1_000;

/** Who is in a room, as the server lists them. */
export function listed(
  chat: Chat,
  { room, users, count, locked, id }: Users,
): void {
  const place = chat.open(room);
  place.isEntered.value = true;
  place.isLocked.value = locked === true;
  const isMore = place.people.peek().length <= users.length;
  if (id === undefined || count === undefined || isMore) {
    place.people.value = users;
  }
  place.count.value = count;
  for (const user of users) meet(chat, user);
  const own = users.find(({ name }) => name === chat.name.peek());
  if (own === undefined) return;
  chat.isAdmin.value = own.role === "admin";
  chat.away.value = own.away;
}

/**
 * Lists who is in a room anew, as many as the server names.
 *
 * @throws {ConfabError} what the server refuses.
 */
export async function askPeople(chat: Chat, { name }: Place): Promise<void> {
  const users = { type: "command", name: "users", args: "", room: name };
  const answer = await chat.ask(users as Parameters<Chat["ask"]>[0]);
  if (answer.type === "users") listed(chat, answer);
}

/** A notice may say that a role or the lock of a room has changed: who is what, `users` tells. */
export function heardNotice(chat: Chat, text: string): void {
  const place = chat.places.peek().find((place) =>
    place.isEntered.peek() && !place.isPrivate &&
    text.replaceAll(":", "").split(" ").includes(place.name)
  );
  if (place !== undefined) askPeopleSoon(chat, place);
}

export function askPeopleSoon(chat: Chat, place: Place): void {
  if (place.isAsked) return;
  place.isAsked = true;
  chat.clock.after(ASKED_AFTER_MS, () => {
    place.isAsked = false;
    const isThere = chat.client.rooms.includes(place.name);
    if (!isThere || chat.connection.peek() !== "online") return;
    askPeople(chat, place).catch(() => {
      // Then the list stays as it was; the server says so where it matters.
    });
  });
}

export function came(chat: Chat, message: MessageOf<"joined">): void {
  const place = chat.find(message.room);
  if (place === undefined) return;
  const { type: _, room: __, at, ...user } = message;
  const { name } = user;
  place.meet(user);
  if (place.count.peek() !== undefined) place.count.value! += 1;
  meet(chat, message);
  if (chat.isIgnored({ ...message, is: "known" })) return;
  place.live.moved(at, { name, is: "joined", why: "" });
}

export function went(chat: Chat, message: MessageOf<"left">): void {
  const place = chat.find(message.room);
  if (place === undefined) return;
  const { name, at, by } = message;
  const isOwn = name === chat.name.peek();
  place.part(name);
  if (isOwn) return wentAway(chat, place, message);
  if (place.count.peek() !== undefined) place.count.value! -= 1;
  if (chat.isIgnored({ ...message, is: "known" })) return;
  const why = whyLeft(message);
  // What somebody has done is told, whoever is spared of comings.
  if (by !== undefined) place.live.happened(at, `${name} left${why}`);
  else place.live.moved(at, { name, is: "left", why });
  if (by === chat.name.peek()) chat.hasPutOut = true;
}

/** One is not in a room any more: who was removed keeps what was said there before them. */
function wentAway(
  chat: Chat,
  place: Place,
  message: MessageOf<"left">,
): void {
  const { room, reason, at, by, banned } = message;
  const isKicked = reason === "kicked";
  const how = by === undefined ? "" : whyLeft(message);
  const why = isKicked
    ? `you were removed from ${room}${how}`
    : `you left ${room}`;
  if (how !== "") {
    chat.putOut = `${by} ${banned ? "banned" : "kicked"} you from ${room}`;
  }
  place.isEntered.value = false;
  place.people.value = [];
  place.count.value = undefined;
  place.live.happened(at, why);
  if (isKicked) chat.host.say(why);
  else chat.close(place);
}

export function renamed(
  chat: Chat,
  { from, name, at }: MessageOf<"renamed">,
): void {
  const isOwn = from === chat.name.peek();
  if (isOwn) chat.name.value = name;
  const isQuiet = chat.isIgnored(chat.known.of(from));
  for (const place of chat.places.peek()) {
    const isThere = place.byName.peek().has(from) || place.name === `@${from}`;
    place.rename(from, name);
    if (!isThere || isQuiet) continue;
    place.live.happened(at, `${from} is now ${name}`);
  }
  chat.known.rename(from, name);
  if (chat.lastPrivate === from) chat.lastPrivate = name;
}

/** Somebody is named, with the key or as a guest. */
export function meet(chat: Chat, user: Shown | User): void {
  chat.known.note(user);
  judge(chat, { ...user, is: "known" });
}

/** What was said before somebody was verified may well be another's: it is marked, no more. */
export function judgeReplayed(chat: Chat, message: Said): void {
  const author = chat.known.authorOf(message, "replayed");
  const verified = chat.verified.peek().find(({ name }) =>
    foldName(name) === foldName(author.name)
  );
  if (verified === undefined || message.from === chat.name.peek()) return;
  if (message.at >= Date.parse(verified.at)) judge(chat, author);
}

/** Looks at the key of somebody who was verified. */
export function judge(chat: Chat, author: Author): void {
  const { alarmed } = chat;
  const { name, key } = author;
  const id = `${name} ${key}`;
  if (chat.markOf(author) === "other" || alarmed.has(id)) return;
  if (alarmed.size === ALARMS) alarmed.clear();
  alarmed.add(id);
  chat.alarm(
    key === undefined
      ? `${name} is a guest without a key now, and not the one you verified`
      : `the key of ${name} has changed since you verified it: this may be somebody else; compare anew`,
  );
}
