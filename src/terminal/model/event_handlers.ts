/** What becomes of what the client hears: a table of handlers, one for a type of message. */
import type { ClientEvent } from "../../client/client.ts";
import type { Author } from "../../memory/known_keys.ts";
import { type Shown, standingOf } from "../../memory/server_memory.ts";
import { renderCut, renderRest } from "../../text/render.ts";
import { foldName } from "../../wire/fold.ts";
import type {
  Deleted,
  Said,
  ServerMessage,
  Stored,
} from "../../wire/server.ts";
import { shorten } from "../../wire/text.ts";
import { announcement } from "../screen/announcer.ts";
import type { ChatModel } from "./chat_model.ts";
import type { View } from "./view.ts";

type EventOf<Kind> = Extract<ClientEvent, { kind: Kind }>;
type MessageOf<Type> = Extract<ServerMessage, { type: Type }>;

/** How long the client waits for what was missed before it just says that it is back. */
const BACK_AFTER_MS = 1_000;
/** How often it is looked whether whoever types has stopped. */
const TYPING_LOOK_MS = 1_000;
/** What a server calls itself, in a line of the client's own. */
const SERVER_SHOWN_CODE_POINTS = 64;
/** Alarms that are remembered, so that none is repeated. */
const ALARMS = 1_000;

/** What a message comes to; one that is not in the table is printed as it is. */
const HANDLERS: {
  [Type in ServerMessage["type"]]?: (
    model: ChatModel,
    message: MessageOf<Type>,
  ) => void;
} = {
  chat: said,
  private: said,
  deleted,
  joined: cameOrWent,
  left: cameOrWent,

  users(model, message) {
    const view = model.views.open(message.room);
    view.setPeople(message.users.map(({ name }) => name));
    for (const user of message.users) meet(model, user);
    if (message.id !== undefined) model.out.other(message);
    else if (view === model.views.current) model.showPeople(view);
  },

  renamed(model, message) {
    const { views, memory } = model;
    const { from, name } = message;
    const isHere = views.current?.people.has(from) ?? false;
    const isIgnored = model.isIgnored(model.known.of(from));
    for (const view of views.all) view.rename(from, name);
    model.known.rename(from, name);
    if (model.lastPrivate === from) model.lastPrivate = name;
    const isQuiet = memory.settings.quiet === "on" || isIgnored;
    // The name of the client is its new one by now.
    const isOwn = name === model.client.name;
    if (isOwn || (isHere && !isQuiet)) model.out.other(message);
    model.host.changed();
  },

  topic(model, message) {
    const view = model.views.open(message.room);
    view.topic = message.text;
    if (view === model.views.current) model.out.other(message);
  },

  typing(model, { room, from, name }) {
    const { views, clock, host } = model;
    const view = views.find(room ?? `@${from ?? name}`);
    if (view === undefined || model.isIgnored(model.known.of(name))) return;
    view.typing(name, clock.monotonic());
    host.changed();
    // One wait for all, however many type.
    if (model.isTypingWatched) return;
    model.isTypingWatched = true;
    const look = () => {
      host.changed();
      model.isTypingWatched = views.isTyping(clock.monotonic());
      if (model.isTypingWatched) clock.after(TYPING_LOOK_MS, look);
    };
    clock.after(TYPING_LOOK_MS, look);
  },

  read(model, { room, seq }) {
    const view = model.views.find(room);
    // In a conversation the mark may be the other person's, of one's own words.
    if (view === undefined || view.isPrivate) return;
    view.readTo(seq);
    model.readMarks.keep(view);
    model.host.changed();
  },

  presence() {},

  whois(model, message) {
    model.out.other(message);
    meet(model, message);
    if (standingOf(message, model.server.verified) === "verified") {
      model.out.note(`${message.name} has a key that you verified`);
    }
  },

  rooms(model, message) {
    model.listedRooms = message.rooms.map(({ name }) => name);
    model.out.other(message);
  },

  history: (model, { room, messages }) =>
    model.showPage(`history of ${room}`, messages.filter(isSaid)),

  found(model, message) {
    const messages = message.messages.filter(isSaid);
    if (messages.length === 0) return model.out.other(message);
    model.showPage(`${message.query} in ${message.room}`, messages);
    const rest = renderRest(message);
    if (rest !== undefined) model.out.note(rest);
  },
};

/** Takes an event of the client; throws what ended that. */
export function takeEvent(model: ChatModel, event: ClientEvent): void {
  if (event.kind === "message") handle(model, event.message);
  else if (event.kind === "history") replay(model, event);
  else if (event.kind === "connected") connected(model, event);
  else if (event.kind === "note") model.out.note(event.text);
  else if (event.kind === "disconnected") disconnected(model, event);
  else if (event.error !== undefined) throw event.error;
}

/** Takes what the server says, asked for or not. */
export function handle(model: ChatModel, message: ServerMessage): void {
  const handler = HANDLERS[message.type];
  if (handler === undefined) model.out.other(message);
  else handler(model, message as never);
}

// ---- The connection ----

function connected(
  model: ChatModel,
  { welcome, isFirst }: EventOf<"connected">,
): void {
  const { views, clock } = model;
  const { name, server, room, key } = welcome;
  model.connection = "online";
  model.known.clear();
  model.key = key;
  model.host.changed();
  if (!isFirst) {
    model.cancelBack = clock.after(BACK_AFTER_MS, () => back(model));
    return;
  }
  const help = "Tab completes, /help lists the commands";
  const where = shorten(server, SERVER_SHOWN_CODE_POINTS);
  model.out.note(`you are ${name} on ${where}; ${help}`);
  if (room !== "") views.current = views.open(room);
  model.ask({ type: "command", name: "help" }).then((answer) => {
    if (answer.type === "help") model.serverCommands = answer.commands;
  }, () => {
    // Then Tab knows only the commands of the terminal itself.
  });
}

