import { assertEquals } from "@std/assert";
import { calledAs, withCommandsAs } from "../../src/cli/called.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("called");

function called(variables: Record<string, string>): string {
  return calledAs((name) => variables[name], "2.9.6");
}

test("an executable is called by its name, a task by the words that run it", () => {
  const task = "deno task -q confab";
  assertEquals(called({}), "confab");
  assertEquals(called({ npm_command: "exec" }), "confab");
  assertEquals(called({ CONFAB_CALLED: task }), task);
  assertEquals(
    called({ CONFAB_CALLED: task, npm_command: "exec" }),
    "npx -y deno@2.9.6 task -q confab",
  );
});

test("messages name commands as they are typed", () => {
  const shown = (text: string) => withCommandsAs("deno task -q confab", text);
  assertEquals(
    shown("only if it is right: confab forget chat.example (see confab help)"),
    "only if it is right: deno task -q confab forget chat.example (see deno task -q confab help)",
  );
  for (
    const text of [
      "confab: cannot read it",
      "confab 0.1.0 listening on 127.0.0.1:5000",
      "the data of confab is there",
      "an old-confab joined",
    ]
  ) assertEquals(shown(text), text);
});
