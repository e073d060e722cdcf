/** What every store does, in memory and in SQLite alike. */
import { assertEquals } from "@std/assert";
import {
  allRecords,
  appending,
  assertHeads,
  assertRefused,
  entries,
  entry,
  recordsOf,
  writing,
} from "./_helpers.ts";
import { testStores } from "./_stores.ts";

testStores({
  "has nothing at first": async (store) => {
    assertHeads(store, {});
    assertEquals(await store.read("lobby", 1, 10), []);
    assertEquals(await store.recentOf("SHA256:ann", 10), []);
    assertEquals(allRecords(store), []);
  },

  "gives an entry back with all that it has": async (store) => {
    const all = entry("lobby", 1, {
      at: 4_102_444_800_123,
      person: "SHA256:ann",
      to: "bob",
      body: "a 'quote', a \"quote\"\n\tand \u{1f600} é",
      kind: "action",
      id: "x'1",
    });
    const plain = entry("lobby", 2);
    await store.commit(appending(0, [all, plain]));
    assertEquals(await store.read("lobby", 1, 10), [all, plain]);
  },

  "goes on from the head that is expected": async (store) => {
    await store.commit(appending(0, entries("lobby", 1, 2)));
    await store.commit(appending(2, entries("lobby", 3, 5)));
    await store.commit(appending(0, entries("den", 1, 1)));
    assertHeads(store, { lobby: 5, den: 1 });
    assertEquals(await store.read("lobby", 1, 9), entries("lobby", 1, 5));
  },

  "refuses an append that expects another head": async (store) => {
    await store.commit(appending(0, entries("lobby", 1, 2)));
    await assertRefused(store, appending(1, entries("lobby", 2, 2)));
    await assertRefused(store, appending(0, entries("lobby", 1, 1)));
    await assertRefused(store, appending(3, entries("lobby", 4, 4)));
    await assertRefused(store, appending(1, entries("new", 2, 2)));
    assertHeads(store, { lobby: 2 });
    assertEquals(await store.read("lobby", 1, 9), entries("lobby", 1, 2));
    assertEquals(await store.read("new", 1, 9), []);
  },

  "refuses seqs with a gap, or one twice": async (store) => {
    const [first, second, third] = entries("lobby", 1, 3);
    await assertRefused(store, appending(0, [first!, third!]));
    await assertRefused(store, appending(0, [first!, first!]));
    await assertRefused(store, appending(0, [second!]));
    assertHeads(store, {});
    assertEquals(await store.read("lobby", 1, 9), []);
  },

  "refuses two appends of the same seq in one commit": async (store) => {
    const { appends: [append] } = appending(0, entries("lobby", 1, 1));
    await assertRefused(store, { appends: [append!, append!], writes: [] });
    assertHeads(store, {});
    assertEquals(await store.read("lobby", 1, 9), []);
  },

  "keeps nothing of a commit of which an append is refused": async (store) => {
    const by = { person: "SHA256:ann", id: "1" };
    const good = { room: "a", expectedHead: 0, entries: [entry("a", 1, by)] };
    const bad = { room: "b", expectedHead: 7, entries: [entry("b", 8, by)] };
    const write = { kind: "name", key: "ann", expectedVersion: 0, value: 1 };
    await assertRefused(store, { appends: [good, bad], writes: [write] });
    assertHeads(store, {});
    assertEquals(await store.read("a", 1, 9), []);
    assertEquals(await store.recentOf("SHA256:ann", 9), []);
    assertEquals(allRecords(store), []);
    // And the same goes well without the bad one.
    await store.commit({ appends: [good], writes: [write] });
    assertEquals(await store.recentOf("SHA256:ann", 9), good.entries);
  },

  "keeps nothing of a commit of which a write is refused": async (store) => {
    const append = { room: "a", expectedHead: 0, entries: [entry("a", 1)] };
    const good = { kind: "name", key: "ann", expectedVersion: 0, value: 1 };
    const bad = { kind: "name", key: "bob", expectedVersion: 3, value: 1 };
    await assertRefused(store, { appends: [append], writes: [good, bad] });
    assertHeads(store, {});
    assertEquals(await store.read("a", 1, 9), []);
    assertEquals(allRecords(store), []);
    await store.commit({ appends: [append], writes: [good] });
    assertHeads(store, { a: 1 });
  },

  "takes a commit with nothing in it": async (store) => {
    await store.commit({ appends: [], writes: [] });
    assertHeads(store, {});
  },

  "reads ranges of one room": async (store) => {
    await store.commit(appending(0, entries("lobby", 1, 5)));
    await store.commit(appending(0, entries("den", 1, 3)));
    await store.commit(appending(5, entries("lobby", 6, 9)));
    assertEquals(await store.read("lobby", 1, 3), entries("lobby", 1, 3));
    assertEquals(await store.read("lobby", 4, 4), entries("lobby", 4, 7));
    assertEquals(await store.read("lobby", 8, 100), entries("lobby", 8, 9));
    assertEquals(await store.read("lobby", 9, 1), entries("lobby", 9, 9));
    assertEquals(await store.read("lobby", 10, 5), []);
    assertEquals(await store.read("lobby", 3, 0), []);
    assertEquals(await store.read("nowhere", 1, 5), []);
  },

  "tells rooms apart by their very keys": async (store) => {
    const rooms = ["a", "A", "a ", "a\n", "@a", "%", "\u{1f600}"];
    for (const room of rooms) {
      await store.commit(appending(0, entries(room, 1, 1)));
      assertEquals(await store.read(room, 1, 9), entries(room, 1, 1));
    }
    assertEquals(rooms.map((room) => store.headOf(room)), rooms.map(() => 1));
  },

  "gives a person's last entries with an id, newest first": async (store) => {
    const ann = "SHA256:ann";
    const by = (room: string, seq: number, id: string) =>
      entry(room, seq, { person: ann, id });
    const one = by("a", 1, "1");
    const two = by("b", 1, "2");
    const three = by("a", 4, "3");
    const four = by("a", 5, "4");
    await store.commit(appending(0, [one]));
    await store.commit(appending(0, [two]));
    await store.commit(appending(1, [
      entry("a", 2, { person: ann }), // Without an id.
      entry("a", 3, { id: "9" }), // A guest's.
      three,
      four,
      entry("a", 6, { person: "SHA256:bob", id: "1" }),
    ]));
    assertEquals(await store.recentOf(ann, 9), [four, three, two, one]);
    assertEquals(await store.recentOf(ann, 2), [four, three]);
    assertEquals(await store.recentOf("SHA256:eve", 9), []);
  },

  "counts the writes of a record": async (store) => {
    await store.commit(writing("ann", 0, { person: "SHA256:ann" }));
    assertEquals(recordsOf(store), [["ann", 1, {
      person: "SHA256:ann",
    }]]);
    await store.commit(writing("ann", 1, { list: [1, { a: "b" }], x: null }));
    await store.commit(writing("ann", 2, "text"));
    await store.commit(writing("bob", 0, 5));
    assertEquals(recordsOf(store), [["ann", 3, "text"], ["bob", 1, 5]]);
  },

  "deletes a record, which then is new again": async (store) => {
    await store.commit(writing("ann", 0, 1));
    await store.commit(writing("ann", 1, 2));
    await store.commit(writing("ann", 2, null));
    assertEquals(allRecords(store), []);
    await store.commit(writing("ann", 0, 3));
    assertEquals(recordsOf(store), [["ann", 1, 3]]);
  },

  "refuses to write a record of another version": async (store) => {
    await store.commit(writing("ann", 0, 1));
    await store.commit(writing("ann", 1, 2));
    await assertRefused(store, writing("ann", 0, 3));
    await assertRefused(store, writing("ann", 1, 3));
    await assertRefused(store, writing("ann", 3, 3));
    await assertRefused(store, writing("ann", 1, null));
    await assertRefused(store, writing("bob", 1, 3));
    await assertRefused(store, writing("bob", 1, null));
    assertEquals(recordsOf(store), [["ann", 2, 2]]);
  },

  "tells records of different kinds apart": async (store) => {
    const write = (kind: string, value: unknown) => {
      return { kind, key: "ann", expectedVersion: 0, value };
    };
    await store.commit({
      appends: [],
      writes: [write("name", 1), write("room", 2)],
    });
    const kinds = allRecords(store).map((one) => [one.kind, one.value]);
    assertEquals(kinds.toSorted(), [["name", 1], ["room", 2]]);
  },

  "keeps what a value was when it was written": async (store) => {
    const value = { names: ["ann"] };
    await store.commit(writing("ann", 0, value));
    value.names.push("eve");
    assertEquals(recordsOf(store), [["ann", 1, { names: ["ann"] }]]);
  },

  "gives back entries of any kind, whatever their bodies hold": async (
    store,
  ) => {
    const strange =
      "\0 \x01 \x010 \x011 \x01d800 \ud800 \udc00\ud83d \u{1f600}\0";
    const said = [
      entry("lobby", 1, { kind: "sealed", body: strange, id: strange }),
      entry("lobby", 2, { kind: strange, body: "" }),
      entry("lobby", 3, { kind: "deleted", body: "2" }),
      entry("lobby", 4, { kind: "sealed", body: "\0" }),
      entry("lobby", 5, { kind: "", body: "of no name" }),
      entry("lobby", 6, { kind: "text" }),
      entry("lobby", 7, { kind: "action" }),
    ];
    await store.commit(appending(0, said.slice(0, 2)));
    await store.commit(appending(2, said.slice(2)));
    assertEquals(await store.read("lobby", 1, 9), said);
  },

  "finds only what people read": async (store) => {
    const body = "a needle in hay";
    await store.commit(appending(0, [
      entry("lobby", 1, { kind: "sealed", body }),
      entry("lobby", 2, { body }),
      entry("lobby", 3, { kind: "deleted", body }),
      entry("lobby", 4, { kind: "action", body }),
      entry("lobby", 5, { kind: "", body }),
    ]));
    const seqsOf = async (...words: string[]) => {
      const found = await store.search("lobby", words, 9);
      return found.entries.map(({ seq }) => seq);
    };
    assertEquals(await seqsOf("NEEDLE", "hay"), [2, 4]);
    // Words that are too short for an index.
    assertEquals(await seqsOf("in"), [2, 4]);
    while (await store.index());
    assertEquals(await seqsOf("needle"), [2, 4]);
  },

  "gives records by kind and key": async (store) => {
    await store.commit({
      appends: [],
      writes: [
        { kind: "name", key: "ann", expectedVersion: 0, value: { a: 1 } },
        { kind: "person", key: "ann", expectedVersion: 0, value: "b" },
      ],
    });
    const ann = { kind: "name", key: "ann", version: 1, value: { a: 1 } };
    assertEquals({ ...store.record("name", "ann") }, ann);
    assertEquals(store.record("person", "ann")?.value, "b");
    assertEquals(store.record("room", "ann"), undefined);
    assertEquals(store.record("name", "an"), undefined);
  },

  "lists records by the beginnings of their keys, in their order, page by page":
    async (store) => {
      const keys = ["a", "a b", "a c", "a \u{1f600}", "a \uffee", "ab", "b a"];
      await store.commit({
        appends: [],
        writes: keys.map((key) => ({
          ...{ kind: "name", key, expectedVersion: 0, value: key },
        })),
      });
      const list = (prefix: string, limit = 9, after?: string) =>
        store.list("name", prefix, limit, after).map(({ key }) => key);
      // By code points: a face is behind all that is in the first plane.
      const ofA = ["a b", "a c", "a \uffee", "a \u{1f600}"];
      assertEquals(list("a "), ofA);
      assertEquals(list("a ", 2), ofA.slice(0, 2));
      assertEquals(list("a ", 2, "a c"), ofA.slice(2));
      assertEquals(list("a ", 9, ofA[3]), []);
      assertEquals(list("").length, 7);
      assertEquals(list("c"), []);
      assertEquals(store.list("room", "", 9), []);
    },

  "removes records whose time is over, some at a time": async (store) => {
    const write = (key: string, until?: number, expectedVersion = 0) => ({
      ...{ kind: "name", key, expectedVersion, value: 1 },
      ...(until === undefined ? {} : { until }),
    });
    const writes = [write("a", 5), write("b", 6), write("c", 7), write("d")];
    await store.commit({ appends: [], writes });
    const left = () => store.list("name", "", 9).map(({ key }) => key);
    assertEquals(await store.expire(4, 9), 0);
    assertEquals(await store.expire(6, 1), 1);
    assertEquals(left().length, 3);
    assertEquals(await store.expire(6, 9), 1);
    assertEquals(left(), ["c", "d"]);
    // Written again without one, it has no time.
    await store.commit({ appends: [], writes: [write("c", undefined, 1)] });
    assertEquals(await store.expire(100, 9), 0);
    assertEquals(left(), ["c", "d"]);
  },
});
