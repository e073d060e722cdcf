import { assertEquals, assertRejects } from "@std/assert";
import { ChannelError } from "../../src/base/errors.ts";
import { memoryPair, standIn } from "../_memory_transport.ts";
import type { Transport } from "../../src/net/transport.ts";
import type { SecureChannel } from "../../src/secure/channel.ts";
import { initiate, respond } from "../../src/secure/handshake.ts";
import type { HandshakeState } from "../../src/secure/noise.ts";
import { generateKeyPair } from "../../src/secure/x25519.ts";
import { utf8 } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";
import wycheproof from "../vectors/wycheproof-x25519.json" with {
  type: "json",
};
import {
  CLIENT,
  editing,
  frame,
  MAGIC,
  noiseSide,
  SERVER,
  take,
} from "./_sealed.ts";
import { keysInUse } from "./_keys_in_use.ts";

const test = testsOf("handshake faults");

/** Public keys with which every secret is all zero. */
const LOW_ORDER = new Set(
  wycheproof.testGroups.flatMap((group) => group.tests)
    .filter(({ flags }) => flags.includes("ZeroSharedSecret"))
    .map((vector) => vector.public),
);

/** A peer that a test plays by hand: its end, what comes there, and its side of the handshake. */
interface Peer {
  readonly carrier: Transport;
  readonly chunks: AsyncIterator<Uint8Array, undefined>;
  readonly noise: HandshakeState;
}

/** A client played by hand, and the server's handshake with it. */
async function client(): Promise<[Peer, Promise<SecureChannel>]> {
  const [carrier, far] = memoryPair();
  const noise = await noiseSide("initiator");
  const chunks = carrier[Symbol.asyncIterator]();
  const server = respond(far, { identity: SERVER });
  return [{ carrier, chunks, noise }, server];
}

/** A server played by hand that has read the first message, and the client's handshake with it. */
async function server(): Promise<[Peer, Promise<SecureChannel>]> {
  const [near, carrier] = memoryPair();
  const noise = await noiseSide("responder");
  const chunks = carrier[Symbol.asyncIterator]();
  const client = initiate(near, {
    identity: CLIENT,
    judgeServer: () => {},
  });
  const first = await take(chunks, 44);
  await noise.read(first.subarray(12));
  return [{ carrier, chunks, noise }, client];
}

test("a payload in any of the three messages is refused", async () => {
  const payload = utf8("{}");
  const [first, one] = await client();
  await first.carrier.write(frame(MAGIC, await first.noise.write(payload)));
  await assertRejects(() => one, ChannelError);

  const [second, two] = await server();
  await second.carrier.write(frame(await second.noise.write(payload)));
  await assertRejects(() => two, ChannelError);

  const [third, three] = await client();
  await third.carrier.write(frame(MAGIC, await third.noise.write()));
  await third.noise.read((await take(third.chunks, 100)).subarray(4));
  await third.carrier.write(frame(await third.noise.write(payload)));
  await assertRejects(() => three, ChannelError);
});

test("a frame over 1,024 bytes is refused before any of it is there", async () => {
  const header = Uint8Array.of(0, 0, 4, 1);
  const [first, one] = await client();
  await first.carrier.write(header);
  await assertRejects(() => one, ChannelError);

  const [second, two] = await server();
  await second.carrier.write(header);
  await assertRejects(() => two, ChannelError);

  const [third, three] = await client();
  await third.carrier.write(frame(MAGIC, await third.noise.write()));
  await take(third.chunks, 100);
  await third.carrier.write(header);
  await assertRejects(() => three, ChannelError);
});

/** How often a server asks for bytes when a frame's header is all that comes. */
async function asksAfter(header: Uint8Array): Promise<number> {
  const [carrier] = memoryPair();
  const coming = [header];
  let asked = 0;
  const next = (): Promise<IteratorResult<Uint8Array, undefined>> => {
    asked++;
    const value = coming.shift();
    return Promise.resolve(
      value === undefined ? { done: true, value } : { done: false, value },
    );
  };
  const scripted: Transport = {
    ...standIn(carrier),
    write: () => Promise.resolve(),
    closeWrite: () => Promise.resolve(),
    close: () => {},
    [Symbol.asyncIterator]: () => ({ next }),
  };
  await assertRejects(
    () => respond(scripted, { identity: SERVER }),
    ChannelError,
  );
  return asked;
}

test("a frame of up to 1,024 bytes is waited for, any other is not", async () => {
  assertEquals(await asksAfter(Uint8Array.of(0, 0, 4, 0)), 2);
  assertEquals(await asksAfter(Uint8Array.of(0, 0, 0, 1)), 2);
  assertEquals(await asksAfter(Uint8Array.of(0, 0, 4, 1)), 1);
  assertEquals(await asksAfter(Uint8Array.of(0, 0, 0, 0)), 1);
});

