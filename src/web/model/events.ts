/** What becomes of what the client hears: a table of handlers, one for a type of message. */
import { batch } from "@preact/signals-core";
import type { ClientEvent } from "../../client/client.ts";
import { EVERYWHERE, renderMessage, withSpeaker } from "../../text/render.ts";
import type { Deleted, Said, ServerMessage } from "../../wire/server.ts";
import { WATCHED } from "../../wire/watched.ts";
import type { Chat } from "./chat.ts";
import {
  came,
  heardNotice,
  judge,
  judgeReplayed,
  listed,
  meet,
  renamed,
  went,
} from "./people_events.ts";
import { countWaiting } from "./conversations.ts";
import { isSaid } from "./line.ts";
import type { Place } from "./place.ts";
import { searchIn } from "./search.ts";

type EventOf<Kind> = Extract<ClientEvent, { kind: Kind }>;
type MessageOf<Type> = Extract<ServerMessage, { type: Type }>;

/** How often it is looked whether whoever types has stopped. */
const TYPING_LOOK_MS = 1_000;

/** Takes events until the client has ended; resolves with what ended it. */
export async function followClient(chat: Chat): Promise<Error | undefined> {
  for await (const event of chat.client) {
    const ended = batch(() => takeEvent(chat, event));
    if (ended !== undefined) return ended.error;
  }
  return undefined;
}

/** Takes one event; gives it back when it is the last. */
export function takeEvent(
  chat: Chat,
  event: ClientEvent,
): EventOf<"ended"> | undefined {
  switch (event.kind) {
    case "message":
      handle(chat, event.message);
      return undefined;
    case "history":
      replay(chat, event);
      return undefined;
    case "connected":
      connected(chat, event);
      return undefined;
    case "disconnected":
      disconnected(chat, event);
      return undefined;
    case "note":
      chat.note(event.text);
      return undefined;
    case "ended":
      chat.connection.value = "ended";
      chat.reason.value = event.error?.message ?? "";
      chat.end();
      return event;
  }
}

/** What a message comes to; one that is not in the table is shown as the text that it is. */
const HANDLERS: {
  [Type in ServerMessage["type"]]?: (
    chat: Chat,
    message: MessageOf<Type>,
  ) => void;
} = {
  chat: said,
  private: said,
  deleted,
  joined: came,
  left: went,

  here(chat, { room }) {
    // Who joins goes there, who is removed from a room still has it before them.
    if (room === "") return;
    const place = chat.open(room);
    if (chat.current.peek() === undefined) chat.go(place);
  },

  users: listed,
  renamed,

  topic(chat, { room, text, by, at }) {
    const place = chat.open(room);
    const isNews = place.topic.peek() !== text && place.live.lines.length > 0;
    place.topic.value = text;
    if (isNews) {
      place.live.happened(at, `${by} set the topic: ${text}`);
    }
  },

  presence(chat, { room, count }) {
    const place = chat.find(room);
    if (place !== undefined) place.count.value = count;
  },

  typing(chat, { room, from, name }) {
    const place = chat.find(room ?? `@${from ?? name}`);
    if (place === undefined || chat.isIgnored(chat.known.of(name))) return;
    place.typing(name, chat.clock.monotonic());
    lookAtTyping(chat);
  },

  read(chat, { room, seq }) {
    const place = chat.find(room);
    // In a conversation the mark may be the other person's, of one's own words.
    if (place === undefined || place.isPrivate) return;
    readElsewhere(chat, place, seq);
  },

  help(chat, { commands }) {
    const place = chat.current.peek() ?? chat.nowhere;
    place.live.help(chat.clock.wall(), commands);
    chat.host.say(`${commands.length} commands`);
  },

  found(chat, found) {
    const place = found.room === EVERYWHERE
      ? chat.current.peek()
      : chat.find(found.room);
    if (place === undefined) return tell(chat, found);
    searchIn(chat, place).take(found);
    chat.go(place);
    chat.searching.value = true;
  },

  rooms(chat, { rooms }) {
    chat.rooms.value = rooms;
  },

  conversations(chat, { list }) {
    chat.callers.value = list.map(({ name, key, seq, read }) => ({
      ...{ name, key, read },
      unread: Math.max(0, seq - read),
    }));
    countWaiting(chat);
  },

  notice(chat, message) {
    const { text } = message;
    heardNotice(chat, text);
    // It stands in the room that one was put out of.
    const isTold = chat.putOut !== "" && text.startsWith(chat.putOut);
    chat.putOut = "";
    if (!isTold) tell(chat, message);
  },

  whois(chat, message) {
    meet(chat, message);
    tell(chat, message);
    if (chat.isVerified(message.name, message.key)) {
      chat.note(`${message.name} has a key that you verified`);
    }
  },
};

