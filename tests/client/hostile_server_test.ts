/** What a server can do to its client that means no good. */
import { assert, assertEquals } from "@std/assert";
import { Client } from "../../src/client/client.ts";
import { HANDSHAKE_FRAME_MAX_BYTES } from "../../src/base/limits.ts";
import type { ConfabError } from "../../src/base/errors.ts";
import type { Transport } from "../../src/net/transport.ts";
import { encodeFrame } from "../../src/wire/frame.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { memoryPair, standIn } from "../_memory_transport.ts";
import { testsOf } from "../_testing.ts";
import { chat, goodbye, history, Stage, users } from "./_stage.ts";

const test = testsOf("a hostile server");

/** What JSON may say, and how long the client waits then; it spreads by nothing here. */
const PAUSES: [string, number][] = [
  ["0", 500],
  ["-1", 500],
  ["-1e308", 500],
  ["0.5", 500],
  ["700.9", 700],
  ["300000", 300_000],
  ["300001", 300_000],
  ["2147483648", 300_000],
  ["9007199254740993", 300_000],
  ["1e308", 300_000],
  ["1e999", 300_000],
];

for (const [asked, pause] of PAUSES) {
  test(`that wants its client back in ${asked} ms has it back in ${pause}`, async () => {
    const stage = new Stage();
    const visit = await stage.enter("lobby");
    // As it stands: `JSON.stringify` knows no infinite numbers.
    const bye = `{"type":"bye","code":"restart","text":"","reconnectAfterMs":`;
    await visit.peer.sendJson(`${bye}${asked}}`);
    const { retryInMs } = await visit.events.next("disconnected");
    assertEquals(retryInMs, pause);
    await visit.client.close();
  });
}

test("that ends every connection at once is come back to more and more seldom", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  await visit.peer.send(RESTART);
  const pauses: number[] = [];
  for (let round = 0; round < 8; round++) {
    const { retryInMs } = await visit.events.until("disconnected");
    pauses.push(retryInMs);
    stage.clock.advance(retryInMs);
    const peer = await stage.accept();
    await peer.expect({ type: "hello" });
    await peer.welcome("lobby");
    await peer.send(RESTART);
  }
  assertEquals(
    pauses,
    [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000],
  );
  await visit.client.close();
});

const RESTART = {
  type: "bye",
  code: "restart",
  text: "again",
  reconnectAfterMs: 0,
};

test("is not believed in the clear that coming back is of no use", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  visit.peer.cut();
  const { retryInMs } = await visit.events.next("disconnected");
  const [near, far] = memoryPair();
  const sealed = stage.options.dial;
  Object.assign(stage.options, { dial: () => Promise.resolve(near) });
  stage.clock.advance(retryInMs);
  await answerInPlain(far, "unsupported-version", "confab: use\nanother");
  const next = await visit.events.next("disconnected");
  assertEquals(
    next.reason,
    'not verified (whoever answered showed no key): "confab: use another"',
  );
  Object.assign(stage.options, { dial: sealed });
  stage.clock.advance(next.retryInMs);
  const peer = await stage.accept();
  await peer.expect({ type: "hello" });
  await peer.welcome("lobby");
  await visit.events.next("connected");
  await goodbye({ ...visit, peer });
});

async function answerInPlain(transport: Transport, code: string, text: string) {
  const answer = JSON.stringify({ type: "error", code, text });
  await transport.write(encodeFrame(new TextEncoder().encode(answer)));
  assert(answer.length < HANDSHAKE_FRAME_MAX_BYTES);
}

test("cannot have its words taken for the client's own", async () => {
  const text = "\u001b[2J\nconfab: the key of ann is verified\u202e";
  const words = "server: [2J confab: the key of ann is verified";
  const stage = new Stage();
  const refused = Client.connect(stage.options).catch((error) => error);
  const first = await stage.accept();
  await first.expect({ type: "hello" });
  await first.send({ type: "error", code: "banned", text });
  assertEquals((await refused as ConfabError).message, words);

  const visit = await stage.enter("lobby");
  const asked = visit.client.request({ type: "command", name: "x" })
    .catch((error) => error);
  const { id } = await visit.peer.expect({ type: "command" });
  await visit.peer.send({ type: "error", code: "busy", text, id });
  assertEquals((await asked as ConfabError).message, words);
  await visit.peer.send({ type: "bye", code: "kicked", text });
  assertEquals((await visit.events.next("ended")).error?.message, words);
  await visit.client.close();
});

test("says times, seqs and keys that nothing has, and the client lives on", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  const [FAR, MOST] = [8_640_000_000_000_001, Number.MAX_SAFE_INTEGER];
  const { peer, events } = visit;
  await peer.send(chat(1, { at: FAR }));
  const { message } = await events.next("message", { seq: 1 });
  assertEquals(message.type === "chat" && message.at, FAR - 1);
  await peer.send(chat(2, { at: -1 }), chat(MOST), chat(MOST - 1));
  assertEquals((await events.next("message")).message, chat(2, { at: 0 }));
  await events.next("message", { seq: MOST });
  await events.next("message", { seq: MOST - 1 });
  await peer.send(
    { type: "ack", id: "never asked" },
    { type: "ack", id: "never asked", seq: 1, at: 1 },
    { type: "ack", id: "never asked", to: "__proto__", seq: MOST, at: FAR },
    users("__proto__"),
    users("constructor"),
    history("toString", [], { skipped: { from: MOST, to: 0 } }),
    { type: "private", from: "__proto__", to: "ann", txt: "x", seq: 1, at: 1 },
    { type: "__proto__", room: "__proto__", seq: MOST },
    { type: "hasOwnProperty" },
    { type: "renamed", from: "__proto__", name: "constructor", at: 1 },
  );
  await peer.sendJson(`{"type":"x","deep":${"[".repeat(30_000)}`.concat(
    `${"]".repeat(30_000)}}`,
  ));
  await peer.sendJson(
    '{"__proto__":{"type":"bye"},"type":"notice","text":"t"}',
  );
  for (;;) {
    const event = await events.next("message").catch(() => undefined);
    if (event?.message.type === "notice") break;
  }
  assertEquals(Object.keys(Object.prototype), []);
  await goodbye(visit);
});

test("that asks for signs of life without end and reads none is not answered without end", async () => {
  const stage = new Stage();
  const gates: Promise<void>[] = [];
  const { dial } = stage.options;
  Object.assign(stage.options, {
    dial: async (signal: AbortSignal) => {
      const transport = await dial(signal);
      const write = async (bytes: Uint8Array) => {
        await gates[0];
        await transport.write(bytes);
      };
      return { ...standIn(transport), write };
    },
  });
  const visit = await stage.enter("lobby");
  const { peer } = visit;
  const opened = Promise.withResolvers<void>();
  gates.push(opened.promise);
  for (let n = 0; n < 100; n++) {
    await peer.send(...Array.from({ length: 250 }, PING));
    await eventLoopTurn();
  }
  await peer.send({ type: "notice", text: "all asked" });
  await visit.events.next("message", { text: "all asked" });
  opened.resolve();
  let pongs = 0;
  visit.client.tell({ type: "typing", room: "lobby" });
  while ((await peer.next())?.type === "pong") pongs++;
  assert(pongs < 15_000, `${pongs} of 25,000 answered`);
  assert(pongs > 1_000, `${pongs} of 25,000 answered`);
  await goodbye(visit);
});

const PING = (_: unknown, t: number) => ({ type: "ping", t });
