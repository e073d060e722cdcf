/**
 * A bare terminal at a server with `--echo`: every line comes back byte for byte, and besides that
 * only what others say. Pure.
 */
import type { Why } from "../delivery/sink.ts";
import type { ServerMessage } from "../wire/server.ts";
import { GOODBYE, type Heard } from "./codec.ts";
import { Echoes } from "./echoes.ts";
import { sharedLines, shownToPerson } from "./lines.ts";
import { words } from "./spoken.ts";
import { GOODBYES, TerminalCodec } from "./terminal.ts";

const SHARED = sharedLines((message, why) =>
  message.type === "chat" ? shownToPerson(message, why) : undefined
);
/** Of a part of a line; the line comes back with the last. */
const NOTHING = new Uint8Array(0);

export class EchoTerminalCodec extends TerminalCodec {
  override readonly shared = SHARED;
  /** Lines that are not answered yet, as they came. */
  readonly #echoes = new Echoes<Uint8Array>();

  /** What no chat can say comes back all the same, in its turn. */
  protected override said(line: string): readonly Heard[] {
    if (GOODBYES.has(line)) return [GOODBYE];
    const whole = this.written;
    const parts = words(line, (part) => {
      return this.#echoes.said(part === "last" ? whole : NOTHING);
    });
    return parts.length > 0
      ? parts
      : [{ kind: "unsaid", id: this.#echoes.said(whole) }];
  }

  override encode(message: ServerMessage, why: Why): Uint8Array | undefined {
    const echo = this.#echo(message);
    return echo?.length ? echo : super.encode(message, why);
  }

  #echo(message: ServerMessage): Uint8Array | undefined {
    if (message.type === "ack") return this.#echoes.acknowledged(message);
    // What could not be said was typed all the same.
    if (message.type === "error") return this.#echoes.answered(message.id);
    return undefined;
  }

  protected override showWelcomed(
    message: ServerMessage,
    why: Why,
  ): string | undefined {
    const isOthers = message.type === "private" ||
      message.type === "chat" && !this.#echoes.takeOwn(message);
    return isOthers ? shownToPerson(message, why) : undefined;
  }
}
