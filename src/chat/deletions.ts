/** What was said is taken back: by its author, or by who moderates the room. */
import { ProtocolError } from "../base/errors.ts";
import type { Directory, Entry } from "../store/store.ts";
import type { Conversations, PrivatePlace } from "./conversations.ts";
import type { Core } from "./core.ts";
import type { AckPlace } from "./effects.ts";
import { isAtLeast, type Roles } from "./roles.ts";
import type { Connection, Room } from "./state.ts";

/** Where something was said: in a room, or in a private conversation. */
export type DeletionPlace =
  | { readonly room: Room }
  | { readonly conversation: PrivatePlace };

/** Entries that are looked at for one's own before one that was deleted in the same turn. */
const LOOK_BACK = 64;

export class Deletions {
  readonly #core: Core;
  readonly #roles: Roles;
  readonly #conversations: Conversations;
  readonly #directory: Pick<Directory, "entryAt" | "lastOf">;

  constructor(
    core: Core,
    roles: Roles,
    conversations: Conversations,
    directory: Pick<Directory, "entryAt" | "lastOf">,
  ) {
    this.#core = core;
    this.#roles = roles;
    this.#conversations = conversations;
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
    if (this.#conversations.isSaid(connection, key, draft, ackPlace)) return;
    const target = seq === undefined
      ? this.#lastOf(key, person.key)
      : this.#entryAt(key, seq);
    if (
      target === undefined || !isDeletable(target) || this.#isErased(target)
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
    this.#conversations.append(
      connection,
      {
        ...this.#conversations.entry(person, {
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
    return this.#ofTurn((entry) => entry.room === room && entry.seq === seq) ??
      this.#directory.entryAt(room, seq);
  }

  #lastOf(room: string, person: string | undefined): Entry | undefined {
    if (person === undefined) return undefined;
    const isOwn = (entry: Entry) =>
      entry.room === room && entry.person === person && isText(entry) &&
      !this.#isErased(entry);
    const last = this.#ofTurn(isOwn) ?? this.#directory.lastOf(room, person);
    if (last === undefined || !this.#isErased(last)) return last;
    // Several in one turn: the one before is looked for among the few that can be.
    for (let seq = last.seq - 1; seq > last.seq - LOOK_BACK; seq--) {
      const entry = this.#directory.entryAt(room, seq);
      if (entry === undefined) return undefined;
      if (isOwn(entry)) return entry;
    }
    return undefined;
  }

  /** The last entry of this turn that is meant. */
  #ofTurn(isMeant: (entry: Entry) => boolean): Entry | undefined {
    const effect = this.#core.effects.findLast((effect) =>
      effect.kind === "append" && isMeant(effect.entry)
    );
    return effect?.kind === "append" ? effect.entry : undefined;
  }

  /** Whether an entry was deleted in this turn. */
  #isErased({ room, seq }: Entry): boolean {
    return this.#core.effects.some((effect) =>
      effect.kind === "append" && effect.erases === seq &&
      effect.entry.room === room
    );
  }
}

function isText({ kind }: Entry): boolean {
  return kind === "text" || kind === "action";
}

function isDeletable({ kind }: Entry): boolean {
  return kind !== "gone" && kind !== "deleted";
}
