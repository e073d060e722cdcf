import { assertEquals } from "@std/assert";
import { minuteText, secondText } from "../../src/base/time.ts";

const AT = Date.UTC(2026, 10, 28, 12, 3, 59, 987);

Deno.test("time: is written to the minute for people, and to the second for files, cut and not rounded", () => {
  assertEquals(minuteText(AT), "2026-11-28 12:03 UTC");
  assertEquals(secondText(new Date(AT)), "2026-11-28T12:03:59Z");
});
