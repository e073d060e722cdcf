/** Which of several tabs makes itself heard. */
import { assertEquals } from "@std/assert";
import { mayBeHeard, Tabs } from "../../src/web/tabs.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("tabs");

test("none is heard for a place that one of them looks at, and else the one that is looked at", () => {
  const rows: [own: string | undefined, lookedAt: string[], heard: boolean][] =
    [
      [undefined, [], true],
      [undefined, ["dev"], false],
      [undefined, ["@ann"], false],
      ["dev", ["dev"], true],
      ["@ann", ["@ann"], false],
      ["dev", ["dev", "@ann"], false],
    ];
  for (const [own, lookedAt, heard] of rows) {
    assertEquals(mayBeHeard("@ann", own, lookedAt), heard, `${own}`);
  }
});

test("without locks a tab is alone", async () => {
  const tabs = new Tabs(undefined);
  assertEquals(await tabs.mayBeHeard("dev", 1), true);
  tabs.look("dev");
  assertEquals(await tabs.mayBeHeard("dev", 2), false);
  assertEquals(await tabs.mayBeHeard("@ann", 2), true);
});

test("where the browser fails to say, none is heard", async () => {
  const broken = () => Promise.reject(new Error("none"));
  const tabs = new Tabs({ query: broken, request: broken });
  tabs.look("dev");
  assertEquals(await tabs.mayBeHeard("@ann", 1), false);
});
