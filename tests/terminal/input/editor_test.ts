import { assertEquals } from "@std/assert";
import { edit } from "../../../src/terminal/input/bindings.ts";
import {
  Editor,
  INPUT_MAX_CODE_POINTS,
} from "../../../src/terminal/input/editor.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("editor");

/** An editor whose cursor stands at the `|`. */
function editing(text: string): Editor {
  const editor = new Editor();
  const at = text.indexOf("|");
  editor.set(text.replace("|", ""), text.slice(0, at));
  return editor;
}

/** The text with the cursor shown, after keys. */
function after(text: string, ...keys: string[]): string {
  const editor = editing(text);
  for (const key of keys) edit(editor, key);
  return shown(editor);
}

function shown(editor: Editor): string {
  return `${editor.before}|${editor.text.slice(editor.before.length)}`;
}

test("moves by characters, words and lines", () => {
  assertEquals(after("ab|c", "left"), "a|bc");
  assertEquals(after("ab|c", "right", "right"), "abc|");
  assertEquals(after("one two-three|", "alt+b"), "one two-|three");
  assertEquals(after("one| two, three", "alt+f"), "one two|, three");
  assertEquals(after("one\ntw|o", "ctrl+a"), "one\n|two");
  assertEquals(after("on|e\ntwo", "ctrl+e"), "one|\ntwo");
  assertEquals(after("one\ntw|o", "alt+<"), "|one\ntwo");
});

test("moves over what a person takes for one character", () => {
  assertEquals(after("x👨‍👩‍👧‍👦|", "left"), "x|👨‍👩‍👧‍👦");
  assertEquals(after("xq\u0301|", "backspace"), "x|");
  assertEquals(after("|🇩🇪x", "delete"), "|x");
});

test("what joins its neighbour takes the cursor along", () => {
  const editor = editing("👨|👧");
  editor.insert("\u200d");
  assertEquals(shown(editor), "👨\u200d👧|");
});

test("kills and yanks", () => {
  assertEquals(
    after("one two| three", "ctrl+k", "ctrl+y"),
    "one two three|",
  );
  assertEquals(after("one two| three", "ctrl+u"), "| three");
  assertEquals(after("one two/x|", "ctrl+w"), "one |");
  assertEquals(after("one two/x|", "alt+backspace"), "one two/|");
  assertEquals(after("|one two", "alt+d"), "| two");
  assertEquals(after("a|\nb", "ctrl+k"), "a|b");
});

test("kills in a row are one, others are yanked in their turn", () => {
  assertEquals(
    after("one two three|", "ctrl+w", "ctrl+w", "ctrl+y"),
    "one two three|",
  );
  const editor = editing("first second|");
  edit(editor, "ctrl+w");
  edit(editor, "alt+<");
  edit(editor, "alt+d");
  edit(editor, "ctrl+y");
  assertEquals(shown(editor), "first| ");
  edit(editor, "alt+y");
  assertEquals(shown(editor), "second| ");
  edit(editor, "alt+y");
  assertEquals(shown(editor), "first| ");
});

test("transposes, and changes the case of words", () => {
  assertEquals(after("ab|c", "ctrl+t"), "acb|");
  assertEquals(after("abc|", "ctrl+t"), "acb|");
  assertEquals(after("|hello world", "alt+u"), "HELLO| world");
  assertEquals(after("|hELLO world", "alt+c"), "Hello| world");
});

test("undoes typing by words, other changes one by one", () => {
  const editor = new Editor();
  for (const char of "one two") editor.insert(char, "type");
  edit(editor, "alt+backspace");
  edit(editor, "ctrl+_");
  assertEquals(editor.text, "one two");
  edit(editor, "ctrl+_");
  assertEquals(editor.text, "one");
  edit(editor, "ctrl+_");
  assertEquals(editor.text, "");
});

test("takes no more than it should, and says so", () => {
  const editor = new Editor();
  assertEquals(editor.insert("x".repeat(INPUT_MAX_CODE_POINTS)), true);
  assertEquals(editor.insert("y"), false);
  assertEquals(editor.text.length, INPUT_MAX_CODE_POINTS);
});
