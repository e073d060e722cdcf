import { assertEquals } from "@std/assert";
import {
  cellsOfText,
  clustersOf,
  fitText,
  mostCells,
} from "../../../src/terminal/screen/cells.ts";
import { type Layout, layOut } from "../../../src/terminal/screen/layout.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("layout");

function lay(
  text: string,
  cursor: number,
  columns: number,
  maxRows = 100,
): Layout {
  const prompt = { text: "> ", cells: 2 };
  return layOut({
    prompt,
    clusters: clustersOf(text),
    cursor,
    columns,
    maxRows,
  });
}

function rowsOf(layout: Layout): string[] {
  return layout.rows.map(({ text }) => text);
}

test("a cluster takes the most cells that a terminal may give it", () => {
  assertEquals(mostCells("a"), 1);
  assertEquals(mostCells("日"), 2);
  assertEquals(mostCells("e\u0301"), 1);
  assertEquals(mostCells("❤️"), 2);
  // Four people of two cells, where the joiners join nothing.
  assertEquals(mostCells("👨‍👩‍👧‍👦"), 8);
});

test("a text that is too long is cut between clusters", () => {
  assertEquals(fitText("hello", 5), "hello");
  assertEquals(fitText("hello!", 5), "hell…");
  assertEquals(fitText("日本語", 5), "日本…");
  assertEquals(fitText("日本語", 4), "日…");
  assertEquals(cellsOfText(fitText("x👨‍👩‍👧‍👦", 3)), 2);
});

test("a short text is one row, the cursor where it was put", () => {
  const layout = lay("hello", 2, 20);
  assertEquals(rowsOf(layout), ["> hello"]);
  assertEquals(layout.cursor, { row: 0, before: "> he", cells: 4 });
});

test("a text goes on in the next row, and the cursor with it", () => {
  const layout = lay("abcdefgh", 6, 6);
  assertEquals(rowsOf(layout), ["> abcd", "efgh"]);
  assertEquals(layout.cursor, { row: 1, before: "ef", cells: 2 });
});

test("the end of a full row has its cursor in the next", () => {
  const layout = lay("abcd", 4, 6);
  assertEquals(rowsOf(layout), ["> abcd", ""]);
  assertEquals(layout.cursor, { row: 1, before: "", cells: 0 });
  // Within the text the next character takes the cursor along.
  assertEquals(lay("abcdef", 4, 6).cursor, { row: 1, before: "", cells: 0 });
});

test("what is wide is never divided by the margin", () => {
  assertEquals(rowsOf(lay("abc日本", 0, 6)), ["> abc", "日本"]);
  const layout = lay("abc日", 3, 6);
  assertEquals(layout.cursor, { row: 1, before: "", cells: 0 });
});

test("what is wider than the window is shown in its parts", () => {
  assertEquals(rowsOf(lay("👨‍👩‍👧", 0, 5)), ["> ", "👨‍👩‍", "👧"]);
});

test("line feeds and tabs have their place", () => {
  const layout = lay("a\n\tb\n", 5, 20);
  assertEquals(rowsOf(layout), ["> a", "    b", ""]);
  assertEquals(layout.cursor, { row: 2, before: "", cells: 0 });
  assertEquals(lay("a\nb", 1, 20).cursor, { row: 0, before: "> a", cells: 3 });
});

test("of too many rows those around the cursor are shown", () => {
  const text = "1\n2\n3\n4\n5";
  assertEquals(rowsOf(lay(text, 9, 20, 2)), ["4", "5"]);
  const middle = lay(text, 4, 20, 2);
  assertEquals(rowsOf(middle), ["2", "3"]);
  assertEquals(middle.cursor.row, 1);
  assertEquals(rowsOf(lay(text, 0, 20, 3)), ["> 1", "2", "3"]);
});
