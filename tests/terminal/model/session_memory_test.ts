import { assertEquals } from "@std/assert";
import {
  helloOf,
  NOWHERE,
  readSession,
  type SessionChange,
  withChange,
} from "../../../src/terminal/model/session_memory.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("where one was", "none");

function change(fields: Partial<SessionChange>): SessionChange {
  return {
    ...{ open: [], closed: new Set<string>(), drafts: new Map() },
    ...{ current: undefined, lastPrivate: undefined },
    ...fields,
  };
}

test("a program adds what it has open, and takes away only what it has closed itself", () => {
  const first = withChange(
    NOWHERE,
    change({
      open: ["lobby", "Dev", "@bob"],
      drafts: new Map([["dev", "half"]]),
      current: "Dev",
    }),
  );
  // Another, that has never been in Dev, is in ops and has left the lobby.
  const second = withChange(
    first,
    change({ open: ["ops"], closed: new Set(["lobby"]), current: "ops" }),
  );
  assertEquals(second, {
    places: [{ name: "ops" }, { name: "Dev", draft: "half" }, { name: "@bob" }],
    current: "ops",
  });
  // The first still has the lobby open, and has sent what was typed in Dev.
  const third = withChange(
    second,
    change({ open: ["lobby", "Dev", "@bob"], drafts: new Map([["dev", ""]]) }),
  );
  assertEquals(third, {
    places: [
      { name: "lobby" },
      { name: "Dev" },
      { name: "@bob" },
      { name: "ops" },
    ],
    current: "ops",
  });
});

test("the first hello enters the rooms, the last one shown is current", () => {
  const places = ["lobby", "@bob", "ops"].map((name) => ({ name }));
  const rooms = ["lobby", "ops"];
  assertEquals(helloOf(NOWHERE), {});
  assertEquals(helloOf({ places, current: "ops" }), { room: "ops", rooms });
  assertEquals(helloOf({ places, current: "@bob" }), { room: "lobby", rooms });
  // Who has left all rooms is in none.
  assertEquals(helloOf({ places: [{ name: "@bob" }] }), {
    room: "",
    rooms: [],
  });
});

test("no more comes back than the wire and the file hold", () => {
  const names = (count: number, sign: string) =>
    Array.from({ length: count }, (_, n) => `${sign}${n}`);
  const open = [...names(130, "r"), ...names(60, "@p"), "x".repeat(257)];
  const drafts = new Map([["r0", "x".repeat(65_536)], ["r1", "y"]]);
  const { places } = withChange(NOWHERE, change({ open, drafts }));
  assertEquals(
    [places.length, places[127]!.name, places[128]!.name],
    [178, "r127", "@p10"],
  );
  assertEquals([places[0]!.draft?.length, places[1]!.draft], [
    65_536,
    undefined,
  ]);
});

test("a file that is damaged gives what is whole of it", () => {
  const places = [{ name: "a", draft: 1 }, 7, { name: "" }, { name: "b" }];
  const lastPrivate = { name: "bob", key: 5, seq: -0.5, at: "x" };
  assertEquals(readSession({ places, current: 3, lastPrivate }), {
    places: [{ name: "a" }, { name: "b" }],
    lastPrivate: { name: "bob", seq: 0, at: 0 },
  });
  assertEquals(readSession("no"), { places: [] });
});
