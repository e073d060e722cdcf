/** What a connection says, brought to the part of the hub that it is for. */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import { HISTORY_PAGE_MESSAGES } from "../base/limits.ts";
import type { ChatSend, HistorySend } from "../wire/client.ts";
import { parseSlash, unslash } from "../wire/slash.ts";
import { CommandRunner } from "./command_runner.ts";
import type { Conversations } from "./conversations.ts";
import type { Core, HubOptions } from "./core.ts";
import { Greeting } from "./greeting.ts";
import type { Input } from "./input.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Membership } from "./membership.ts";
import type { Parts } from "./parts.ts";
import type { ReadMarks } from "./read_marks.ts";
import { readablePlace } from "./readable.ts";
import type { Connection } from "./state.ts";
import type { Typing } from "./typing.ts";
import type { Watching } from "./watching.ts";

export type MessageInput = Extract<Input, { kind: "message" }>;

export class Dispatch {
  readonly #parts: Parts;
  readonly #core: Core;
  readonly #membership: Membership;
  readonly #conversations: Conversations;
  readonly #readMarks: ReadMarks;
  readonly #typing: Typing;
  readonly #watching: Watching;
  readonly #lifecycle: Lifecycle;
  readonly #greeting: Greeting;
  readonly #commands: CommandRunner;

  constructor(options: HubOptions, parts: Parts, lifecycle: Lifecycle) {
    this.#parts = parts;
    this.#core = parts.core;
    this.#membership = parts.membership;
    this.#conversations = parts.conversations;
    this.#readMarks = parts.readMarks;
    this.#typing = parts.typing;
    this.#watching = parts.watching;
    this.#lifecycle = lifecycle;
    this.#greeting = new Greeting(options, parts);
    this.#commands = new CommandRunner(parts, lifecycle);
  }

  /** @throws {ProtocolError} what refuses it; then it has not happened. */
  handle(
    connection: Connection,
    message: MessageInput["message"],
  ): void {
    if (message.type === "bye") {
      return this.#lifecycle.leave(connection);
    }
    if (message.type === "hello") {
      return this.#greeting.hello(connection, message);
    }
    if (!connection.isReady) {
      throw new ProtocolError("bad-message", "say hello first");
    }
    switch (message.type) {
      case "ping":
      case "pong":
        return;
      case "read":
        return this.#readMarks.read(connection, message.room, message.seq);
      case "watch":
        return this.#watching.watch(connection, message);
    }
    const { undo, now } = this.#core;
    undo.assign(connection.person, "activeAt", now.wall);
    switch (message.type) {
      case "chat":
        return this.#chat(connection, message);
      case "command":
        return this.#commands.run(connection, message);
      case "history":
        return this.#history(connection, message);
      case "typing":
        return this.#typing.typing(connection, message);
    }
  }

  #chat(connection: Connection, { txt, id, room, to }: ChatSend): void {
    const command = parseSlash(txt);
    if (command !== undefined) {
      return this.#commands.run(connection, { ...command, id, room });
    }
    const draft = { kind: "text", body: unslash(txt), id };
    if (to !== undefined) {
      const name = to.replace(/^@/, "");
      return this.#conversations.sayTo(connection, name, draft);
    }
    this.#conversations.say(
      connection,
      this.#membership.meant(connection, room),
      draft,
    );
  }

  #history(
    connection: Connection,
    { room: asked, before, after, limit, id }: HistorySend,
  ): void {
    const { person } = connection;
    const place = readablePlace(this.#parts, connection, asked);
    this.#core.effects.push({
      kind: "page",
      to: connection.id,
      person: person.id,
      page: {
        room: place.key,
        name: place.name,
        limit: limit ?? HISTORY_PAGE_MESSAGES,
        ...given({ before, after, id }),
      },
    });
  }
}
