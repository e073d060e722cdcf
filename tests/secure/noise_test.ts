import { assertEquals, assertRejects } from "@std/assert";
import { ChannelError } from "../../src/base/errors.ts";
import { CipherState } from "../../src/secure/cipher_state.ts";
import {
  HandshakeState,
  type PatternName,
  type Role,
} from "../../src/secure/noise.ts";
import { generateKeyPair } from "../../src/secure/x25519.ts";
import { utf8 } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";
import { keyPairOf } from "./_keys.ts";
import nk from "../vectors/noise-nk-chachapoly.json" with { type: "json" };
import nn from "../vectors/noise-nn-chachapoly.json" with { type: "json" };
import xx from "../vectors/noise-xx-chachapoly.json" with { type: "json" };

const test = testsOf("noise");

interface Vector {
  readonly protocol_name: string;
  readonly init_prologue: string;
  readonly init_static?: string;
  readonly init_ephemeral: string;
  readonly init_remote_static?: string;
  readonly resp_prologue: string;
  readonly resp_static?: string;
  readonly resp_ephemeral: string;
  readonly handshake_hash: string;
  readonly messages: readonly { payload: string; ciphertext: string }[];
}

const VECTORS: readonly [PatternName, Vector, handshakeMessages: number][] = [
  ["NN", nn.vectors[0]!, 2],
  ["NK", nk.vectors[0]!, 2],
  ["XX", xx.vectors[0]!, 3],
];

const NO_AD = new Uint8Array(0);

async function startOf(
  pattern: PatternName,
  role: Role,
  vector: Vector,
): Promise<HandshakeState> {
  const isInitiator = role === "initiator";
  const s = isInitiator ? vector.init_static : vector.resp_static;
  const e = isInitiator ? vector.init_ephemeral : vector.resp_ephemeral;
  const rs = isInitiator ? vector.init_remote_static : undefined;
  return new HandshakeState({
    pattern,
    role,
    prologue: Uint8Array.fromHex(
      isInitiator ? vector.init_prologue : vector.resp_prologue,
    ),
    ...(s === undefined ? {} : { s: await keyPairOf(s) }),
    ...(rs === undefined ? {} : { rs: Uint8Array.fromHex(rs) }),
    generate: () => keyPairOf(e),
  });
}

for (const [pattern, vector, handshakeMessages] of VECTORS) {
  test(`${pattern} gives cacophony's messages`, async () => {
    assertEquals(
      vector.protocol_name,
      `Noise_${pattern}_25519_ChaChaPoly_SHA256`,
    );
    const initiator = await startOf(pattern, "initiator", vector);
    const responder = await startOf(pattern, "responder", vector);
    const sides = [initiator, responder] as const;
    const handshake = vector.messages.slice(0, handshakeMessages);
    for (const [i, { payload, ciphertext }] of handshake.entries()) {
      const [writer, reader] = i % 2 === 0 ? sides : [responder, initiator];
      assertEquals([writer.isFinished, reader.isFinished], [false, false]);
      const message = await writer.write(Uint8Array.fromHex(payload));
      assertEquals(message.toHex(), ciphertext);
      const read = await reader.read(Uint8Array.fromHex(ciphertext));
      assertEquals(read.toHex(), payload);
    }
    assertEquals([initiator.isFinished, responder.isFinished], [true, true]);
    const ends = [await initiator.split(), await responder.split()] as const;
    for (const { handshakeHash } of ends) {
      assertEquals(handshakeHash.toHex(), vector.handshake_hash);
    }
    const ciphers = ends.map(({ sendKey, receiveKey }) => ({
      send: new CipherState(sendKey),
      receive: new CipherState(receiveKey),
    }));
    const transport = vector.messages.slice(handshakeMessages);
    assertEquals(transport.length > 0, true);
    for (const [i, { payload, ciphertext }] of transport.entries()) {
      const from = (handshakeMessages + i) % 2;
      const [sender, receiver] = [ciphers[from]!, ciphers[1 - from]!];
      const sealed = sender.send.encrypt(
        NO_AD,
        Uint8Array.fromHex(payload),
      );
      assertEquals(sealed.toHex(), ciphertext);
      const opened = receiver.receive.decrypt(
        NO_AD,
        Uint8Array.fromHex(ciphertext),
      );
      assertEquals(opened.toHex(), payload);
    }
  });
}

