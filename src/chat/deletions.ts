/** What was said is taken back: by its author, or by who moderates the room. */
import { ProtocolError } from "../base/errors.ts";
import type { Directory, Entry } from "../store/store.ts";
import type { Conversations, PrivatePlace } from "./conversations.ts";
import type { Core } from "./core.ts";
import type { AckPlace } from "./effects.ts";
import type { Entries } from "./entries.ts";
import { isAtLeast, type Roles } from "./roles.ts";
import type { Connection, Room } from "./state.ts";
import { TurnEntries } from "./turn_entries.ts";

/** Where something was said: in a room, or in a private conversation. */
export type DeletionPlace =
  | { readonly room: Room }
  | { readonly conversation: PrivatePlace };

export class Deletions {
  readonly #core: Core;
  readonly #roles: Roles;
  readonly #conversations: Conversations;
  readonly #entries: Entries;
  readonly #directory: Pick<Directory, "entryAt" | "lastOf">;
  readonly #turn = new TurnEntries();

  constructor(
    core: Core,
    roles: Roles,
    conversations: Conversations,
    entries: Entries,
    directory: Pick<Directory, "entryAt" | "lastOf">,
  ) {
    this.#core = core;
    this.#roles = roles;
    this.#conversations = conversations;
    this.#entries = entries;
    this.#directory = directory;
  }

  /**
   * Deletes a message, or without a seq one's own last: an entry of its own says so, and what it
   * says is `gone` with it. Who is muted may take back what it said.
   *
   * @throws {ProtocolError} `no-such-message`, `not-allowed`, `id-reused` or `not-stored`.
   */
  delete(
    connection: Connection,
    place: DeletionPlace,
    seq: number | undefined,
    id: string | undefined,
  ): void {
    this.#turn.update(this.#core.effects);
    const { person } = connection;
    const room = "room" in place ? place.room : undefined;
    const { key, name } = "room" in place ? place.room : place.conversation;
    const ackPlace: AckPlace = room === undefined
      ? { to: name.slice(1) }
      : { room: name };
    // Sent again without a seq, it is the one that it was.
    const before = id === undefined ? undefined : person.ids.get(id);
    const again = before && this.#entryAt(key, before.seq)?.body;
    const draft = { kind: "deleted", body: `${seq ?? again ?? ""}`, id };
    if (this.#entries.isSaid(connection, key, draft, ackPlace)) return;
    const target = seq === undefined
      ? this.#lastOf(key, person.key)
      : this.#entryAt(key, seq);
    if (
      target === undefined || !isDeletable(target) ||
      this.#turn.isErased(target)
    ) {
      throw new ProtocolError(
        "no-such-message",
        seq === undefined
          ? `there is no message of yours in ${name} that could be deleted`
          : `there is no message ${seq} in ${name} that could be deleted`,
      );
    }
    this.#demand(connection, target, room);
    const own = this.#core.rooms.advance(key, "deletion");
    if ("conversation" in place) this.#letHear(connection, place, own);
    this.#entries.append(
      connection,
      {
        ...this.#entries.entry(person, {
          ...draft,
          body: `${target.seq}`,
        }),
        room: key,
        seq: own,
        ...room === undefined ? { to: name.slice(1) } : {},
      },
      ackPlace,
      { erases: target.seq },
    );
  }

  /** The turn is over: nothing that was said in it is held any longer. */
  endTurn(): void {
    this.#turn.clear();
  }

  /** @throws {ProtocolError} `not-allowed` unless it is one's own, or one keeps the room. */
  #demand(
    { person }: Connection,
    target: Entry,
    room: Room | undefined,
  ): void {
    if (person.key !== undefined && target.person === person.key) return;
    const isKeeper = room !== undefined &&
      isAtLeast(this.#roles.rankOf(person.key, room.key), "operator");
    if (isKeeper) return;
    throw new ProtocolError(
      "not-allowed",
      room === undefined
        ? "only who said it can delete it here"
        : "only who said it, with a key, or an operator of the room can delete it",
    );
  }

  /** Those two who are there hear the conversation from now on, if they do not yet. */
  #letHear(
    { person }: Connection,
    { conversation }: { readonly conversation: PrivatePlace },
    seq: number,
  ): void {
    const others = conversation.other?.connections ?? [];
    for (const one of new Set([...person.connections, ...others])) {
      this.#conversations.hear(one, conversation.key, seq - 1);
    }
  }

  /** An entry, also one of this turn. */
  #entryAt(room: string, seq: number): Entry | undefined {
    return this.#turn.entryAt(room, seq) ??
      this.#directory.entryAt(room, seq);
  }

  #lastOf(room: string, person: string | undefined): Entry | undefined {
    if (person === undefined) return undefined;
    const turn = this.#turn;
    const said = turn.lastOf(room, person);
    if (said !== undefined) return said;
    for (;;) {
      const before = turn.erasedFrom(room, person);
      const last = this.#directory.lastOf(room, person, before);
      if (last === undefined || !turn.isErased(last)) return last;
      turn.noteErasedFrom(room, person, last.seq);
    }
  }
}

function isDeletable({ kind }: Entry): boolean {
  return kind !== "gone" && kind !== "deleted";
}
