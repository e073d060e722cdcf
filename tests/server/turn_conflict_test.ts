/** Turns that meet what others wrote: they go on from there, and nothing is refused for it. */
import { assertEquals } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { CommitConflict, type Entry } from "../../src/store/store.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { ANN, type Peer, range, seqsOf, withTwo, World } from "./_world.ts";

const test = testsOf("turn");
const EVE = "SHA256:eve";

/** What a person somewhere else said in a room. */
function foreign(room: string, first: number, last: number): Entry[] {
  return range(first, last).map((seq) => ({
    room,
    seq,
    at: seq,
    from: "eve",
    person: EVE,
    kind: "text",
    body: `foreign ${seq}`,
    id: `eve ${seq}`,
  }));
}

/** Another writer appends to a room. */
async function append(world: World, entries: Entry[]): Promise<void> {
  const { room, seq } = entries[0]!;
  await world.store.commit({
    appends: [{ room, expectedHead: seq - 1, entries }],
    writes: [],
  });
}

/** What somebody heard, in short and in its order. */
function heard(peer: Peer): string[] {
  return peer.take().flatMap((message) => {
    if (message.type === "ack") return [`ack ${message.room} ${message.seq}`];
    if (message.type === "error") return [message.code];
    return message.type === "chat"
      ? [`${message.room} ${message.seq} ${message.txt}`]
      : [];
  });
}

test("that meets what others wrote goes on from there: all of it is stored and heard, in order", async () => {
  const [world, ann, bob] = await withTwo();
  await append(world, foreign("lobby", 1, 2));
  ann.command("join", "+den");
  ann.say("one", { id: "1", room: "lobby" });
  ann.say("elsewhere", { id: "2", room: "den" });
  bob.say("two", { id: "3" });
  await world.settled();
  assertEquals(heard(ann), [
    "lobby 1 foreign 1",
    "lobby 2 foreign 2",
    "ack lobby 3",
    "ack den 1",
    "lobby 4 two",
  ]);
  assertEquals(heard(bob), [
    "lobby 1 foreign 1",
    "lobby 2 foreign 2",
    "lobby 3 one",
    "ack lobby 4",
  ]);
  assertEquals(world.reports, []);
  // The next turn knows.
  world.store.commits.length = 0;
  bob.say("three", { id: "4" });
  await world.settled();
  assertEquals(heard(bob), ["ack lobby 5"]);
  assertEquals(world.store.commits.length, 1);
});

test("that meets more than is read at once leaves nothing out", async () => {
  const [world, ann, bob] = await withTwo();
  await append(world, foreign("lobby", 1, 500));
  ann.say("after all that", { id: "1" });
  await world.settled();
  assertEquals(seqsOf(bob.take()), range(1, 501));
  const acks = ann.takeOf("ack").map(({ seq }) => seq);
  assertEquals(acks, [501]);
});

test("that meets another record is judged by that one", async () => {
  const [world, ann, bob] = await withTwo();
  const { store } = world;
  await store.commit({
    appends: [],
    writes: [
      {
        kind: "name",
        key: "zoe",
        expectedVersion: 0,
        value: { person: EVE, name: "zoe" },
      },
      {
        kind: "person",
        key: EVE,
        expectedVersion: 0,
        value: { name: "zoe", usedAt: world.clock.wall() },
      },
    ],
  });
  ann.command("name", "zoe", "1");
  bob.say("not touched by that", { id: "2" });
  ann.say("who am I?", { id: "3" });
  await world.settled();
  assertEquals(heard(ann), [
    "name-taken",
    "lobby 1 not touched by that",
    "ack lobby 2",
  ]);
  assertEquals(heard(bob), ["ack lobby 1", "lobby 2 who am I?"]);
  assertEquals(world.reports, []);
});

