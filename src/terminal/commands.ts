/** Carries out what begins with a slash: here, or by asking the server. */
import { ConfabError, describeError } from "../base/errors.ts";
import type { HelpRow, ServerMessage } from "../wire/server.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Chat } from "./chat.ts";
import type { Context } from "./context.ts";
import { findLocalCommand, LOCAL_COMMANDS } from "./local_commands.ts";
import { otherLines } from "./message_lines.ts";
import type { RoomLog } from "./room_log.ts";
import type { Sayings } from "./sayings.ts";
import type { View } from "./view.ts";

type Whois = Extract<ServerMessage, { type: "whois" }>;

export class Commands {
  readonly #chat: Chat;
  readonly #context: Context;
  readonly #log: RoomLog;
  readonly #sayings: Sayings;
  readonly #arrivals: Arrivals;
  #ofServer: readonly HelpRow[] = [];

  constructor(
    chat: Chat,
    parts: { log: RoomLog; sayings: Sayings; arrivals: Arrivals },
  ) {
    this.#chat = chat;
    this.#context = chat.context;
    this.#log = parts.log;
    this.#sayings = parts.sayings;
    this.#arrivals = parts.arrivals;
  }

  /** The server's commands, for Tab. */
  get ofServer(): readonly HelpRow[] {
    return this.#ofServer;
  }

  /** @throws {ConfabError} when there is nobody of this name. */
  async whois(name: string): Promise<Whois> {
    const answer = await this.#ask("whois", name, "silent");
    if (answer.type === "whois") return answer;
    throw new ConfabError("no-such-person", `${name} is not here`);
  }

  /** Carries out a command; what goes wrong is said. */
  run(name: string, args: string): void {
    this.#run(name, args).catch((error) => {
      if (error instanceof ConfabError && error.code === "closed") return;
      this.#context.fault(describeError(error));
    });
  }

  async #run(name: string, args: string): Promise<void> {
    const { views, client } = this.#context;
    const view = views.current;
    const local = findLocalCommand(name);
    if (/^\d+$/.test(name)) return this.#goToNumber(Number(name));
    if (local !== undefined) return await local.run(this.#chat, args);
    if (name === "close" || name === "quit" || name === "exit") {
      return await client.close();
    }
    if (name === "help") return await this.#help(args);
    const isLeaving = name === "leave" || name === "part";
    if (view?.isPrivate && isLeaving) return this.#close(view);
    if (view?.isPrivate && name === "me") {
      throw new ConfabError("bad-arguments", "/me works in rooms");
    }
    await this.#stand(view);
    if (name === "me" && view !== undefined && args !== "") {
      return this.#sayings.act(view, args);
    }
    await this.#ask(name, args, "shown");
    if (isLeaving || name === "join") this.#follow(view);
  }

  #goToNumber(number: number): void {
    const view = this.#context.views.byNumber(number);
    if (view === undefined) this.#context.fault(`there is no room ${number}`);
    else this.#chat.go(view);
  }

  /** The server carries commands out where the connection is: that must be the room that is shown. */
  async #stand(view: View | undefined): Promise<void> {
    const { client } = this.#context;
    const isElsewhere = view !== undefined && !view.isPrivate &&
      view.name !== client.current && client.rooms.includes(view.name);
    if (isElsewhere) await this.#ask("join", `+${view.name}`, "silent");
  }

  /** After entering or leaving: shows the room where one is now. */
  #follow(before: View | undefined): void {
    const { views, client } = this.#context;
    for (const view of views.all) {
      if (!view.isPrivate && !client.rooms.includes(view.name)) {
        views.close(view);
      }
    }
    const now = client.current === "" ? undefined : views.open(client.current);
    if (now !== before) this.#log.open(now);
  }

  #close(view: View): void {
    this.#context.views.close(view);
    this.#log.open(this.#context.views.current);
  }

  #ask(
    name: string,
    args: string,
    how: "shown" | "silent",
  ): Promise<ServerMessage> {
    const id = this.#context.newId();
    if (how === "silent") this.#arrivals.hush(id);
    return this.#context.client.request({ type: "command", name, args, id });
  }

  async #help(args: string): Promise<void> {
    const local = findLocalCommand(args.replace(/^\//, ""));
    const commands = local === undefined ? [] : [local];
    if (local === undefined) {
      const answer = await this.#ask("help", args, "silent");
      if (answer.type !== "help") return;
      const names = new Set(LOCAL_COMMANDS.map(({ name }) => name));
      commands.push(
        ...answer.commands.filter(({ name }) =>
          !names.has(name)
        ) as typeof commands,
      );
      if (args === "") commands.push(...LOCAL_COMMANDS);
    }
    const { host, lineOptions } = this.#context;
    const rows = commands.map(({ name, args, text }) => ({ name, args, text }));
    host.print(otherLines({ type: "help", commands: rows }, lineOptions)!);
  }

  /** Learns what commands the server has. */
  learn(): void {
    this.#ask("help", "", "silent").then((answer) => {
      if (answer.type === "help") this.#ofServer = answer.commands;
    }, () => {
      // Then Tab knows only what it knows itself.
    });
  }
}
