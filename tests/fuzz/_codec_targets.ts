/** Targets: the dialects, from the bytes of a client to what it says, wherever they are cut. */
import { ConfabError } from "../../src/base/errors.ts";
import type { Codec, Heard } from "../../src/gateway/codec.ts";
import { codecFor } from "../../src/gateway/codecs.ts";
import type { Manners } from "../../src/gateway/manners.ts";
import type { Protocol } from "../../src/net/sniff.ts";
import type { ClientMessage } from "../../src/wire/client.ts";
import { join, utf8 } from "../_chunks.ts";
import { frame } from "../gateway/_codec.ts";
import { broken, cutAnyhow, ensure, ensureSame, jsonOf } from "./_checks.ts";
import type { Target } from "./_fuzz.ts";
import { CLIENT_MESSAGES, ensureWithinLimits } from "./_wire_targets.ts";

/** More is not heard of a byte: a line of 16 KiB comes to five messages. */
const HEARD_MAX = 8;

interface Conversation {
  readonly heard: readonly (string | undefined)[];
  readonly fault?: string;
}

/** What a client is heard to say; it gets its `welcome` as soon as it says `hello`. */
function heardOf(codec: Codec, chunks: Iterable<Uint8Array>): Conversation {
  const heard: (string | undefined)[] = [];
  const take = (next: () => Heard | undefined) => {
    for (let one = next(); one !== undefined; one = next()) {
      heard.push(said(one));
      if (one.kind === "message") welcome(codec, one.message);
      if (one.kind === "goodbye") return true;
    }
    return false;
  };
  try {
    for (const chunk of chunks) {
      const bytes = chunk.slice();
      codec.push(bytes);
      // After a goodbye nothing more is asked of it.
      if (take(() => codec.next())) return { heard };
      bytes.fill(0xee);
    }
    take(() => codec.end());
  } catch (error) {
    if (!(error instanceof ConfabError)) throw error;
    ensure(codec.encodeFault(error).length > 0, "no last words");
    return { heard, fault: `${error.code} ${error.message}` };
  }
  return { heard };
}

function said(heard: Heard): string | undefined {
  if (heard.kind === "message") {
    ensureWithinLimits(heard.message);
    return jsonOf(heard.message);
  }
  if (heard.kind === "fault") return `${heard.error.code} ${heard.error.id}`;
  return heard.kind === "answer" ? heard.bytes.toHex() : heard.kind;
}

function welcome(codec: Codec, message: ClientMessage): void {
  if (message.type !== "hello") return;
  const { name = "guest-1" } = message;
  const fields = { server: "s", version: "1", room: "lobby" };
  codec.encode({ type: "welcome", name, ...fields }, "asked");
}

const FRAMES = join(
  CLIENT_MESSAGES.map((one) => frame(utf8(JSON.stringify(one)))),
);
const JSON_LINES = utf8(
  CLIENT_MESSAGES.map((one) => `${JSON.stringify(one)}\n`).join(""),
);
const SAID =
  "hi\n/help\r\n//x\n/msg bob  hi \n\n /password b\nq\u00e4\u0301 🎉\nexit\n";
const SEEDS: Readonly<Record<string, readonly Uint8Array[]>> = {
  sealed: [FRAMES],
  framed: [FRAMES, frame(utf8('{"type":"chat","txt":"hi"}'))],
  "json-lines": [JSON_LINES, utf8('{"type":"chat","txt":"hi"}\n\n\t\r\nx\n{}')],
  hello: [
    `HELLO ann\n${SAID}MSG ann hi\nMSG bob hi\nBYE bob\nBYE ann\n`,
    "HELLO Zoe\u0308 the password\nMSG Zo\u00eb  a\tb\nHELLO x\nBYE\nx\n",
  ].map(utf8),
  terminal: [SAID, `/password  two words \n${SAID}`, "quit"].map(utf8),
};

function dialect(protocol: Protocol, manners: Manners = {}): Target {
  const how = Object.keys(manners).map((one) => ` ${one}`).join("");
  return {
    name: `dialect ${protocol}${how}`,
    inputs: 1_500,
    seeds: SEEDS[protocol]!,
    words: CLIENT_MESSAGES.map((one) => utf8(JSON.stringify(one))),
    check(input, dice) {
      const codec = () =>
        codecFor(protocol, manners) ?? broken("there is no codec");
      const whole = heardOf(codec(), input.length === 0 ? [] : [input]);
      const most = HEARD_MAX * (input.length + 1);
      ensure(whole.heard.length <= most, "more is heard than is said");
      ensureSame(heardOf(codec(), cutAnyhow(input, dice)), whole, "cut");
    },
  };
}

export const CODEC_TARGETS: readonly Target[] = [
  dialect("sealed"),
  dialect("framed"),
  dialect("framed", { echo: "on" }),
  dialect("json-lines"),
  dialect("hello"),
  dialect("hello", { password: "any" }),
  dialect("terminal"),
  dialect("terminal", { echo: "on" }),
  dialect("terminal", { askName: "on" }),
];
