// First bytes, frames and handshakes that are wrong: each ends its own connection and nothing else.

import { assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { concat, frame, header, text, utf8 } from "./_frames.ts";
import { hosted } from "./_hosted.ts";
import { generateKey, type KeyPair } from "./_keys.ts";
import type { Message } from "./_messages.ts";
import { enter, mark } from "./_people.ts";
import type { Served } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import { RawSocket } from "./_sockets.ts";
import { connect, type ConnectOptions, PROLOGUE } from "./_wire_client.ts";

const EPHEMERAL = generateKey().publicKey;

/**
 * Points whose product with any private key is zero: those of small order (RFC 7748, sections 6.1
 * and 7).
 */
const LOW_ORDER_HEX = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

function lowOrder(hex: string): KeyPair {
  return {
    publicKey: new Uint8Array(Buffer.from(hex, "hex")),
    dh: () => new Uint8Array(32),
  };
}

/** Writes the bytes on a connection of their own and waits for the server to end it. */
async function refused(
  server: Served,
  what: string,
  bytes: Uint8Array,
): Promise<Uint8Array[]> {
  await using raw = await RawSocket.open(server.port);
  await raw.write(bytes);
  await raw.closed(what);
  return raw.frames.all;
}

/** A handshake with something wrong in it must end before a session could begin. */
async function handshakeRefused(
  server: Served,
  what: string,
  options: Omit<ConnectOptions, "port" | "sealed">,
): Promise<void> {
  const attempt = async () => {
    const first: Message[] = [{ type: "hello" }];
    const all = { port: server.port, sealed: true, first, ...options };
    await using client = await connect(all);
    await client.finished(what);
    assertEquals(client.inbox.all, [], what);
    throw new Error("ended");
  };
  await assertRejects(attempt, Error, "ended");
}

/** Two who were there before go on talking. */
async function undisturbed(
  server: Served,
  during: () => Promise<void>,
): Promise<void> {
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob", over: "plain" });
  await during();
  await mark(ann, [bob]);
  await mark(bob, [ann]);
}

scenario(
  "first bytes that begin no protocol end the connection only",
  async () => {
    await using server = await hosted();
    await undisturbed(server, async () => {
      const nothings: [string, Uint8Array][] = [
        ["control bytes", new Uint8Array(8).fill(1)],
        ["high bytes", new Uint8Array(8).fill(0xff)],
        ["a frame of no bytes", header(0)],
        ["a frame of 65,536 bytes", header(65_536)],
        ["a frame of 16,777,215 bytes", header(0xff_ffff)],
        ["a payload of another kind", frame(utf8("something else"))],
        ["a space before the brace", frame(utf8(' {"type":"hello"}'))],
        ["an array", frame(utf8('[{"type":"hello"}]'))],
      ];
      for (const [what, bytes] of nothings) await refused(server, what, bytes);
    });
  },
);

scenario(
  "another version gets one plain error, unsupported-version, and is closed",
  async () => {
    await using server = await hosted();
    await undisturbed(server, async () => {
      const others = [
        utf8("confab/2"),
        concat([utf8("confab/2"), EPHEMERAL]),
        concat([utf8("confab/0"), EPHEMERAL]),
      ];
      for (const payload of others) {
        const what = text(payload.slice(0, 8));
        const frames = await refused(server, what, frame(payload));
        assertEquals(frames.length, 1, what);
        const error = JSON.parse(text(frames[0] as Uint8Array));
        assertEquals(error.type, "error");
        assertEquals(error.code, "unsupported-version");
        assertEquals(typeof error.text, "string");
      }
    });
  },
);

scenario(
  "a handshake frame of the wrong size ends the connection only",
  async () => {
    await using server = await hosted();
    await undisturbed(server, async () => {
      const start = concat([PROLOGUE, EPHEMERAL]);
      const sizes: [string, Uint8Array][] = [
        ["1,025 bytes", frame(concat([start, new Uint8Array(1_025 - 40)]))],
        ["a claim of 1,025 bytes", concat([header(1_025), start])],
        ["a key one byte short", frame(start.slice(0, -1))],
        ["a payload of one byte", frame(concat([start, new Uint8Array(1)]))],
        ["no key", frame(PROLOGUE)],
      ];
      for (const [what, bytes] of sizes) {
        assertEquals(await refused(server, what, bytes), [], what);
      }
    });
  },
);

scenario("a third message that is noise ends the connection only", async () => {
  await using server = await hosted();
  await undisturbed(server, async () => {
    for (const size of [1, 63, 64, 65, 1_024]) {
      await using raw = await RawSocket.open(server.port);
      await raw.write(frame(concat([PROLOGUE, EPHEMERAL])));
      await raw.frames.next(() => true, "message 2");
      await raw.write(frame(new Uint8Array(size)));
      await raw.closed(`a third message of ${size} zeros`);
      assertEquals(raw.frames.all.length, 1);
    }
  });
});

scenario(
  "a payload in a message of the handshake ends the connection",
  async () => {
    await using server = await hosted();
    await undisturbed(server, async () => {
      const payload = utf8("!");
      await handshakeRefused(server, "a payload in message 1", {
        hostile: { payload1: payload },
      });
      await handshakeRefused(server, "a payload in message 3", {
        hostile: { payload3: payload },
      });
    });
  },
);

scenario("an ephemeral key of low order ends the connection", async () => {
  await using server = await hosted();
  await undisturbed(server, async () => {
    for (const hex of LOW_ORDER_HEX) {
      await handshakeRefused(server, hex, { hostile: { e: lowOrder(hex) } });
    }
  });
});

scenario("nobody is the person of a key of low order", async () => {
  await using server = await hosted();
  await undisturbed(server, async () => {
    for (const hex of LOW_ORDER_HEX) {
      await handshakeRefused(server, hex, { key: lowOrder(hex) });
    }
  });
});
