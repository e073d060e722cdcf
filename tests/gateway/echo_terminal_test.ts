import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Heard } from "../../src/gateway/codec.ts";
import { EchoTerminalCodec } from "../../src/gateway/echo_terminal.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { cut, join, lengths, utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import { BYE, CHAT, WELCOME } from "./_clients.ts";
import { hear, shown, text } from "./_codec.ts";

const test = testsOf("echo terminal codec");

/** What all that is heard brings back, when each is answered, by acks and errors in turn. */
function answers(codec: EchoTerminalCodec, heard: Heard[]): Uint8Array[] {
  return heard.flatMap((one, n) => {
    const id = one.kind === "unsaid"
      ? one.id
      : one.kind === "message" && one.message.type === "chat"
      ? one.message.id
      : undefined;
    if (id === undefined) return [];
    const isError = one.kind === "message" && n % 2 === 0;
    const bytes = codec.encode(
      isError
        ? { type: "error", code: "muted", text: "no", id }
        : { type: "ack", id, room: "lobby", seq: n, at: 0 },
      "asked",
    );
    return bytes === undefined ? [] : [bytes];
  });
}

test("gives back every byte of every line, whatever became of it", () => {
  const line = fc.tuple(
    fc.oneof(
      fc.constantFrom("", " ", "/quit", "//", "exit ", "\u0007", "\ufeff"),
      fc.string({ unit: "binary", maxLength: 300 })
        .map((text) => text.toWellFormed().replace(/[\r\n]/g, "")),
      fc.integer({ min: 3_990, max: 16_384 }).map((n) => "x".repeat(n)),
    ),
    fc.constantFrom("\n", "\r\n"),
  ).filter(([text]) => text !== "exit" && text !== "quit");
  const last = fc.constantFrom("", "unended", "half an end\r", " ");
  fc.assert(
    fc.property(fc.array(line), last, lengths, (lines, end, sizes) => {
      const bytes = utf8(lines.flat().join("") + end);
      const codec = new EchoTerminalCodec({ echo: "on" });
      shown(codec, WELCOME);
      const heard: Heard[] = [];
      for (const piece of cut(bytes, sizes)) {
        codec.push(piece);
        for (let one = codec.next(); one; one = codec.next()) heard.push(one);
        piece.fill(0x3f);
      }
      for (let one = codec.end(); one; one = codec.end()) heard.push(one);
      assertEquals(text(join(answers(codec, heard))), text(bytes));
    }),
    propertyOptions(100),
  );
});

test("shows what others say, and nothing else that comes by itself", () => {
  const codec = new EchoTerminalCodec({ echo: "on" });
  hear(codec, "hi\n");
  assertEquals(shown(codec, WELCOME), undefined);
  const own = { ...CHAT, from: "guest-1", seq: 8 };
  const ack = { type: "ack", id: "gateway 1", room: "lobby" } as const;
  assertEquals(shown(codec, { ...ack, seq: 8, at: 0 }), "hi");
  assertEquals(shown(codec, own, "unasked"), undefined);
  assertEquals(shown(codec, CHAT, "unasked"), "[12:03] bob: hi");
  const at = 0;
  const messages: ServerMessage[] = [
    { type: "joined", room: "lobby", name: "bob", guest: true, at },
    { type: "users", room: "lobby", users: [] },
    { type: "history", room: "lobby", messages: [CHAT], more: false },
    { type: "notice", text: "the server is full" },
    { type: "error", code: "not-stored", text: "no" },
    BYE,
  ];
  for (const message of messages) {
    assertEquals(shown(codec, message, "unasked"), undefined, message.type);
    const shared = codec.shared.encodeShared(message);
    assertEquals(shared, undefined, message.type);
  }
});
