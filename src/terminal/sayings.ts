/** What the person says: under way until it is acknowledged, then printed in its place; said when it failed. */
import { ConfabError, describeError } from "../base/errors.ts";
import { TEXT_MAX_CODE_POINTS, TYPING_INTERVAL_MS } from "../base/limits.ts";
import { splitMessage } from "./split_message.ts";
import { type Ack } from "../wire/server.ts";
import type { Context } from "./context.ts";
import type { Said } from "./message_lines.ts";
import type { RoomLog } from "./room_log.ts";
import type { View } from "./view.ts";

/** More is not kept while there is no connection. */
const UNDER_WAY = 200;

interface Saying {
  readonly view: View;
  readonly txt: string;
  readonly action: boolean;
  /** A replay brought it before its ack. */
  isShown: boolean;
}

export class Sayings {
  readonly #context: Context;
  readonly #log: RoomLog;
  readonly #underWay = new Map<string, Saying>();
  #typedAt = -Infinity;

  constructor(context: Context, log: RoomLog) {
    this.#context = context;
    this.#log = log;
  }

  /** What has no answer yet, the oldest first, one line each. */
  get waiting(): string[] {
    return Array.from(this.#underWay.values(), ({ txt }) => shown(txt));
  }

  /** Says a text of any length; `false` when too much is under way already. */
  say(view: View, text: string): boolean {
    // Only the person's own slashes at the very beginning mean something; a slash may come before other parts.
    const parts = splitMessage(text, TEXT_MAX_CODE_POINTS - 1).map((part) =>
      part.startsWith("/") && !text.startsWith("//") ? `/${part}` : part
    );
    if (this.#underWay.size + parts.length > UNDER_WAY) {
      this.#context.fault(
        `${this.#underWay.size} messages wait to be sent already: say it later`,
      );
      return false;
    }
    for (const txt of parts) {
      const place = view.isPrivate ? { to: view.other } : { room: view.name };
      this.#send(view, txt, { type: "chat", txt, ...place });
    }
    this.#typedAt = -Infinity;
    return true;
  }

  /** `/me` in the room where the connection is. */
  act(view: View, txt: string): void {
    this.#send(view, txt, { type: "command", name: "me", args: txt });
  }

  /** Something was acknowledged. */
  acked({ id, seq = 0, at }: Ack): void {
    const saying = this.#underWay.get(id);
    if (saying === undefined) return;
    this.#underWay.delete(id);
    if (!saying.isShown) {
      const said = this.#said(saying, seq, at ?? this.#context.clock.wall());
      this.#log.add(saying.view, [said], "new");
    }
    this.#context.host.changed();
  }

  /** A replay brought something of one's own. */
  replayed(id: string | undefined): void {
    const saying = id === undefined ? undefined : this.#underWay.get(id);
    if (saying !== undefined) saying.isShown = true;
  }

  /** The person is typing; the others are told, not too often. */
  typing(view: View): void {
    const { client, clock, connection } = this.#context;
    const now = clock.monotonic();
    if (connection === "offline" || now < this.#typedAt + TYPING_INTERVAL_MS) {
      return;
    }
    this.#typedAt = now;
    if (view.isPrivate) client.tell({ type: "typing", to: view.other });
    else if (client.rooms.includes(view.name)) {
      client.tell({ type: "typing", room: view.name });
    }
  }

  #send(
    view: View,
    txt: string,
    request: Parameters<Context["client"]["request"]>[0],
  ): void {
    const id = this.#context.newId();
    const action = request.type === "command";
    this.#underWay.set(id, { view, txt, action, isShown: false });
    this.#context.host.changed();
    this.#context.client.request({ ...request, id })
      .catch((error) => this.#failed(id, error));
  }

  #failed(id: string, error: unknown): void {
    const saying = this.#underWay.get(id);
    if (saying === undefined) return;
    this.#underWay.delete(id);
    const why = error instanceof ConfabError && error.code === "closed"
      ? ""
      : ` (${describeError(error)})`;
    this.#context.fault(`not sent${why}: ${shown(saying.txt)}`);
    this.#context.host.changed();
  }

  #said({ view, txt, action }: Saying, seq: number, at: number): Said {
    const from = this.#context.client.name;
    const said = {
      from,
      txt: shown(txt),
      seq,
      at,
      ...(action ? { action: true as const } : {}),
    };
    return view.isPrivate
      ? { type: "private", to: view.other, ...said }
      : { type: "chat", room: view.name, ...said };
  }
}

/** Two slashes say one. */
function shown(txt: string): string {
  return txt.startsWith("//") ? txt.slice(1) : txt;
}
