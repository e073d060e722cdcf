/** What the commands of talking cost others. */
import { assertEquals } from "@std/assert";
import { costOf } from "../../src/chat/cost.ts";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";

const test = testsOf("commands of talking");

test("tell the others that somebody is away once, not each time that it is said", async () => {
  const scene = new Scene();
  const ann = await scene.guest("ann");
  await scene.guest("bob");
  const told: number[] = [];
  for (const args of ["", "lunch", "lunch", "tea", "", ""]) {
    ann.put({ type: "command", name: "away", args });
    const { effects } = await scene.turn();
    told.push(effects.filter(({ kind }) => kind === "tell").length);
  }
  assertEquals(told, [0, 1, 0, 1, 1, 0]);
});

test("cost more where everyone in every room hears of it", () => {
  assertEquals(costOf({ type: "command", name: "away" }), {
    tokens: 5,
    isRequest: false,
  });
});
