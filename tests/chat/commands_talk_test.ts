/** What the commands of talking cost others. */
import { assertEquals } from "@std/assert";
import { costOf } from "../../src/chat/cost.ts";
import { Hub } from "../../src/chat/hub.ts";
import { FakeClock } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("commands of talking");

test("tell the others that somebody is away once, not each time that it is said", () => {
  const hub = new Hub({ server: "test", version: "1", clock: new FakeClock() });
  for (const id of [1, 2]) {
    hub.open(id, { address: "10.0.0.1" });
    hub.message(id, { type: "hello" });
  }
  hub.takeTurn();
  hub.settle();
  const away = (args: string): number => {
    hub.message(1, { type: "command", name: "away", args });
    const told = hub.takeTurn().effects.filter(({ kind }) => kind === "tell");
    hub.settle();
    return told.length;
  };
  assertEquals(["", "lunch", "lunch", "tea", "", ""].map(away), [
    0,
    1,
    0,
    1,
    1,
    0,
  ]);
});

test("cost more where everyone in every room hears of it", () => {
  assertEquals(costOf({ type: "command", name: "away" }), {
    tokens: 5,
    isRequest: false,
  });
});
