/** What becomes of what the client hears: a table of handlers, one for a type of message. */
import type { ClientEvent } from "../../client/client.ts";
import { standingOf } from "../../memory/server_memory.ts";
import { renderRest } from "../../text/render.ts";
import type { Said, ServerMessage } from "../../wire/server.ts";
import type { ChatModel } from "./chat_model.ts";
import { entered, lose, shutOut } from "./lost_places.ts";
import { back, connected, disconnected } from "./connecting.ts";
import { judge, meet } from "./judging.ts";
import { showPage } from "./pages.ts";
import { setPeople, showPeople, showUsers } from "./people.ts";
import {
  announce,
  conversations,
  deleted,
  missing,
  refused,
  replay,
} from "./replay.ts";
import { isSaid } from "./showing.ts";

type MessageOf<Type> = Extract<ServerMessage, { type: Type }>;

/** How often it is looked whether whoever types has stopped. */
const TYPING_LOOK_MS = 1_000;

/** What a message comes to; one that is not in the table is printed as it is. */
const HANDLERS: {
  [Type in ServerMessage["type"]]?: (
    model: ChatModel,
    message: MessageOf<Type>,
  ) => void;
} = {
  chat: said,
  private: said,
  deleted(model, message) {
    stored(model, message);
    deleted(model, message);
  },
  gone: stored,
  conversations,
  joined: cameOrWent,
  left: cameOrWent,

  users(model, message) {
    const view = model.views.open(message.room);
    if (message.id === undefined) model.places.came(message.room);
    if (message.id === undefined) entered(model, view);
    setPeople(model, view, message.users);
    for (const user of message.users) meet(model, user);
    if (message.id !== undefined) showUsers(model, message);
    else if (view === model.views.current) showPeople(model, view);
  },

  renamed(model, message) {
    const { views, memory } = model;
    const { from, name } = message;
    const isHere = views.current?.people.has(from) ?? false;
    const isIgnored = model.isIgnored(model.known.of(from));
    const before = views.find(`@${name}`);
    if (before !== undefined) before.changes++;
    for (const view of views.all) view.rename(from, name);
    model.known.rename(from, name);
    model.replies.renamed(from, name);
    model.places.moved();
    const isQuiet = memory.settings.comings === "off" || isIgnored;
    // The name of the client is its new one by now.
    const isOwn = name === model.client.name;
    if (isOwn || (isHere && !isQuiet)) {
      model.out.happened(message, message.at);
    }
    model.host.changed();
  },

  topic(model, message) {
    const view = model.views.open(message.room);
    view.topic = message.text;
    if (view === model.views.current) model.out.happened(message, message.at);
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

  here(model, { room }) {
    model.here = room;
  },

  error(model, message) {
    model.out.other(message);
    const { room, code, id } = message;
    if (room === undefined || id !== undefined) return;
    if (!refused(model, room)) shutOut(model, room, code);
  },

  whois(model, message) {
    model.out.other(message);
    meet(model, message);
    if (standingOf(message, model.server.verified) === "verified") {
      model.out.note(`${message.name} has a key that you verified`);
    }
  },

  rooms(model, message) {
    model.roomNames.note(message);
    model.out.other(message);
  },

  found(model, message) {
    const messages = message.messages.filter(isSaid);
    if (messages.length === 0) return model.out.other(message);
    showPage(model, `${message.query} in ${message.room}`, messages);
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

// ---- What was said ----

function said(model: ChatModel, message: Said): void {
  const { from } = message;
  back(model);
  const author = model.known.authorOf(message, "live");
  const view = model.viewOf(message);
  missing(model, view, message.seq);
  if (model.isIgnored(author)) return;
  if (from !== model.client.name) judge(model, author);
  view.typed(from);
  model.showing.add(view, [message], "new", "live");
  if (from === model.client.name) return;
  if (view.isPrivate) model.replies.spoke(message, "live");
  announce(model, view, message);
}

/** Something takes a place in the order of a room or a conversation. */
function stored(
  model: ChatModel,
  { room, seq }: MessageOf<"deleted"> | MessageOf<"gone">,
): void {
  const view = model.views.find(room);
  if (view !== undefined) missing(model, view, seq);
}

function cameOrWent(
  model: ChatModel,
  message: MessageOf<"joined"> | MessageOf<"left">,
): void {
  const { views, client, out } = model;
  const { name } = message;
  const view = views.find(message.room);
  if (view === undefined) return;
  if (message.type === "left") view.part(name);
  else {
    const { room: _, type: __, at: ___, ...user } = message;
    view.meet(user);
    meet(model, message);
  }
  const isOwn = message.type === "left" && name === client.name;
  const by = message.type === "left" ? message.by : undefined;
  const isIgnored = model.isIgnored({ ...message, is: "known" });
  if (isOwn || by !== undefined) {
    // Who was put out reads so in a notice; others read it however quiet they have it.
    const isShown = isOwn ? by === undefined : view === views.current;
    if (isShown) out.happened(message, message.at);
    if (isShown && by === client.name) model.sawPutOut = true;
  } else if (view === views.current && !isIgnored) model.comings.take(message);
  if (!isOwn) return;
  lose(model, view, message.banned ? "banned" : message.reason);
}
