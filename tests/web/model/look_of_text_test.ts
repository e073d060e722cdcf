import { assertEquals } from "@std/assert";
import {
  foldText,
  hueOf,
  isEmojiOnly,
} from "../../../src/web/model/look_of_text.ts";
import { dayName, dayOf } from "../../../src/web/model/day.ts";

Deno.test("a text of more than thirty lines shows twenty of them first", () => {
  const lines = Array.from({ length: 31 }, (_, at) => `line ${at + 1}`);
  assertEquals(foldText(lines.slice(0, 30).join("\n")), undefined);
  assertEquals(foldText(lines.join("\n")), {
    text: lines.slice(0, 20).join("\n"),
    lines: 31,
  });
  assertEquals(foldText("x".repeat(5_000)), undefined);
});

Deno.test("a few emoji alone are large, with words or digits they are not", () => {
  for (const text of ["🎉", "👍🏽 ❤️", "👩‍👩‍👧‍👦", "🇦🇹🇩🇪"]) {
    assertEquals(isEmojiOnly(text), true, text);
  }
  for (const text of ["", " ", "1", "#", "a 🎉", "🎉".repeat(9), "🎉\n🎉"]) {
    assertEquals(isEmojiOnly(text), false, text);
  }
});

Deno.test("a hue is one of ten and always the same", () => {
  const hues = Array.from({ length: 300 }, (_, at) => hueOf(`person ${at}`));
  assertEquals(new Set(hues).size, 10);
  assertEquals(hueOf("person 7"), hues[7]);
});

Deno.test("days are told by the local calendar", () => {
  const now = new Date(2026, 10, 21, 0, 30).getTime();
  const hour = 3_600_000;
  assertEquals(dayName(now, now), "Today");
  assertEquals(dayName(now - hour, now), "Yesterday");
  // Some calendars have a comma behind the day of the week.
  const longAgo = dayName(now - 25 * hour, now).replace(",", "");
  assertEquals(longAgo, "Thursday 19 November 2026");
  assertEquals(dayOf(now) === dayOf(now - hour), false);
});
