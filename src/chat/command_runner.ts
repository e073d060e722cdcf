/** Runs commands: for the room or conversation they are meant for, and noted where that is due. */
import { given } from "../base/given.ts";
import type { ServerMessage } from "../wire/server.ts";
import {
  type Command,
  type CommandContext,
  firstWord,
} from "./commands/command.ts";
import { findCommand } from "./commands/table.ts";
import type { Audit } from "./effects.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Parts } from "./parts.ts";
import type { Connection, Room } from "./state.ts";

/** What a command is asked with, whether it came as one or as a text. */
interface CommandCall {
  readonly name: string;
  readonly args?: string;
  readonly id?: string | undefined;
  readonly room?: string | undefined;
}

export class CommandRunner {
  readonly #parts: Parts;
  readonly #lifecycle: Lifecycle;

  constructor(parts: Parts, lifecycle: Lifecycle) {
    this.#parts = parts;
    this.#lifecycle = lifecycle;
  }

  run(connection: Connection, { name, args = "", id, room }: CommandCall) {
    const command = findCommand(name);
    const conversation = room !== undefined && command.isForConversations
      ? this.#parts.conversations.keyOf(connection.person, room)
      : undefined;
    const meant = room === undefined
      ? connection.current
      : conversation === undefined
      ? this.#parts.membership.meant(connection, room)
      : undefined;
    const audit = isOfKeepers(command)
      ? this.#auditOf(connection, command.name, args, meant)
      : undefined;
    const place = { room: meant, conversation };
    command.run(this.#contextOf(connection, place, id), args.trim());
    if (audit !== undefined) this.#parts.core.audit(audit);
  }

  /** What is noted of a command, as its target is before it runs. */
  #auditOf(
    { person }: Connection,
    action: string,
    args: string,
    room: Room | undefined,
  ): Audit {
    const [word] = firstWord(args.trim());
    const found = word === "" ? undefined : this.#parts.core.findPerson(word);
    const [connection] = found?.person?.connections ?? [];
    const target = found?.name ?? (word === "" ? undefined : word);
    return {
      action,
      by: person.name!,
      ...given({
        target,
        address: connection?.peer.ip,
        room: room?.name,
      }),
    };
  }

  #contextOf(
    connection: Connection,
    place: Pick<CommandContext, "room" | "conversation">,
    id: string | undefined,
  ): CommandContext {
    const { core } = this.#parts;
    const withId = given({ id });
    return {
      connection,
      person: connection.person,
      ...place,
      id,
      ...this.#parts,
      answer: (message) => core.answer(connection, { ...message, ...withId }),
      done: (text, kind = "stored") => {
        if (kind === "stored") core.records.demandStoring();
        const message: ServerMessage = id === undefined
          ? { type: "notice", text }
          : { type: "ack", id, text };
        core.answer(connection, message);
      },
      close: () => {
        const text = "goodbye";
        if (id !== undefined) {
          core.answer(connection, { type: "ack", id, text });
        }
        this.#lifecycle.leave(connection);
      },
      end: (other, code, text, removal) =>
        this.#lifecycle.end(other, code, text, removal),
    };
  }
}

/** Whether a command is of those who keep a room: what they do to others is noted. */
function isOfKeepers({ who }: Command): boolean {
  return who === "operators" || who === "the creator";
}
