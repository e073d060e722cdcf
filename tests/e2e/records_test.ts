// Records that are wrong: whatever the fault, the connection ends, all alike, and nothing of it is
// said.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { concat, frame, header, messageFrame, pad } from "./_frames.ts";
import { hosted } from "./_hosted.ts";
import { arrived, enter, mark, say } from "./_people.ts";
import { scenario } from "./_scenario.ts";
import type { Part, WireClient } from "./_wire_client.ts";

const CHAT = { type: "chat", txt: "must not be said" };
const TAG_BITS = 128;
const CIPHERTEXT_BITS = pad(messageFrame(CHAT)).length * 8;
/** What a connection may hear that has nothing to do with its fault. */
const ORDINARY = ["joined", "left", "pong"];
/** More than any claim of a header can wait for. */
const FILLER = new Uint8Array(66_000);

type Fault = (client: WireClient) => Promise<void>;

/**
 * Each fault ends the connection that has it; what this gives is what the faulty ones heard then.
 */
async function endsAlone(faults: [string, Fault][]): Promise<string[]> {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  await using bob = await enter(server, { name: "bob" });
  const heard: string[] = [];
  for (const [what, fault] of faults) {
    await using faulty = await enter(server);
    await say(faulty, `before ${what}`);
    const before = faulty.inbox.all.length;
    await fault(faulty);
    await faulty.finished(what);
    const after = faulty.inbox.all.slice(before)
      .filter(({ type }) => !ORDINARY.includes(type));
    heard.push(JSON.stringify(after));
  }
  await mark(ann, [bob]);
  await mark(bob, [ann]);
  const said = arrived(bob, "chat").map(({ txt }) => txt);
  assertEquals(said.filter((txt) => txt === CHAT.txt), []);
  assertEquals(said.length, faults.length + 1);
  return heard;
}

function flip(part: Part, bit: number): [string, Fault] {
  return [`bit ${bit} of the ${part}`, async (client) => {
    client.corruptNext(part, bit);
    await client.send(CHAT);
    await client.writeRaw(FILLER); // a longer claim gets its bytes
  }];
}

/** A plaintext of `size` bytes that claims `claimed` bytes of data. */
function plaintext(size: number, claimed: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const data = messageFrame(CHAT);
  const head = [claimed >> 8, claimed & 0xff, ...data];
  bytes.set(head.slice(0, size));
  return bytes;
}

scenario(
  "a flipped bit in any part of a record ends that connection only, and all look alike",
  async () => {
    const bits = (count: number) =>
      fc.sample(fc.integer({ min: 0, max: count - 1 }), {
        numRuns: 6,
        seed: 25_519,
      });
    const heard = await endsAlone([
      ...[0, 15, 16, 25, 27, 31].map((bit) => flip("header", bit)),
      ...[0, ...bits(CIPHERTEXT_BITS)].map((bit) => flip("ciphertext", bit)),
      ...[0, ...bits(TAG_BITS), 127].map((bit) => flip("tag", bit)),
    ]);
    assertEquals(new Set(heard).size, 1, heard.join("\n"));
  },
);

scenario(
  "a record whose lengths or padding are wrong ends that connection only, and all look alike",
  async () => {
    const whole = pad(messageFrame(CHAT));
    const length = messageFrame(CHAT).length;
    const notZero = (at: number): Uint8Array => {
      const bytes = whole.slice();
      bytes[at] = 1;
      return bytes;
    };
    const bad: [string, Uint8Array][] = [
      ["padding not zero at its start", notZero(2 + length)],
      ["padding not zero at its end", notZero(whole.length - 1)],
      ["no data", plaintext(64, 0)],
      ["more data than there is", plaintext(64, 63)],
      ["far more data than there is", plaintext(64, 65_535)],
      ["data beyond the maximum", plaintext(65_472, 65_471)],
      ["64 zeros too many", concat([whole, new Uint8Array(64)])],
      ["no padding", whole.subarray(0, 2 + length)],
      ["one byte short of 64", plaintext(63, length)],
      ["one byte over 64", plaintext(65, length)],
      ["one byte", plaintext(1, 0)],
      ["nothing at all", new Uint8Array()],
    ];
    const heard = await endsAlone(
      bad.map((
        [what, bytes],
      ) => [what, (client) => client.sendPlaintext(bytes)]),
    );
    assertEquals(new Set(heard).size, 1, heard.join("\n"));
  },
);

scenario(
  "a record again, out of turn, or without its tag ends that connection only, and all look alike",
  async () => {
    const record = (client: WireClient) =>
      client.sealPlaintext(pad(messageFrame({ type: "ping", t: 1 })));
    const heard = await endsAlone([
      ["a record again", async (client) => {
        const one = record(client);
        await client.writeRaw(one);
        await client.next({ type: "pong" });
        await client.writeRaw(one);
      }],
      ["a record left out", async (client) => {
        record(client);
        await client.writeRaw(record(client));
      }],
      ["a record shorter than a tag", async (client) => {
        await client.writeRaw(frame(new Uint8Array(15)));
      }],
      ["a record that is not sealed", async (client) => {
        await client.writeRaw(messageFrame(CHAT));
      }],
    ]);
    assertEquals(new Set(heard).size, 1, heard.join("\n"));
  },
);

scenario(
  "a frame of no bytes, or of too many, ends that connection only, sealed or not",
  async () => {
    const wrong = [0, 65_536, 0x7fff_ffff, 0xffff_ffff];
    await endsAlone(wrong.map((length) => [
      `an inner frame of ${length} bytes`,
      (client) => client.sendStream(header(length)),
    ]));
    await endsAlone(wrong.map((length) => [
      `a record frame of ${length} bytes`,
      (client) => client.writeRaw(header(length)),
    ]));
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    for (const length of wrong) {
      await using bob = await enter(server, { over: "plain" });
      await bob.sendStream(header(length));
      await bob.finished(`a plain frame of ${length} bytes`);
    }
    await say(ann, "still here");
  },
);
