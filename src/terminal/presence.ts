/** What is heard besides messages: who is where and who they are, topics, typing, how far a room was read elsewhere. */
import type { ServerMessage, User } from "../wire/server.ts";
import type { Context } from "./context.ts";
import type { Marks } from "./marks.ts";
import { otherLines } from "./message_lines.ts";
import type { RoomLog } from "./room_log.ts";
import { standingOf } from "./verified.ts";
import { TYPING_SHOWN_MS } from "./view.ts";

type Of<Type> = Extract<ServerMessage, { type: Type }>;

/** Alarms that are remembered, so that none is repeated. */
const ALARMS = 1_000;

export class Presence {
  readonly #context: Context;
  readonly #log: RoomLog;
  readonly #marks: Marks;
  /** A person whose key has changed is shouted about once. */
  readonly #alarmed = new Set<string>();
  #cancelTyping = () => {};

  constructor(context: Context, parts: { log: RoomLog; marks: Marks }) {
    this.#context = context;
    this.#log = parts.log;
    this.#marks = parts.marks;
  }

  /** Takes a message; `false` when it is none of these. */
  take(message: ServerMessage): boolean {
    switch (message.type) {
      case "users":
        this.#users(message);
        return true;
      case "joined":
      case "left":
        this.#comeOrGo(message);
        return true;
      case "renamed":
        this.#renamed(message);
        return true;
      case "topic":
        this.#topic(message);
        return true;
      case "typing":
        this.#typing(message);
        return true;
      case "read":
        this.#read(message);
        return true;
      case "whois":
        this.#whois(message);
        return true;
      default:
        return false;
    }
  }

  #whois(message: Of<"whois">): void {
    this.#show(message);
    this.#judge(message);
    const { verified } = this.#context.server;
    if (standingOf(message, verified) === "verified") {
      this.#context.note(`${message.name} has a key that you verified`);
    }
  }

  #show(message: ServerMessage): void {
    const lines = otherLines(message, this.#context.lineOptions);
    if (lines !== undefined) this.#context.host.print(lines);
  }

  #users(message: Of<"users">): void {
    const { views } = this.#context;
    const view = views.open(message.room);
    view.setPeople(message.users);
    for (const user of message.users) this.#judge(user);
    if (message.id !== undefined) this.#show(message);
    else if (view === views.current) this.#log.showPeople(view);
  }

  #comeOrGo(message: Of<"joined"> | Of<"left">): void {
    const { views, client, memory } = this.#context;
    const { name, room } = message;
    const view = views.find(room);
    if (view === undefined) return;
    if (message.type === "joined") {
      view.meet(personOf(message));
      this.#judge(message);
    } else view.part(name);
    const isOwn = message.type === "left" && name === client.name;
    const isQuiet = memory.settings.quiet === "on" ||
      this.#log.isIgnored(name);
    if (isOwn || (view === views.current && !isQuiet)) this.#show(message);
    if (!isOwn) return;
    const wasCurrent = view === views.current;
    views.close(view);
    if (wasCurrent) this.#log.open(views.current);
  }

  #renamed(message: Of<"renamed">): void {
    const { views, memory } = this.#context;
    const { from, name } = message;
    const isHere = views.current?.people.has(from) ?? false;
    for (const view of views.all) view.rename(from, name);
    if (this.#context.lastPrivate === from) this.#context.lastPrivate = name;
    if (isHere && memory.settings.quiet === "off") this.#show(message);
    this.#context.host.changed();
  }

  #topic(message: Of<"topic">): void {
    const view = this.#context.views.open(message.room);
    view.topic = message.text;
    if (view === this.#context.views.current) this.#show(message);
  }

  #typing({ room, from, name }: Of<"typing">): void {
    const { views, clock, host } = this.#context;
    if (this.#log.isIgnored(name)) return;
    const view = views.find(room ?? `@${from ?? name}`);
    if (view === undefined) return;
    view.typing(name, clock.monotonic());
    host.changed();
    this.#cancelTyping();
    this.#cancelTyping = clock.after(TYPING_SHOWN_MS, () => host.changed());
  }

  /** In a conversation the mark may be the other person's, who has read one's own words: it says nothing of what was read here. */
  #read({ room, seq }: Of<"read">): void {
    const view = this.#context.views.find(room);
    if (view === undefined || view.isPrivate) return;
    view.readTo(seq);
    this.#marks.keep(view);
    this.#context.host.changed();
  }

  /** Looks at the key of somebody who was verified. */
  #judge(user: { readonly name: string; readonly key?: string }): void {
    const { server } = this.#context;
    if (standingOf(user, server.verified) !== "changed") return;
    const id = `${user.name} ${user.key}`;
    if (this.#alarmed.has(id)) return;
    if (this.#alarmed.size === ALARMS) this.#alarmed.clear();
    this.#alarmed.add(id);
    this.#context.alarm(
      user.key === undefined
        ? `${user.name} is a guest without a key now, and not the one you verified`
        : `the key of ${user.name} has CHANGED since you verified it: this may be somebody else; compare anew with /verify ${user.name}`,
    );
  }
}

function personOf({ name, key, guest }: Of<"joined"> | Of<"left">): User {
  return {
    name,
    ...(key === undefined ? {} : { key }),
    ...(guest === undefined ? {} : { guest }),
  };
}