function disconnected(
  model: ChatModel,
  { reason, retryInMs }: EventOf<"disconnected">,
): void {
  model.cancelBack?.();
  model.cancelBack = undefined;
  // Further tries fail in silence: the prompt says that there is no connection.
  if (model.connection === "offline") return;
  model.connection = "offline";
  model.host.changed();
  const why = renderCut(reason, retryInMs);
  model.out.note(`${why}: what you say waits until then`);
}

/** Says once after a cut that one is back, and how much was missed. */
function back(model: ChatModel, missed = ""): void {
  if (model.cancelBack === undefined) return;
  model.cancelBack();
  model.cancelBack = undefined;
  model.out.note(missed === "" ? "back" : `back, ${missed} missed`);
}

// ---- What was said ----

function said(model: ChatModel, message: Said): void {
  const { from } = message;
  back(model);
  const author = model.known.authorOf(message, "live");
  if (model.isIgnored(author)) return;
  if (from !== model.client.name) judge(model, author);
  const view = model.viewOf(message);
  view.typed(from);
  model.add(view, [message], "new", "live");
  if (from === model.client.name) return;
  if (view.isPrivate) model.spokeTo(from);
  announce(model, view, message);
}

/** What is printed already stays: it is said that it was deleted. */
function deleted(model: ChatModel, message: Deleted): void {
  const view = model.views.find(message.room);
  if (view === undefined) return;
  view.erase(message.target);
  if (view !== model.views.current) return;
  model.out.other(message);
  model.readMarks.read(view, message.seq);
}

function replay(
  model: ChatModel,
  { history, fresh, isReplay }: EventOf<"history">,
): void {
  const { views, client, out } = model;
  const view = views.open(history.room);
  const messages = fresh.filter(isSaid);
  const last = messages.at(-1);
  if (!isReplay && (last?.seq ?? 0) < (view.read ?? 0)) {
    // Another history than the one that was read: the server began anew.
    view.read = undefined;
  }
  if (view === views.current && isReplay) {
    const missed = messages.filter(({ from }) => from !== client.name).length;
    const atLeast = history.more ? `more than ${missed}` : `${missed}`;
    back(model, missed === 0 ? "" : atLeast);
  }
  const { skipped } = history;
  if (skipped !== undefined) {
    const count = Math.max(0, skipped.to - skipped.from + 1);
    out.rule(`${count} messages of ${view.name} are not shown: /history`);
  }
  for (const message of messages) judgeReplayed(model, message);
  model.add(view, messages, isReplay ? "new" : "by-mark", "replayed");
  for (const message of isReplay ? fresh : []) {
    if (message.type === "deleted") deleted(model, message);
  }
  const isNews = isReplay || view.isPrivate;
  if (isNews && last !== undefined && view !== views.current) {
    announce(model, view, last);
  }
}

function announce(model: ChatModel, view: View, message: Said): void {
  const isCall = view.isPrivate || model.aboutOf(message) === "mention";
  const kind = isCall ? "call" : "other";
  const sequence = announcement(model.memory.settings, kind, message);
  if (sequence !== "") model.host.signal(sequence);
}

function cameOrWent(
  model: ChatModel,
  message: MessageOf<"joined"> | MessageOf<"left">,
): void {
  const { views, client, memory, out } = model;
  const { name } = message;
  const view = views.find(message.room);
  if (view === undefined) return;
  if (message.type === "left") view.part(name);
  else {
    view.meet(name);
    meet(model, message);
  }
  const isOwn = message.type === "left" && name === client.name;
  const by = message.type === "left" ? message.by : undefined;
  const isQuiet = memory.settings.quiet === "on" ||
    model.isIgnored({ ...message, is: "known" });
  // Who was put out reads so in a notice; others read it however quiet they have it.
  const isShown = isOwn
    ? by === undefined
    : view === views.current && (by !== undefined || !isQuiet);
  if (isShown) out.other(message);
  if (isShown && by === client.name) model.sawPutOut = true;
  if (isOwn) model.close(view);
}

/** Somebody is named, with the key or as a guest. */
function meet(model: ChatModel, user: Shown): void {
  model.known.note(user);
  judge(model, { ...user, is: "known" });
}

/** What was said before somebody was verified may well be another's: it is marked, no more. */
function judgeReplayed(model: ChatModel, message: Said): void {
  const author = model.known.authorOf(message, "replayed");
  const verified = model.server.verified.find(({ name }) =>
    foldName(name) === foldName(author.name)
  );
  if (verified === undefined || message.from === model.client.name) return;
  if (message.at >= Date.parse(verified.at)) judge(model, author);
}

/** Looks at the key of somebody who was verified. */
function judge(model: ChatModel, author: Author): void {
  const { alarmed } = model;
  const { name, key } = author;
  const id = `${name} ${key}`;
  if (model.markOf(author) === "other" || alarmed.has(id)) return;
  if (alarmed.size === ALARMS) alarmed.clear();
  alarmed.add(id);
  model.out.alarm(
    key === undefined
      ? `${name} is a guest without a key now, and not the one you verified`
      : `the key of ${name} has CHANGED since you verified it: this may be somebody else; ` +
        `compare anew with /verify ${name}`,
  );
}

function isSaid(message: Stored): message is Said {
  return message.type === "chat" || message.type === "private";
}
