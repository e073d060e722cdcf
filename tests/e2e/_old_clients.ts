/** Old clients at a real server: lines as `nc` has them, and frames of plain JSON. */
import { assertEquals } from "@std/assert";
import { ByteSocket, dial } from "./_sockets.ts";
import { FrameDecoder, messageFrame, text, utf8 } from "./_frames.ts";
import { Inbox } from "./_inbox.ts";
import type { Message } from "./_messages.ts";
import { within } from "./_scenario.ts";

/** How the bytes of a client are written. */
export type Writing = "whole" | "bytewise";

abstract class OldClient<Item> implements AsyncDisposable {
  readonly inbox: Inbox<Item>;
  readonly #socket: ByteSocket;
  readonly #writing: Writing;

  constructor(
    conn: Deno.TcpConn,
    writing: Writing,
    show: (item: Item) => string,
  ) {
    this.inbox = new Inbox(show);
    this.#writing = writing;
    this.#socket = new ByteSocket(conn, (bytes) => this.take(bytes));
    this.#socket.ended.then(() => this.inbox.end("the connection has ended"));
  }

  protected abstract take(bytes: Uint8Array): void;

  write(bytes: Uint8Array): Promise<void> {
    return this.#writing === "whole"
      ? this.#socket.write(bytes)
      : this.#socket.writeBytewise(bytes);
  }

  /** The end of its input, as `nc -N` has it. */
  endWriting(): Promise<void> {
    return this.#socket.endWriting();
  }

  /** The next that arrives, whatever it is. */
  next(): Promise<Item> {
    return this.inbox.next(() => true, "anything");
  }

  /** All that arrives until the server ends the connection. */
  async rest(): Promise<Item[]> {
    await within(
      this.#socket.ended,
      () => `the end of the connection; ${this.inbox.listing()}`,
    );
    return this.inbox.drain();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#socket[Symbol.asyncDispose]();
  }
}

/** Somebody at `nc`, or a client of the HELLO dialect. */
export class LineClient extends OldClient<string> {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #rest = "";

  static async open(
    port: number,
    writing: Writing = "whole",
  ): Promise<LineClient> {
    return new LineClient(await dial(port), writing, (line) => line);
  }

  /** Types lines. */
  async type(...lines: string[]): Promise<void> {
    for (const line of lines) await this.write(utf8(`${line}\n`));
  }

  /** Waits for a line, `[hh:mm]` standing for any time; others may come before it. */
  async sees(line: string): Promise<void> {
    await this.inbox.next((seen) => unclocked(seen) === line, line);
  }

  protected take(bytes: Uint8Array): void {
    const all = this.#rest + this.#decoder.decode(bytes, { stream: true });
    const lines = all.split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) this.inbox.push(line);
  }
}

/** A script that speaks frames of JSON, and knows no `hello`. */
export class FramedClient extends OldClient<Message> {
  readonly #decoder = new FrameDecoder();

  static async open(
    port: number,
    writing: Writing = "whole",
  ): Promise<FramedClient> {
    return new FramedClient(await dial(port), writing, JSON.stringify);
  }

  async send(...messages: unknown[]): Promise<void> {
    for (const message of messages) await this.write(messageFrame(message));
  }

  async chat(...txts: string[]): Promise<void> {
    await this.send(...txts.map((txt) => ({ type: "chat", txt })));
  }

  protected take(bytes: Uint8Array): void {
    for (const payload of this.#decoder.push(bytes)) {
      this.inbox.push(JSON.parse(text(payload)));
    }
  }
}

/** A line with `[hh:mm]` where the time stands. */
export function unclocked(line: string): string {
  return line.replace(/\[\d\d:\d\d\]/g, "[hh:mm]");
}

/** What the first line at `nc` is answered with. */
export const WELCOME =
  /^\* welcome to confab: you are (guest-\d+) in lobby \(\/help lists the commands, exit leaves\)$/;

/**
 * Types a first line at `nc`, and resolves with the guest's name when the welcome is read to its
 * end.
 */
export async function sitDown(client: LineClient, first = ""): Promise<string> {
  await client.type(first);
  const [, name] = WELCOME.exec(await client.next()) ?? [];
  await client.inbox.next((line) => line.startsWith("* in lobby: "), "people");
  return name!;
}

/** Says HELLO, and reads the answer. */
export async function hello(client: LineClient, name: string): Promise<void> {
  await client.type(`HELLO ${name}`);
  assertEquals(await client.next(), `OK ${name}`);
}
