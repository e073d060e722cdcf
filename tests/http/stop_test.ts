/** A server that stops does not wait for whom HTTP brought, whatever they are about. */
import { assert, assertEquals } from "@std/assert";
import { STOP_FLUSH_MS } from "../../src/base/limits.ts";
import { createHttp } from "../../src/http/opener.ts";
import { PAGE_FILES } from "../../src/http/page/files.ts";
import type { Transport } from "../../src/net/transport.ts";
import { join, utf8 } from "../_chunks.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { memoryPair, standIn } from "../_memory_transport.ts";
import { NO_WEB, unless } from "../_testing.ts";
import { FAR, Served } from "../server/_served.ts";
import { get } from "./_web.ts";
import { BINARY, CLOSE, frame, PING, TEXT, UPGRADE } from "./_web_socket.ts";

/** In which what was said has happened, the other end's being in memory. */
const TURNS = 30;

interface State {
  readonly said: Uint8Array;
  /** What has come by then, a character a byte. */
  readonly heard: RegExp;
  /** It does not read: what is sent from byte so many on is not taken. */
  readonly unreadFrom?: number;
}

const webSocket = (...frames: Uint8Array[]) =>
  join([utf8(get("/ws", UPGRADE)), ...frames]);
const said = (text: string) => frame(BINARY, utf8(text));
const UNMADE = get("/metrics", { Authorization: "Bearer x" });
const SWITCHED = /^HTTP\/1.1 101 /;
const HELLO = '{"type":"hello","name":"zoe"}\n';
const HELP = '{"type":"chat","txt":"/help"}\n';

const STATES: Readonly<Record<string, State>> = {
  "half of a head": { said: utf8("GET / HTTP/1.1\r\nHost:"), heard: /^$/ },
  "an answer that is never made": { said: utf8(UNMADE), heard: /^$/ },
  "requests behind an answer that is never made": {
    said: utf8(UNMADE + get("/").repeat(50)),
    heard: /^$/,
  },
  "an answer that is not read": {
    said: utf8(get("/") + get("/")),
    heard: /^$/,
    unreadFrom: 0,
  },
  "an answer, and no other request": {
    said: utf8(get("/x")),
    heard: /^HTTP\/1.1 404 .*not found\n$/s,
  },
  "empty lines for a request": {
    said: utf8(`${get("/x")}\r\n\r\n\r\n`),
    heard: /404 .*HTTP\/1.1 400 /s,
  },
  "a refusal that is not read": {
    said: utf8("GET / nonsense\r\n\r\n"),
    heard: /^$/,
    unreadFrom: 0,
  },
  "an upgrade without a key": {
    said: utf8(get("/ws", { Connection: "Upgrade", Upgrade: "websocket" })),
    heard: /^HTTP\/1.1 400 /,
  },
  "an upgrade whose answer is not read": {
    said: webSocket(),
    heard: /^$/,
    unreadFrom: 0,
  },
  "a silent WebSocket": { said: webSocket(), heard: SWITCHED },
  "half of a frame": {
    said: webSocket(said(HELLO).subarray(0, 9)),
    heard: SWITCHED,
  },
  "half of a handshake": {
    said: webSocket(said("\0\0\0\x28confab/1")),
    heard: SWITCHED,
  },
  "a text, whose refusal is not answered": {
    said: webSocket(frame(TEXT, utf8("hi"))),
    heard: /binary messages only/,
  },
  "a frame that is none": {
    said: webSocket(frame(3, utf8("hi"))),
    heard: SWITCHED,
  },
  "a close": {
    said: webSocket(frame(CLOSE, Uint8Array.of(3, 232)), frame(PING, utf8(""))),
    heard: SWITCHED,
  },
  "a session": { said: webSocket(said(HELLO)), heard: /"welcome"/ },
  "a session that asks and does not read": {
    said: webSocket(said(HELLO), said(HELP.repeat(100)), said(HELP)),
    heard: SWITCHED,
    unreadFrom: 200,
  },
};

/** A transport that takes no byte from `from` on, until it is closed. */
function unread(transport: Transport, from: number): Transport {
  let taken = 0;
  let end = () => {};
  return {
    ...standIn(transport),
    write(bytes) {
      taken += bytes.length;
      if (taken <= from) return transport.write(bytes);
      return new Promise((_resolve, reject) =>
        end = () => reject(new Error("writing: the connection is closed"))
      );
    },
    closeWrite: () => Promise.resolve(),
    close() {
      transport.close();
      end();
    },
  };
}

for (const [what, { said, heard, unreadFrom }] of Object.entries(STATES)) {
  for (const [where, facts] of [["near", {}], ["far", FAR]] as const) {
    Deno.test({
      ...unless(NO_WEB, `http: stops with ${what}, ${where}`),
      async fn() {
        const clock = new FakeClock();
        const http = createHttp({
          ...{ files: PAGE_FILES, clock },
          metrics: () => new Promise(() => {}),
          metricsToken: "x",
        });
        const served = await Served.start({ clock, openers: { http } });
        const [near, far] = memoryPair({ ...facts, isEncrypted: true });
        let [text, isServed] = ["", false];
        (async () => {
          for await (const chunk of far) text += String.fromCharCode(...chunk);
        })();
        served.server.serve(
          unreadFrom === undefined ? near : unread(near, unreadFrom),
        ).then(() => isServed = true);
        await far.write(said);
        for (let n = 0; n < TURNS; n++) await eventLoopTurn();
        assert(heard.test(text), text);
        const stopped = served.server.stop();
        await eventLoopTurn();
        await clock.advanceSlowly(STOP_FLUSH_MS, 100);
        for (let n = 0; n < TURNS; n++) await eventLoopTurn();
        assertEquals([isServed, served.server.connections], [true, 0]);
        await stopped;
      },
    });
  }
}
