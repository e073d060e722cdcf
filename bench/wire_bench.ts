/** What the wire costs: frames, messages, records. Compare within one run only. */
import { CipherState } from "../src/secure/cipher_state.ts";
import {
  RecordOpener,
  RecordSealer,
  sealRecords,
} from "../src/secure/record.ts";
import { readClientMessage } from "../src/wire/client.ts";
import { FrameDecoder } from "../src/wire/frame.ts";
import { encodeMessage } from "../src/wire/server.ts";

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

const cipher = () => new CipherState(new Uint8Array(32).fill(7));

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
  const many = Array.from({ length: 100 }, () => new RecordSealer(cipher()));

  Deno.bench(`seal ${bytes} bytes for one`, { group: `${bytes}` }, () => {
    sealRecords([many[0]!], data);
  });

  Deno.bench(`seal ${bytes} bytes for 100`, { group: `${bytes}` }, () => {
    sealRecords(many, data);
  });
}

const sealer = new RecordSealer(cipher());
const opener = new RecordOpener(cipher());

Deno.bench("seal and open 200 bytes", () => {
  const [record] = sealRecords([sealer], new Uint8Array(200));
  opener.open(record!.subarray(4));
});
