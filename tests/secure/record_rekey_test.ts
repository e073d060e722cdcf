import { assert, assertEquals, assertRejects } from "@std/assert";
import { ChannelError } from "../../src/base/errors.ts";
import { type AeadFactory, subtleAead } from "../../src/secure/aead.ts";
import { nativeAead } from "../../src/secure/aead_native.ts";
import { CipherState } from "../../src/secure/noise.ts";
import { RecordOpener, RecordSealer } from "../../src/secure/record.ts";
import { join } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";
import {
  pattern,
  payloadsOf,
  plaintextOf,
  rawOpen,
  rawRekey,
  rawSeal,
} from "./_records.ts";

const test = testsOf("rekey");

const AEADS: Record<string, AeadFactory> = {
  "crypto.subtle": subtleAead,
  "node:crypto": nativeAead,
};
const KEY = pattern(32);

/** The keys of a direction, one after the other. */
async function keys(count: number): Promise<Uint8Array<ArrayBuffer>[]> {
  const all = [KEY];
  while (all.length < count) all.push(await rawRekey(all.at(-1)!));
  return all;
}

for (const [name, aead] of Object.entries(AEADS)) {
  test(`gives ${name} another key to seal with after so many records, and the counter goes on`, async () => {
    const sealer = new RecordSealer(new CipherState(KEY, aead), 3);
    const chain = await keys(4);
    for (let counter = 0; counter < 10; counter++) {
      const [record] = payloadsOf(await sealer.seal(pattern(5)));
      const key = chain[Math.floor(counter / 3)]!;
      assertEquals(
        await rawOpen(key, counter, record!),
        plaintextOf(pattern(5), 64),
      );
    }
  });

  test(`gives ${name} another key to open with after so many records`, async () => {
    const opener = new RecordOpener(new CipherState(KEY, aead), 3);
    const chain = await keys(4);
    const plaintext = plaintextOf(pattern(5), 64);
    for (let counter = 0; counter < 10; counter++) {
      const key = chain[Math.floor(counter / 3)]!;
      const record = await rawSeal(key, counter, plaintext);
      assertEquals((await opener.open(record)).toHex(), pattern(5).toHex());
    }
    // Not one record later.
    const late = await rawSeal(chain[2]!, 10, plaintext);
    await assertRejects(async () => await opener.open(late), ChannelError);
  });

  test(`comes within one large write of ${name}, too`, async () => {
    const data = pattern(500_000);
    const sealer = new RecordSealer(new CipherState(KEY, aead), 2);
    const records = payloadsOf(await sealer.seal(data));
    assertEquals(records.length, 8);
    const chain = await keys(4);
    const opened: Uint8Array[] = [];
    for (const [counter, record] of records.entries()) {
      const key = chain[Math.floor(counter / 2)]!;
      const plaintext = await rawOpen(key, counter, record);
      const length = new DataView(plaintext.buffer).getUint16(0);
      opened.push(plaintext.subarray(2, 2 + length));
    }
    assert(join(opened).toHex() === data.toHex());
  });

  test(`leaves large and small records of ${name} in their order`, async () => {
    const sizes = [20_000, 1, 65_470, 62, 4_096, 130_000, 8_192, 3];
    const rekeyAfter = 2;
    const sealer = new RecordSealer(new CipherState(KEY, aead), rekeyAfter);
    const opener = new RecordOpener(new CipherState(KEY, aead), rekeyAfter);
    for (let round = 0; round < 10; round++) {
      for (const size of sizes) {
        const opened: Uint8Array[] = [];
        for (const record of payloadsOf(await sealer.seal(pattern(size)))) {
          opened.push(await opener.open(record));
        }
        assert(join(opened).toHex() === pattern(size).toHex());
      }
    }
  });
}

test("is Noise's REKEY: the counter stays, the other side follows", async () => {
  const noAd = new Uint8Array(0);
  const [mine, theirs] = [
    new CipherState(KEY, subtleAead),
    new CipherState(KEY, nativeAead),
  ];
  await theirs.decrypt(noAd, await mine.encrypt(noAd, pattern(7)));
  await mine.rekey();
  assertEquals(mine.counter, 1);
  const sealed = await mine.encrypt(noAd, pattern(9));
  assertEquals(await rawOpen(await rawRekey(KEY), 1, sealed), pattern(9));
  await assertRejects(
    async () => await theirs.decrypt(noAd, sealed),
    ChannelError,
  );
  await theirs.rekey();
  const opened = await theirs.decrypt(noAd, sealed);
  assertEquals(opened.toHex(), pattern(9).toHex());
});

test("comes after 65,536 records where nothing else is said", async () => {
  const sealer = new RecordSealer(new CipherState(KEY, nativeAead));
  const opener = new RecordOpener(new CipherState(KEY, nativeAead));
  const [first, second] = await keys(2);
  const data = pattern(3);
  for (let counter = 0; counter <= 65_536; counter++) {
    const frame = await sealer.seal(data);
    const record = frame.subarray(4);
    const opened = await opener.open(record);
    if (opened.length !== 3) throw new Error(`record ${counter}`);
    if (counter === 65_535) {
      assertEquals(
        await rawOpen(first!, counter, record),
        plaintextOf(data, 64),
      );
    } else if (counter === 65_536) {
      assertEquals(
        await rawOpen(second!, counter, record),
        plaintextOf(data, 64),
      );
    }
  }
});
