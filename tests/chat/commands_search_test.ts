/** What `/search` asks for. */
import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";

const test = testsOf("a search that is asked for");

test("is of words, and of what is before a seq where the first word says one", async () => {
  const ann = await new Scene().guest("ann");
  const asked = async (args: string) => {
    const answer = await ann.says(`/search ${args}`);
    if (answer.type !== "search") {
      return answer.type === "error" ? answer.code : answer.type;
    }
    return [answer.before, answer.query, answer.words.length];
  };
  assertEquals(await asked("tea  cups"), [undefined, "tea cups", 2]);
  assertEquals(await asked("before:17 tea cups"), [17, "tea cups", 2]);
  assertEquals(await asked("before:0 tea"), [0, "tea", 1]);
  assertEquals(await asked("tea before:17"), [undefined, "tea before:17", 2]);
  for (const word of ["before:", "before:x", "before:-1", "before:1.5"]) {
    assertEquals(await asked(`${word} tea`), [undefined, `${word} tea`, 2]);
  }
  const long = `before:${"9".repeat(16)}`;
  assertEquals(await asked(`${long} tea`), [undefined, `${long} tea`, 2]);
  assertEquals(await asked("before:17"), "bad-arguments");
  assertEquals(await asked("before:17 1 2 3 4 5 6 7 8"), [
    17,
    "1 2 3 4 5 6 7 8",
    8,
  ]);
  assertEquals(await asked("before:17 1 2 3 4 5 6 7 8 9"), "bad-arguments");
});
