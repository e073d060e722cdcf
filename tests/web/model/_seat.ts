/** Somebody in the chat of the page, with a client and a memory of the test's own. */
import { Chat, type ChatHost } from "../../../src/web/model/chat.ts";
import { followClient } from "../../../src/web/model/events.ts";
import {
  type PageMemory,
  type PageMemoryKeeper,
  readPageMemory,
} from "../../../src/web/model/page_memory.ts";
import type { Place } from "../../../src/web/model/place.ts";
import type { Said, ServerMessage, User } from "../../../src/wire/server.ts";
import { eventLoopTurn, FakeClock } from "../../_fake_clock.ts";
import { FakeClient } from "../../terminal/_fake_client.ts";

/** Keys of people, by hand: 43 characters of base64, of which the last stands for four bits. */
export const KEYS = {
  ann: `SHA256:${"A".repeat(43)}`,
  bob: `SHA256:${"B".repeat(42)}A`,
  eve: `SHA256:${"E".repeat(42)}A`,
} as const;

class Memory implements PageMemoryKeeper {
  memory: PageMemory;

  constructor(stored: unknown) {
    this.memory = readPageMemory(stored);
  }

  change(edit: (memory: PageMemory) => PageMemory): void {
    this.memory = edit(this.memory);
  }

  flush(): void {}

  onChange(): void {}
}

export class Seat implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly client = new FakeClient();
  readonly memory: Memory;
  readonly chat: Chat;
  readonly spoken: string[] = [];
  readonly heard: Said[] = [];
  readonly #done: Promise<unknown>;

  private constructor(stored: unknown) {
    this.memory = new Memory(stored);
    const host: ChatHost = {
      heard: (_place, message) => this.heard.push(message),
      isLookedAt: () => true,
      say: (text) => this.spoken.push(text),
    };
    const { client, clock, memory } = this;
    this.chat = new Chat({ client, host, memory, clock });
    this.#done = followClient(this.chat);
  }

  /** Ann, whose key is known, in the lobby. */
  static async take(stored: unknown = {}): Promise<Seat> {
    const seat = new Seat(stored);
    const { client, chat } = seat;
    client.connect(true);
    client.hear({ type: "here", room: "lobby" });
    await seat.settle();
    chat.key.value = KEYS.ann;
    return seat;
  }

  place(name: string): Place {
    const place = this.chat.find(name);
    if (place === undefined) throw new Error(`no place ${name}`);
    return place;
  }

  async hear(message: Parameters<FakeClient["hear"]>[0]): Promise<void> {
    this.client.hear(message);
    await this.settle();
  }

  /** The server lists who is in a room. */
  async users(room: string, users: User[], more: object = {}): Promise<void> {
    await this.hear({ type: "users", room, users, ...more });
  }

  /** Answers the last that was asked; it must be this command, or a history. */
  async answer(what: string, message: ServerMessage): Promise<void> {
    await this.settle();
    const asked = this.client.asked.at(-1)!;
    const name = asked.type === "command" ? asked.name : asked.type;
    if (name !== what) throw new Error(`asked was ${name}, not ${what}`);
    this.client.answer(asked.id, { ...message, id: asked.id } as ServerMessage);
    await this.settle();
  }

  /** What was asked last, as one would type it, and where. */
  get lastAsked(): string {
    const asked = this.client.asked.at(-1)!;
    return asked.type === "command"
      ? `/${asked.name} ${asked.args ?? ""}`.trimEnd() +
        (asked.room === undefined ? "" : ` in ${asked.room}`)
      : asked.type;
  }

  /** The notes in a place. */
  notes(room = "lobby"): string[] {
    return this.place(room).live.lines.flatMap((line) =>
      line.kind === "note" || line.kind === "happened" ? [line.text] : []
    );
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await eventLoopTurn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.#done;
  }
}
