import { assertEquals } from "@std/assert";
import { Views } from "../../../src/terminal/model/views.ts";

Deno.test("views: whoever changes names without end closes no place where something is being typed", () => {
  const views = new Views(() => undefined);
  views.current = views.open("lobby");
  views.open("@bob").draft = "half a sentence";
  for (let n = 0; n < 500; n++) views.open(`@eve${n}`);
  assertEquals(views.all.length, 200);
  assertEquals(views.all.slice(0, 3).map(({ name }) => name), [
    "lobby",
    "@bob",
    "@eve302",
  ]);
});
