import { assertEquals, assertRejects } from "@std/assert";
import { memoryPair } from "./_memory_transport.ts";
import { collect, utf8 } from "./_chunks.ts";
import { testsOf } from "./_testing.ts";

const test = testsOf("memory transport");

test("carries chunks in order, both ways", async () => {
  const [near, far] = memoryPair();
  const [atNear, atFar] = [near, far].map((end) => end[Symbol.asyncIterator]());
  await near.write(utf8("a"));
  await near.write(utf8("b"));
  await far.write(utf8("c"));
  assertEquals((await atFar!.next()).value, utf8("a"));
  assertEquals((await atFar!.next()).value, utf8("b"));
  assertEquals((await atNear!.next()).value, utf8("c"));
  near.close();
});

test("brings what comes to one who waits for it already", async () => {
  const [near, far] = memoryPair();
  const reading = far[Symbol.asyncIterator]().next();
  await near.write(utf8("late"));
  assertEquals((await reading).value, utf8("late"));
  far.close();
});

test("takes a copy of what is written", async () => {
  const [near, far] = memoryPair();
  const bytes = utf8("before");
  await near.write(bytes);
  bytes.fill(0);
  near.close();
  assertEquals(await collect(far), utf8("before"));
});

test("brings no empty chunks", async () => {
  const [near, far] = memoryPair();
  await near.write(new Uint8Array(0));
  await near.write(utf8("x"));
  await near.closeWrite();
  const lengths: number[] = [];
  for await (const chunk of far) lengths.push(chunk.length);
  assertEquals(lengths, [1]);
});

test("ends one direction only when it is closed for writing", async () => {
  const [near, far] = memoryPair();
  await near.write(utf8("question"));
  await near.closeWrite();
  await near.closeWrite();
  assertEquals(await collect(far), utf8("question"));
  await assertRejects(() => near.write(utf8("more")), Error);
  await far.write(utf8("answer"));
  await far.closeWrite();
  assertEquals(await collect(near), utf8("answer"));
});

test("ends both directions when either end is closed, any number of times", async () => {
  for (const closer of [0, 1]) {
    const ends = memoryPair();
    const readings = ends.map((end) => end[Symbol.asyncIterator]().next());
    ends[closer]!.close();
    ends[closer]!.close();
    for (const reading of readings) assertEquals((await reading).done, true);
    for (const end of ends) {
      await assertRejects(() => end.write(utf8("x")), Error);
    }
    ends[1 - closer]!.close();
  }
});

test("hands out what came before the other end closed", async () => {
  const [near, far] = memoryPair();
  await near.write(utf8("last words"));
  near.close();
  assertEquals(await collect(far), utf8("last words"));
});

test("says of each end that it is of this machine", () => {
  const hosts = memoryPair().map((end) => end.peer.hostname);
  assertEquals(hosts, ["127.0.0.1", "127.0.0.1"]);
});
