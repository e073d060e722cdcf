/** A room or a conversation that somebody wants to read, by its name. */
import { ProtocolError } from "../base/errors.ts";
import { foldName } from "../wire/fold.ts";
import { isConversation } from "./conversation_key.ts";
import type { Parts } from "./parts.ts";
import type { Connection } from "./state.ts";

/** What it is called in the journal, and by who wants to read it. */
export interface ReadablePlace {
  readonly key: string;
  readonly name: string;
}

/**
 * The room, whether one is in it or not, or the conversation `@name`.
 *
 * @throws {ProtocolError} `no-such-person`, `no-such-room`, `banned` or `room-locked`.
 */
export function readablePlace(
  { conversations, core, roles }: Pick<
    Parts,
    "conversations" | "core" | "roles"
  >,
  connection: Connection,
  name: string,
): ReadablePlace {
  const conversation = conversations.keyOf(connection.person, name);
  if (conversation !== undefined) return conversation;
  // Conversations have heads, too: their keys are no rooms.
  if (isConversation(name)) {
    throw new ProtocolError(
      "no-such-person",
      `there is no conversation with ${name.slice(1)}`,
    );
  }
  if (!core.rooms.exists(name)) {
    throw new ProtocolError(
      "no-such-room",
      `there is no room ${name}: /list shows those that there are`,
    );
  }
  const key = foldName(name);
  const refusal = roles.readRefusal(connection, key);
  if (refusal !== undefined) throw refusal;
  return { key, name: core.rooms.writtenName(name) };
}