/** Types that the monitor takes. */
const BY_MONITOR: ReadonlySet<string> = new Set(WATCHED);

/** Takes what the server says, asked for or not. */
export function handle(chat: Chat, message: ServerMessage): void {
  if (BY_MONITOR.has(message.type)) return chat.onWatched?.(message);
  const handler = HANDLERS[message.type] as
    | ((chat: Chat, message: ServerMessage) => void)
    | undefined;
  if (handler !== undefined) handler(chat, message);
  else tell(chat, message);
}

/** Shows an answer as the text that it is. */
function tell(chat: Chat, message: ServerMessage): void {
  const text = renderMessage(withSpeaker(message));
  if (text === undefined) return;
  const lines = text.replace(/^\* /gm, "");
  if (message.type === "error") chat.fault(new Error(lines));
  else chat.note(lines);
}

// ---- The connection ----

function connected(chat: Chat, { welcome }: EventOf<"connected">): void {
  const { name, server, version, room, key } = welcome;
  const isFirst = chat.name.peek() === "";
  const before = chat.serverVersion.peek();
  chat.connection.value = "online";
  chat.reason.value = "";
  chat.retryAt.value = undefined;
  chat.name.value = name;
  // Others are told to compare it: what it is says nobody else.
  chat.key.value = key && (chat.ownKey ?? key);
  chat.serverName.value = server;
  chat.serverVersion.value = version;
  chat.known.clear();
  for (const place of chat.places.peek()) {
    if (!place.isPrivate) place.people.value = [];
  }
  if (!isFirst) {
    if (version !== before) {
      chat.note(`the server is ${version} now, and the page ${before}: reload`);
    }
    return chat.host.say("connected again");
  }
  if (room !== "") chat.go(chat.open(room));
  chat.ask({ type: "command", name: "help" }).then((answer) => {
    if (answer.type === "help") chat.commands.value = answer.commands;
  }, () => {
    // Then only the page's own commands are completed.
  });
}

function disconnected(
  chat: Chat,
  { reason, retryInMs }: EventOf<"disconnected">,
): void {
  if (chat.connection.peek() === "online") {
    chat.host.say("the connection was lost; what you say waits");
  }
  chat.connection.value = "offline";
  chat.reason.value = reason === "" ? "the connection was lost" : reason;
  chat.retryAt.value = chat.clock.wall() + retryInMs;
}

// ---- What was said ----

function said(chat: Chat, message: Said): void {
  const author = chat.known.authorOf(message, "live");
  if (author.is === "known") chat.known.note(author);
  if (chat.isIgnored(author)) return;
  const isOwn = message.from === chat.name.peek();
  if (!isOwn) judge(chat, author);
  const place = chat.open(chat.placeNameOf(message));
  place.typed(message.from);
  add(chat, place, [message], "live");
  if (isOwn) return;
  if (place.isPrivate) chat.spokeTo(message.from);
}

