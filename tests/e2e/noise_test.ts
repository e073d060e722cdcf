// The client's Noise reproduces published vectors, in both roles.

import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { type CipherState } from "./_noise.ts";
import { keyFromPrivateBytes } from "./_keys.ts";
import { HandshakeXX } from "./_noise.ts";
import { scenario } from "./_scenario.ts";

interface Vector {
  protocol_name: string;
  init_prologue: string;
  init_static: string;
  init_ephemeral: string;
  resp_prologue: string;
  resp_static: string;
  resp_ephemeral: string;
  handshake_hash: string;
  messages: { payload: string; ciphertext: string }[];
}

const file = new URL("../vectors/noise-xx-chachapoly.json", import.meta.url);
const { vectors } = JSON.parse(Deno.readTextFileSync(file)) as {
  vectors: Vector[];
};
const HANDSHAKE_MESSAGES = 3;
const NO_AD = new Uint8Array();

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function hex(of: Uint8Array): string {
  return Buffer.from(of).toString("hex");
}

function handshakes(vector: Vector): [HandshakeXX, HandshakeXX] {
  const initiator = new HandshakeXX({
    role: "initiator",
    prologue: bytes(vector.init_prologue),
    s: keyFromPrivateBytes(bytes(vector.init_static)),
    e: keyFromPrivateBytes(bytes(vector.init_ephemeral)),
  });
  const responder = new HandshakeXX({
    role: "responder",
    prologue: bytes(vector.resp_prologue),
    s: keyFromPrivateBytes(bytes(vector.resp_static)),
    e: keyFromPrivateBytes(bytes(vector.resp_ephemeral)),
  });
  return [initiator, responder];
}

for (const vector of vectors) {
  scenario(
    `the handshake of ${vector.protocol_name} gives the published messages and hash`,
    () => {
      const peers = handshakes(vector);
      vector.messages.slice(0, HANDSHAKE_MESSAGES).forEach((message, i) => {
        const writer = peers[i % 2] as HandshakeXX;
        const reader = peers[(i + 1) % 2] as HandshakeXX;
        const written = writer.writeMessage(bytes(message.payload));
        assertEquals(hex(written), message.ciphertext, `message ${i}`);
        assertEquals(hex(reader.readMessage(written)), message.payload);
      });
      for (const peer of peers) {
        assertEquals(hex(peer.handshakeHash), vector.handshake_hash);
      }
      assertEquals(
        hex(peers[0].remoteStatic),
        hex(keyFromPrivateBytes(bytes(vector.resp_static)).publicKey),
      );
      assertEquals(
        hex(peers[1].remoteStatic),
        hex(keyFromPrivateBytes(bytes(vector.init_static)).publicKey),
      );
    },
  );

  scenario(
    `the transport messages of ${vector.protocol_name} are the published ones`,
    () => {
      const peers = handshakes(vector);
      vector.messages.slice(0, HANDSHAKE_MESSAGES).forEach((message, i) => {
        const written = (peers[i % 2] as HandshakeXX)
          .writeMessage(bytes(message.payload));
        (peers[(i + 1) % 2] as HandshakeXX).readMessage(written);
      });
      const split = peers.map((peer) => peer.split());
      vector.messages.forEach((message, i) => {
        if (i < HANDSHAKE_MESSAGES) return;
        const send = split[i % 2]?.send as CipherState;
        const receive = split[(i + 1) % 2]?.receive as CipherState;
        const sealed = send.encryptWithAd(NO_AD, bytes(message.payload));
        assertEquals(hex(sealed), message.ciphertext, `message ${i}`);
        const opened = receive.decryptWithAd(NO_AD, sealed);
        assertEquals(hex(opened), message.payload);
      });
    },
  );
}