test("takes a message that others wrote under the same id for the same", async () => {
  const [world, ann, bob] = await withTwo();
  const [entry] = foreign("lobby", 1, 1);
  const same = { ...entry!, person: ANN, from: "ann", body: "once", id: "1" };
  await append(world, [same]);
  ann.say("once", { id: "1" });
  await world.settled();
  assertEquals(heard(ann), ["lobby 1 once", "ack lobby 1"]);
  assertEquals(heard(bob), ["lobby 1 once"]);
  assertEquals(world.store.headOf("lobby"), 1);
});

test("that meets what others wrote a second time still knows what it met first", async () => {
  const [world, ann] = await withTwo();
  const [entry] = foreign("lobby", 1, 1);
  const same = { ...entry!, person: ANN, from: "ann", body: "once", id: "1" };
  await append(world, [same]);
  const other = foreign("den", 1, 1);
  world.delivery.foreign = () => {
    if (other.length > 0) void append(world, other.splice(0));
  };
  ann.command("join", "+den");
  ann.say("in the lobby", { id: "2", room: "lobby" });
  ann.say("in the den", { id: "3", room: "den" });
  await world.settled();
  ann.say("once", { id: "1", room: "lobby" });
  await world.settled();
  const acks = ann.takeOf("ack").map(({ id, room, seq }) => [id, room, seq]);
  assertEquals(acks, [["2", "lobby", 2], ["3", "den", 2], ["1", "lobby", 1]]);
});

test("that others keep from being stored without end is refused, and the next goes on", async () => {
  const [world, ann, bob] = await withTwo();
  const { store } = world;
  const commit = store.commit.bind(store);
  let tries = 0;
  store.commit = (wanted) => {
    tries++;
    const conflict = { heads: [{ room: "lobby", head: 0 }], records: [] };
    return Promise.reject(new CommitConflict(conflict, wanted));
  };
  ann.say("lost", { id: "1" });
  await world.settled();
  assertEquals(heard(ann), ["not-stored"]);
  assertEquals(heard(bob), []);
  assertEquals(tries, 8);
  store.commit = commit;
  ann.say("again", { id: "1" });
  await world.settled();
  assertEquals(heard(ann), ["ack lobby 1"]);
  assertEquals(world.reports.map(({ what }) => what), [
    "not stored",
    "stores again",
  ]);
});

test("delivers what others wrote when the journal says so, and its own once", async () => {
  const [world, ann, bob] = await withTwo();
  const following = world.follow();
  await append(world, foreign("lobby", 1, 1));
  await eventLoopTurn();
  await world.settled();
  assertEquals(heard(bob), ["lobby 1 foreign 1"]);
  ann.say("mine", { id: "1" });
  await world.settled();
  assertEquals(heard(bob), ["lobby 2 mine"]);
  assertEquals(heard(ann), ["lobby 1 foreign 1", "ack lobby 2"]);
  // The hub had learned of the head: nothing had to be tried twice.
  assertEquals(world.store.commits.length, 4);
  await following.stop();
});

test("that is not stored after it met what others wrote still knows their ids", async () => {
  const [world, ann, bob] = await withTwo();
  const [said] = foreign("lobby", 1, 1);
  await append(world, [{ ...said!, from: "ann", person: ANN, id: "x" }]);
  const { store } = world;
  const commit = store.commit.bind(store);
  let commits = 0;
  store.commit = (given) => {
    const isSecond = ++commits === 2;
    const error = new ConfabError("store", "the disk is full");
    return isSecond ? Promise.reject(error) : commit(given);
  };
  bob.say("one", { id: "1" });
  await world.settled();
  assertEquals(heard(bob), ["lobby 1 foreign 1", "not-stored"]);
  ann.say("foreign 1", { id: "x" });
  await world.settled();
  assertEquals(heard(ann), ["lobby 1 foreign 1", "ack lobby 1"]);
});

test("is over before what is followed meanwhile: who leaves in it does not hear that", async () => {
  const [world, ann, bob] = await withTwo();
  ann.command("leave");
  const entries = foreign("lobby", 1, 1);
  await append(world, entries);
  world.turns.followed(entries);
  await world.settled();
  assertEquals(heard(ann), []);
  assertEquals(heard(bob), ["lobby 1 foreign 1"]);
});
