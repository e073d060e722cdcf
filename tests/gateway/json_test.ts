import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ConfabError, FrameError } from "../../src/base/errors.ts";
import type { Codec } from "../../src/gateway/codec.ts";
import { FRAMES, LINES } from "../../src/gateway/framing.ts";
import { JsonCodec } from "../../src/gateway/json.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { cut, join, lengths, utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import { FULL, MINIMAL } from "../wire/_server_messages.ts";
import {
  frame,
  hear,
  hearBytewise,
  hearEnd,
  messagesOf,
  text,
} from "./_codec.ts";

const test = testsOf("JSON codec");

const HELLO = { type: "hello", name: "ann" };
const CHAT = { type: "chat", txt: "hi", id: "a" };
const NOTICE = { type: "notice", text: "zoë\u2028🎉\n" } as const;

function frames(clients: "full" | "any" = "any"): Codec {
  return new JsonCodec(FRAMES, clients);
}

function lines(clients: "full" | "any" = "any"): Codec {
  return new JsonCodec(LINES, clients);
}

/** A line written by hand. */
function line(message: object, end = "\n"): string {
  return JSON.stringify(message) + end;
}

function errorOf(codec: Codec, bytes: string | Uint8Array): ConfabError {
  return assertThrows(() => hear(codec, bytes), ConfabError);
}

test("reads messages in frames, in one piece or a byte at a time", () => {
  const bytes = join([frame(HELLO), frame(CHAT), frame({ type: "bye" })]);
  const said = [HELLO, CHAT, { type: "bye" }];
  assertEquals(hear(frames(), bytes), said);
  assertEquals(hearBytewise(frames(), bytes), said);
});

test("reads messages a line each, in one piece or a byte at a time", () => {
  const given = line(HELLO) + line(CHAT, "\r\n") + line({ type: "bye" });
  const said = [HELLO, CHAT, { type: "bye" }];
  assertEquals(hear(lines(), given), said);
  assertEquals(hearBytewise(lines(), given), said);
});

test("skips blank lines, and needs no end of the last", () => {
  const given = `${line(HELLO)}\n \t\r\n\r\n  ${line(CHAT, "")}`;
  for (const hearing of [hear, hearBytewise]) {
    const codec = lines();
    assertEquals(hearing(codec, given), [HELLO]);
    assertEquals(hearEnd(codec), [CHAT]);
    assertEquals(hearEnd(codec), []);
  }
});

test("ends a line at nothing but a line feed", () => {
  const txt = "a\u2028b\u2029c\u0085d";
  const given = `{"type":"chat","txt":"${txt}"}\n`;
  // The text is made fit for display, too.
  assertEquals(hear(lines("full"), given), [{ type: "chat", txt: "abcd" }]);
});

test("tells what is wrong with a message, and goes on", () => {
  const faults: [string | Uint8Array, string][] = [
    ["{", "bad-message"],
    ["hello?", "bad-message"],
    ["[]", "bad-message"],
    ["null", "bad-message"],
    ['{"type":1}', "bad-message"],
    ['{"type":"chat"}', "bad-message"],
    ['{"type":"chat","txt":"\\ud800"}', "bad-message"],
    ['{"type":"nonsense"}', "unknown-type"],
    ["{}", "unknown-type"],
    [`{"type":"chat","txt":"${"x".repeat(4_001)}"}`, "too-large"],
    [utf8('{"type":"bye"}').with(2, 0xff), "bad-message"],
    ["\u00a0", "bad-message"],
  ];
  for (const [fault, code] of faults) {
    const said = [HELLO, `fault ${code}`, CHAT];
    const framed = [frame(HELLO), frame(fault), frame(CHAT)];
    assertEquals(hear(frames(), ...framed), said, `${fault}`);
    const lined = [line(HELLO), fault, "\n", line(CHAT)];
    assertEquals(hear(lines(), ...lined), said, `${fault}`);
    assertEquals(hearBytewise(lines(), ...lined), said, `${fault}`);
  }
});

test("tells the id of a faulty message", () => {
  const codec = frames("full");
  codec.push(frame({ type: "chat", id: "mine" }));
  const heard = codec.next();
  assertEquals(heard?.kind === "fault" && heard.error.id, "mine");
});

test("takes a blank payload for a faulty message, for frames are not skipped", () => {
  assertEquals(hear(frames("full"), frame(" ")), ["fault bad-message"]);
});