/** Adds what was said at the end of a place, counts it, and makes it heard. */
export function add(
  chat: Chat,
  place: Place,
  messages: readonly Said[],
  how: "live" | "replayed",
): void {
  const lines = chat.linesOf(place, messages, how);
  place.live.add(lines);
  const isCurrent = place === chat.current.peek();
  if (how === "live" && isCurrent && place.timeline === place.live) {
    for (const line of lines) {
      if (line.kind === "said" && !line.isOwn) chat.aloud.hear(line);
    }
  }
  const news = lines.filter((line) =>
    line.kind === "said" && !line.isOwn && line.seq > (place.read ?? 0)
  );
  const own = lines.findLast((line) => line.kind === "said" && line.isOwn);
  if (own !== undefined) chat.readMarks.read(place, own.seq);
  // What was said in a room before one ever was there is no news.
  const isFirst = how === "replayed" && place.read === undefined &&
    !place.isPrivate;
  if (news.length === 0 || isFirst) return lookIfHere(chat, place);
  if (place.unread.peek() === 0 && isCurrent && !chat.isSeen(place)) {
    place.newAfter.value = place.read ?? 0;
  }
  place.unread.value += news.length;
  place.mentions.value +=
    news.filter((line) => line.kind === "said" && line.isMention).length;
  const last = news.at(-1)!;
  if (last.kind === "said") {
    const isCall = place.isPrivate ||
      news.some((line) => line.kind === "said" && line.isMention);
    const { message, author } = last;
    chat.host.heard(place, message, isCall ? "call" : "other", author);
  }
  lookIfHere(chat, place);
}

function lookIfHere(chat: Chat, place: Place): void {
  if (place === chat.current.peek()) chat.look();
}

function deleted(chat: Chat, message: Deleted): void {
  const place = chat.find(message.room);
  if (place === undefined) return;
  place.live.erase(message.target);
  place.detached.peek()?.erase(message.target);
  chat.readMarks.read(place, message.seq);
}

function replay(
  chat: Chat,
  { history, fresh, isReplay }: EventOf<"history">,
): void {
  const place = chat.open(history.room);
  const messages = fresh.filter(isSaid);
  const last = messages.at(-1);
  if (!isReplay && (last?.seq ?? 0) < (place.read ?? 0)) {
    // Another history than the one that was read: the server began anew.
    place.read = undefined;
  }
  const isEmpty = place.live.firstSeq === undefined;
  if (history.reset && !isEmpty) {
    place.live.clear();
    place.detached.value = undefined;
    const title = place.title.peek();
    place.live.happened(chat.clock.wall(), `${title} was begun anew`);
  }
  if (isEmpty || history.reset) {
    place.live.hasOlder.value = history.older === true;
  }
  const { skipped } = history;
  if (skipped !== undefined && skipped.to >= skipped.from) {
    place.live.gap(chat.clock.wall(), skipped.from, skipped.to);
  }
  for (const message of messages) judgeReplayed(chat, message);
  const gone = fresh.filter(({ type }) => type === "gone");
  place.live.add(chat.linesOf(place, gone, "replayed"));
  add(chat, place, messages, "replayed");
  for (const message of fresh) {
    if (message.type === "deleted") deleted(chat, message);
  }
  const isCurrent = place === chat.current.peek();
  if (isCurrent && !isReplay && place.newAfter.peek() === undefined) {
    const { read } = place;
    if (read !== undefined && (last?.seq ?? 0) > read) {
      place.newAfter.value = read;
    }
  }
}

function readElsewhere(chat: Chat, place: Place, seq: number): void {
  if (seq <= (place.read ?? 0)) return;
  place.read = seq;
  const lines = place.live.lines;
  const rest = lines.slice(place.live.indexOf(seq + 1)).filter((line) =>
    line.kind === "said" && !line.isOwn && line.seq > seq
  );
  place.unread.value = rest.length;
  place.mentions.value =
    rest.filter((line) => line.kind === "said" && line.isMention).length;
  chat.readMarks.keep(place);
}

/** One wait for all, however many type. */
function lookAtTyping(chat: Chat): void {
  if (chat.isTypingWatched) return;
  chat.isTypingWatched = true;
  const look = () => {
    const now = chat.clock.monotonic();
    const still = chat.places.peek().map((place) => place.lookAtTyping(now));
    chat.isTypingWatched = still.includes(true);
    if (chat.isTypingWatched) chat.clock.after(TYPING_LOOK_MS, look);
  };
  chat.clock.after(TYPING_LOOK_MS, look);
}
