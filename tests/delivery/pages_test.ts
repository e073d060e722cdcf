/** Journal entries as messages: kinds, one's own, and as many as fit a frame. */
import { assert, assertEquals } from "@std/assert";
import { entryMessage, readFound } from "../../src/delivery/pages.ts";
import type { Effect } from "../../src/chat/effects.ts";
import type { Entry } from "../../src/store/store.ts";
import {
  type Chat,
  encodeMessage,
  type Unknown,
} from "../../src/wire/server.ts";
import { testsOf } from "../_testing.ts";
import {
  CountingEncoder,
  type Member,
  Stage,
  take,
  takeQueued,
} from "./_stage.ts";

const test = testsOf("an entry");

const ENTRY: Entry = {
  room: "den",
  seq: 3,
  at: 7,
  from: "ann",
  person: "SHA256:ann",
  kind: "text",
  body: "hi",
  id: "m",
};
const SAID = { room: "Den", from: "ann", txt: "hi", seq: 3, at: 7 };
const TALK = "@ SHA256:ann SHA256:bob";

test("is a chat, or a private message where it is to somebody", () => {
  assertEquals(entryMessage(ENTRY, "Den"), { type: "chat", ...SAID });
  assertEquals(entryMessage({ ...ENTRY, kind: "action" }, "Den"), {
    type: "chat",
    ...SAID,
    action: true,
  });
  assertEquals(entryMessage({ ...ENTRY, room: TALK, to: "bob" }, "@bob"), {
    type: "private",
    from: "ann",
    to: "bob",
    txt: "hi",
    seq: 3,
    at: 7,
    key: "SHA256:ann",
  });
});

test("says its author's key where one cannot know it", () => {
  const { person: _, ...byGuest } = ENTRY;
  const keyOf = (entry: Entry, ...how: [string?, ("with-key")?]) => {
    const message = entryMessage(entry, "Den", ...how);
    return "key" in message ? message.key : undefined;
  };
  // As it is said to all in a small room; what is replayed; as it is said in a large one.
  assertEquals(keyOf(ENTRY), undefined);
  assertEquals(keyOf(ENTRY, "SHA256:bob"), "SHA256:ann");
  assertEquals(keyOf(ENTRY, undefined, "with-key"), "SHA256:ann");
  assertEquals(keyOf({ ...ENTRY, to: "bob" }), "SHA256:ann");
  assertEquals(keyOf(byGuest, "SHA256:bob"), undefined);
  assertEquals(keyOf(byGuest, undefined, "with-key"), undefined);
});

test("says the key live in a large room, when it is fed, and when others wrote it", async () => {
  const stage = await Stage.open();
  const ann = await stage.join("ann");
  const bob = await stage.join("bob");
  const keys = () =>
    takeQueued(bob).map(({ message }) =>
      message.type === "chat" ? message.key : message.type
    );
  await stage.turn(stage.say(ann, "small"));
  assertEquals(keys(), [undefined]);
  const said = stage.say(ann, "large");
  await stage.turn({ ...said, isLarge: true } as Effect);
  assertEquals(keys(), ["ann"]);
  stage.delivery.follow(await stage.write("den", 1, { person: "zed" }));
  assertEquals(keys(), ["zed"]);
  bob.sink.isSlow = true;
  const texts = Array.from({ length: 100 }, () => "x".repeat(4_000));
  for (const text of texts) await stage.turn(stage.say(ann, text));
  while (bob.sink.queuedBytes > 0) {
    bob.sink.flush();
    bob.sink.read(20_000);
    await stage.turn();
  }
  // Live until it was behind, then fed.
  const [live, fed] = [undefined, "ann"];
  const heard = keys();
  assertEquals([heard[0], heard.at(-1), heard.length], [live, fed, 100]);
});

test("carries its id for its author, and for nobody else", () => {
  const idFor = (reader?: string, entry = ENTRY) => {
    const message = entryMessage(entry, "Den", reader);
    return "id" in message ? message.id : undefined;
  };
  assertEquals(idFor("SHA256:ann"), "m");
  assertEquals([idFor("SHA256:bob"), idFor()], [undefined, undefined]);
  const { person: _, ...byGuest } = ENTRY;
  assertEquals(idFor("SHA256:ann", byGuest), undefined);
});

test("of another kind is that kind and its place alone, whatever its body is", () => {
  const entry = { ...ENTRY, kind: "sealed", body: "\u0000secret" };
  const expected = { type: "sealed", room: "Den", seq: 3, at: 7 };
  assertEquals<unknown>(entryMessage(entry, "Den", "SHA256:ann"), expected);
});

test("of another kind keeps its seq live, in history and when it is fed", async () => {
  const stage = await Stage.open();
  const [ann, bob] = [await stage.join("ann"), await stage.join("bob")];
  const cid = stage.connect("cid");
  await stage.turn(
    stage.say(ann, "one"),
    stage.say(ann, "secret", { kind: "sealed", id: "s" }),
    stage.say(ann, "three"),
    stage.enter(cid),
    stage.enter(stage.connect("dan"), "den", { kind: "live", head: 0 }),
  );
  assertEquals(take(ann), ["ack 2"]);
  const sealed: Unknown = { type: "unknown", room: "den", seq: 2 };
  const messages = takeQueued(bob).map(({ message }) => message);
  assertEquals(messages.length, 3);
  assertEquals(messages[1], sealed);
  assertEquals(take(cid), ["history 1-3"]);
});

