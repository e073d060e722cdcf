import { assertEquals } from "@std/assert";
import { complete } from "../../../src/terminal/input/completion.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("completion");

let wanted = 0;
const KNOWN = {
  commands: [
    { name: "join", args: "ROOM" },
    { name: "kick", args: "NAME [WHY]" },
    { name: "block", args: "[NAME]" },
    { name: "ignore", args: "[NAME or SHA256:…]" },
    { name: "name", args: "NAME" },
    { name: "topic", args: "[TEXT]" },
    { name: "help", args: "[COMMAND]" },
    { name: "go", args: "[NAME or NUMBER]" },
    { name: "reply", aliases: ["r"], args: "TEXT" },
    { name: "msg", aliases: ["tell"], args: "NAME TEXT" },
  ],
  people: ["bob", "Bea", "ann"],
  places: ["@bob", "ops", "dev", "ops-eu"],
  rooms: () => {
    wanted++;
    return ["dev", "ops", "ops-eu"];
  },
};

function offered(before: string): readonly string[] {
  return complete(before, KNOWN).candidates;
}

test("an argument is completed as the command's line of help says", () => {
  const rows: [string, string[]][] = [
    ["/kick b", ["Bea ", "bob "]],
    ["/kick @b", ["@Bea ", "@bob "]],
    ["/kick ", ["ann ", "Bea ", "bob "]],
    ["/block B", ["Bea ", "bob "]],
    ["/ignore a", ["ann "]],
    ["/tell an", ["ann "]],
    ["/join o", ["ops ", "ops-eu "]],
    ["/join #o", ["#ops ", "#ops-eu "]],
    ["/join +#d", ["+#dev "]],
    ["/help k", ["kick "]],
    ["/name b", []],
    // Text may name people, but not for nothing.
    ["/kick bob b", ["Bea ", "bob "]],
    ["/kick bob ", []],
    ["/topic b", ["Bea ", "bob "]],
    ["/topic ", []],
  ];
  for (const [before, candidates] of rows) {
    assertEquals(offered(before), candidates, before);
  }
});

test("/go offers one's own places in their order, rooms alone behind a #", () => {
  assertEquals(offered("/go "), ["@bob ", "ops ", "dev ", "ops-eu "]);
  assertEquals(offered("/go b"), ["@bob "]);
  assertEquals(offered("/go @"), ["@bob "]);
  assertEquals(offered("/go #"), ["#ops ", "#dev ", "#ops-eu "]);
  assertEquals(offered("/go OP"), ["ops ", "ops-eu "]);
});

test("another name of a command is offered where no first one begins so", () => {
  assertEquals(offered("/r"), ["/reply "]);
  assertEquals(offered("/te"), ["/tell "]);
});

test("the rooms are wanted for a room, and for nothing else", () => {
  wanted = 0;
  for (const before of ["/kick b", "/go o", "/help j", "hi b", "/topic x"]) {
    offered(before);
  }
  assertEquals(wanted, 0);
  offered("/join d");
  assertEquals(wanted, 1);
});
