import { assert, assertEquals } from "@std/assert";
import { FRAME_MAX_BYTES } from "../../../src/base/limits.ts";
import {
  connectionsMessage,
  newsOf,
  survey,
} from "../../../src/server/monitor/survey.ts";
import type { ConnectionInfo, Described } from "../../../src/server/tap.ts";
import { encodeMessage, readServerMessage } from "../../../src/wire/server.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("survey of connections");

/** A connection, and how often it was described. */
class Somebody implements Described {
  descriptions = 0;
  readonly #info: ConnectionInfo;

  constructor(n: number, more: Partial<ConnectionInfo> = {}) {
    this.#info = {
      ...{ id: `1/${n}`, peer: "192.0.2.7", dialect: "json", since: n },
      ...{ isEncrypted: true, rooms: ["lobby"], queuedBytes: 0, idleMs: 3.4 },
      ...{ isBehind: false },
      ...more,
    };
  }

  get key() {
    return this.#info.key;
  }
  get name() {
    return this.#info.name;
  }
  get queuedBytes() {
    return this.#info.queuedBytes;
  }
  get isBehind() {
    return this.#info.isBehind;
  }

  describe(): ConnectionInfo {
    this.descriptions++;
    return this.#info;
  }
}

test("counts persons once, guests each, and nobody who has no name yet", () => {
  const ann = { key: "SHA256:ann", name: "ann" };
  const counts = survey([
    new Somebody(1, ann),
    new Somebody(2, { ...ann, queuedBytes: 10 }),
    new Somebody(3, { name: "guest-1", isBehind: true, queuedBytes: 5 }),
    new Somebody(4, { name: "guest-2" }),
    new Somebody(5, { key: "SHA256:bob" }),
    new Somebody(6),
  ]);
  const { shown, ...numbers } = counts;
  assertEquals(numbers, {
    ...{ connections: 6, guests: 2, people: 1, behind: 1, queuedBytes: 15 },
  });
  assertEquals(shown.map((one) => one.describe().id), [
    ...["1/3", "1/6", "1/5", "1/4", "1/2", "1/1"],
  ]);
});

test("shows of 10,000 those that are behind, then the newest, and describes no others", () => {
  const all = Array.from(
    { length: 10_000 },
    (_, n) => new Somebody(n, { isBehind: n % 1_000 === 0 }),
  );
  const message = connectionsMessage(survey(all));
  const ids = message.connections.map(({ id }) => id);
  assertEquals(ids.slice(0, 3), ["1/9000", "1/8000", "1/7000"]);
  assertEquals(ids.slice(9, 12), ["1/0", "1/9999", "1/9998"]);
  assertEquals([ids.length, message.more], [200, 9_800]);
  assertEquals(all.filter((one) => one.descriptions > 0).length, 200);
});

test("shows no more than 200 where more are behind: the newest of them", () => {
  const all = Array.from(
    { length: 300 },
    (_, n) => new Somebody(n, { isBehind: n < 250 }),
  );
  const { connections, more } = connectionsMessage(survey(all));
  assertEquals([connections.length, more], [200, 100]);
  assertEquals([connections[0]!.id, connections[199]!.id], ["1/249", "1/50"]);
});

test("fits a frame, whoever has taken many rooms with long names", () => {
  const rooms = Array.from(
    { length: 64 },
    (_, n) => `${n % 10}${"\u{20000}".repeat(63)}`,
  );
  const all = Array.from(
    { length: 200 },
    (_, n) =>
      new Somebody(n, { rooms: n % 2 === 0 ? rooms : [], name: `n${n}` }),
  );
  const message = connectionsMessage(survey(all));
  const frame = encodeMessage(message);
  assert(frame.length <= 4 + FRAME_MAX_BYTES);
  const { connections, more } = message;
  assertEquals(connections.length + more, 200);
  // Half of them take some 2,200 bytes each, eight rooms of 64 code points of four bytes.
  assert(connections.length > 50, `${connections.length}`);
  assertEquals(connections[1]!.rooms.length, 8);
  assertEquals(connections[1]!.moreRooms, 56);
  assertEquals(readServerMessage(frame.subarray(4)), message);
});

test("says of a connection what there is, and leaves out what is not", () => {
  const key = "SHA256:ann";
  const ann = new Somebody(7, { key, name: "ann", isBehind: true });
  const stranger = new Somebody(8, { isEncrypted: false, rooms: [] });
  assertEquals(connectionsMessage(survey([stranger, ann])).connections, [
    {
      ...{ id: "1/7", name: "ann", key, address: "192.0.2.7", dialect: "json" },
      ...{ encrypted: true, since: 7, rooms: ["lobby"], idleMs: 3 },
      ...{ queuedBytes: 0, behind: true },
    },
    {
      ...{ id: "1/8", address: "192.0.2.7", dialect: "json", since: 8 },
      ...{ rooms: [], idleMs: 3, queuedBytes: 0 },
    },
  ]);
});

test("has news when anything but the idle time changes", () => {
  const of = (more: Partial<ConnectionInfo>) =>
    newsOf(connectionsMessage(survey([new Somebody(1, more)])));
  assertEquals(of({ idleMs: 9_000 }), of({}));
  for (const more of [{ queuedBytes: 1 }, { rooms: [] }, { name: "ann" }]) {
    assert(of(more) !== of({}));
  }
});
