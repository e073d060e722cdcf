/** What becomes of what the client hears: a table of handlers, one for a type of message. */
import type { ClientEvent } from "../../client/client.ts";
import { standingOf } from "../../memory/server_memory.ts";
import type { MessageOf, ServerMessage } from "../../wire/server.ts";
import { deleted, said, stored } from "./arriving.ts";
import type { ChatModel } from "./chat_model.ts";
import { connected, disconnected } from "./connecting.ts";
import { meet } from "./judging.ts";
import { entered, shutOut } from "./lost_places.ts";
import { setPeople, showPeople, showUsers } from "./people.ts";
import { cameOrWent, noticed, renamed } from "./people_events.ts";
import { conversations, replay } from "./replay.ts";
import { heardTyping } from "./typing.ts";

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

  renamed,
  notice: noticed,

  topic(model, message) {
    const view = model.views.open(message.room);
    view.topic = message.text;
    if (view === model.views.current) model.out.happened(message, message.at);
  },

  typing: heardTyping,

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
    shutOut(model, room, code);
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
