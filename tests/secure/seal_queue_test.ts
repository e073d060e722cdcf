import { assertEquals, assertRejects } from "@std/assert";
import { RecordSealer } from "../../src/secure/record.ts";
import { RecordWriter } from "../../src/secure/record_writer.ts";
import { type Sealing, sealSoon } from "../../src/secure/seal_queue.ts";
import { testsOf } from "../_testing.ts";
import {
  cipherOf,
  pattern,
  payloadsOf,
  plaintextOf,
  rawOpen,
} from "./_records.ts";

const test = testsOf("seal queue");

/** What one is told: the data of the records that it got, or that it was refused. */
class Receiver implements Sealing {
  readonly #key: Uint8Array<ArrayBuffer>;
  readonly sealer: RecordSealer;
  readonly told: string[] = [];

  constructor(seed: number) {
    this.#key = pattern(32 + seed).slice(-32);
    this.sealer = new RecordSealer(cipherOf(this.#key));
  }

  send(frames: Uint8Array): void {
    for (const record of payloadsOf(frames)) {
      const plaintext = rawOpen(this.#key, this.told.length, record);
      const data = pattern(plaintext[1]!);
      assertEquals(plaintext, plaintextOf(data, 64));
      this.told.push(`${data.length} bytes`);
    }
  }

  refuse(): void {
    this.told.push("refused");
  }
}

const receivers = (count: number) =>
  Array.from({ length: count }, (_, seed) => new Receiver(seed));
/** Everything has run that waits for nothing. */
const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

test("gives each its own records of what many are to get, when all have said so", async () => {
  const all = receivers(7);
  const bytes = pattern(20);
  for (const receiver of all) sealSoon(bytes, receiver);
  assertEquals(all.map(({ told }) => told.length), new Array(7).fill(0));
  await settled();
  for (const { told } of all) assertEquals(told, ["20 bytes"]);
});

test("tells apart what different ones are to get", async () => {
  const [ann, bob, eve] = receivers(3);
  const [short, long] = [pattern(10), pattern(60)];
  sealSoon(short, ann!);
  sealSoon(long, bob!);
  sealSoon(short, eve!);
  await settled();
  assertEquals(ann!.told, ["10 bytes"]);
  assertEquals(bob!.told, ["60 bytes"]);
  assertEquals(eve!.told, ["10 bytes"]);
  sealSoon(long, ann!);
  await settled();
  assertEquals(ann!.told, ["10 bytes", "60 bytes"]);
});

test("refuses one whose key is gone, and nobody else", async () => {
  const all = receivers(3);
  const bytes = pattern(20);
  for (const receiver of all) sealSoon(bytes, receiver);
  all[1]!.sealer.cipher.wipe();
  await settled();
  const told = all.map(({ told }) => told[0]);
  assertEquals(told, ["20 bytes", "refused", "20 bytes"]);
});

test("sends to the others when the carrier of one throws", async () => {
  const carriers = [0, 1, 2].map((i) => ({
    sent: 0,
    write(): Promise<void> {
      if (i === 0) throw new Error("a careless carrier");
      this.sent++;
      return Promise.resolve();
    },
  }));
  const writers = carriers.map((carrier, i) =>
    new RecordWriter(
      carrier,
      new RecordSealer(cipherOf(pattern(32 + i).slice(-32))),
    )
  );
  const bytes = pattern(20);
  const writes = writers.map((writer) => writer.write(bytes));
  await assertRejects(() => writes[0]!, Error, "a careless carrier");
  await Promise.all(writes.slice(1));
  assertEquals(carriers.map(({ sent }) => sent), [0, 1, 1]);
  await assertRejects(() => writers[0]!.write(bytes), Error);
});
