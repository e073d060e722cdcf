import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { ChannelError } from "../../src/base/errors.ts";
import { memoryPair } from "../_memory_transport.ts";
import type { Transport } from "../../src/net/transport.ts";
import { initiate, respond } from "../../src/secure/handshake.ts";
import { collect, cut, join, lengths, utf8 } from "../_chunks.ts";
import { RecordOpener, RecordSealer } from "../../src/secure/record.ts";
import { RecordReader } from "../../src/secure/record_reader.ts";
import { FrameDecoder } from "../../src/wire/frame.ts";
import { Dribble, unmeasured } from "../_dribble.ts";
import { propertyOptions, testsOf, unless } from "../_testing.ts";
import { tcpPair } from "../net/_tcp_pair.ts";
import { cipherOf, pattern, seal } from "./_records.ts";
import {
  CLIENT,
  cutting,
  editing,
  frame,
  sealedPair,
  SERVER,
} from "./_sealed.ts";

const test = testsOf("channel");
const testOnNet = testsOf("channel", { net: ["127.0.0.1"] });
const OPTIONS = propertyOptions(40);

/** Writes everything without waiting for any of it, and ends. */
async function sendAll(
  transport: Transport,
  writes: readonly Uint8Array[],
): Promise<void> {
  const sending = writes.map((bytes) => transport.write(bytes));
  await transport.closeWrite();
  await Promise.all(sending);
}

/** Asserts that what each end writes arrives at the other, both at once. */
async function assertCarries(
  [near, far]: readonly [Transport, Transport],
  [out, back]: readonly [readonly Uint8Array[], readonly Uint8Array[]],
): Promise<void> {
  const [atFar, atNear] = await Promise.all([
    collect(far),
    collect(near),
    sendAll(near, out),
    sendAll(far, back),
  ]);
  assert(atFar.toHex() === join(out).toHex(), "from the client");
  assert(atNear.toHex() === join(back).toHex(), "from the server");
}

test("carries what is written in order, however the bytes are cut", async () => {
  const writes = fc.array(
    fc.oneof(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 4_000, max: 9_000 }),
      fc.constantFrom(65_470, 65_471),
    ).map(pattern),
    { maxLength: 8 },
  );
  const carried = fc.asyncProperty(
    writes,
    writes,
    lengths,
    lengths,
    async (out, back, one, other) => {
      const [near, far] = memoryPair();
      const { client, server } = await sealedPair({
        carriers: [cutting(near, one), cutting(far, other)],
        rekeyAfter: 3,
      });
      await assertCarries([client, server], [out, back]);
    },
  );
  await fc.assert(carried, OPTIONS);
});

test("keeps the order of large and small writes that overlap", async () => {
  const { client, server } = await sealedPair({ rekeyAfter: 7 });
  const writes = Array.from(
    { length: 300 },
    (_, at) => new Uint8Array(at % 3 === 0 ? 20_000 : 5).fill(at),
  );
  await assertCarries([client, server], [writes, writes.toReversed()]);
});

testOnNet("carries 1 MB both ways at once over TCP", async () => {
  const carriers = await tcpPair();
  const { client, server } = await sealedPair({ carriers, rekeyAfter: 50 });
  const writes = [...cut(pattern(1_000_000), [1, 70_000, 300, 8_191, 12])];
  await assertCarries([client, server], [writes, writes.toReversed()]);
  for (const carrier of carriers) carrier.close();
});

test("loses nothing of what follows the third message in the same chunk", async () => {
  const third = 4 + 64;
  for (const cuts of [[], [third], [third + 2], [third + 4 + 1], [1]]) {
    const [near, far] = memoryPair();
    let held = new Uint8Array(0);
    const joining = editing(near, (bytes, index) => {
      const whole = join([held, bytes]);
      held = index === 1 ? whole : new Uint8Array(0);
      return index === 1 ? new Uint8Array(0) : whole;
    });
    const responding = respond(cutting(far, cuts), {
      identity: SERVER,
    });
    const client = await initiate(joining, {
      identity: CLIENT,
      judgeServer: () => {},
    });
    await client.write(utf8("at once, "));
    await client.write(utf8("and more"));
    await client.closeWrite();
    assertEquals(await collect(await responding), utf8("at once, and more"));
  }
});

