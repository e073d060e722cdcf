/** What a turn costs between the sockets: hub, store and delivery, with outlets that drop what they get. */
import { Hub } from "../src/chat/hub.ts";
import { NO_LOG } from "../src/base/log.ts";
import { Delivery } from "../src/delivery/delivery.ts";
import { TurnLoop } from "../src/server/turn_loop.ts";
import { SYSTEM_CLOCK } from "../src/base/clock.ts";
import { SqliteStore } from "../src/store/sqlite/store.ts";

const OUTLET = {
  spaceBytes: 1_000_000,
  push() {},
  flush() {},
  ready() {},
  end() {},
};
const TEXT = "x".repeat(128);

/** A room of so many people on a store in a file, and a function that lets each of the first `authors` say something in one turn. */
async function room(
  people: number,
): Promise<(authors: number) => Promise<void>> {
  const store = SqliteStore.open(
    `${await Deno.makeTempDir({ prefix: "confab-bench-" })}/bench.db`,
  );
  const hub = new Hub({ server: "bench", version: "0", clock: SYSTEM_CLOCK });
  const delivery = new Delivery({
    journal: store,
    heads: new Map(),
    usersOf: (key) => hub.usersOf(key),
    onFault() {},
  });
  const turns = new TurnLoop({
    hub,
    store,
    delivery,
    log: NO_LOG,
    onStored() {},
    onNotStored() {},
  });
  for (let id = 1; id <= people; id++) {
    delivery.add(id, OUTLET);
    hub.open(id, { address: "127.0.0.1", key: `SHA256:${id}` });
    turns.input(() =>
      hub.message(id, { type: "hello", name: `p${id}`, room: "bench" })
    );
  }
  await turns.done();
  let count = 0;
  return async (authors) => {
    for (let id = 1; id <= authors; id++) {
      turns.input(() =>
        hub.message(id, { type: "chat", txt: TEXT, id: String(++count) })
      );
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
