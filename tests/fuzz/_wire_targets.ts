/** Targets of the wire: frames, lines, first bytes, messages, texts, names. */
import { ConfabError } from "../../src/base/errors.ts";
import {
  ARGS_MAX_CODE_POINTS,
  FRAME_MAX_BYTES,
  ID_MAX_CHARS,
  LINE_MAX_BYTES,
  NAME_MAX_CODE_POINTS,
  RESUME_MAX_ROOMS,
  ROOM_MAX_CODE_POINTS,
  SECRET_MAX_CODE_POINTS,
  TEXT_MAX_CODE_POINTS,
} from "../../src/base/limits.ts";
import { canonicalIp } from "../../src/base/cidr.ts";
import { readProxyHeader } from "../../src/net/proxy_header.ts";
import { sniff, SNIFF_BYTES } from "../../src/net/sniff.ts";
import { renderMessage } from "../../src/text/render.ts";
import {
  type ClientMessage,
  readClientMessage,
} from "../../src/wire/client.ts";
import type { PushParser } from "../../src/wire/decode_stream.ts";
import { FrameDecoder } from "../../src/wire/frame.ts";
import { LineDecoder } from "../../src/wire/lines.ts";
import { foldName } from "../../src/wire/fold.ts";
import { judgeName, judgeRoom } from "../../src/wire/names.ts";
import { encodeMessage, readServerMessage } from "../../src/wire/server.ts";
import { enslash, parseSlash, unslash } from "../../src/wire/slash.ts";
import { splitText } from "../../src/wire/split.ts";
import { cleanLine, cleanText, codePoints } from "../../src/wire/text.ts";
import { join, utf8 } from "../_chunks.ts";
import { frame } from "../gateway/_codec.ts";
import { FULL, MINIMAL } from "../wire/_server_messages.ts";
import {
  cutAnyhow,
  ensure,
  ensureHarmless,
  ensureSame,
  jsonOf,
  textOf,
  valueOf,
} from "./_checks.ts";
import type { Target } from "./_fuzz.ts";

/** A valid message of each type and with each field. */
export const CLIENT_MESSAGES: readonly object[] = [
  { type: "hello" },
  {
    type: "hello",
    name: "Zoë",
    suggest: "zoe",
    room: "züri",
    password: "o\u0301pen",
    invite: "AAAAAAAAAAAAAAAAAAAAAA",
    resume: { lobby: 7, "@bob": { seq: 3, at: 1_700_000_000_000 } },
    client: "confab/1",
  },
  { type: "chat", txt: "hello, *you* :tada: `x` http://a.example/" },
  { type: "chat", txt: "/msg bob hi", id: "1", room: "lobby" },
  { type: "chat", txt: "e\u0301\n\tx", id: "2", to: "bob" },
  { type: "command", name: "join", args: "+tea", id: "3", room: "lobby" },
  { type: "history", room: "lobby", before: 17, limit: 100, id: "4" },
  { type: "history", room: "@bob", after: 0 },
  { type: "typing", room: "lobby" },
  { type: "read", room: "@bob", seq: 12 },
  { type: "ping", t: 1.5 },
  { type: "pong", t: -0 },
  { type: "bye" },
];

const json = (message: object) => utf8(JSON.stringify(message));
const CLIENT_SEEDS = CLIENT_MESSAGES.map(json);
const SERVER_SEEDS = [...MINIMAL, ...FULL].map(json);
const TEXTS = [
  ...["hello", "/join tea", "//x", "/msg bob  hi there ", "a\nb\tc", "Zoë 🎉"],
  "e\u0301\u0316 \u1100\u1161 \u0958 \ufb1d \u212b",
].map(utf8);

/** What a parser gives of these chunks, and the code of the fault that ended it. */
export function parsed(
  parser: PushParser<Uint8Array>,
  chunks: Iterable<Uint8Array>,
): { parts: string[]; fault?: string } {
  const parts: string[] = [];
  const take = (next: () => Uint8Array | null | undefined) => {
    for (let part = next(); part; part = next()) parts.push(part.toHex());
  };
  try {
    for (const chunk of chunks) {
      const bytes = chunk.slice();
      parser.push(bytes);
      take(() => parser.next());
      // The buffer is the socket's again.
      bytes.fill(0xee);
    }
    take(() => parser.end?.());
  } catch (error) {
    if (!(error instanceof ConfabError)) throw error;
    return { parts, fault: error.code };
  }
  return { parts };
}

/** Frames read by the letter of the wire. */
function framesOf(bytes: Uint8Array, maxBytes: number) {
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
    if (length < 1 || length > maxBytes) return { parts, fault: "frame" };
    if (at + 4 + length > bytes.length) break;
    parts.push(bytes.subarray(at + 4, at += 4 + length).toHex());
  }
  return { parts };
}

