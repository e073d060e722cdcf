/** Clients of old dialects who have entered, and what they are shown. */
import { assertEquals, assertThrows } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import type { Why } from "../../src/delivery/sink.ts";
import type { Codec } from "../../src/gateway/codec.ts";
import { FRAMES } from "../../src/gateway/framing.ts";
import { HelloCodec } from "../../src/gateway/hello.ts";
import { JsonCodec } from "../../src/gateway/json.ts";
import { TerminalCodec } from "../../src/gateway/terminal.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { frame, hear, linesOf, type Said, shown } from "./_codec.ts";

/** A moment that is 12:03 wherever the test runs. */
export const AT = new Date(2025, 5, 15, 12, 3).getTime();
export const WELCOME = {
  type: "welcome",
  name: "ann",
  server: "confab",
  version: "1",
  room: "lobby",
} as const;
export const CHAT = {
  type: "chat",
  room: "lobby",
  from: "bob",
  txt: "hi",
  seq: 7,
  at: AT,
} as const;
export const BYE = { type: "bye", code: "closed", text: "goodbye" } as const;

/** The codec of somebody who said HELLO, and is ann. */
export function ofAnn(): HelloCodec {
  const codec = new HelloCodec();
  assertEquals(hear(codec, "HELLO ann\n"), [{ type: "hello", name: "ann" }]);
  assertEquals(shown(codec, WELCOME), "OK ann");
  return codec;
}

/** The codec of a guest at a terminal. */
export function atTerminal(): TerminalCodec {
  const codec = new TerminalCodec();
  assertEquals(hear(codec, "\n"), [{ type: "hello" }]);
  shown(codec, { ...WELCOME, name: "guest-1" });
  return codec;
}

/** What a client is shown of each message, if anything. */
export function assertShown(
  client: () => Codec,
  why: Why,
  rows: [ServerMessage, string | undefined][],
): void {
  for (const [message, lines] of rows) {
    assertEquals(shown(client(), message, why), lines, JSON.stringify(message));
  }
}

/** The codec of a script that has shown with a ping that it knows no hello. */
export function ofScript(): Codec {
  const codec = new JsonCodec(FRAMES, "any");
  const ping = { type: "ping", t: 1 };
  assertEquals(hear(codec, frame(ping)), [{ type: "hello" }, ping]);
  return codec;
}

/** What comes to the session of one message of a script. */
export function say(codec: Codec, message: Record<string, unknown>): Said {
  const [said, ...rest] = hear(codec, frame(message));
  assertEquals(rest, []);
  return said!;
}

/** The codec of a script that has said `txt`, which the session has under `gateway 1`. */
export function saying(txt: string): Codec {
  const codec = ofScript();
  say(codec, { type: "chat", txt });
  return codec;
}

export function ack(id: string, seq = 1): ServerMessage {
  return { type: "ack", id, room: "lobby", seq, at: AT };
}

/** The last words to a client of lines that says this. */
export function lastWords(codec: Codec, given: string | Uint8Array): string {
  const error = assertThrows(() => hear(codec, given), ConfabError);
  return linesOf(codec.encodeFault(error));
}
