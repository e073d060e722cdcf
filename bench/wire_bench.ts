/** What the wire costs: frames, messages, records. Compare within one run only. */
import { nativeAead } from "../src/secure/aead_native.ts";
import { subtleAead } from "../src/secure/aead.ts";
import { CipherState } from "../src/secure/noise.ts";
import { RecordOpener, RecordSealer } from "../src/secure/record.ts";
import { readClientMessage } from "../src/wire/client.ts";
import { FrameDecoder } from "../src/wire/frame.ts";
import { encodeMessage } from "../src/wire/server.ts";

const KEY = new Uint8Array(32).fill(7);
const CHAT = {
  type: "chat",
  room: "lobby",
  from: "ann",
  txt: "x".repeat(128),
  seq: 1,
  at: 1_700_000_000_000,
};
const SAYING = new TextEncoder().encode(
  JSON.stringify({
    type: "chat",
    txt: "x".repeat(128),
    id: "0123456789abcdef",
  }),
);
const frame = encodeMessage(CHAT);
const decoder = new FrameDecoder();

Deno.bench("encode a chat", () => {
  encodeMessage(CHAT);
});

Deno.bench("read a chat", () => {
  readClientMessage(SAYING);
});

Deno.bench("decode a frame", () => {
  decoder.push(frame);
  decoder.next();
});

for (const bytes of [200, 2_000, 16_000]) {
  const data = new Uint8Array(bytes);
  const native = new RecordSealer(new CipherState(KEY, nativeAead));
  const subtle = new RecordSealer(new CipherState(KEY, subtleAead));

  Deno.bench(`seal ${bytes} bytes as the server does`, {
    group: `seal ${bytes}`,
    baseline: true,
  }, async () => {
    await native.seal(data);
  });

  Deno.bench(`seal ${bytes} bytes through crypto.subtle`, {
    group: `seal ${bytes}`,
  }, async () => {
    await subtle.seal(data);
  });
}

Deno.bench("seal and open 200 bytes", async () => {
  const sealer = new RecordSealer(new CipherState(KEY, nativeAead));
  const opener = new RecordOpener(new CipherState(KEY, nativeAead));
  const record = await sealer.seal(new Uint8Array(200));
  await opener.open(record.subarray(4));
});