const frames: Target = {
  name: "frames",
  inputs: 4_000,
  seeds: [
    join(
      CLIENT_MESSAGES.map((message) => frame(utf8(JSON.stringify(message)))),
    ),
    join([frame("x"), frame("yy".repeat(300)), frame("z".repeat(1_024))]),
  ],
  check(input, dice) {
    const maxBytes = dice.pick([1, 64, 1_024, FRAME_MAX_BYTES]);
    const expected = framesOf(input, maxBytes);
    const decoder = () => new FrameDecoder(maxBytes);
    ensureSame(parsed(decoder(), [input]), expected, "whole");
    ensureSame(parsed(decoder(), cutAnyhow(input, dice)), expected, "cut");
  },
};

/** Lines read by the letter of the wire. */
function linesOf(bytes: Uint8Array, maxBytes: number) {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const feed = bytes.indexOf(0x0a, at);
    const end = feed < 0 ? bytes.length : feed;
    const hasReturn = end > at && bytes[end - 1] === 0x0d;
    const line = bytes.subarray(at, hasReturn ? end - 1 : end);
    if (line.length > maxBytes) return { parts, fault: "too-large" };
    parts.push(line.toHex());
    at = end + 1;
  }
  return { parts };
}

const lines: Target = {
  name: "lines",
  inputs: 4_000,
  seeds: [utf8("HELLO ann\r\nMSG ann hi\n\n \r\n/help\nx"), join(TEXTS)],
  check(input, dice) {
    const maxBytes = dice.pick([3, 16, 256, LINE_MAX_BYTES]);
    const decoder = () => new LineDecoder({ maxBytes });
    const expected = linesOf(input, maxBytes);
    ensureSame(parsed(decoder(), [input]), expected, "whole");
    ensureSame(parsed(decoder(), cutAnyhow(input, dice)), expected, "cut");
  },
};

const firstBytes: Target = {
  name: "first bytes",
  inputs: 4_000,
  seeds: [
    ...["GET / HTTP/1.1\r\n", "HELLO ann\n", "NICK x\n", '{"type":', "hi\n"],
    ...[
      "\x16\x03\x01\x02",
      "\0\0\0\x28confab/1",
      "\0\0\0\x10{}",
      "PROXY TCP4 ",
    ],
  ].map(utf8),
  check(input) {
    const whole = sniff(input);
    ensure(
      whole !== undefined || input.length <= SNIFF_BYTES,
      "more bytes are wanted than are needed",
    );
    for (let length = 1; length < Math.min(input.length, 40); length++) {
      const early = sniff(input.subarray(0, length));
      ensure(
        early === undefined || early === whole,
        `${early} after ${length} bytes, and then ${whole}`,
      );
    }
  },
};

const SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

const proxyHeaders: Target = {
  name: "headers of a proxy",
  inputs: 4_000,
  seeds: [
    ...["PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\nhi", "PROXY UNKNOWN\r\n"],
    ...["PROXY TCP6 2001:db8::1 ::ffff:192.0.2.1 1 65535\r\n{}"],
    `${SIGNATURE}\x21\x11\0\x0cabcdefgh\0\x01\0\x02hi`,
    `${SIGNATURE}\x21\x21\0\x24${"a".repeat(32)}\0\x01\0\x02`,
    `${SIGNATURE}\x20\0\0\0`,
  ].map(utf8),
  words: [" ", "\r\n", "TCP4", "TCP6", "::", "65536", SIGNATURE].map(utf8),
  check(input) {
    const whole = readProxyHeader(input);
    const end = typeof whole === "object" ? whole.length : input.length;
    ensure(end <= input.length, "longer than what is here");
    // What is here of a header says the same as all of it, or nothing yet.
    for (let length = 0; length < Math.min(end, 300); length++) {
      const early = readProxyHeader(input.subarray(0, length));
      const isSame = early === undefined ||
        early === "invalid" && whole === "invalid";
      ensure(isSame, `${jsonOf(early)} after ${length} bytes`);
    }
    if (typeof whole !== "object") return;
    const { hostname, port } = whole.peer;
    ensure(canonicalIp(hostname) === hostname, `the address ${hostname}`);
    ensure(port >= 0 && port <= 65_535, `the port ${port}`);
  },
};

const clientJson: Target = {
  name: "client messages",
  inputs: 8_000,
  seeds: CLIENT_SEEDS,
  words: [...CLIENT_SEEDS, ...TEXTS],
  check(input) {
    const message = valueOf(
      () => readClientMessage(input),
      "bad-message",
      "too-large",
      "unknown-type",
    );
    if (message === undefined) return;
    ensureWithinLimits(message);
    const again = readClientMessage(utf8(jsonOf(message)!));
    ensureSame(again, message, "what was accepted is not canonical");
  },
};