test("is ended by a flipped bit, and no other connection is", async () => {
  const other = await sealedPair();
  for (const bit of [32, 35, 32 + 8 * 40, 32 + 8 * 79 + 7]) {
    const [near, far] = memoryPair();
    const { client, server } = await sealedPair({
      // The records are the writes after the first and the third message.
      carriers: [
        editing(near, (bytes, index) => {
          if (index === 3) bytes[bit >> 3]! ^= 1 << (bit & 7);
          return bytes;
        }),
        far,
      ],
    });
    const chunks = server[Symbol.asyncIterator]();
    await client.write(utf8("good"));
    await client.write(utf8("flipped"));
    await client.write(utf8("good again"));
    assertEquals((await chunks.next()).value?.toHex(), utf8("good").toHex());
    await assertRejects(() => chunks.next(), ChannelError);
    assertEquals((await chunks.next()).done, true);
    await server.write(utf8("the other way goes on"));
    client.close();
  }
  await assertCarries([other.client, other.server], [[utf8("a")], [utf8("b")]]);
});

test("takes a frame that is no record for a fault like any other", async () => {
  const frames = [
    Uint8Array.of(0, 0, 0, 0),
    Uint8Array.of(0, 1, 0, 0),
    frame(new Uint8Array(80)),
    frame(new Uint8Array(79)),
    frame(utf8('{"type":"bye"}')),
  ];
  for (const bytes of frames) {
    const [near, far] = memoryPair();
    const { server } = await sealedPair({ carriers: [near, far] });
    await near.write(bytes);
    const error = await assertRejects(() => collect(server), ChannelError);
    assertEquals(error.message, "the sealed connection was damaged or cut");
  }
});

test("does not take a record twice, or one from the other direction", async () => {
  for (const way of ["replayed", "reflected"]) {
    const [near, far] = memoryPair();
    const sent: Uint8Array[] = [];
    const note = (bytes: Uint8Array) => {
      sent.push(bytes);
      return bytes;
    };
    const { client, server } = await sealedPair({
      carriers: [editing(near, note), far],
    });
    await client.write(utf8("once"));
    const record = sent.at(-1)!;
    await (way === "replayed" ? near : far).write(record);
    const reader = way === "replayed" ? server : client;
    await assertRejects(() => collect(reader), ChannelError);
  }
});

test("ends with the other end, and a record that is cut is not there", async () => {
  const [near, far] = memoryPair();
  const { client, server } = await sealedPair({
    carriers: [
      editing(near, (bytes, at) => at === 3 ? bytes.slice(0, 30) : bytes),
      far,
    ],
  });
  await client.write(utf8("whole"));
  await client.write(utf8("cut"));
  await client.closeWrite();
  assertEquals(await collect(server), utf8("whole"));
});

test("sends nothing when nothing is written", async () => {
  const [near, far] = memoryPair();
  let writes = 0;
  const counting = editing(near, (bytes) => (writes++, bytes));
  const { client } = await sealedPair({ carriers: [counting, far] });
  await client.write(new Uint8Array(0));
  assertEquals(writes, 2);
});

test("fails every write from the first on that its carrier cannot send", async () => {
  const { client, server } = await sealedPair();
  server.close();
  await assertRejects(() => client.write(utf8("x")));
  await assertRejects(() => client.write(utf8("y")));
  await assertRejects(() => client.closeWrite());
  client.close();
});

Deno.test({
  ...unless(
    unmeasured,
    "channel: holds nothing for each piece of a record that is not whole",
  ),
  permissions: "none",
  fn: async () => {
    const sealer = new RecordSealer(cipherOf(pattern(32)));
    const record = new Dribble(seal(sealer, pattern(65_470)));
    const opener = new RecordOpener(cipherOf(pattern(32)));
    const source = { decoder: new FrameDecoder(), chunks: record };
    const reader = new RecordReader(source, opener);
    assertEquals((await reader.next()).value?.length, 65_470);
    assert(record.grownBytes < 2_000_000, `${record.grownBytes} bytes`);
    reader.close();
  },
});
