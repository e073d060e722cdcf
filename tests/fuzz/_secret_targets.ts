/** Targets: records under a key that is known, sealed by hand where they are not what is sealed. */
import { ChannelError } from "../../src/base/errors.ts";
import { RECORD_DATA_MAX_BYTES } from "../../src/base/limits.ts";
import { RecordOpener, RecordSealer } from "../../src/secure/record.ts";
import { RecordReader } from "../../src/secure/record_reader.ts";
import { FrameDecoder } from "../../src/wire/frame.ts";
import { join, utf8 } from "../_chunks.ts";
import { keysInUse } from "../secure/_keys_in_use.ts";
import {
  cipherOf,
  pattern,
  plaintextOf,
  rawSeal,
  seal,
} from "../secure/_records.ts";
import { cutAnyhow, ensure, ensureSame } from "./_checks.ts";
import type { Target } from "./_fuzz.ts";

const KEY = pattern(32);
/** Records under one key: the stream below crosses a REKEY. */
const REKEY_AFTER = 5;
const DATA = [1, 61, 62, 63, 126, 500, 1, 2_000, 9].map(pattern);
const PLAIN = join(DATA);
const USED_BEFORE = keysInUse();

function sealedStream(): Uint8Array {
  const sealer = new RecordSealer(cipherOf(KEY), REKEY_AFTER);
  const stream = join(DATA.map((data) => seal(sealer, data)));
  sealer.cipher.wipe();
  return stream;
}

/** All that a reader gives of these chunks before it ends or fails. */
async function opened(
  chunks: Uint8Array[],
): Promise<{ data: Uint8Array; isFault: boolean }> {
  const source = {
    decoder: new FrameDecoder(),
    chunks: (async function* () {
      yield* chunks;
      return undefined;
    })(),
  };
  const opener = new RecordOpener(cipherOf(KEY), REKEY_AFTER);
  const reader = new RecordReader(source, opener);
  const parts: Uint8Array[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.next();
      if (done) return { data: join(parts), isFault: false };
      parts.push(value.slice());
    }
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    return { data: join(parts), isFault: true };
  } finally {
    reader.close();
  }
}

function ensureNoKeyIsLeft(): void {
  ensure(keysInUse() === USED_BEFORE, "a key was left behind");
}

const records: Target = {
  name: "records",
  inputs: 1_000,
  seeds: [sealedStream()],
  async check(input, dice) {
    const whole = await opened([input]);
    const { data } = whole;
    ensureSame(data, PLAIN.subarray(0, data.length), "not what was sealed");
    ensureSame(await opened(cutAnyhow(input, dice)), whole, "cut");
  },
  finish: ensureNoKeyIsLeft,
};

/** What a plaintext holds, by the letter of the wire. */
function dataOf(plaintext: Uint8Array): Uint8Array | undefined {
  if (plaintext.length < 64 || plaintext.length % 64 !== 0) return undefined;
  const length = plaintext[0]! * 256 + plaintext[1]!;
  const fewest = Math.ceil((length + 2) / 64) * 64;
  if (length < 1 || length > RECORD_DATA_MAX_BYTES) return undefined;
  if (fewest !== plaintext.length) return undefined;
  const padding = plaintext.subarray(2 + length);
  return padding.every((byte) => byte === 0)
    ? plaintext.subarray(2, 2 + length)
    : undefined;
}

const plaintexts: Target = {
  name: "plaintexts of records",
  inputs: 2_000,
  seeds: [
    ...[1, 2, 61, 62].map((length) => plaintextOf(pattern(length), 64)),
    plaintextOf(pattern(63), 128),
    plaintextOf(pattern(300), 320),
  ],
  words: [new Uint8Array(64), utf8("\0\x01"), utf8("\0\x3e")],
  check(input) {
    const opener = new RecordOpener(cipherOf(KEY));
    let data: Uint8Array | undefined;
    try {
      data = opener.open(rawSeal(KEY, 0, input)).slice();
      ensureSame(opener.cipher.counter, 1, "the counter");
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      ensureSame(opener.cipher.counter, 0, "the counter after a fault");
    } finally {
      opener.cipher.wipe();
    }
    ensureSame(data, dataOf(input), "the data");
  },
  finish: ensureNoKeyIsLeft,
};

export const SECRET_TARGETS: readonly Target[] = [records, plaintexts];
