import { assertEquals } from "@std/assert";
import {
  type PlaceNews,
  promptParts,
  type PromptState,
} from "../../../src/terminal/screen/prompt_line.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("prompt");

/** `3:@bob 2!` as the prompt has it. */
function newsOf(...texts: readonly string[]): PlaceNews[] {
  return texts.map((text) => {
    const [, number, name, unread, mark] = /^(\d+):(.*) (\d+)(!?)$/.exec(text)!;
    return {
      number: Number(number),
      name: name!,
      unread: Number(unread),
      isCalling: mark === "!",
    };
  });
}

function shown(state: Partial<PromptState>, columns: number): string {
  const whole = { place: "dev", marks: [], news: [], ...state };
  const { news, place } = promptParts(whole, columns);
  return `${news}${news === "" ? "" : " "}${place} › `;
}

/** Fourteen rooms, all with something new, and two conversations. */
const MANY = newsOf(
  "1:lobby 12",
  "3:ops 5!",
  "4:ops-eu 1",
  "5:release 31",
  "6:design 2",
  "7:lunch 9",
  "8:random 100",
  "9:help 1",
  "10:infra 4",
  "11:sec 1",
  "12:board 7",
  "13:books 3!",
  "14:games 1",
  "15:@bob 2!",
  "16:@cy 1!",
);

test("says where one's words go, and how that place is", () => {
  const rows: [Partial<PromptState>, string][] = [
    [{}, "dev › "],
    [{ place: "@bob" }, "@bob › "],
    [{ marks: ["(offline)"] }, "dev (offline) › "],
    [{ marks: ["(kicked)"] }, "dev (kicked) › "],
    [{ marks: ["(lag 4 s)", "(away)"] }, "dev (lag 4 s) (away) › "],
    [{ news: newsOf("3:@bob 2!") }, "[3:@bob 2!] dev › "],
    [{ news: newsOf("2:ops 3"), marks: ["(away)"] }, "[2:ops 3] dev (away) › "],
  ];
  for (const [state, text] of rows) assertEquals(shown(state, 80), text);
});

test("names those with private news, then mentions, as many as half the window allows", () => {
  const rows: [number, string][] = [
    [
      160,
      "[15:@bob 2! 16:@cy 1! 3:ops 5! 13:books 3! 1:lobby 12 4:ops-eu 1 +9] dev › ",
    ],
    [80, "[15:@bob 2! 16:@cy 1! +13!] dev › "],
    [60, "[15:@bob 2! +14!] dev › "],
    [40, "[+15!] dev › "],
    [24, "dev › "],
  ];
  for (const [columns, text] of rows) {
    assertEquals(shown({ news: MANY }, columns), text);
  }
});

test("says of those that are just counted whether one calls", () => {
  const news = newsOf("2:ops 1", "3:design 44", "4:a-room-with-a-long-name 1");
  assertEquals(shown({ news }, 62), "[2:ops 1 3:design 44 +1] dev › ");
  assertEquals(shown({ news }, 40), "[2:ops 1 +2] dev › ");
  assertEquals(
    shown({ news: newsOf("4:a-room-with-a-long-name 1") }, 60),
    "[4:a-room-with… 1] dev › ",
  );
});

test("in a narrow window the place is what stays, and then its beginning", () => {
  const state = {
    place: "release-planning",
    marks: ["(offline)", "(away)"],
    news: newsOf("2:ops 3!"),
  };
  const rows: [number, string][] = [
    [120, "[2:ops 3!] release-planning (offline) (away) › "],
    [80, "release-planning (offline) (away) › "],
    [60, "release-planning (offline) › "],
    [40, "release-planning… › "],
    [20, "releas… › "],
    [4, " › "],
  ];
  for (const [columns, text] of rows) assertEquals(shown(state, columns), text);
});

test("wide characters count by their cells", () => {
  const place = "会議室の部屋";
  assertEquals(shown({ place }, 80), "会議室の部屋 › ");
  assertEquals(shown({ place }, 20), "会議室… › ");
  const news = newsOf("2:会議室の部屋です 3");
  assertEquals(shown({ place, news }, 80), "[2:会議室の部… 3] 会議室の部屋 › ");
});
