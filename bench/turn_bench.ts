/**
 * What a turn costs between the sockets: hub, store and delivery, with sinks that drop what they
 * get.
 */
import { connectionId, type Input } from "../src/chat/input.ts";
import { Hub } from "../src/chat/hub.ts";
import { Delivery } from "../src/delivery/delivery.ts";
import type { Sink } from "../src/delivery/sink.ts";
import { TurnLoop } from "../src/server/turn_loop.ts";
import { SqliteStore } from "../src/store/sqlite/store.ts";
import type { ClientMessage } from "../src/wire/client.ts";
import { encodeMessage } from "../src/wire/server.ts";

const SINK: Sink = {
  shared: { encodeShared: encodeMessage },
  spaceBytes: 1_000_000,
  push() {},
  send: (message) => void encodeMessage(message),
  flush() {},
  opened() {},
  ready() {},
  named() {},
  end() {},
};
const TEXT = "x".repeat(128);

function messageOf(number: number, message: ClientMessage): Input {
  const at = { wall: Date.now(), monotonic: performance.now() };
  return {
    kind: "message",
    at,
    connection: connectionId("1", number),
    message,
  };
}

/**
 * A room of so many people on a store in a file, and a function that lets each of the first
 * `authors` say something in one turn.
 */
async function room(
  people: number,
): Promise<(authors: number) => Promise<void>> {
  const store = SqliteStore.open(
    `${await Deno.makeTempDir({ prefix: "confab-bench-" })}/bench.db`,
  );
  const hub = new Hub({ server: "bench", version: "0", directory: store });
  const delivery = new Delivery({
    journal: store,
    directory: store,
    onCaughtUp() {},
    onFault() {},
  });
  const turns = new TurnLoop({
    hub,
    store,
    delivery,
    watcher: { turned() {}, notStored() {}, storesAgain() {}, failed() {} },
    now: () => performance.now(),
  });
  for (let number = 1; number <= people; number++) {
    const connection = connectionId("1", number);
    const key = `SHA256:${number}`;
    delivery.add(connection, SINK);
    turns.put({
      kind: "open",
      at: { wall: 0, monotonic: 0 },
      connection,
      peer: { address: "127.0.0.1", ip: "127.0.0.1", key, isLocal: true },
    });
    const name = `p${number}`;
    turns.put(messageOf(number, { type: "hello", name, room: "bench" }));
  }
  await turns.done();
  let count = 0;
  return async (authors) => {
    for (let number = 1; number <= authors; number++) {
      const id = String(++count);
      turns.put(messageOf(number, { type: "chat", txt: TEXT, id }));
    }
    await turns.done();
  };
}

const hundred = await room(100);
const thousand = await room(1_000);

Deno.bench("a turn of 1 message in a room of 100", async () => {
  await hundred(1);
});
Deno.bench("a turn of 64 messages in a room of 100", async () => {
  await hundred(64);
});
Deno.bench("a turn of 1 message in a room of 1,000", async () => {
  await thousand(1);
});
Deno.bench("a turn of 64 messages in a room of 1,000", async () => {
  await thousand(64);
});
