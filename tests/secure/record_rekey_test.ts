import { assert, assertEquals, assertThrows } from "@std/assert";
import { ChannelError } from "../../src/base/errors.ts";
import { RecordOpener, RecordSealer } from "../../src/secure/record.ts";
import { join } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";
import {
  cipherOf,
  pattern,
  payloadsOf,
  plaintextOf,
  rawOpen,
  rawRekey,
  rawSeal,
  seal,
} from "./_records.ts";

const test = testsOf("rekey");

const KEY = pattern(32);

/** The keys of a direction, one after the other. */
function keys(count: number): Uint8Array<ArrayBuffer>[] {
  const all = [KEY];
  while (all.length < count) all.push(rawRekey(all.at(-1)!));
  return all;
}

test("gives another key to seal with after so many records, and the counter goes on", () => {
  const sealer = new RecordSealer(cipherOf(KEY), 3);
  const chain = keys(4);
  for (let counter = 0; counter < 10; counter++) {
    const [record] = payloadsOf(seal(sealer, pattern(5)));
    const key = chain[Math.floor(counter / 3)]!;
    assertEquals(
      rawOpen(key, counter, record!),
      plaintextOf(pattern(5), 64),
    );
  }
});

test("gives another key to open with after so many records", () => {
  const opener = new RecordOpener(cipherOf(KEY), 3);
  const chain = keys(4);
  const plaintext = plaintextOf(pattern(5), 64);
  for (let counter = 0; counter < 10; counter++) {
    const key = chain[Math.floor(counter / 3)]!;
    const record = rawSeal(key, counter, plaintext);
    assertEquals((opener.open(record)).toHex(), pattern(5).toHex());
  }
  // Not one record later.
  const late = rawSeal(chain[2]!, 10, plaintext);
  assertThrows(() => opener.open(late), ChannelError);
});

test("comes within one large write, too", () => {
  const data = pattern(500_000);
  const sealer = new RecordSealer(cipherOf(KEY), 2);
  const records = payloadsOf(seal(sealer, data));
  assertEquals(records.length, 8);
  const chain = keys(4);
  const opened: Uint8Array[] = [];
  for (const [counter, record] of records.entries()) {
    const key = chain[Math.floor(counter / 2)]!;
    const plaintext = rawOpen(key, counter, record);
    const length = new DataView(plaintext.buffer).getUint16(0);
    opened.push(plaintext.subarray(2, 2 + length));
  }
  assert(join(opened).toHex() === data.toHex());
});

test("leaves large and small records in their order", () => {
  const sizes = [20_000, 1, 65_470, 62, 4_096, 130_000, 8_192, 3];
  const rekeyAfter = 2;
  const sealer = new RecordSealer(cipherOf(KEY), rekeyAfter);
  const opener = new RecordOpener(cipherOf(KEY), rekeyAfter);
  for (let round = 0; round < 10; round++) {
    for (const size of sizes) {
      const opened: Uint8Array[] = [];
      for (const record of payloadsOf(seal(sealer, pattern(size)))) {
        opened.push(opener.open(record));
      }
      assert(join(opened).toHex() === pattern(size).toHex());
    }
  }
});

test("is Noise's REKEY: the counter stays, the other side follows", () => {
  const noAd = new Uint8Array(0);
  const [mine, theirs] = [
    cipherOf(KEY),
    cipherOf(KEY),
  ];
  theirs.decrypt(noAd, mine.encrypt(noAd, pattern(7)));
  mine.rekey();
  assertEquals(mine.counter, 1);
  const sealed = mine.encrypt(noAd, pattern(9));
  assertEquals(rawOpen(rawRekey(KEY), 1, sealed), pattern(9));
  assertThrows(
    () => theirs.decrypt(noAd, sealed),
    ChannelError,
  );
  theirs.rekey();
  const opened = theirs.decrypt(noAd, sealed);
  assertEquals(opened.toHex(), pattern(9).toHex());
});

test("comes after 65,536 records where nothing else is said", () => {
  const sealer = new RecordSealer(cipherOf(KEY));
  const opener = new RecordOpener(cipherOf(KEY));
  const [first, second] = keys(2);
  const data = pattern(3);
  for (let counter = 0; counter <= 65_536; counter++) {
    const frame = seal(sealer, data);
    const record = frame.subarray(4);
    const opened = opener.open(record);
    if (opened.length !== 3) throw new Error(`record ${counter}`);
    if (counter === 65_535) {
      assertEquals(
        rawOpen(first!, counter, record),
        plaintextOf(data, 64),
      );
    } else if (counter === 65_536) {
      assertEquals(
        rawOpen(second!, counter, record),
        plaintextOf(data, 64),
      );
    }
  }
});
