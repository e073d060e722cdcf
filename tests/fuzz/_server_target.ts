/** Target: a whole server without sockets, to which anybody says anything in any protocol. */
import { join, utf8 } from "../_chunks.ts";
import { createHttp } from "../../src/http/opener.ts";
import { PAGE_FILES } from "../../src/http/page/files.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { frame } from "../gateway/_codec.ts";
import { NO_WEB } from "../_testing.ts";
import { get } from "../http/_web.ts";
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  frame as webSocketFrame,
  PING,
  UPGRADE,
} from "../http/_web_socket.ts";
import { FAR, Served } from "../server/_served.ts";
import { cutAnyhow, ensure, ensureSame } from "./_checks.ts";
import type { Target } from "./_fuzz.ts";
import { CLIENT_MESSAGES } from "./_wire_targets.ts";

/** Connections after which another server begins: the history must not slow the run. */
const CONNECTIONS = 300;
/** Turns of the event loop in which a connection that was ended is gone: keys take their time. */
const TURNS = 200_000;

let served: Served | undefined;
let count = 0;

async function server(): Promise<Served> {
  if (served !== undefined && count++ % CONNECTIONS === 0) await end();
  if (served !== undefined) return served;
  const clock = new FakeClock();
  const http = createHttp({ files: PAGE_FILES, clock });
  const openers = NO_WEB === undefined ? { http } : {};
  return served = await Served.start({ rate: 0, clock, openers });
}

async function end(): Promise<void> {
  const log = served?.log ?? [];
  await served?.[Symbol.asyncDispose]();
  served = undefined;
  ensureSame(log, [], "the server's log");
}

const MESSAGES = CLIENT_MESSAGES.map((one) => JSON.stringify(one));

const connection: Target = {
  name: "connections",
  inputs: 300,
  seeds: [
    join(MESSAGES.map((message) => frame(message))),
    frame('{"type":"chat","txt":"/list"}'),
    ...[
      MESSAGES.join("\n"),
      '{"type":"chat","txt":"hi"}\n{"type":"chat","txt":"/help"}\n',
      "HELLO zoe\nMSG zoe hi\n/join tea\n/msg bob x\nBYE zoe\n",
      "/help\nhi\n/name zoe\n/join tea\n/search hi\nexit\n",
      "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
      get("/", { "accept-encoding": "gzip", Origin: "http://localhost" }),
      get("/", { "if-none-match": '"x"' }) + get("/x", {}, "HEAD"),
      "NICK a\r\nUSER a b c d\r\n",
      "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
    ].map(utf8),
    Uint8Array.of(0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3),
    join([
      utf8(get("/ws", UPGRADE)),
      webSocketFrame(BINARY, utf8("HELLO zoe\n"), { isLast: false }),
      webSocketFrame(CONTINUATION, utf8("MSG zoe hi\n")),
      webSocketFrame(PING, utf8("x")),
      webSocketFrame(CLOSE, Uint8Array.of(3, 232)),
    ]),
    join([Uint8Array.of(0, 0, 0, 40), utf8("confab/1"), new Uint8Array(32)]),
  ],
  words: [...MESSAGES, "\n/", "HELLO ", "\0\0\0", "confab/1"].map(utf8),
  async check(input, dice) {
    const one = await server();
    const { clock, log } = one;
    const caller = one.call(dice.chance(0.2) ? FAR : {});
    for (const chunk of cutAnyhow(input, dice).slice(0, 200)) {
      await caller.transport.write(chunk).catch(() => {});
    }
    await caller.transport.closeWrite();
    for (let n = 0; n < TURNS && !caller.isServed; n++) {
      if (n % 200 === 199) clock.advance(1_000);
      await eventLoopTurn();
    }
    ensure(caller.isServed, "the server is not done with it");
    ensureSame(log, [], "the server's log");
  },
  finish: end,
};

export const SERVER_TARGETS: readonly Target[] = [connection];
