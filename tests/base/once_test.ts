import { assertEquals } from "@std/assert";
import { Once } from "../../src/base/once.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("once");

test("is waited for by any number, until it happens", async () => {
  const once = new Once();
  const woken: string[] = [];
  once.happened().then(() => woken.push("ann"));
  once.happened().then(() => woken.push("ben"));
  await eventLoopTurn();
  assertEquals(woken, []);
  once.happen();
  await eventLoopTurn();
  assertEquals(woken, ["ann", "ben"]);
});

test("is not waited for once it has happened, however often it does", async () => {
  const once = new Once();
  once.happen();
  once.happen();
  let isWoken = false;
  once.happened().then(() => isWoken = true);
  await eventLoopTurn();
  assertEquals(isWoken, true);
});
