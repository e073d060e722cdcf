/** What becomes of what the client hears: a table of handlers, one for a type of message. */
import type { ClientEvent } from "../../client/client.ts";
import type {
  Chat,
  Private,
  ServerMessage,
  Stored,
} from "../../wire/server.ts";
import { announcement } from "../screen/announcer.ts";
import type { ChatModel } from "./chat_model.ts";
import { type Shown, standingOf } from "./verified.ts";
import { TYPING_SHOWN_MS, type View } from "./view.ts";

type EventOf<Kind> = Extract<ClientEvent, { kind: Kind }>;
type MessageOf<Type> = Extract<ServerMessage, { type: Type }>;
type Handler<Message> = (model: ChatModel, message: Message) => void;

/** How long the client waits for what was missed before it just says that it is back. */
const BACK_AFTER_MS = 1_000;
/** Alarms that are remembered, so that none is repeated. */
const ALARMS = 1_000;

/** What a message comes to; one that is not in the table is printed as it is. */
const HANDLERS: {
  readonly [Type in ServerMessage["type"]]?: Handler<MessageOf<Type>>;
} = {
  chat: said,
  private: said,
  joined: cameOrWent,
  left: cameOrWent,

  users(model, message) {
    const { views, out } = model;
    const view = views.open(message.room);
    view.setPeople(message.users.map(({ name }) => name));
    for (const user of message.users) judge(model, user);
    if (message.id !== undefined) out.other(message);
    else if (view === views.current) model.showPeople(view);
  },

  renamed(model, message) {
    const { views, memory, host, out } = model;
    const { from, name } = message;
    const isHere = views.current?.people.has(from) ?? false;
    for (const view of views.all) view.rename(from, name);
    if (model.lastPrivate === from) model.lastPrivate = name;
    if (isHere && memory.settings.quiet === "off") out.other(message);
    host.changed();
  },

  topic(model, message) {
    const { views, out } = model;
    const view = views.open(message.room);
    view.topic = message.text;
    if (view === views.current) out.other(message);
  },

  typing(model, { room, from, name }) {
    const { views, clock, host } = model;
    const view = views.find(room ?? `@${from ?? name}`);
    if (view === undefined || model.isIgnored(name)) return;
    view.typing(name, clock.monotonic());
    host.changed();
    clock.after(TYPING_SHOWN_MS, () => host.changed());
  },

  read(model, { room, seq }) {
    const { views, readMarks, host } = model;
    const view = views.find(room);
    // In a conversation the mark may be the other person's, of one's own words.
    if (view === undefined || view.isPrivate) return;
    view.readTo(seq);
    readMarks.keep(view);
    host.changed();
  },

  presence() {},

  // ---- Answers ----

  whois(model, message) {
    const { out, server } = model;
    out.other(message);
    judge(model, message);
    if (standingOf(message, server.verified) === "verified") {
      out.note(`${message.name} has a key that you verified`);
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
  },
};

/** Takes an event of the client. */
export function takeEvent(model: ChatModel, event: ClientEvent): void {
  if (event.kind === "message") handle(model, event.message);
  else if (event.kind === "history") replay(model, event);
  else if (event.kind === "connected") connected(model, event);
  else if (event.kind === "disconnected") disconnected(model, event);
}

/** Takes what the server says, asked for or not. */
export function handle(model: ChatModel, message: ServerMessage): void {
  const handler = HANDLERS[message.type] as Handler<ServerMessage> | undefined;
  if (handler === undefined) model.out.other(message);
  else handler(model, message);
}

// ---- The connection ----

function connected(
  model: ChatModel,
  { welcome, isFirst }: EventOf<"connected">,
): void {
  const { views, host, clock, out } = model;
  model.connection = "online";
  model.key = welcome.key;
  host.changed();
  if (!isFirst) {
    model.cancelBack = clock.after(BACK_AFTER_MS, () => back(model));
    return;
  }
  out.note(
    `you are ${welcome.name} on ${welcome.server}; Tab completes, /help lists the commands`,
  );
  if (welcome.room !== "") views.current = views.open(welcome.room);
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
  const { connection, host, out } = model;
  model.cancelBack?.();
  model.cancelBack = undefined;
  // Further tries fail in silence: the prompt says that there is no connection.
  if (connection === "offline") return;
  model.connection = "offline";
  host.changed();
  const why = reason === "" ? "the connection was lost" : reason;
  const seconds = Math.ceil(retryInMs / 1_000);
  out.note(
    `${why}; trying again in ${seconds} s: what you say waits until then`,
  );
}

/** Says once after a cut that one is back, and how much was missed. */
function back(model: ChatModel, missed = ""): void {
  if (model.cancelBack === undefined) return;
  model.cancelBack();
  model.cancelBack = undefined;
  model.out.note(missed === "" ? "back" : `back, ${missed} missed`);
}

// ---- What was said ----

function said(model: ChatModel, message: Chat | Private): void {
  const { client } = model;
  const { from } = message;
  back(model);
  if (model.isIgnored(from)) return;
  const view = model.viewOf(message);
  view.typed(from);
  model.add(view, [message], "new");
  if (from === client.name) return;
  if (view.isPrivate) model.lastPrivate = from;
  announce(model, view, message);
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
  if (history.skipped !== undefined) {
    const count = history.skipped.to - history.skipped.from + 1;
    out.rule(`${count} messages of ${view.name} are not shown: /history`);
  }
  model.add(view, messages, isReplay ? "new" : "by-mark");
  const isNews = isReplay || view.isPrivate;
  if (isNews && last !== undefined && view !== views.current) {
    announce(model, view, last);
  }
}

function announce(model: ChatModel, view: View, message: Chat | Private): void {
  const { host, memory } = model;
  const isCall = view.isPrivate || model.aboutOf(message) === "mention";
  const kind = isCall ? "call" : "other";
  const { from, txt } = message;
  const sequence = announcement(memory.settings, kind, from, txt);
  if (sequence !== "") host.signal(sequence);
}

// ---- Who is where ----

function cameOrWent(
  model: ChatModel,
  message: MessageOf<"joined"> | MessageOf<"left">,
): void {
  const { views, client, memory, out } = model;
  const { name, room } = message;
  const view = views.find(room);
  if (view === undefined) return;
  if (message.type === "left") view.part(name);
  else {
    view.meet(name);
    judge(model, message);
  }
  const isOwn = message.type === "left" && name === client.name;
  const isQuiet = memory.settings.quiet === "on" ||
    model.isIgnored(name);
  if (isOwn || (view === views.current && !isQuiet)) out.other(message);
  if (isOwn) model.close(view);
}

/** Looks at the key of somebody who was verified. */
function judge(model: ChatModel, user: Shown): void {
  const { server, out, alarmed } = model;
  const { name, key } = user;
  const id = `${name} ${key}`;
  const isChanged = standingOf(user, server.verified) === "changed";
  if (!isChanged || alarmed.has(id)) return;
  if (alarmed.size === ALARMS) alarmed.clear();
  alarmed.add(id);
  out.alarm(
    key === undefined
      ? `${name} is a guest without a key now, and not the one you verified`
      : `the key of ${name} has CHANGED since you verified it: this may be somebody else; ` +
        `compare anew with /verify ${name}`,
  );
}

function isSaid(message: Stored): message is Chat | Private {
  return message.type !== "unknown";
}