/** The limits of the wire, each by the field's name. */
const MOST: Readonly<Record<string, number>> = {
  txt: TEXT_MAX_CODE_POINTS,
  args: ARGS_MAX_CODE_POINTS,
  id: ID_MAX_CHARS,
  password: SECRET_MAX_CODE_POINTS,
  invite: SECRET_MAX_CODE_POINTS,
  room: 256,
  to: 256,
};

export function ensureWithinLimits(message: ClientMessage): void {
  for (const [field, value] of Object.entries(message)) {
    if (typeof value !== "string") continue;
    ensure(value.isWellFormed(), `${field} is not well-formed`);
    const most = field === "name" && message.type === "command"
      ? Infinity
      : MOST[field] ?? 256;
    ensure(codePoints(value) <= most, `${field} is too long`);
    if (!["id", "password", "invite"].includes(field)) ensureHarmless(value);
  }
  if (message.type === "hello") {
    ensure((message.resume?.size ?? 0) <= RESUME_MAX_ROOMS, "many rooms");
  }
}

const serverJson: Target = {
  name: "server messages",
  inputs: 8_000,
  seeds: SERVER_SEEDS,
  words: [...SERVER_SEEDS, ...TEXTS],
  check(input) {
    const message = readServerMessage(input);
    if (message === undefined) return;
    const encoded = utf8(JSON.stringify(message));
    ensureSame(readServerMessage(encoded), message, "not canonical");
    if (message.type === "unknown") return;
    if (encoded.length <= FRAME_MAX_BYTES) {
      const framed = encodeMessage(message).subarray(4);
      ensureSame(framed, encoded, "encoded otherwise");
    }
    ensureHarmless(renderMessage(message) ?? "");
  },
};

const texts: Target = {
  name: "texts",
  inputs: 4_000,
  seeds: TEXTS,
  words: TEXTS,
  check(input, dice) {
    const given = textOf(input);
    for (const clean of [cleanLine, cleanText]) {
      const text = clean(given);
      ensureHarmless(text);
      ensure(text === clean(text), "not the same when cleaned again");
      ensure(text === text.normalize("NFC"), "not NFC");
    }
    const text = cleanText(given);
    checkSlash(text);
    checkParts(text, 1 + dice.below(40));
  },
};

function checkSlash(text: string): void {
  ensure(unslash(enslash(text)) === text, "a slash came or went");
  const command = parseSlash(text);
  if (command === undefined) return;
  const { name, args } = command;
  ensureSame(parseSlash(`/${name} ${args}`), command, "another command");
  ensure(!/\s/.test(name), "a blank in a command's name");
}

function checkParts(text: string, max: number): void {
  const parts = splitText(text, max);
  for (const part of parts) {
    ensure(codePoints(part) <= max, "a part is too long");
    ensure(part !== "" || text === "", "a part is empty");
  }
  const words = (text: string) => text.replace(/[\n ]/g, "");
  ensure(words(parts.join("")) === words(text), "something was left out");
  const blanks = text.length - parts.join("").length;
  ensure(blanks <= parts.length, "more blanks were left out than parts");
}

const names: Target = {
  name: "names",
  inputs: 4_000,
  seeds: [
    ...["ann", "Zoë", "straße", "иван", "李小龙", "ann-2.0_x", "ひらカタ漢字"],
    ...["ɑnn", "anɴ", "ѕоар", "guest-7", "server", "İstanbul", "각"],
  ].map(utf8),
  check(input) {
    const name = cleanLine(textOf(input));
    const folded = foldName(name);
    for (
      const [judge, most] of [
        [judgeName, NAME_MAX_CODE_POINTS],
        [judgeRoom, ROOM_MAX_CODE_POINTS],
      ] as const
    ) {
      const isGood = valueOf(
        () => (judge(name), true),
        "name-invalid",
        "room-invalid",
      );
      if (isGood === undefined) continue;
      ensure(codePoints(name) <= most, "a name is too long");
      ensure(!/[\s/@]/.test(name), "a name has what parts words");
      // U+1E9E is the one letter whose small form has other capitals.
      ensure(
        foldName(folded) === folded || name.includes("ẞ"),
        "folded again it is another",
      );
    }
  },
};

export const WIRE_TARGETS: readonly Target[] = [
  frames,
  lines,
  firstBytes,
  proxyHeaders,
  clientJson,
  serverJson,
  texts,
  names,
];
