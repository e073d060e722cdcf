/** The server as an administrator watches it, as long as the monitor is open. No DOM. */
import { batch, effect, signal } from "@preact/signals-core";
import { ConfabError, describeError } from "../../base/errors.ts";
import {
  CONNECTIONS_SHOWN,
  ROOMS_WATCHED_INTERVAL_MS,
  WATCH_STALLED_MS,
} from "../../base/limits.ts";
import type { Bans, ServerMessage } from "../../wire/server.ts";
import type { Status, WatchedConnection } from "../../wire/watched.ts";
import { WATCHED } from "../../wire/watched.ts";
import type { Chat, Room } from "./chat.ts";
import { Hour } from "./hour.ts";
import { LogTail } from "./log_tail.ts";

/** `refused`: one is no administrator, or too many watch; why, says `fault`. */
export type Watching = "asking" | "watching" | "offline" | "refused";

export type Ban = Bans["bans"][number];

export class Monitor {
  readonly chat: Chat;
  readonly watching = signal<Watching>("asking");
  /** Why it is refused, for a person. */
  readonly fault = signal<{ code: string; text: string } | undefined>(
    undefined,
  );
  readonly status = signal<Status | undefined>(undefined);
  readonly hour = new Hour();
  readonly log = new LogTail();
  readonly connections = signal<readonly WatchedConnection[]>([]);
  /** How many others there are that are not listed. */
  readonly more = signal(0);
  readonly rooms = signal<readonly Room[]>([]);
  readonly bans = signal<readonly Ban[]>([]);
  readonly hasMoreBans = signal(false);
  /** Administrators as the server lists them, a line for each. */
  readonly admins = signal<readonly string[]>([]);
  /** What the server answered last to what was done here. */
  readonly said = signal("");
  /** A new watch shows the last lines of the log anew. */
  #isLogAnew = false;
  #heardAt = 0;
  #isStarted = false;
  #stops: (() => void)[] = [];

  constructor(chat: Chat) {
    this.chat = chat;
  }

  /** Watches from now on, and again after each reconnect; the result ends it. */
  start(): () => void {
    this.#isStarted = true;
    this.chat.onWatched = (message) => batch(() => this.#take(message));
    const stopAsking = effect(() => {
      const isOnline = this.chat.connection.value === "online";
      if (isOnline) void this.#ask();
      else this.watching.value = "offline";
    });
    this.#stops = [
      stopAsking,
      this.#every(WATCH_STALLED_MS, () => this.#lookIfStalled()),
      this.#every(ROOMS_WATCHED_INTERVAL_MS, () => this.#askRooms()),
    ];
    return () => this.#stop();
  }

  #stop(): void {
    if (!this.#isStarted) return;
    this.#isStarted = false;
    for (const stop of this.#stops.splice(0)) stop();
    this.chat.onWatched = undefined;
    if (this.watching.peek() === "watching") this.#watchNothing();
  }

  #watchNothing(): void {
    // Another monitor may be open by now.
    if (this.chat.onWatched !== undefined) return;
    this.chat.ask({ type: "watch", what: [] }).catch(() => {
      // Then there is no connection any more, and nothing that is watched.
    });
  }

