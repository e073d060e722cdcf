import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { ProtocolError } from "../../src/base/errors.ts";
import { Records } from "../../src/chat/records.ts";
import { UndoLog } from "../../src/chat/undo.ts";
import { EMPTY_DIRECTORY } from "../../src/store/directory.ts";
import type { Directory } from "../../src/store/store.ts";
import { MemoryStore } from "../_memory_store.ts";
import { propertyOptions, testsOf } from "../_testing.ts";

const test = testsOf("records");
const ANN = { person: "SHA256:ann", name: "ann" };
const EVE = { person: "SHA256:eve", name: "ann" };

/** A directory with one record. */
const HAS_ANN: Directory = {
  ...EMPTY_DIRECTORY,
  record: (kind, key) =>
    kind === "name" && key === "ann"
      ? { kind, key, version: 3, value: ANN }
      : undefined,
};

test("are what the store has", () => {
  const records = new Records(new UndoLog(), HAS_ANN);
  assertEquals(records.get("name", "ann"), ANN);
  assertEquals(records.get("name", "bob"), undefined);
  assertEquals(records.get("person", "ann"), undefined);
  assertEquals(records.writes(), []);
});

test("are remembered by what they take: long ones are fewer", () => {
  const rooms = Object.fromEntries(
    Array.from({ length: 256 }, (_, at) => [`r${at}`, { seq: 1, at: 1 }]),
  );
  let asked = 0;
  const records = new Records(new UndoLog(), {
    ...EMPTY_DIRECTORY,
    record: (kind, key) => {
      asked++;
      const value = kind === "read" ? { rooms } : { at: 1 };
      return { kind, key, version: 1, value };
    },
  });
  // A mark of 256 rooms takes as much as 65 small records.
  const askedFor = (kind: "read" | "admin", count: number) => {
    const before = asked;
    for (let key = 0; key < count; key++) records.get(kind, `${key}`);
    return asked - before;
  };
  assertEquals(askedFor("read", 400), 400);
  assertEquals(askedFor("read", 400), 0);
  assertEquals(askedFor("read", 2_000), 1_600);
  assertEquals(askedFor("read", 2_000) >= 1_000, true);
  assertEquals(askedFor("admin", 30_000), 30_000);
  assertEquals(askedFor("admin", 30_000), 0);
});

test("that are new are written with version 0 expected", () => {
  const records = new Records(new UndoLog(), EMPTY_DIRECTORY);
  records.put("name", "ann", ANN);
  assertEquals(records.get("name", "ann"), ANN);
  assertEquals(records.writes(), [write(0, ANN)]);
});

test("are written once a turn, with the version before it expected", () => {
  const records = new Records(new UndoLog(), HAS_ANN);
  records.put("name", "ann", EVE);
  records.put("name", "ann", ANN);
  records.put("name", "ann", EVE);
  assertEquals(records.writes(), [write(3, EVE)]);
  records.committed();
  assertEquals(records.writes(), []);
  records.put("name", "ann", ANN);
  const [next] = records.writes();
  assertEquals(next?.value, ANN);
});

test("that are removed are written as null", () => {
  const records = new Records(new UndoLog(), HAS_ANN);
  records.removeLater("name", "ann");
  assertEquals(records.get("name", "ann"), undefined);
  assertEquals(records.writes(), [write(3, null)]);
});

test("that come and go within a turn are not written", () => {
  const records = new Records(new UndoLog(), EMPTY_DIRECTORY);
  records.put("name", "ann", ANN);
  records.removeLater("name", "ann");
  records.removeLater("name", "bob");
  assertEquals(records.writes(), []);
});

test("of a turn that was not kept are as they were before it", () => {
  const undo = new UndoLog();
  const records = new Records(undo, HAS_ANN);
  records.put("name", "ann", EVE);
  records.put("name", "bob", EVE);
  undo.rollback();
  assertEquals(records.get("name", "ann"), ANN);
  assertEquals(records.get("name", "bob"), undefined);
  assertEquals(records.writes(), []);
  records.removeLater("name", "ann");
  undo.rollback();
  assertEquals(records.get("name", "ann"), ANN);
});

