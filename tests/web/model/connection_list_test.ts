import { assertEquals } from "@std/assert";
import { arranged, nextOrder } from "../../../src/web/model/connection_list.ts";
import { ipOf } from "../../../src/web/model/monitor_actions.ts";
import type { WatchedConnection } from "../../../src/wire/watched.ts";

function connection(
  id: string,
  more: Partial<WatchedConnection> = {},
): WatchedConnection {
  return {
    ...{ id, address: "192.0.2.1", dialect: "json", since: 0, rooms: [] },
    ...{ idleMs: 0, queuedBytes: 0, ...more },
  };
}

const ALL = [
  connection("1/1", { name: "lee", queuedBytes: 9, rooms: ["garden"] }),
  connection("1/2", { name: "Ann", queuedBytes: 700 }),
  connection("1/3", { address: "2001:db8::1", idleMs: 5 }),
];
const ids = (list: readonly WatchedConnection[]) => list.map(({ id }) => id);

Deno.test("connections: as the server lists them, or by a column either way", () => {
  assertEquals(ids(arranged(ALL, undefined, "")), ["1/1", "1/2", "1/3"]);
  const byName = nextOrder(undefined, "name");
  assertEquals(ids(arranged(ALL, byName, "")), ["1/3", "1/2", "1/1"]);
  const byQueued = nextOrder(byName, "queued");
  assertEquals(ids(arranged(ALL, byQueued, "")), ["1/2", "1/1", "1/3"]);
  const other = nextOrder(byQueued, "queued");
  assertEquals(ids(arranged(ALL, other, "")), ["1/3", "1/1", "1/2"]);
  assertEquals(nextOrder(other, "queued"), undefined);
});

Deno.test("connections: found by name, address, id or room", () => {
  const found = (text: string) => ids(arranged(ALL, undefined, text));
  assertEquals(found("ANN "), ["1/2"]);
  assertEquals(found("db8"), ["1/3"]);
  assertEquals(found("gard"), ["1/1"]);
  assertEquals(found("1/3"), ["1/3"]);
  assertEquals(found("nobody"), []);
});

Deno.test("connections: the address alone, whatever its form", () => {
  const addresses = [
    "192.0.2.1",
    "192.0.2.1:5",
    "[2001:db8::1]:5",
    "2001:db8::1",
  ];
  assertEquals(addresses.map(ipOf), [
    ...["192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::1"],
  ]);
});
