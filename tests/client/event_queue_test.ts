import { assert, assertEquals } from "@std/assert";
import { EventQueue } from "../../src/client/event_queue.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("event queue");

test("hands out what was pushed, in order, and waits for more", async () => {
  const queue = new EventQueue<number>({ events: 10, bytes: 1_000 });
  queue.push(1);
  queue.push(2);
  assertEquals(await queue.next(), { done: false, value: 1 });
  assertEquals(await queue.next(), { done: false, value: 2 });
  const next = queue.next();
  queue.push(3);
  assertEquals(await next, { done: false, value: 3 });
});

test("hands out what is there after its end, and takes no more", async () => {
  const queue = new EventQueue<number>({ events: 10, bytes: 1_000 });
  queue.push(1);
  queue.end();
  queue.push(2);
  const all: number[] = [];
  for await (const one of queue) all.push(one);
  assertEquals(all, [1]);
});

test("calls back in the place among events, when the reader is done with those before", async () => {
  const queue = new EventQueue<number>({ events: 10, bytes: 1_000 });
  const seen: (number | string)[] = [];
  queue.push(1);
  queue.whenTaken(() => seen.push("after 1"));
  queue.push(2);
  queue.whenTaken(() => seen.push("after 2"));
  queue.end();
  for await (const one of queue) {
    await eventLoopTurn();
    seen.push(one);
  }
  queue.whenTaken(() => seen.push("after the end"));
  assertEquals(seen, [1, "after 1", 2, "after 2", "after the end"]);
});

test("calls back all who wait when its reader ends it", async () => {
  const queue = new EventQueue<number>({ events: 10, bytes: 1_000 });
  let isCalled = false;
  queue.push(1);
  queue.whenTaken(() => isCalled = true);
  await queue.return();
  assert(isCalled);
});

test("has its writer wait while it is full, and while that may be", async () => {
  const queue = new EventQueue<number>({ events: 2, bytes: 1_000 });
  let mayWait = true;
  const whenRoom = () => queue.whenRoom(() => mayWait);
  queue.push(1);
  await whenRoom();
  queue.push(2);
  let isWaiting = true;
  const room = whenRoom().then(() => isWaiting = false);
  await eventLoopTurn();
  assert(isWaiting);
  await queue.next();
  await room;
  queue.push(3);
  const excuse = whenRoom();
  mayWait = false;
  queue.wake();
  await excuse;
  await whenRoom();
  assertEquals(queue.length, 2);
});

test("has nobody wait when its reader ends it", async () => {
  const queue = new EventQueue<number>({ events: 1, bytes: 1_000 });
  queue.push(1);
  const room = queue.whenRoom(() => true);
  await queue.return();
  await room;
  assertEquals(await queue.next(), { done: true, value: undefined });
});

test("is full when what it has came as many bytes, and not when that is taken", async () => {
  const queue = new EventQueue<number>({ events: 10, bytes: 100 });
  queue.push(1, 99);
  await queue.whenRoom(() => true);
  queue.push(2, 1);
  let hasRoom = false;
  const waiting = queue.whenRoom(() => true).then(() => hasRoom = true);
  await eventLoopTurn();
  assertEquals([queue.bytes, hasRoom], [100, false]);
  await queue.next();
  await waiting;
  assertEquals(queue.bytes, 1);
  await queue.next();
  assertEquals(queue.bytes, 0);
});