test("a third message that was made for another server is refused", async () => {
  const [near, carrier] = memoryPair();
  const [onward, far] = memoryPair();
  const caller = initiate(near, { identity: CLIENT, judgeServer: () => {} });
  const other = respond(far, { identity: await generateKeyPair() });
  // Whoever stands between passes on what the client says, and answers it as the server it knows.
  const said = carrier[Symbol.asyncIterator]();
  const noise = noiseSide("responder");
  const first = await take(said, 44);
  await onward.write(first);
  await noise.read(first.subarray(12));
  await carrier.write(frame(await noise.write()));
  await take(onward[Symbol.asyncIterator](), 100);
  const third = await take(said, 68);
  await noise.read(third.subarray(4));
  await onward.write(third);
  await assertRejects(() => other, ChannelError);
  (await caller).close();
});

test("a server refuses a client whose ephemeral key is of low order", async () => {
  // Seven points, each with and without the bit that X25519 ignores.
  assertEquals(LOW_ORDER.size, 14);
  for (const key of LOW_ORDER) {
    const [peer, handshake] = await client();
    await peer.carrier.write(frame(MAGIC, Uint8Array.fromHex(key)));
    await assertRejects(() => handshake, ChannelError);
  }
});

test("a client refuses a server whose ephemeral key is of low order", async () => {
  for (const key of LOW_ORDER) {
    const [peer, handshake] = await server();
    const rest = new Uint8Array(48 + 16);
    await peer.carrier.write(frame(Uint8Array.fromHex(key), rest));
    await assertRejects(() => handshake, ChannelError);
  }
});

test("another name or version before the first message is refused", async () => {
  for (const name of ["confab/2", "Confab/1", "confab/", "", "noise/01"]) {
    const [peer, handshake] = await client();
    await peer.carrier.write(frame(utf8(name), await peer.noise.write()));
    await assertRejects(() => handshake, ChannelError);
  }
});

test("a message that is too short is refused", async () => {
  const [first, one] = await client();
  const message = await first.noise.write();
  await first.carrier.write(frame(MAGIC, message.subarray(0, 31)));
  await assertRejects(() => one, ChannelError);

  const [second, two] = await server();
  const answer = await second.noise.write();
  await second.carrier.write(frame(answer.subarray(0, answer.length - 1)));
  await assertRejects(() => two, ChannelError);
});

/** Both ends of a handshake on whose way the message `index` of one side has one bit flipped. */
async function flipped(
  side: "client" | "server",
  index: number,
  bit: number,
): Promise<PromiseSettledResult<SecureChannel>[]> {
  const [near, far] = memoryPair();
  const flip = (carrier: Transport) =>
    editing(carrier, (bytes, at) => {
      if (at === index) bytes[4 + (bit >> 3)]! ^= 1 << (bit & 7);
      return bytes;
    });
  const responding = respond(side === "server" ? flip(far) : far, {
    identity: SERVER,
  });
  return await Promise.allSettled([
    initiate(side === "client" ? flip(near) : near, {
      identity: CLIENT,
      judgeServer: () => {},
    }),
    // The caller closes when it fails.
    responding.finally(() => far.close()),
  ]);
}

function assertRefused(end: PromiseSettledResult<SecureChannel>): void {
  assertEquals(end.status, "rejected");
  const { reason } = end as PromiseRejectedResult;
  assertEquals([reason.name, reason.code], ["ChannelError", "channel"]);
}

test("a bit flipped in the first or second message ends it at both ends", async () => {
  for (const [side, bytes] of [["client", 40], ["server", 96]] as const) {
    // Every seventh bit, so each of the eight of a byte comes. X25519 ignores the last of a key.
    const bits = Array.from({ length: bytes * 8 }, (_, bit) => bit)
      .filter((bit) => bit % 7 === 0 || bit === bytes * 8 - 1 || bit === 255);
    for (const bit of bits) {
      for (const end of await flipped(side, 0, bit)) assertRefused(end);
    }
  }
});

test("a bit flipped in the third message ends it at the server", async () => {
  for (let bit = 0; bit < 64 * 8; bit += 7) {
    const [client, server] = await flipped("client", 1, bit);
    assertEquals(client!.status, "fulfilled");
    assertRefused(server!);
  }
});

test("a client that fails closes its connection", async () => {
  const [peer, handshake] = await server();
  await peer.carrier.write(frame(new Uint8Array(96)));
  await assertRejects(() => handshake, ChannelError);
  assertEquals((await peer.chunks.next()).done, true);
  await assertRejects(() => peer.carrier.write(utf8("x")));
});

test("overwrites the keys of a handshake that the client breaks off, at every step", async () => {
  const before = keysInUse();
  for (const step of [0, 1, 2]) {
    const [near, far] = memoryPair();
    const serving = respond(far, { identity: SERVER });
    const noise = noiseSide("initiator");
    if (step > 0) await near.write(frame(MAGIC, await noise.write()));
    if (step > 1) {
      const second = await take(near[Symbol.asyncIterator](), 4 + 96);
      await noise.read(second.subarray(4));
      await near.write(frame(new Uint8Array(64)));
    }
    near.close();
    await assertRejects(() => serving);
    noise.wipe();
    assertEquals(keysInUse(), before);
  }
});