test("of another kind names a conversation as each reader does", async () => {
  const stage = await Stage.open();
  const shared = new CountingEncoder();
  const [ann, other, bob] = [
    stage.connect("ann", { shared }),
    stage.connect("ann", { shared }),
    stage.connect("bob", { shared }),
  ];
  const enter = ({ id: connection, person }: Member, name: string): Effect => {
    const start = { kind: "live", head: 0 } as const;
    const place = { room: TALK, name, start, first: [] };
    return { kind: "enter", connection, person, ...place };
  };
  await stage.turn(
    enter(ann, "@bob"),
    enter(other, "@bob"),
    enter(bob, "@ann"),
  );
  const more = { room: TALK, to: "bob" };
  await stage.turn(
    stage.say(ann, "one", more),
    stage.say(ann, "secret", { ...more, kind: "sealed", id: "s" }),
    stage.say(bob, "three", { ...more, to: "ann" }),
  );
  const seen = [ann, other, bob].map((member) =>
    takeQueued(member).map(({ message }) =>
      message.type === "unknown" ? message.room : message.type
    )
  );
  assertEquals(seen, [
    ["ack", "private"],
    ["private", "@bob", "private"],
    ["private", "@ann"],
  ]);
  assertEquals(stage.caughtUp, []);
});

/** One place is asked for, or several. */
const unwanted = () => Promise.reject(new Error("not asked for"));

test("of a search in all are each of its room, and so is where it goes on", async () => {
  const entry = (room: string, seq: number): Entry => ({ ...ENTRY, room, seq });
  const asked: unknown[] = [];
  const journal = {
    search: unwanted,
    searchAll: (...all: unknown[]) => {
      asked.push(all);
      const entries = [entry("den", 3), entry("ops", 9)];
      const searched = { room: "ops", seq: 7, at: 5 };
      return Promise.resolve({ entries, more: false, tookMs: 0, searched });
    },
  };
  const { message } = await readFound(journal, "x", {
    room: "*",
    name: "*",
    where: "all",
    words: ["a"],
    query: "a",
    limit: 9,
    before: 4,
    beforeRoom: "den",
    places: new Map([["den", "Den"], ["ops", "Ops"]]),
  });
  assertEquals(message as unknown, {
    type: "found",
    room: "*",
    where: "all",
    query: "a",
    messages: [
      entryMessage(entry("den", 3), "Den", "x"),
      entryMessage(entry("ops", 9), "Ops", "x"),
    ],
    searched: { seq: 7, at: 5, room: "Ops" },
  });
  const before = { room: "den", seq: 4 };
  assertEquals(asked, [[["den", "ops"], ["a"], 9, { before }]]);
});

test("of a search come with where it goes on", async () => {
  const request = { room: "den", name: "Den", words: [], query: "a", limit: 9 };
  const found = async (
    more: boolean,
    searched?: { seq: number; at: number },
  ) => {
    const journal = {
      search: () =>
        Promise.resolve({
          ...{ entries: [ENTRY], more, tookMs: 7 },
          ...(searched ? { searched } : {}),
        }),
      searchAll: unwanted,
    };
    const { message, tookMs } = await readFound(journal, "x", {
      ...request,
      id: "7",
    });
    assertEquals(tookMs, 7);
    return message as unknown;
  };
  const messages = [entryMessage(ENTRY, "Den", "x")];
  const told = { type: "found", room: "Den", query: "a", messages, id: "7" };
  assertEquals(await found(false), told);
  const searched = { seq: 2, at: 5 };
  assertEquals(await found(false, searched), { ...told, searched });
  assertEquals(await found(true, searched), { ...told, searched, more: true });
});

test("of a search is among the last that fit a frame, however long the query is", async () => {
  const body = "\u{1f600}".repeat(4_000);
  const entries = Array.from(
    { length: 5 },
    (_, at): Entry => ({ ...ENTRY, seq: at + 1, body }),
  );
  const journal = {
    search: () => Promise.resolve({ entries, more: false, tookMs: 0 }),
    searchAll: unwanted,
  };
  const found = async (query: string) => {
    const request = { room: "den", name: "Den", words: [], limit: 9 };
    const { message } = await readFound(journal, "x", { ...request, query });
    assert(message.type === "found" && encodeMessage(message).length > 0);
    // It goes on before the first that it has.
    const [first] = message.messages as Chat[];
    assertEquals(message.searched, { seq: first!.seq, at: first!.at });
    assertEquals(message.more, true);
    return message.messages.map(({ seq }) => seq);
  };
  assertEquals(await found("\u{1f600}"), [3, 4, 5]);
  assertEquals(await found("\u{1f600}".repeat(2_000)), [4, 5]);
});
