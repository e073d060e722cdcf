/** What the client hears, and what becomes of it on the screen. */
import type { ClientEvent } from "../client/client.ts";
import type { Chat, Private, ServerMessage, Stored } from "../wire/server.ts";
import { announcement } from "./announcer.ts";
import type { Context } from "./context.ts";
import type { Marks } from "./marks.ts";
import { otherLines, ruleLine } from "./message_lines.ts";
import { Presence } from "./presence.ts";
import type { RoomLog } from "./room_log.ts";
import type { Sayings } from "./sayings.ts";
import type { View } from "./view.ts";

type HistoryEvent = Extract<ClientEvent, { kind: "history" }>;
type Of<Type> = Extract<ServerMessage, { type: Type }>;

/** How long the client waits for what was missed before it just says that it is back. */
const BACK_AFTER_MS = 1_000;

export class Arrivals {
  readonly #context: Context;
  readonly #log: RoomLog;
  readonly #sayings: Sayings;
  readonly #presence: Presence;
  /** Answers to these are for the client and not for the person. */
  readonly #silent = new Set<string>();
  #isOffline = false;
  #cancelBack: (() => void) | undefined;

  constructor(
    context: Context,
    parts: { log: RoomLog; sayings: Sayings; marks: Marks },
  ) {
    this.#context = context;
    this.#log = parts.log;
    this.#sayings = parts.sayings;
    this.#presence = new Presence(context, parts);
  }

  /** The answer to this id is not shown. */
  hush(id: string): void {
    this.#silent.add(id);
  }

  take(event: ClientEvent): void {
    switch (event.kind) {
      case "connected":
        return this.#connected(event);
      case "disconnected":
        return this.#disconnected(event);
      case "history":
        return this.#history(event);
      case "message":
        return this.#message(event.message);
    }
  }

  // ---- The connection ----

  #connected(
    { welcome, isFirst }: Extract<ClientEvent, { kind: "connected" }>,
  ): void {
    const { views, host } = this.#context;
    this.#context.connection = "online";
    this.#context.key = welcome.key;
    this.#isOffline = false;
    host.changed();
    if (!isFirst) {
      const { clock } = this.#context;
      this.#cancelBack = clock.after(BACK_AFTER_MS, () => this.#back(0, "all"));
      return;
    }
    this.#context.note(
      `you are ${welcome.name} on ${welcome.server}; Tab completes, /help lists the commands`,
    );
    if (welcome.room !== "") views.show(views.open(welcome.room));
  }

  #disconnected(
    { reason, retryInMs }: Extract<ClientEvent, { kind: "disconnected" }>,
  ): void {
    this.#context.connection = "offline";
    this.#context.host.changed();
    this.#cancelBack?.();
    this.#cancelBack = undefined;
    // Further tries fail in silence: the prompt says that there is no connection.
    if (this.#isOffline) return;
    this.#isOffline = true;
    const why = reason === "" ? "the connection was lost" : reason;
    const seconds = Math.ceil(retryInMs / 1_000);
    this.#context.note(
      `${why}; trying again in ${seconds} s: what you say waits until then`,
    );
  }

  #back(missed: number, pages: "all" | "more"): void {
    if (this.#cancelBack === undefined) return;
    this.#cancelBack();
    this.#cancelBack = undefined;
    const count = pages === "more" ? `more than ${missed}` : missed;
    this.#context.note(missed === 0 ? "back" : `back, ${count} missed`);
  }

  // ---- What was said ----

  #history({ history, fresh, isReplay }: HistoryEvent): void {
    const { views, host, palette } = this.#context;
    if (history.id !== undefined) return this.#page(history);
    const view = views.open(history.room);
    const messages = fresh.filter(isSaid);
    for (const { id } of messages) this.#sayings.replayed(id);
    if (!isReplay && (messages.at(-1)?.seq ?? 0) < (view.read ?? 0)) {
      // Another history than the one that was read: the server began anew.
      view.read = undefined;
    }
    if (view === views.current && isReplay) {
      const { name } = this.#context.client;
      const missed = messages.filter(({ from }) => from !== name).length;
      this.#back(missed, history.more ? "more" : "all");
    }
    if (history.skipped !== undefined) {
      const { from, to } = history.skipped;
      const text = `${
        to - from + 1
      } messages of ${view.name} are not shown: /history`;
      host.print([ruleLine(text, palette)]);
    }
    const isNews = isReplay || view.isPrivate;
    this.#log.add(view, messages, isReplay ? "new" : "by-mark");
    const last = messages.at(-1);
    if (isNews && last !== undefined && view !== views.current) {
      this.#announce(view, last);
    }
  }

  /** A page that was asked for. */
  #page(history: Of<"history">): void {
    const { host, palette } = this.#context;
    host.print([ruleLine(`history of ${history.room}`, palette)]);
    this.#log.show(history.messages.filter(isSaid));
    host.print([ruleLine("now", palette)]);
  }

  #said(message: Chat | Private): void {
    this.#back(0, "all");
    const { client } = this.#context;
    if (this.#log.isIgnored(message.from)) return;
    this.#sayings.replayed(message.id);
    const view = this.#log.viewOf(message);
    view.typed(message.from);
    if (message.type === "private" && message.from !== client.name) {
      this.#context.lastPrivate = message.from;
    }
    this.#log.add(view, [message], "new");
    if (message.from !== client.name) this.#announce(view, message);
  }

  #announce(view: View, message: Chat | Private): void {
    const { host, memory } = this.#context;
    const isCall = view.isPrivate || this.#log.aboutOf(message) === "mention";
    const sequence = announcement(
      memory.settings,
      isCall ? "call" : "other",
      message.from,
      message.txt,
    );
    if (sequence !== "") host.signal(sequence);
  }

  // ---- Everything else ----

  #message(message: ServerMessage): void {
    const id = "id" in message ? message.id : undefined;
    if (id !== undefined && this.#silent.delete(id)) return;
    switch (message.type) {
      case "chat":
      case "private":
        return this.#said(message);
      case "ack":
        return this.#sayings.acked(message);
      case "found":
        return this.#found(message);
      case "presence":
        return;
      case "error":
        // One with an id is told by whoever asked.
        if (id === undefined) this.#show(message);
        return;
      default:
        if (!this.#presence.take(message)) this.#show(message);
    }
  }

  #found(message: Of<"found">): void {
    const messages = message.messages.filter(isSaid);
    if (messages.length === 0) return this.#show(message);
    const { host, palette } = this.#context;
    const title = `${message.query} in ${message.room}`;
    host.print([ruleLine(title, palette)]);
    this.#log.show(messages);
    host.print([ruleLine("now", palette)]);
  }

  #show(message: ServerMessage): void {
    const lines = otherLines(message, this.#context.lineOptions);
    if (lines !== undefined) this.#context.host.print(lines);
  }
}

function isSaid(message: Stored): message is Chat | Private {
  return message.type !== "unknown";
}