test("that can be written later are so when storing works again, and others are refused until then", () => {
  const undo = new UndoLog();
  const records = new Records(undo, HAS_ANN);
  records.stopStoring();
  const error = assertThrows(() => records.put("name", "ann", EVE));
  assertEquals((error as ProtocolError).code, "not-stored");
  records.putLater("name", "ann", EVE);
  assertEquals(records.get("name", "ann"), EVE);
  assertEquals(records.writes(), []);
  records.committed();
  undo.clear();
  assertEquals(records.writes(), [write(3, EVE)]);
  // What others wrote meanwhile is what counts.
  records.adopt({ kind: "name", key: "ann", version: 4, value: ANN });
  assertEquals(records.writes(), []);
  records.put("name", "ann", EVE);
  assertEquals(records.writes(), [write(4, EVE)]);
});

test("are listed with the changes of the turn, in their order", async () => {
  const store = new MemoryStore();
  const write = (key: string) => ({
    ...{ kind: "block", key, expectedVersion: 0, value: { name: key } },
  });
  const writes = ["a 2", "a 4", "a 6", "b 1", "ab 1"].map(write);
  await store.commit({ appends: [], writes });
  const undo = new UndoLog();
  const records = new Records(undo, store);
  const list = (prefix: string, limit = 9, after?: string) =>
    records.list("block", prefix, limit, after).map(({ key, value }) =>
      key === value.name ? key : `${key} ${value.name}`
    );
  assertEquals(list("a "), ["a 2", "a 4", "a 6"]);
  records.put("block", "a 5", { name: "a 5" });
  records.put("block", "a 2", { name: "new" });
  records.removeLater("block", "a 4");
  records.put("block", "b 0", { name: "b 0" });
  records.put("name", "a 3", ANN);
  assertEquals(list("a "), ["a 2 new", "a 5", "a 6"]);
  assertEquals(list("a ", 2), ["a 2 new", "a 5"]);
  assertEquals(list("a ", 2, "a 2"), ["a 5", "a 6"]);
  assertEquals(list("", 3, "a 6"), ["ab 1", "b 0", "b 1"]);
  const mark = undo.mark;
  records.removeLater("block", "a 5");
  records.put("block", "a 4", { name: "again" });
  assertEquals(list("a "), ["a 2 new", "a 4 again", "a 6"]);
  undo.rollback(mark);
  assertEquals(list("a "), ["a 2 new", "a 5", "a 6"]);
  await store.commit({ appends: [], writes: records.writes() });
  records.committed();
  undo.clear();
  assertEquals(list("a "), ["a 2 new", "a 5", "a 6"]);
  assertEquals(list("b "), ["b 0", "b 1"]);
});

interface Step {
  readonly kind: "put" | "remove" | "keep" | "lose";
  readonly key: string;
  readonly name: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("put", "put", "remove", "keep", "lose"),
  key: fc.constantFrom("a", "b", "c"),
  name: fc.constantFrom("x", "y", "z"),
});

test("in any order of changes and lost turns are always those of a store that took the turns", () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const store = new MemoryStore();
      const undo = new UndoLog();
      const records = new Records(undo, store);
      for (const { kind, key, name } of steps) {
        if (kind === "put") records.put("name", key, { person: "p", name });
        else if (kind === "remove") records.removeLater("name", key);
        else if (kind === "lose") undo.rollback();
        else {
          await store.commit({ appends: [], writes: records.writes() });
          records.committed();
          undo.clear();
        }
      }
      await store.commit({ appends: [], writes: records.writes() });
      const stored = store.list("name", "", 9).map(({ key, value }) => {
        return [key, value];
      });
      const known = ["a", "b", "c"].flatMap((key) => {
        const value = records.get("name", key);
        return value === undefined ? [] : [[key, value]];
      });
      assertEquals(stored.toSorted(), known);
    }),
    propertyOptions(300),
  ));

function write(expectedVersion: number, value: unknown) {
  return { kind: "name", key: "ann", expectedVersion, value };
}