  /** The same again each `ms`, until it is stopped. */
  #every(ms: number, run: () => void): () => void {
    const { clock } = this.chat;
    let cancel = () => {};
    const again = () => {
      cancel = clock.after(ms, () => {
        run();
        again();
      });
    };
    again();
    return () => cancel();
  }

  // ---- What is asked ----

  async #ask(): Promise<void> {
    this.watching.value = "asking";
    this.#heardAt = this.chat.clock.monotonic();
    try {
      await this.chat.ask({ type: "watch", what: [...WATCHED] });
      if (!this.#isStarted) return this.#watchNothing();
      this.chat.isAdmin.value = true;
      this.fault.value = undefined;
      this.watching.value = "watching";
      this.#askRooms();
      void this.loadBans("anew");
      void this.loadAdmins();
    } catch (error) {
      this.#refused(error);
    }
  }

  #refused(error: unknown): void {
    const code = error instanceof ConfabError ? error.code : "";
    // Cut before the answer: it is asked again on the next connection.
    if (!this.#isStarted || code === "closed") return;
    batch(() => {
      if (code === "not-allowed") {
        this.chat.isAdmin.value = false;
        this.#forget();
      }
      this.watching.value = "refused";
      this.fault.value = { code, text: describeError(error) };
    });
  }

  /** Who is no administrator any more sees nothing of what was there. */
  #forget(): void {
    this.status.value = undefined;
    this.connections.value = [];
    this.more.value = 0;
    this.rooms.value = [];
    this.bans.value = [];
    this.hasMoreBans.value = false;
    this.admins.value = [];
    this.said.value = "";
    // It may ask about an address, or show an invite.
    this.chat.dialog.value = undefined;
    this.log.clear();
    this.hour.clear();
  }

  /** Who is no administrator any more hears nothing of that: the server just falls silent. */
  #lookIfStalled(): void {
    const silentMs = this.chat.clock.monotonic() - this.#heardAt;
    const isWatching = this.watching.peek() === "watching";
    if (isWatching && silentMs >= WATCH_STALLED_MS) void this.#ask();
  }

  /** Asks again whether one may watch. */
  again(): void {
    void this.#ask();
  }

  async #askRooms(): Promise<void> {
    if (this.watching.peek() !== "watching") return;
    try {
      const answer = await this.chat.ask({ type: "command", name: "list" });
      if (answer.type === "rooms") this.rooms.value = answer.rooms;
    } catch {
      // The next time will tell.
    }
  }

  /** Reads the bans from the first on, or those behind the last that is there. */
  async loadBans(how: "anew" | "more"): Promise<void> {
    const before = how === "more" ? this.bans.peek() : [];
    const after = before.at(-1)?.target ?? "";
    await this.#tell(async () => {
      const answer = await this.#server(`bans ${after}`);
      if (answer.type !== "bans") return;
      this.bans.value = [...before, ...answer.bans];
      this.hasMoreBans.value = answer.more && answer.bans.length > 0;
    });
  }

  async loadAdmins(): Promise<void> {
    await this.#tell(async () => {
      const answer = await this.#server("admins");
      if (answer.type === "notice") this.admins.value = answer.text.split("\n");
    });
  }

  /**
   * Carries out a `/server` command, and keeps what it answers in words.
   *
   * @throws {ConfabError} what the server refuses.
   */
  async act(args: string, done: string): Promise<ServerMessage> {
    const answer = await this.#server(args);
    this.said.value = answer.type === "notice" ? answer.text : done;
    return answer;
  }

  /** The same where no dialog is open that would show what is refused. */
  async actOrTell(args: string, done: string): Promise<void> {
    await this.#tell(() => this.act(args, done));
  }

  #server(args: string): Promise<ServerMessage> {
    return this.chat.ask({
      type: "command",
      name: "server",
      args: args.trim(),
    });
  }

  async #tell(doing: () => Promise<unknown>): Promise<void> {
    try {
      await doing();
    } catch (error) {
      if (this.#isStarted) this.said.value = describeError(error);
    }
  }

  // ---- What comes ----

  #take(message: ServerMessage): void {
    switch (message.type) {
      case "status":
        this.#heardAt = this.chat.clock.monotonic();
        this.#isLogAnew ||= message.history !== undefined;
        this.status.value = message;
        this.hour.take(message);
        return;
      case "connections":
        this.connections.value = message.connections.slice(
          0,
          CONNECTIONS_SHOWN,
        );
        this.more.value = message.more;
        return;
      case "log":
        this.log.take(message, this.#isLogAnew);
        this.#isLogAnew = false;
        return;
    }
  }
}