test("XX tells each side the other's static key, as soon as it is read", async () => {
  const [, vector] = VECTORS[2]!;
  const client = await startOf("XX", "initiator", vector);
  const server = await startOf("XX", "responder", vector);
  const keyOf = async (secret: string) => (await keyPairOf(secret)).publicKey;
  await server.read(await client.write());
  assertEquals(server.remoteStatic, undefined);
  await client.read(await server.write());
  assertEquals(client.remoteStatic, await keyOf(vector.resp_static!));
  await server.read(await client.write());
  const [mine, theirs] = [await client.split(), await server.split()];

  assertEquals(server.remoteStatic, await keyOf(vector.init_static!));
  assertEquals(mine.sendKey, theirs.receiveKey);
  assertEquals(mine.receiveKey, theirs.sendKey);
});

/** Both sides of XX, with keys of their own, and the messages up to `count` exchanged. */
async function begun(
  count: number,
  prologue = utf8("confab/1"),
): Promise<[HandshakeState, HandshakeState]> {
  const start = async (role: Role) =>
    new HandshakeState({
      pattern: "XX",
      role,
      prologue,
      s: await generateKeyPair(),
    });
  const sides: [HandshakeState, HandshakeState] = [
    await start("initiator"),
    await start("responder"),
  ];
  for (let i = 0; i < count; i++) {
    await sides[(i + 1) % 2]!.read(await sides[i % 2]!.write());
  }
  return sides;
}

test("a message that is cut short is refused, wherever it is cut", async () => {
  // e; e and the sealed s and payload; the sealed s and payload.
  for (const [i, length] of [32, 96, 64].entries()) {
    const cuts = [0, 1, 15, 16, 31, 32, 47, 48, 63, 64, 79, 80, length - 1];
    for (const cut of cuts.filter((cut) => cut < length)) {
      const sides = await begun(i);
      const message = await sides[i % 2]!.write();
      assertEquals(message.length, length);
      await assertRejects(
        () => sides[(i + 1) % 2]!.read(message.subarray(0, cut)),
        ChannelError,
      );
    }
  }
});

test("a message with a flipped bit is refused by the one who can know", async () => {
  for (const [i, length] of [[1, 96], [2, 64]] as const) {
    for (let at = 0; at < length; at += 5) {
      const sides = await begun(i);
      const message = await sides[i % 2]!.write();
      message[at]! ^= 1 << (at % 8);
      await assertRejects(
        () => sides[(i + 1) % 2]!.read(message),
        ChannelError,
      );
    }
  }
});

test("sides with different prologues do not agree", async () => {
  const [client] = await begun(0, utf8("confab/1"));
  const [, server] = await begun(0, utf8("confab/2"));
  await server.read(await client.write());
  const second = await server.write();
  await assertRejects(() => client.read(second), ChannelError);
});

test("there is nothing to split before the end, and no message after it", async () => {
  const sides = await begun(2);
  await assertRejects(() => sides[0].split(), ChannelError);
  const [client, server] = await begun(3);
  await assertRejects(() => client.write(), ChannelError);
  await assertRejects(() => server.read(new Uint8Array(64)), ChannelError);
});

test("a pattern with static keys does not go on without one", async () => {
  const server = new HandshakeState({
    pattern: "XX",
    role: "responder",
    prologue: NO_AD,
  });
  await server.read(new Uint8Array(32).fill(9));
  await assertRejects(() => server.write(), ChannelError);
});
