/** The first message of a connection: it is let in, gets its name, and enters its rooms. */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import type { Hello } from "../wire/client.ts";
import { foldName } from "../wire/fold.ts";
import { recallAway } from "./away.ts";
import { isConversation } from "./conversation_key.ts";
import type { Conversations } from "./conversations.ts";
import type { Core, HubOptions } from "./core.ts";
import type { Start } from "./effects.ts";
import type { Gate } from "./gate.ts";
import { lastMessages, type Membership } from "./membership.ts";
import type { Parts } from "./parts.ts";
import { LOBBY } from "./rooms.ts";
import type { Connection } from "./state.ts";

/** To somebody whom a link has just made that. */
const NOW_ADMIN =
  "you are an administrator of this server now: /server lists what you may do";

export class Greeting {
  readonly #options: Pick<HubOptions, "server" | "version">;
  readonly #core: Core;
  readonly #gate: Gate;
  readonly #membership: Membership;
  readonly #conversations: Conversations;

  constructor(
    options: Pick<HubOptions, "server" | "version">,
    { core, gate, membership, conversations }: Parts,
  ) {
    this.#options = options;
    this.#core = core;
    this.#gate = gate;
    this.#membership = membership;
    this.#conversations = conversations;
  }

  hello(connection: Connection, hello: Hello): void {
    if (connection.isReady) {
      throw new ProtocolError("bad-message", "hello was said already");
    }
    const link = this.#gate.admit(connection, hello.invite);
    const { person } = connection;
    const resume = hello.resume ?? new Map();
    const resumed = [...resume.keys()].filter((name) => !isConversation(name));
    const asked = hello.room ??
      (resumed.length > 0 ? "" : link?.room ?? LOBBY);
    if (asked !== "") this.#core.rooms.judge(asked);
    const names = new Map(
      [...(asked === "" ? [] : [asked]), ...resumed].map((
        name,
      ) => [foldName(name), name]),
    );
    const { undo, people, now, effects } = this.#core;
    const isComing = person.name === undefined;
    people.welcome(person, hello, now.wall);
    if (isComing) recallAway(this.#core, person);
    if (link?.gave !== undefined) {
      const by = person.name!;
      const { ip: address } = connection.peer;
      this.#core.audit({ action: link.gave, by, address });
    }
    undo.assign(connection, "isReady", true);
    const points = new Map(
      Array.from(resume, ([name, point]) => [foldName(name), point]),
    );
    // The welcome comes first, and says which room was entered.
    const before = effects.length;
    for (const [key, name] of names) {
      this.#enterAtHello(connection, name, points.get(key));
    }
    const entered = effects.splice(before);
    const [current] = connection.rooms;
    undo.assign(connection, "current", current);
    const room = current?.name ?? "";
    this.#core.answer(connection, {
      type: "welcome",
      name: person.name!,
      server: this.#options.server,
      version: this.#options.version,
      room,
      ...given({ key: person.key }),
    });
    effects.push({
      kind: "ready",
      connection: connection.id,
      name: person.name!,
    });
    this.#core.answer(connection, { type: "here", room });
    effects.push(...entered);
    this.#conversations.resume(connection, resume);
    if (link?.gave === "made admin") {
      this.#core.answer(connection, { type: "notice", text: NOW_ADMIN });
    }
  }

  /** A room that cannot be entered is an error of its own; the others are entered. */
  #enterAtHello(
    connection: Connection,
    name: string,
    point: { seq: number; at?: number } | undefined,
  ): void {
    const startOf = (head: number): Start =>
      point === undefined
        ? lastMessages(head)
        : { kind: "after", head, ...point };
    try {
      this.#membership.enter(connection, name, { startOf });
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code === "not-stored") {
        throw error;
      }
      const { code, message } = error;
      this.#core.refuse(connection.id, { code, message, room: name });
    }
  }
}