test("cannot follow a frame of no length or of too much, after what came before", () => {
  for (
    const [header, code] of [
      [[0, 0, 0, 0], "bad-message"],
      [[0, 1, 0, 0], "too-large"],
      [[255, 255, 255, 255], "too-large"],
    ] as const
  ) {
    const codec = frames();
    codec.push(join([frame(HELLO), Uint8Array.from(header)]));
    assertEquals(codec.next()?.kind, "message");
    const error = assertThrows(() => codec.next(), FrameError);
    const [told, bye, ...rest] = messagesOf(codec.encodeFault(error));
    assertEquals(told, { type: "error", code, text: error.message });
    assertEquals([bye?.type, bye?.code], ["bye", "refused"]);
    assertEquals(rest, []);
  }
});

test("cannot follow a line over 65,535 bytes, which is too-large", () => {
  const longest = JSON.stringify({ type: "bye", pad: "" });
  const pad = "x".repeat(65_535 - longest.length);
  for (const end of ["\n", "\r\n"]) {
    const given = line({ type: "bye", pad }, end);
    const codec = lines();
    assertEquals(hear(codec, line(HELLO), given), [HELLO, { type: "bye" }]);
    const error = errorOf(codec, line({ type: "bye", pad: `${pad}x` }, end));
    const [told, bye, rest] = text(codec.encodeFault(error)).split("\n");
    assertEquals(JSON.parse(told!), {
      type: "error",
      code: "too-large",
      text: "a line has more than 65535 bytes: say it in parts",
    });
    const { type, code } = JSON.parse(bye!);
    assertEquals([type, code, rest], ["bye", "refused", ""]);
  }
});

test("says why it ends in one error and a bye also to who has said nothing", () => {
  const codec = lines();
  const error = errorOf(codec, `{${"x".repeat(65_535)}`);
  assertEquals(
    text(codec.encodeFault(error)).trimEnd().split("\n").map((json) =>
      JSON.parse(json).code
    ),
    ["too-large", "refused"],
  );
});

test("writes a frame or a line for each message, whatever it is and why", () => {
  const json = '{"type":"notice","text":"zoë\u2028🎉\\n"}';
  for (const why of ["asked", "unasked"] as const) {
    assertEquals(frames().encode(NOTICE, why), frame(json));
    assertEquals(text(lines().encode(NOTICE, why)!), `${json}\n`);
  }
  for (const message of [...MINIMAL, ...FULL] as ServerMessage[]) {
    for (const codec of [frames("full"), lines("full")]) {
      const bytes = codec.encode(message, "unasked");
      assertEquals(codec.shared.encodeShared(message), bytes, message.type);
    }
    const written = text(lines().encode(message, "asked")!);
    assertEquals(written.indexOf("\n"), written.length - 1);
    assertEquals(JSON.parse(written), message);
  }
});

test("shares one encoder among full clients of a framing", () => {
  const known = frames();
  hear(known, frame(HELLO));
  assertStrictEquals(known.shared, frames("full").shared);
  assertStrictEquals(lines().shared, lines("full").shared);
});

test("is of a full client, which enters itself and answers pings", () => {
  const codecs = [frames("full"), lines("full"), frames(), lines()];
  hear(codecs[2]!, frame(HELLO));
  hear(codecs[3]!, line(HELLO));
  assertEquals(codecs.map(({ dialect }) => dialect), [
    "json",
    "json lines",
    "json",
    "json lines",
  ]);
  for (const { entry, hasHeartbeat } of codecs) {
    assertEquals([entry, hasHeartbeat], ["itself", true]);
  }
});

test("does not take the end of a full client's input for a goodbye", () => {
  const codec = frames();
  const half = frame(CHAT).subarray(0, 9);
  assertEquals(hear(codec, frame(HELLO), half), [HELLO]);
  assertEquals(hearEnd(codec), []);
  const bye = { type: "bye", code: "closed", text: "goodbye" } as const;
  assertEquals(messagesOf(codec.encode(bye, "asked")!), [bye]);
});

test("hears the same however the bytes are cut", () => {
  const message = fc.oneof(
    fc.constantFrom("{", "[]", '{"type":"x"}', '{"type":"ping","t":1}'),
    fc.string({ unit: "binary", maxLength: 300 })
      .map((txt) => JSON.stringify({ type: "chat", txt })),
  );
  const messages = fc.array(message, { maxLength: 10 });
  fc.assert(
    fc.property(messages, lengths, (given, sizes) => {
      for (const first of [JSON.stringify(HELLO), "{}"]) {
        const all = [first, ...given];
        const framed = join(all.map(frame));
        const said = hear(frames(), framed);
        assertEquals(said.length, first === "{}" ? all.length + 1 : all.length);
        assertEquals(hear(frames(), ...cut(framed, sizes)), said);
        const lined = utf8(all.map((json) => `${json}\n`).join(""));
        assertEquals(hear(lines(), ...cut(lined, sizes)), said);
      }
    }),
    propertyOptions(100),
  );
});
